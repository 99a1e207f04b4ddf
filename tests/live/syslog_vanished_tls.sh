#!/bin/bash
# FAULTS row 17 over TLS: the syslog server's machine vanishes without a word, under a service that
# logs to it. Two machines are two network namespaces with a cable between.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
need openssl jq
syslog_tls
certificate good server
syslog_cable
live_port=6514
out=$tap_dir/out.jsonl
mkfifo "$tap_dir/silence"
exec {silence}<>"$tap_dir/silence" # s_server ends its connection at the end of its input
ip netns exec server openssl s_server -quiet -naccept 100 -accept 192.0.2.2:$live_port \
	-cert "$tap_dir/made/good.pem" -key "$tap_dir/made/good.key" <&$silence \
	>"$tap_dir/arrived" 2>"$tap_dir/server.err" &
live_pids+=("$!")
live_stack shop <<-END
	redact required permit
	sink sufficient syslog proto=tls host=192.0.2.2 servername=logs.example.test ca=$tap_dir/made/ca.pem
	sink sufficient file path=$out
END
in_file() # TEXT
{
	cat "$out" 2>/dev/null | jq -s --arg text "$1" 'map(select(.message == $text)) | length'
}
connections()
{
	ip netns exec service ss -Htn state established dport = ":$live_port" | wc -l
}
begins()
{
	live_ask say 1 knock
	[ "$(in_file knock)" -lt $((knocks += 1)) ]
}

live_driver shop ip netns exec service
knocks=0
live_wait begins && pass "delivery begins" || flunk "delivery begins" "$(tail -n 3 "$out")"
is "one connection" "$(connections)" 1
ip -n server link set s0 down
live_ask say 10 unheard
is "fault_17 vanished: the kernel still takes records" "$(in_file unheard)" 0
for ((i = 0; i < 600 && $(connections) > 0; i++)); do
	sleep 0.1
done
is "fault_17 vanished: the connection is given up" "$(connections)" 0
live_ask say 5 away
is "fault_17 vanished: the next sink has what comes" "$(in_file away)" 5
syslog_ledger "fault_17 vanished"
done_testing
