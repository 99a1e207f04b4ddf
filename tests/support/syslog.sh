# For live tests of sink syslog: source instead of live.sh, then
#
#	syslog_tls                    # the TLS module and certificates in $made; or skips all
#	syslog_rsyslog gtls good x509/certvalid   # rsyslogd of doc/receivers.md, by TLS; or tcp
#	syslog_numbers                # of the records that came there ($arrived), in their order
#	syslog_cable                  # namespaces service and server with a cable, s0 at both ends
#	syslog_freeze 700             # rsyslogd stands still until so many were lost to it
#	syslog_ledger "row 17: away"  # the ledger's sums, and what syslog lost, the file took
#
# shellcheck shell=bash
: "${top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
. "$top_srcdir/tests/support/live.sh"
. "$top_srcdir/tests/support/certificates.sh"

syslog_has_tls()
{
	[ -f "$top_builddir/.libs/tell_sink_tls.so" ] && command -v certtool >/dev/null
}

# The module's directory must be safe to load from, and so must what is above it.
syslog_tls()
{
	syslog_has_tls || skip_all "tell_sink_tls.so was not built (libgnutls28-dev), or certtool is missing"
	chmod 755 "$tap_dir"
	mkdir "$tap_dir/modules"
	cp "$top_builddir/.libs/tell_sink_tls.so" "$tap_dir/modules/"
	export TELLTALE_MODULEDIR=$tap_dir/modules
	made=$tap_dir/made
	certificates_begin "$made"
}

# As doc/receivers.md has it, but for places: 127.0.0.1, $live_port, into $arrived.
syslog_rsyslog() # tcp|gtls|ossl [CERTIFICATE AUTHMODE]
{
	local secure='/mark that no line has/d'
	[ "$1" != tcp ] || secure='s/ streamDriver.*"gtls".*//; s/streamDriver.authMode.*/)/; /NetstreamDriver/d
		s/\(Receive="off"\)$/\1)/'
	awk '/^```rsyslog/ { n++; next }
		n == 2 && !done { print } n == 2 && /^input/ { done = 1 }' "$top_srcdir/doc/receivers.md" |
		sed -e "$secure" |
		sed -e "s|/var/log/records.jsonl|$arrived|; s|\"gtls\"|\"$1\"|" \
			-e "s|x509/certvalid|${3:-x509/certvalid}|" \
			-e "s|port=\"6514\"|address=\"127.0.0.1\" port=\"$live_port\"|" \
			-e "s|/etc/rsyslog.d/tls/server|${made-}/${2-}|; s|/etc/rsyslog.d/tls/ca|${made-}/ca|" \
			>"$tap_dir/rsyslog.conf"
	rsyslogd -n -f "$tap_dir/rsyslog.conf" -i "$tap_dir/rsyslog.pid" >"$tap_dir/rsyslog.out" 2>&1 &
	live_rsyslog=$!
	live_pids+=("$live_rsyslog")
	live_wait live_rsyslog_listens || skip_all "rsyslogd with $1 does not start here: $(
		tail -n 1 "$tap_dir/rsyslog.out")"
}

syslog_numbers()
{
	[ -f "$arrived" ] || return 0
	jq -R 'fromjson? | .sd | fromjson? | ."telltale@32473".i // empty | tonumber' "$arrived"
}

syslog_cable()
{
	local end
	need ip ss
	ip netns add service 2>/dev/null && ip netns add server &&
		ip link add s0 netns service type veth peer name s0 netns server ||
		skip_all "no network namespaces here"
	ip netns exec server true || skip_all "nothing can be run in a network namespace here"
	ip -n service addr add 192.0.2.1/24 dev s0
	ip -n server addr add 192.0.2.2/24 dev s0
	for end in service server; do
		ip -n $end link set lo up
		ip -n $end link set s0 up
	done
}

# rsyslogd stands still until its kernel takes no more and so many records were lost to it.
syslog_freeze() # COUNT
{
	local i
	kill -STOP "$live_rsyslog"
	for ((i = 0; i < 40; i++)); do
		live_ask say 1000 "frozen $(printf 'x%.0s' {1..3000})"
		live_ask ledger
		[ "$(live_number syslog.lost)" -gt "$1" ] && break
	done
	kill -CONT "$live_rsyslog"
}

# Of a stack with sink syslog and, behind it, sink file.
syslog_ledger() # NAME
{
	live_ledger "$1"
	is "$1: of syslog, too" "$(live_number syslog.offered)" \
		"$(($(live_number syslog.taken) + $(live_number syslog.lost)))"
	is "$1: what syslog lost, the file took" "$(live_number syslog.lost)" \
		"$(live_number file.taken)"
}
