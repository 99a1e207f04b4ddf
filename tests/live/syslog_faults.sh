#!/bin/bash
# FAULTS rows 16 and 17: a syslog server killed mid-stream, restarted, frozen, under a service
# that logs to it over TCP.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
live_rsyslog_start
out=$tap_dir/out.jsonl
live_stack shop <<-END
	redact required permit
	sink sufficient syslog proto=tcp host=127.0.0.1 port=$live_port
	sink sufficient file path=$out
END

# Records of the service's own at the server, each once; its notes have no i.
at_server()
{
	live_syslog | jq -s 'map(.sd["telltale@32473"].i | select(. != null)) |
		unique | length'
}
server_has() # COUNT
{
	[ "$(at_server)" = "$1" ]
}
# All records of the service, notes too, each once: what a broken connection made doubtful
# may have come twice.
different()
{
	live_syslog | jq -s 'map(.sd["telltale@32473"].seq | select(. != null)) |
		unique | length'
}
in_file()
{
	[ -f "$out" ] || { echo 0; return; }
	jq -s 'map(select(.i != null)) | length' "$out"
}
# Log until the server takes records again.
comes_back()
{
	live_ask say 1 knock
	live_ask ledger
	[ "$(live_number syslog.taken)" -gt "$taken_before" ]
}

live_driver shop
live_ask say 100 'one "quoted\" ]thing'
live_wait server_has 100
is "all parameters arrive as they were logged" \
	"$(live_syslog | jq -s '[.[].sd["telltale@32473"].i] |
		(length == 100 and .[0] == "0" and .[99] == "99")')" true
is "the text arrives as it was logged" \
	"$(live_syslog | jq -r .message | sort -u)" 'one "quoted\" ]thing'
syslog_ledger "alive"

# Killed while records flow, many times; each time delivery returns by itself.
for _ in 1 2 3; do
	live_rsyslog_kill
	live_ask say 200 killed
	live_ask ledger
	taken_before=$(live_number syslog.taken)
	live_rsyslog_start
	live_wait comes_back && pass "fault_16 restarted: delivery returned by itself" ||
		flunk "fault_16 restarted: delivery returned by itself"
done
syslog_ledger "fault_16 killed 3 times"
live_ask say 100 after
settled()
{
	local now
	now=$(at_server)
	[ "$now" = "${settled_was-}" ] && return
	settled_was=$now
	sleep 0.3
	return 1
}
live_wait settled
live_ask ledger
# A kill may cost what lay in the dead process; nothing else, and nothing is half there.
taken=$(live_number syslog.taken)
arrived=$(different)
echo "# taken $taken, arrived $arrived: the difference died in rsyslog"
is "fault_16: no more arrived than was sent" "$((arrived <= taken))" 1
is "fault_16: no frame was torn" \
	"$(live_syslog | jq -s 'map(select(.service != "shop" and .service != "rsyslogd")) |
		length')" 0
is "fault_16: the last 100 are all there" \
	"$(live_syslog | jq -s 'map(select(.message == "after")) | length')" 100

# Frozen: the kernel's buffers fill, no call waits past its deadline, the file takes over.
before=$(different)
live_ask ledger
taken_before=$(live_number syslog.taken)
syslog_freeze 700
live_ask flush 20000
is "fault_17 frozen, then not: the frame that was begun is finished" "$live_answer" ok
live_wait settled
live_ask ledger
is "fault_17: all that was taken arrived, no frame torn" \
	"$(($(different) - before))" "$(($(live_number syslog.taken) - taken_before))"
syslog_ledger "fault_17 frozen"
taken_before=$(live_number syslog.taken)
live_wait comes_back && pass "fault_17 thawed: delivery returned by itself" ||
	flunk "fault_17 thawed: delivery returned by itself"
like "the channel says that the server was away, and is back" "$(cat "$out")" \
	'syslog server 127.0.0.1 port [0-9]+ .tcp. does not take records'
done_testing
