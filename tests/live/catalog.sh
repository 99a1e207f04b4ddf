#!/bin/bash
# journalctl -x says what a record of ours means, with our catalogue installed.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
live_journald_start

# Its database is made from one file, ours; journalctl of this namespace finds no other.
root=$tap_dir/root
mkdir -p "$root/usr/lib/systemd/catalog" "$root/var/lib/systemd/catalog" /var/lib/systemd/catalog
mount --bind "$root/var/lib/systemd/catalog" /var/lib/systemd/catalog || skip_all "cannot mount"
cp "$top_srcdir/packaging/catalog/telltale.catalog" "$root/usr/lib/systemd/catalog/"
ok "journalctl takes the catalogue" journalctl --root="$root" --update-catalog
is "and has all of it" "$(journalctl --list-catalog | wc -l)" \
	"$(grep -vc '^#' "$top_srcdir/src/record/events.tsv")"

live_stack shop <<'END'
sink required file path=/proc/none/shop.jsonl
sink required journald
END
live_driver shop
live_ask say 3 hello # and a record that says the file cannot be written
live_driver_ends
live_journal -t shop TELL_KIND=loss EVENT=loss.records >"$tap_dir/loss.json"
is "what was lost is told as kind, event and id" \
	"$(jq -r '"\(.TELL_KIND) \(.EVENT) \(.MESSAGE_ID)"' "$tap_dir/loss.json")" \
	"loss loss.records $(sed -n 's/^loss\.records\tloss\t\([0-9a-f]*\)\t.*/\1/p' \
		"$top_srcdir/src/record/events.tsv")"
said=$(journalctl -q --no-pager -D /run/log/journal -x -t shop TELL_KIND=loss)
like "and journalctl -x explains it with the record's numbers" "$said" \
	'Subject: 4 records of service shop were not delivered'
like "each in its own words" "$said" 'Subject: Sink file of service shop did not take 4 records'
is "a plain record has no id" "$(live_journal -t shop MESSAGE="hello i=0" | jq -r '.MESSAGE_ID // "none"')" none
done_testing
