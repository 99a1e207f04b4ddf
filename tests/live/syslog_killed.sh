#!/bin/bash
# FAULTS rows 16, 17 and 18: rsyslogd by TCP and by TLS, with gtls and with ossl, killed again and
# again under a service that logs to it, frozen, and back with a certificate that has expired. The
# settings of rsyslog are those of doc/receivers.md.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
need rsyslogd jq
syslog_tls
certificate good server
certificate expired server 'expiration_date = "2021-01-01 00:00:00"'
certificate us client
out=$tap_dir/out.jsonl arrived=$tap_dir/arrived.jsonl
live_port=$((20000 + RANDOM % 10000))

different()
{
	syslog_numbers | sort -un | wc -l
}
has() # COUNT
{
	[ "$(different)" -ge "$1" ]
}
in_file()
{
	cat "$out" 2>/dev/null | jq -s 'map(select(.i != null).i) | unique | length'
}
comes_back()
{
	live_ask say 1 knock
	live_ask ledger
	[ "$(live_number syslog.taken)" -gt "$taken_before" ]
}
settled()
{
	local now
	now=$(different)
	[ "$now" = "${settled_was-}" ] && return
	settled_was=$now
	sleep 0.3
	return 1
}
# All of the service's own: those in the file are at no server.
all_arrived()
{
	lasts=$((${lasts-0} + 1))
	live_ask say 1 "last $lasts"
	live_wait grep -q "\"last $lasts\"" "$arrived"
}

stop_all()
{
	live_rsyslog_kill
	exec {live_in}>&-
	wait "$live_driver_pid" 2>/dev/null
	return 0
}
proto()
{
	[ $driver = tcp ] && echo proto=tcp && return
	echo "proto=tls ca=$made/ca.pem cert=$made/us.pem key=$made/us.key"
}
for driver in tcp gtls ossl; do
	rm -f "$out" "$arrived"
	live_stack shop <<-END
		redact required permit
		sink sufficient syslog host=127.0.0.1 port=$live_port $(proto)
		sink sufficient file path=$out
	END
	syslog_rsyslog $driver good x509/certvalid
	live_driver shop
	taken_before=0
	live_wait comes_back
	live_ask say 1000 'one "quoted\" ]thing'
	live_ask ledger
	live_wait has "$(live_number syslog.taken)"
	is "$driver: all that was taken arrives" "$(different)" \
		"$(jq -n "$(live_number syslog.taken) - ($(
			jq -R 'fromjson? | select(.message | test("quoted|knock") | not)' "$arrived" |
				jq -s length))")"
	is "$driver: in order" "$(syslog_numbers | sort -nc 2>&1)" ""
	syslog_ledger "$driver alive"

	# ---- killed when it has read all: none is lost without a number, and order is kept -------
	for _ in 1 2 3; do
		live_ask say 100 before
		all_arrived
		live_rsyslog_kill
		live_ask say 100 killed
		live_ask ledger
		taken_before=$(live_number syslog.taken)
		syslog_rsyslog $driver good x509/certvalid
		live_wait comes_back
	done
	all_arrived
	syslog_ledger "fault_16 $driver killed 3 times"
	is "fault_16 $driver: arrived + dropped by syslog = offered" \
		"$(($(different) + $(in_file)))" "$(($(syslog_numbers | tail -n 1) + 1))"
	is "fault_16 $driver: the killed one's 300 are in the file" "$(jq -s 'map(select(
		.message == "killed")) | length' "$out")" 300

	# ---- killed while records flow: what lies in it dies with it, nothing else ---------------
	for _ in 1 2 3; do
		live_ask say 100 before
		live_rsyslog_kill
		live_ask say 100 killed
		live_ask ledger
		taken_before=$(live_number syslog.taken)
		syslog_rsyslog $driver good x509/certvalid
		live_wait comes_back && pass "fault_16 $driver: delivery returned by itself" ||
			flunk "fault_16 $driver: delivery returned by itself" "$(tail -n 3 "$out")"
	done
	live_ask say 100 after
	live_ask flush 10000
	live_wait settled
	syslog_ledger "fault_16 $driver killed mid-stream"
	offered=$(live_number records) undelivered=$(live_number undelivered)
	is "fault_16 $driver: nothing was dropped" "$undelivered" 0
	both=$({ syslog_numbers; jq 'select(.i != null).i' "$out"; } | sort -un | wc -l)
	sent=$(($(syslog_numbers | tail -n 1) + 1))
	echo "# $driver: $offered offered, $sent numbered, $(different) at the server, $(in_file) in" \
		"the file; $((sent - both)) died inside rsyslogd"
	is "fault_16 $driver: the last 100 are all there" \
		"$(jq -R 'fromjson? | select(.message == "after") | 1' "$arrived" | wc -l)" 100
	# What comes twice comes later: the first of each number are in order.
	is "fault_16 $driver: order is kept" \
		"$(syslog_numbers | awk '!seen[$1]++' | sort -nc 2>&1)" ""
	is "fault_16 $driver: no frame was torn" "$(jq -R 'fromjson? | select(.service != "shop" and
		.service != "rsyslogd") | 1' "$arrived" | wc -l)" 0

	# ---- frozen: no call waits past its deadline, no frame is torn ---------------------------
	before=$(different)
	live_ask ledger
	taken_before=$(live_number syslog.taken)
	syslog_freeze 700
	live_ask flush 20000
	is "fault_17 $driver frozen, then not: what was begun is finished" "$live_answer" ok
	live_wait settled
	live_ask ledger
	is "fault_17 $driver: all that was taken arrived" "$(($(different) - before))" \
		"$(($(live_number syslog.taken) - taken_before))"
	syslog_ledger "fault_17 $driver frozen"

	[ $driver != tcp ] || { stop_all && continue; }
	# ---- back with a certificate that has expired, then with a good one ----------------------
	live_rsyslog_kill
	syslog_rsyslog $driver expired x509/certvalid
	refused()
	{
		live_ask say 1 knock
		grep -q "does not take records: the server's certificate has expired" "$out"
	}
	live_wait refused && pass "fault_18 $driver expired: refused, and said" ||
		flunk "fault_18 $driver expired: refused, and said" "$(tail -n 3 "$out")"
	live_ask ledger
	taken_before=$(live_number syslog.taken)
	live_ask say 20 refused
	syslog_ledger "fault_18 $driver expired"
	is "fault_18 $driver expired: nothing was taken" "$(live_number syslog.taken)" "$taken_before"
	live_rsyslog_kill
	syslog_rsyslog $driver good x509/certvalid
	live_wait comes_back && pass "fault_18 $driver renewed: delivery returned by itself" ||
		flunk "fault_18 $driver renewed: delivery returned by itself"
	syslog_ledger "fault_18 $driver renewed"
	stop_all
done
done_testing
