#!/bin/bash
# FAULTS rows 16, 17 and 18: rsyslogd by TCP and by TLS, with gtls and with ossl, killed again and
# again under a service that logs to it, frozen, and back with a certificate that has expired. The
# settings of rsyslog are those of doc/receivers.md.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
. "$top_srcdir/tests/support/certificates.sh"
live_begin
[ -f "$top_builddir/.libs/tell_sink_tls.so" ] ||
	skip_all "tell_sink_tls.so was not built (libgnutls28-dev)"
need certtool rsyslogd jq
chmod 755 "$tap_dir"
mkdir "$tap_dir/modules"
cp "$top_builddir/.libs/tell_sink_tls.so" "$tap_dir/modules/"
export TELLTALE_MODULEDIR=$tap_dir/modules
certificates_begin "$tap_dir/made"
made=$tap_dir/made
certificate good server
certificate expired server 'expiration_date = "2021-01-01 00:00:00"'
certificate us client
out=$tap_dir/out.jsonl arrived=$tap_dir/arrived.jsonl
live_port=$((20000 + RANDOM % 10000))

start() # DRIVER CERTIFICATE AUTHMODE
{
	local secure='/mark that no line has/d'
	[ "$1" != tcp ] || secure='s/ streamDriver.*"gtls".*//; s/streamDriver.authMode.*/)/; /NetstreamDriver/d
		s/\(Receive="off"\)$/\1)/'
	awk '/^```rsyslog/ { n++; next }
		n == 2 && !done { print } n == 2 && /^input/ { done = 1 }' "$top_srcdir/doc/receivers.md" |
		sed -e "$secure" |
		sed -e "s|/var/log/records.jsonl|$arrived|; s|\"gtls\"|\"$1\"|" \
			-e "s|x509/certvalid|$3|" \
			-e "s|port=\"6514\"|address=\"127.0.0.1\" port=\"$live_port\"|" \
			-e "s|/etc/rsyslog.d/tls/server|$made/$2|; s|/etc/rsyslog.d/tls/ca|$made/ca|" \
			>"$tap_dir/rsyslog.conf"
	rsyslogd -n -f "$tap_dir/rsyslog.conf" -i "$tap_dir/rsyslog.pid" >"$tap_dir/rsyslog.out" 2>&1 &
	live_rsyslog=$!
	live_pids+=("$live_rsyslog")
	live_wait live_rsyslog_listens || skip_all "rsyslogd with $1 does not start here: $(
		tail -n 1 "$tap_dir/rsyslog.out")"
}
numbers() # of the records that came, in the order they came
{
	[ -f "$arrived" ] || return 0
	jq -R 'fromjson? | .sd | fromjson? | ."telltale@32473".i // empty | tonumber' "$arrived"
}
different()
{
	numbers | sort -un | wc -l
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
ledger_holds() # NAME
{
	live_ask ledger
	is "$1: offered = delivered + dropped" "$(live_number records)" \
		"$(($(live_number delivered) + $(live_number undelivered)))"
	is "$1: of syslog, too" "$(live_number syslog.offered)" \
		"$(($(live_number syslog.taken) + $(live_number syslog.lost)))"
	is "$1: what syslog lost, the file took" "$(live_number syslog.lost)" \
		"$(live_number file.taken)"
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
	start $driver good x509/certvalid
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
	is "$driver: in order" "$(numbers | sort -nc 2>&1)" ""
	ledger_holds "$driver alive"

	# ---- killed when it has read all: none is lost without a number, and order is kept -------
	for _ in 1 2 3; do
		live_ask say 100 before
		all_arrived
		live_rsyslog_kill
		live_ask say 100 killed
		live_ask ledger
		taken_before=$(live_number syslog.taken)
		start $driver good x509/certvalid
		live_wait comes_back
	done
	all_arrived
	ledger_holds "fault_16 $driver killed 3 times"
	is "fault_16 $driver: arrived + dropped by syslog = offered" \
		"$(($(different) + $(in_file)))" "$(($(numbers | tail -n 1) + 1))"
	is "fault_16 $driver: the killed one's 300 are in the file" "$(jq -s 'map(select(
		.message == "killed")) | length' "$out")" 300

	# ---- killed while records flow: what lies in it dies with it, nothing else ---------------
	for _ in 1 2 3; do
		live_ask say 100 before
		live_rsyslog_kill
		live_ask say 100 killed
		live_ask ledger
		taken_before=$(live_number syslog.taken)
		start $driver good x509/certvalid
		live_wait comes_back && pass "fault_16 $driver: delivery returned by itself" ||
			flunk "fault_16 $driver: delivery returned by itself" "$(tail -n 3 "$out")"
	done
	live_ask say 100 after
	live_ask flush 10000
	live_wait settled
	ledger_holds "fault_16 $driver killed mid-stream"
	offered=$(live_number records) undelivered=$(live_number undelivered)
	is "fault_16 $driver: nothing was dropped" "$undelivered" 0
	both=$({ numbers; jq 'select(.i != null).i' "$out"; } | sort -un | wc -l)
	sent=$(($(numbers | tail -n 1) + 1))
	echo "# $driver: $offered offered, $sent numbered, $(different) at the server, $(in_file) in" \
		"the file; $((sent - both)) died inside rsyslogd"
	is "fault_16 $driver: the last 100 are all there" \
		"$(jq -R 'fromjson? | select(.message == "after") | 1' "$arrived" | wc -l)" 100
	# What comes twice comes later: the first of each number are in order.
	is "fault_16 $driver: order is kept" \
		"$(numbers | awk '!seen[$1]++' | sort -nc 2>&1)" ""
	is "fault_16 $driver: no frame was torn" "$(jq -R 'fromjson? | select(.service != "shop" and
		.service != "rsyslogd") | 1' "$arrived" | wc -l)" 0

	# ---- frozen: no call waits past its deadline, no frame is torn ---------------------------
	before=$(different)
	live_ask ledger
	taken_before=$(live_number syslog.taken)
	kill -STOP "$live_rsyslog"
	for _ in {1..40}; do
		live_ask say 1000 "frozen $(printf 'x%.0s' {1..3000})"
		live_ask ledger
		[ "$(live_number syslog.lost)" -gt 700 ] && break
	done
	kill -CONT "$live_rsyslog"
	live_ask flush 20000
	is "fault_17 $driver frozen, then not: what was begun is finished" "$live_answer" ok
	live_wait settled
	live_ask ledger
	is "fault_17 $driver: all that was taken arrived" "$(($(different) - before))" \
		"$(($(live_number syslog.taken) - taken_before))"
	ledger_holds "fault_17 $driver frozen"

	[ $driver != tcp ] || { stop_all && continue; }
	# ---- back with a certificate that has expired, then with a good one ----------------------
	live_rsyslog_kill
	start $driver expired x509/certvalid
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
	ledger_holds "fault_18 $driver expired"
	is "fault_18 $driver expired: nothing was taken" "$(live_number syslog.taken)" "$taken_before"
	live_rsyslog_kill
	start $driver good x509/certvalid
	live_wait comes_back && pass "fault_18 $driver renewed: delivery returned by itself" ||
		flunk "fault_18 $driver renewed: delivery returned by itself"
	ledger_holds "fault_18 $driver renewed"
	stop_all
done
done_testing
