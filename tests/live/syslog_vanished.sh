#!/bin/bash
# FAULTS row 17: the syslog server's machine vanishes without a word, cable out, under a service
# that logs to it over TCP. Two machines are two network namespaces with a cable between.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
syslog_cable
live_host=192.0.2.2
# shellcheck disable=SC2034 # read by live.sh
live_rsyslog_runs=(ip netns exec server)
live_rsyslog_start
out=$tap_dir/out.jsonl
# The first line has errors only: its connection is idle while others flow.
live_stack shop <<-END
	redact required permit
	sink sufficient syslog proto=tcp host=$live_host port=$live_port min=error
	sink sufficient syslog proto=tcp host=$live_host port=$live_port
	sink sufficient file path=$out
END

at_server() # different records of this text
{
	live_syslog | jq -s --arg text "$1" 'map(select(.message == $text) |
		.sd["telltale@32473"].i) | unique | length'
}
server_has() # COUNT TEXT
{
	[ "$(at_server "$2")" = "$1" ]
}
in_file() # TEXT
{
	cat "$out" 2>/dev/null | jq -s --arg text "$1" 'map(select(.message == $text)) | length'
}
connections()
{
	ip netns exec service ss -Htn state established dport = ":$live_port" | wc -l
}
ledger_holds() # NAME
{
	live_ledger "fault_17 $1"
	is "fault_17 $1: nothing was dropped" "$(live_number undelivered)" 0
}

live_driver shop ip netns exec service
live_ask say 10 before
live_ask level 10 error idle
live_wait server_has 10 before
live_wait server_has 10 idle
is "two connections" "$(connections)" 2

# ---- the cable is out: what is under way is not acknowledged, the idle one hears nothing ----
ip -n server link set s0 down
live_ask say 10 unheard
is "fault_17 vanished: the kernel still takes records" "$(in_file unheard)" 0
for ((i = 0; i < 1200 && $(connections) > 0; i++)); do
	sleep 0.1
done
echo "# noticed after about $((i / 10)) s"
is "fault_17 vanished: both connections are given up" "$(connections)" 0
live_ask level 5 error silence
is "fault_17 vanished: an idle connection swallows no record" "$(in_file silence)" 5
live_ask say 5 away
is "fault_17 vanished: nor does the other" "$(in_file away)" 5
like "fault_17 vanished: the channel says so" "$(cat "$out")" \
	"syslog server $live_host port $live_port .tcp. does not take records"
ledger_holds "vanished"

# ---- it is back -----------------------------------------------------------------------------
ip -n server link set s0 up
knocks=0
comes_back()
{
	knocks=$((knocks + 1))
	live_ask say 1 knock
	[ "$(in_file knock)" -lt $knocks ]
}
live_wait comes_back && pass "fault_17 back: delivery returned by itself" ||
	flunk "fault_17 back: delivery returned by itself"
live_wait server_has 10 unheard
is "fault_17 back: what was not acknowledged arrived after all" "$(at_server unheard)" 10
live_wait server_has "$((knocks - $(in_file knock)))" knock
is "fault_17 back: what syslog took is at the server" "$(at_server knock)" \
	"$((knocks - $(in_file knock)))"
is "fault_17 back: no frame was torn" "$(live_syslog | jq -s 'map(select(
	.service != "shop" and .service != "rsyslogd")) | length')" 0
ledger_holds "back"
done_testing
