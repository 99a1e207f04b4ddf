#!/bin/bash
# FAULTS row 15: journald missing, killed, frozen, restarted, under a service that logs.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
# TELL_LONG=1: as often and as long as the row says.
times=5 still=0
# A killed journald leaves 8 MiB.
[ -z "${TELL_LONG-}" ] || { times=50 still=30; export live_journal_max=1G; }
out=$tap_dir/out.jsonl

live_stack shop <<-END
	redact required permit
	sink sufficient journald
	sink sufficient file path=$out
END

# What arrived, of the service's own records.
in_journal()
{
	live_journal -t shop | jq -s 'map(select(.I != null)) | length'
}
in_file()
{
	[ -f "$out" ] || { echo 0; return; }
	jq -s 'map(select(.i != null)) | length' "$out"
}
# The ledger holds, and what sinks took is where they put it. journald's part is exact
# because it is synced before it dies.
agree() # NAME SAID
{
	live_ledger "$1"
	is "$1: nothing was lost, journald's part and the file's are all" \
		"$(($(in_journal) + $(in_file)))" "$2"
}

# The breaker before the sink tries again within a second.
pause()
{
	sleep 1.2
}

# Missing when the service starts: the next sufficient sink takes over.
live_driver shop
live_ask say 10 missing
is "fault_15 missing: the file took over" "$(in_file)" 10

# It comes up: delivery returns by itself.
live_journald_start
pause
live_ask say 10 here
live_sync
is "fault_15 started: delivery returns by itself" "$(in_journal)" 10
agree "fault_15 started" 20

# Killed, socket left behind; then restarted. Many times.
for ((k = 0; k < times; k++)); do
	live_sync
	live_journald_kill
	live_ask say 10 killed
	live_journald_start
	pause
	live_ask say 10 restarted
done
is "fault_15 killed: the file took what journald could not" "$(in_file)" $((10 + 10 * times))
agree "fault_15 killed and restarted $times times" $((20 + 20 * times))

# Socket deleted as well.
live_sync
live_journald_kill
rm -f /run/systemd/journal/socket
live_ask say 10 gone
live_journald_start
live_ask say 10 back
agree "fault_15 socket deleted" $((40 + 20 * times))

# Frozen: no call waits past its deadline (the driver's watchdog), the file takes over, and
# what the socket held is read when it goes on.
kill -STOP "$live_journald"
live_ask say 300 frozen
sleep $still
kill -CONT "$live_journald"
live_ask say 10 thawed
agree "fault_15 frozen" $((350 + 20 * times))
pause
live_ask say 10 again
live_journal -t shop >"$tap_dir/last.json"
is "fault_15 thawed: delivery returned by itself" \
	"$(jq -s 'map(select(.MESSAGE | test("^again "))) | length' "$tap_dir/last.json")" 10
like "the channel says that journald was away" \
	"$(cat "$out" "$tap_dir/last.json")" 'does not take records'
like "and that it is back, with the number" \
	"$(cat "$out" "$tap_dir/last.json")" 'takes records again; [0-9]+ did not get through'
done_testing
