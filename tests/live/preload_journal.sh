#!/bin/bash
# Programs that use sd_journal_send(3) under --preload: one that makes all its calls, and
# logger --journald. Each field arrives as it did.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/taken.sh"
client=$top_builddir/tests/live/journal_client
[ -x "$client" ] || skip_all "tests/live/journal_client was not built (libsystemd)"
need logger
taken_begin "$@"
cat >"$tap_dir/entry" <<-'END'
	MESSAGE=from a shell
	PRIORITY=4
	MESSAGE_ID=fc2e22bc6ee647b6b90729ab34a250b1
	ORDER_ID=o-1
	NOTE=a "b" = c
END

# All that the programs said, a line a record: what the journal adds by itself aside, and
# what telltale adds: TID, TELL_*, a facility and a message where none was given.
fields()
{
	taken_entries | jq -cS 'select(.SYSLOG_IDENTIFIER != "systemd-journald") |
		with_entries(select(.key | test("^(_|TELL_|TID$)") | not)) |
		if .SYSLOG_FACILITY == "3" then del(.SYSLOG_FACILITY) else . end |
		if .MESSAGE == "" then del(.MESSAGE) else . end'
}

use() # plain|taken
{
	local how=$1
	taken_mark
	taken_run "$how" "$client" >"$tap_dir/$how.out" 2>&1
	echo "exit status $?" >>"$tap_dir/$how.out"
	taken_run "$how" logger --journald="$tap_dir/entry"
	fields >"$tap_dir/$how"
	taken_entries | jq -r 'select(.SYSLOG_IDENTIFIER != "systemd-journald") |
		if .TELL_SEQ then "ours" else "theirs" end' | sort -u | tr '\n' ' ' >"$tap_dir/$how.by"
}

use plain
use taken
is "the plain programs reach journald themselves" "$(cat "$tap_dir/plain.by")" "theirs "
is "under --preload all are records of ours" "$(cat "$tap_dir/taken.by")" "ours "
is "each call returns the same" "$(cat "$tap_dir/taken.out")" "$(cat "$tap_dir/plain.out")"
is "as many" "$(wc -l <"$tap_dir/taken")" "$(wc -l <"$tap_dir/plain")"
while IFS= read -r -u 3 want && IFS= read -r -u 4 got; do
	is "the same: $(jq -r .MESSAGE <<<"$want" | head -n 1 | cut -c 1-60)" "$got" "$want"
done 3<"$tap_dir/plain" 4<"$tap_dir/taken"

# The stack of the service sees them: what is secret goes, what is a field is one.
live_stack pay <<-END
	sink required journald message=bare
	sink required file path=$tap_dir/pay.jsonl
END
value=abc
value+=-zq7kw9
printf 'MESSAGE=token\nPASSWORD=%s\nORDER_ID=o-2\n' "$value" |
	"$TELLTALE" cat -t pay --preload=only -- logger --journald
is "a secret field is redacted" "$(jq -r '.password, .order_id' "$tap_dir/pay.jsonl")" \
	"[REDACTED]
o-2"
live_sync
is "everywhere" "$(grep -rlaF "$value" /run/log/journal "$tap_dir/pay.jsonl" | wc -l)" 0
done_testing
