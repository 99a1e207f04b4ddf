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

# A check that fails and passes again: the service's own words, both ways.
mkdir "$tap_dir/well"
live_stack clinic <<END
sink required journald
health required disk name=room path=$tap_dir/well free=0% inodes=0% every=100ms
END
live_driver clinic
live_ask say 1 hello
told() # TEXT: is it in the journal?
{
	[ -n "$(live_journal -t clinic "TELL_TEXT=$1")" ]
}
explained() # TEXT
{
	live_sync
	journalctl -q --no-pager -D /run/log/journal -x -t clinic "TELL_TEXT=$1"
}
live_wait told "health is healthy, was unknown"
rmdir "$tap_dir/well"
live_wait told "health is unhealthy, was healthy"
mkdir "$tap_dir/well"
live_wait told "health is healthy, was unhealthy"
live_driver_ends
said=$(explained "health is unhealthy, was healthy")
like "a service that is no longer well is explained" "$said" 'Subject: Service clinic is unhealthy'
like "with what to do" "$said" 'telltale status clinic shows all checks'
said=$(explained "health is healthy, was unhealthy")
like "and one that is well again" "$said" 'Subject: Service clinic is healthy'
like "too" "$said" 'pass, or pass again'
said=$(explained "check room is unhealthy, was healthy")
like "the check by its name" "$said" 'Subject: Check room of service clinic answers another way'
like "and its reason is in the journal" "$(live_journal -t clinic CHECK=room HEALTH=unhealthy | jq -r .REASON)" \
	'No such file'
done_testing
