#!/bin/bash
# doc/receivers.md: with the settings that it gives, rsyslog's parser gives back all names and
# values, over TCP and on a local socket. No root needed, but a daemon.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
need rsyslogd jq
[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"
port=$((20000 + RANDOM % 10000))
rsyslogd=''
trap '[ -z "$rsyslogd" ] || kill "$rsyslogd"; rm -rf "$tap_dir"' EXIT
mkdir "$tap_dir/stacks"
chmod 755 "$tap_dir" "$tap_dir/stacks"
export TELLTALE_CONFDIR=$tap_dir/stacks

settings() # N: the N-th block of settings, for the places of this test
{
	awk -v want="$1" '/^```rsyslog/ { n++; inside = 1; next } /^```/ { inside = 0 }
		inside && n == want' "$top_srcdir/doc/receivers.md" |
		sed -e "s|/var/log/records.jsonl|$tap_dir/$1.jsonl|" \
			-e "s|port=\"514\"|address=\"127.0.0.1\" port=\"$port\"|" \
			-e "s|/run/telltale/log|$tap_dir/log|"
}

start() # N
{
	local i
	settings "$1" >"$tap_dir/$1.conf"
	rsyslogd -n -f "$tap_dir/$1.conf" -i "$tap_dir/$1.pid" >"$tap_dir/$1.out" 2>&1 &
	rsyslogd=$!
	for ((i = 0; i < 200; i++)); do
		case $1 in
		1) (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return ;;
		*) [ -S "$tap_dir/log" ] && return ;;
		esac
		sleep 0.05
	done
	flunk "rsyslogd starts with the settings" "$(cat "$tap_dir/$1.out")"
	done_testing
}

arrived() # N JQ-EXPRESSION
{
	local i
	for ((i = 0; i < 200; i++)); do
		[ -s "$tap_dir/$1.jsonl" ] && break
		sleep 0.05
	done
	jq -c ".sd |= fromjson | $2" "$tap_dir/$1.jsonl"
}

echo "sink required syslog proto=tcp host=127.0.0.1 port=$port" >"$tap_dir/stacks/one"
echo "sink required syslog format=rfc5424 path=$tap_dir/log" >"$tap_dir/stacks/two"
hostile='a "quoted" \ and ] thing'
for n in 1 3; do # the second is by TLS: syslog_killed.sh
	start $n
	service=$([ $n = 1 ] && echo one || echo two)
	"$TELLTALE" log -t $service -p warning -F request_id=r1 -F n=3 -F "text=$hostile" \
		-F password=abc 'disk almost full'
	is "$service: header and text" "$(arrived $n '[.service, .severity, .message]')" \
		"[\"$service\",\"warning\",\"disk almost full\"]"
	is "$service: names and values" \
		"$(arrived $n '.sd["telltale@32473"] | [.request_id, .n, .text, .password]')" \
		"$(jq -cn --arg text "$hostile" '["r1", "3", $text, "[REDACTED]"]')"
	kill $rsyslogd
	wait $rsyslogd 2>/dev/null
	rsyslogd=''
done
done_testing
