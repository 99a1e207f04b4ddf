#!/bin/bash
# FAULTS row 19: clocks that jump, under a service that logs: the wall clock an hour ahead, back
# and beyond 2038, the monotonic clock a week ahead (a time namespace), the hours that a zone
# has twice and not at all. Rotation by time is in rotation_disk.sh.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
out=$tap_dir/out.jsonl

lines()
{
	jq -s 'map(select(.i != null)) | length' "$out"
}
# Numbers of the queue's lane rise by one whatever the clock says.
numbers_rise()
{
	jq -s 'map(select(.i != null) | .seq | split(".") | {lane: .[1], n: (.[2] | tonumber)}) |
		group_by(.lane) | all(. as $l | [range(1; length)] |
			all($l[.].n == $l[. - 1].n + 1))' "$out"
}
as_offered()
{
	jq -s 'map(select(.i != null) | .i) | . == [range(0; length)]' "$out"
}
stack() # LINES...
{
	rm -f "$out"
	live_stack clock <<-END
		redact required permit
		$(printf '%s\n' "$@")
		sink required file path=$out
	END
}

faketime=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
for way in "without a queue" "with a queue"; do
	[ -n "$faketime" ] || { skip "no libfaketime" "fault_19: jumps $way"; continue; }
	stack "$([ "$way" = "with a queue" ] && echo 'queue required ring')"
	clock=$tap_dir/clock
	echo "+0" >"$clock"
	live_driver clock env LD_PRELOAD="$faketime" FAKETIME_TIMESTAMP_FILE="$clock" \
		FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
	for jump in +0 +1h -1h +0 +110000h -2h; do
		echo "$jump" >"$clock"
		live_ask say 20 "at $jump"
		live_ask flush 2000
	done
	live_ledger "fault_19 jumps $way"
	is "fault_19 jumps $way: every record is there" "$(lines)" 120
	is "fault_19 jumps $way: as they were offered, by i and by number" \
		"$(as_offered) $(numbers_rise)" "true true"
	is "fault_19 jumps $way: 2039 is written as a year" "$(grep -c '"timestamp":"20[3-4][0-9]-' "$out")" 20
	live_driver_ends
done

more_than() # N: a quota lets records through again
{
	live_ask say 1 "one more"
	[ "$(lines)" -gt "$1" ]
}
# Deadlines, pauses and pacing are the monotonic clock's, which begins at any number.
if unshare -T --monotonic 604800 true 2>/dev/null; then
	for offset in 604800 -3; do
		stack 'queue required ring'
		live_driver clock unshare -T --fork --kill-child --monotonic $offset
		live_ask say 50 "monotonic $offset"
		live_ask flush 2000
		live_ledger "fault_19 a monotonic clock moved by $offset s"
		is "fault_19 a monotonic clock moved by $offset s: all arrive" "$(lines) $(numbers_rise)" \
			"50 true"
		live_driver_ends
		stack 'filter requisite quota rate=10/s'
		live_driver clock unshare -T --fork --kill-child --monotonic $offset
		live_ask say 15 "monotonic $offset"
		live_wait more_than 15
		ok "fault_19 a monotonic clock moved by $offset s: a quota's pace goes on" more_than 15
		live_driver_ends
	done
else
	skip "no time namespaces" "fault_19: the monotonic clock"
fi

# The hour that Berlin has twice (2026-10-25 01:30 UTC on): stamps are UTC's, so each is later.
if [ -n "$faketime" ]; then
	stack
	live_driver clock env TZ=:Europe/Berlin LD_PRELOAD="$faketime" \
		FAKETIME_TIMESTAMP_FILE="$clock" FAKETIME_NO_CACHE=1 FAKETIME_FMT=%s \
		FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
	for second in 1774745999 1774746000 1792888199 1792891799 1792891800; do
		echo "$second" >"$clock"
		live_ask say 1 "at $second"
	done
	live_ledger "fault_19 summer time begins and ends"
	is "fault_19 summer time: every stamp is later than the one before" \
		"$(jq -s 'map(select(.i != null) | .timestamp) | . == (sort | unique)' "$out") $(lines)" \
		"true 5"
	live_driver_ends
else
	skip "no libfaketime" "fault_19: summer time"
fi
done_testing
