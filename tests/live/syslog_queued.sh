#!/bin/bash
# FAULTS rows 16 and 17 behind a queue, where frames go to a TCP server many at a time: killed,
# restarted and frozen under a service that logs to it.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
live_rsyslog_start
out=$tap_dir/out.jsonl
live_stack shop <<-END
	redact required permit
	queue required ring size=4MiB full=sync
	sink sufficient syslog proto=tcp host=127.0.0.1 port=$live_port
	sink sufficient file path=$out
END

numbers() # of the records at the server, in the order they came
{
	live_syslog | jq '.sd["telltale@32473"].i // empty | tonumber'
}
has() # COUNT different ones
{
	[ "$(numbers | sort -un | wc -l)" -ge "$1" ]
}
knocks=0
comes_back()
{
	live_ask say 1 knock
	knocks=$((knocks + 1))
	live_ask flush 10000
	live_ask ledger
	[ "$(live_number syslog.taken)" -gt "$taken_before" ]
}

knocks_are_there() # a server that is killed takes with it what it has not read
{
	[ "$({
		live_syslog | jq 'select(tostring | contains("knock")) | .sd["telltale@32473"].i | tonumber'
		jq 'select(.message == "knock").i' "$out"
	} 2>/dev/null | sort -un | wc -l)" -eq $knocks ]
}

live_driver shop
live_ask say 5000 'one "quoted\" ]thing'
live_ask flush 20000
is "all is flushed" "$live_answer" ok
live_wait has 5000
is "all that was logged arrives, once, in order" "$(numbers | jq -s '. == [range(5000)]')" true
syslog_ledger "alive"

# Killed when it has read all: what is logged meanwhile is in the file, or comes later.
for _ in 1 2 3; do
	live_rsyslog_kill
	live_ask say 500 killed
	live_ask flush 10000
	live_ask ledger
	taken_before=$(live_number syslog.taken)
	live_rsyslog_start
	live_wait comes_back && pass "fault_16 restarted: delivery returned by itself" ||
		flunk "fault_16 restarted: delivery returned by itself"
	live_wait knocks_are_there || flunk "fault_16 restarted: what it was sent is there"
done
syslog_ledger "fault_16 killed 3 times"
is "fault_16: nothing was dropped" "$(live_number undelivered)" 0

# Frozen, until the kernel takes no more: the file takes over; then all that was taken arrives.
syslog_freeze 1000
live_ask flush 30000
is "fault_17 frozen, then not: what was begun is finished" "$live_answer" ok
syslog_ledger "fault_17 frozen"
live_ask say 1 last
live_ask flush 10000
all=0
every_one() # is at the server or in the file
{
	live_ask ledger
	all=$({ numbers; jq 'select(.i != null).i' "$out"; } | sort -un | wc -l)
	sent=$(numbers | sort -n | tail -n 1)
	[ "$all" -eq "$((sent + 1))" ]
}
live_wait every_one && pass "each record is at the server or in the file" ||
	flunk "each record is at the server or in the file" "$all of $sent"
is "no frame was torn" "$(live_syslog | jq -s 'map(select(.service != "shop" and
	.service != "rsyslogd")) | length')" 0
done_testing
