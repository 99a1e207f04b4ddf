#!/bin/bash
# FAULTS row 17 over TLS: the syslog server's machine vanishes without a word, under a service that
# logs to it. Two machines are two network namespaces with a cable between.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
. "$top_srcdir/tests/support/certificates.sh"
live_begin
need ip ss openssl certtool jq
[ -f "$top_builddir/.libs/tell_sink_tls.so" ] ||
	skip_all "tell_sink_tls.so was not built (libgnutls28-dev)"
chmod 755 "$tap_dir"
mkdir "$tap_dir/modules"
cp "$top_builddir/.libs/tell_sink_tls.so" "$tap_dir/modules/"
export TELLTALE_MODULEDIR=$tap_dir/modules
certificates_begin "$tap_dir/made"
certificate good server
ip netns add service 2>/dev/null && ip netns add server &&
	ip link add s0 netns service type veth peer name s0 netns server ||
	skip_all "no network namespaces here"
ip -n service addr add 192.0.2.1/24 dev s0
ip -n server addr add 192.0.2.2/24 dev s0
for end in service server; do
	ip -n $end link set lo up
	ip -n $end link set s0 up
done
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
live_ledger "fault_17 vanished"
is "fault_17 vanished: what syslog lost, the file took" "$(live_number syslog.lost)" \
	"$(live_number file.taken)"
done_testing
