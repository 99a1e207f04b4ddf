#!/bin/bash
# FAULTS row 30: 10,000 times a link, symbolic or hard, is swapped in at the log's path while a
# service writes and rotates there: the file it points to is never written, no line is lost unseen.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
python=$(command -v python3) || skip_all "python3 is missing"
mkdir "$tap_dir/log"
log=$tap_dir/log/log.jsonl
echo "not ours" >"$tap_dir/log/victim"
live_stack swaps <<-END
	redact required permit
	sink required file path=$log rotate=4KiB
END
live_driver swaps
live_ask say 10 before
"$python" "$top_srcdir/tests/fault/swaps.py" "$log" "$tap_dir/log/victim" 10000 &
swapper=$!
while kill -0 $swapper 2>/dev/null; do
	live_ask say 100 meanwhile
	live_ask reopen
done
wait $swapper
is "fault_30: 10,000 swaps were made" "$?" 0
[ ! -e "$log" ] || mv "$log" "$log.last" # with what the last batches gave it
sleep 1.2 # looked at once a second
live_ask say 10 afterwards
is "fault_30: what the links point to was never written" "$(cat "$tap_dir/log/victim")" "not ours"
# Rotation may have given a link another name; what it points to is not the log's.
lines()
{
	find "$tap_dir/log" -type f -name 'log.jsonl*' ! -samefile "$tap_dir/log/victim" -exec cat {} + |
		grep -v '^ *$'
}
lines >"$tap_dir/lines"
live_ledger "fault_30"
echo "# $(live_number records) records, $(live_number undelivered) undelivered"
is "fault_30: delivery returned by itself" "$(jq -s 'map(select(.message == "afterwards")) | length' \
	"$log")" 10
is "fault_30: what counts as taken is there, whole, and no more" \
	"$(jq -s length "$tap_dir/lines")" "$(live_number file.taken)"
is "fault_30: none is there twice" \
	"$(jq -r 'select(.i != null) | .i' "$tap_dir/lines" | sort | uniq -d | wc -l)" 0
done_testing
