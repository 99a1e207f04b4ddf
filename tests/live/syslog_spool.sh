#!/bin/bash
# FAULTS rows 16 to 18 with a spool: rsyslogd killed again and again under a service that logs to it,
# by TCP and by TLS. Every record arrives, in order, whatever comes twice beside it; the spool grows
# and drains; and what a killed service left in it the next one sends. $SPOOL_KILLS: how often, 10.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
need rsyslogd jq
kills=${SPOOL_KILLS:-10}
mkdir -m 700 "$tap_dir/spool"
out=$tap_dir/local.jsonl arrived=$tap_dir/arrived.jsonl
live_port=$((20000 + RANDOM % 10000))
protos=tcp
if syslog_has_tls; then
	protos='tcp tls'
	syslog_tls
	certificate good server
	certificate us client
else
	echo "# without TLS: tell_sink_tls.so or certtool is missing"
fi

of_threads() # TEXT THREAD NUMBER, in the order they came
{
	[ -f "$arrived" ] || return 0
	jq -rR 'fromjson? | .message as $m | (.sd | fromjson?)."telltale@32473" |
		select(.t != null) | "\($m) \(.t) \(.n)"' "$arrived"
}
flows() # the connection is there, and nothing waits for it
{
	live_ask ledger
	[ "$(live_number syslog.unsent)" = 0 ] && return
	live_ask say 1 knock
	return 1
}
drained()
{
	live_ask flush 1000
	live_ask ledger
	[ "$(live_number syslog.waiting)" = 0 ]
}
has_all() # COUNT
{
	[ "$(syslog_numbers | sort -un | wc -l)" = "$1" ]
}
ledger_holds() # NAME
{
	live_ask ledger
	is "$1: offered = taken + lost" "$(live_number syslog.offered)" \
		"$(($(live_number syslog.taken) + $(live_number syslog.lost)))"
	is "$1: nothing was lost" "$(live_number syslog.lost) $(live_number undelivered)" "0 0"
	is "$1: what is spooled is what was not sent" "$(live_number syslog.spooled)" \
		"$(live_number syslog.unsent)"
}
stack() # PROTO
{
	local more=
	[ "$1" = tcp ] || more="ca=$made/ca.pem cert=$made/us.pem key=$made/us.key"
	live_stack shop <<-END
		redact required permit
		service required settings control=yes
		sink required file path=$out
		sink required syslog proto=$1 host=127.0.0.1 port=$live_port $more spool=64MiB spool_path=$tap_dir/spool
	END
}

for proto in $protos; do
	driver=gtls
	[ $proto != tcp ] || driver=tcp
	rm -f "$out" "$arrived"
	stack $proto
	syslog_rsyslog "$driver" good
	live_driver shop

	# ---- threads: each one's records in its order, away and when it is back ------------------
	live_rsyslog_kill
	live_ask threads 6 150 away
	syslog_rsyslog "$driver" good
	live_ask threads 6 150 back
	all_of_threads()
	{
		[ "$(of_threads | sort -u | wc -l)" = 1800 ]
	}
	live_wait all_of_threads && pass "threads $proto: every record arrives" ||
		flunk "threads $proto: every record arrives" "$(of_threads | sort -u | wc -l)"
	is "threads $proto: each one's in its order" "$(of_threads | awk '!seen[$0]++ {
		k = $1 " " $2; if ($3 != last[k] + 0) print; last[k] = $3 + 1 }')" ""
	is "threads $proto: what waited goes before what came later" "$(of_threads | awk '!seen[$0]++ {
		if ($1 == "back") back[$2] = 1; else if (back[$2]) print }')" ""
	grown=0
	for ((k = 0; k < kills; k++)); do
		# A connection that held a second ends a row of failures, and with it their pauses.
		[ $((k % 3)) = 2 ] || live_wait flows
		[ $((k % 3)) != 0 ] || sleep 1.2
		live_ask say $((RANDOM % 300 + 1)) before
		live_rsyslog_kill
		live_ask say $((RANDOM % 300 + 1)) killed
		live_ask ledger
		[ "$(live_number syslog.waiting)" -le "$grown" ] || grown=$(live_number syslog.waiting)
		syslog_rsyslog "$driver" good
		live_ask say $((RANDOM % 300 + 1)) back
	done
	[ "$grown" -gt 1 ] && pass "fault_16 $proto: the spool grows" ||
		flunk "fault_16 $proto: the spool grows" "$live_answer"
	live_wait drained && pass "fault_16 $proto: the spool drains" ||
		flunk "fault_16 $proto: the spool drains" "$live_answer"
	made_n=$(jq -s 'map(select(.i != null)) | length' "$out")
	live_wait has_all "$made_n"
	is "fault_16 $proto killed $kills times: every record arrives" \
		"$(syslog_numbers | sort -un | wc -l)" "$made_n"
	is "fault_16 $proto: in order" "$(syslog_numbers | awk '!seen[$1]++' | sort -nc 2>&1)" ""
	is "fault_16 $proto: what comes twice has the number it had" "$(jq -R 'fromjson? |
		(.sd | fromjson?)."telltale@32473" | select(.i != null) | "\(.i) \(.seq)"' "$arrived" |
		sort -u | wc -l)" "$made_n"
	ledger_holds "fault_16 $proto"
	echo "# $proto: $made_n records, $(syslog_numbers | wc -l) arrivals, $(live_number syslog.again)" \
		"sent again after $kills kills; at most $grown waited"

	# ---- both killed: the next run of the service sends what is left ---------------------
	live_rsyslog_kill
	live_ask say 200 left
	kill -KILL "$live_driver_pid"
	wait "$live_driver_pid" 2>/dev/null
	exec {live_in}>&-
	syslog_rsyslog "$driver" good
	live_driver shop
	live_ask say 1 next
	live_ask ledger
	[ "$(live_number syslog.found)" -ge 200 ] && pass "fault_1 $proto: the next run finds them" ||
		flunk "fault_1 $proto: the next run finds them" "$live_answer"
	live_wait drained
	left_arrived()
	{
		[ "$(jq -rR 'fromjson? | select(.message == "left") | .sd | fromjson? |
			."telltale@32473" | .i' "$arrived" | sort -u | wc -l)" = 200 ]
	}
	live_wait left_arrived && pass "fault_1 $proto: and sends them" ||
		flunk "fault_1 $proto: and sends them"
	is "fault_1 $proto: marked as recovered" "$(jq -rR 'fromjson? | select(.message == "left") |
		.sd | fromjson? | ."telltale@32473".tell_recovered' "$arrived" | sort | uniq -c |
		awk '{ print $2 }' | sort -u | tail -n 1)" 1
	exec {live_in}>&-
	wait "$live_driver_pid" 2>/dev/null
	is "$proto: an empty spool leaves nothing behind" "$(ls "$tap_dir/spool")" ""
	live_rsyslog_kill
done
done_testing
