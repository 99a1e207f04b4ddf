#!/bin/bash
# packaging/collectors: the settings for rsyslog and syslog-ng take one record from the journal, by
# RFC 5424 and from a file, and all three come to Logstash as events with the same fields.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"
live_begin "$@"
. "$top_srcdir/tests/support/receivers.sh"
trap 'receivers_end; live_end' EXIT
chmod 755 "$tap_dir" "$TELLTALE_CONFDIR"
live_journald_start
receiver logstash logstash_tcp.py
port=$((20000 + RANDOM % 10000))
live_stack shop <<-END
	sink required journald message=bare
	sink required syslog proto=tcp host=127.0.0.1 port=$port
	sink required file path=$tap_dir/shop.jsonl
END
hostile='a "quoted" \ and ] thing'

# The snippet, for the places of this test.
settings() # FILE
{
	sed -e "s|logstash.example.net\"|127.0.0.1\"|; s|\<5045\>|${receiver_port[logstash]}|" \
		-e "s|port=\"514\"|address=\"127.0.0.1\" port=\"$port\"|; s|port(601)|port($port)|; s|0\.0\.0\.0|127.0.0.1|" \
		-e "s|/var/log/\*/\*.jsonl|$tap_dir/shop.jsonl|; s|/var/log/shop/shop.jsonl|$tap_dir/shop.jsonl|" \
		-e "s|/var/spool/rsyslog|$tap_dir|" \
		"$top_srcdir/packaging/collectors/$1"
}

# The way by which an event came shows in its names.
events() # journal|syslog|file JQ-EXPRESSION
{
	receiver_ask logstash dump | jq -c --arg way "$1" '.event |
		select((if .TELL_SEQ then "journal" elif .pid then "file" else "syslog" end) == $way) | '"$2"
}

arrived()
{
	[ "$(receiver_ask logstash dump | grep -c '"r-1"')" -ge 3 ]
}

# All three come, with text, ids, and a time that Logstash takes.
check() # COLLECTOR NUMBER-AS-JSON
{
	local way
	receiver_ask logstash reset >/dev/null
	"$TELLTALE" log -t shop -p warning -F request_id=r-1 -F cents=4200 -F "text=$hostile" 'disk almost full'
	live_wait arrived || receiver_ask logstash dump
	for way in journal syslog file; do
		is "$1, $way: text, level, service and ids" "$(events $way '[.message, .level, .service, .request_id // .REQUEST_ID, .text // .TEXT]')" \
			"$(jq -cn --arg text "$hostile" '["disk almost full", "warning", "shop", "r-1", $text]')"
	done
	is "$1: a number of the file" "$(events file .cents)" "$2"
	is "$1: Logstash finds nothing to tag" "$(receiver_ask logstash dump | jq -c '.event.tags, .odd | select(.)')" ""
	is "$1: the time is the record's own, to the microsecond" "$(events syslog '."@timestamp"[:26]')" \
		"\"$(tail -n 1 "$tap_dir/shop.jsonl" | jq -r '.timestamp[:26]')\""
	is "$1: from the file as well" "$(events file '."@timestamp"[:26]')" "$(events syslog '."@timestamp"[:26]')"
}

ready()
{
	(: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

# ---- rsyslog ------------------------------------------------------------------------------------
if command -v rsyslogd >/dev/null; then
	settings rsyslog.conf >"$tap_dir/rsyslog.conf"
	touch "$tap_dir/shop.jsonl"
	rsyslogd -n -f "$tap_dir/rsyslog.conf" -i "$tap_dir/rsyslog.pid" >"$tap_dir/rsyslog.out" 2>&1 &
	live_rsyslog=$!
	live_pids+=("$live_rsyslog")
	live_wait ready || cat "$tap_dir/rsyslog.out"
	check rsyslog 4200
	is "rsyslog: has nothing to say against the settings" "$(cat "$tap_dir/rsyslog.out")" ""
	kill "$live_rsyslog"
	wait "$live_rsyslog" 2>/dev/null
else
	skip "rsyslogd is missing" rsyslog
fi

# ---- syslog-ng ----------------------------------------------------------------------------------
# It cannot be installed beside rsyslog: ./quickstart deps unpacks it in tools/ of the build.
ng=
for dir in "$top_builddir/tools/syslog-ng" "$top_builddir/../tools/syslog-ng"; do
	[ ! -x "$dir/usr/sbin/syslog-ng" ] || ng=$dir
done

syslog_ng()
{
	LD_LIBRARY_PATH=$(find "$ng" -name '*.so*' -printf '%h\n' | sort -u | paste -s -d :) \
		exec "$ng/usr/sbin/syslog-ng" -F --no-caps -f "$tap_dir/syslog-ng.conf" \
		--module-path="$(dirname "$(find "$ng" -name libsyslogformat.so)")" \
		-R "$tap_dir/persist" -c "$tap_dir/control" -p "$tap_dir/ng.pid"
}

if [ -n "$ng" ]; then
	settings syslog-ng.conf >"$tap_dir/syslog-ng.conf"
	: >"$tap_dir/shop.jsonl"
	(syslog_ng) >"$tap_dir/ng.out" 2>&1 &
	live_ng=$!
	live_pids+=("$live_ng")
	live_wait ready || cat "$tap_dir/ng.out"
	check syslog-ng '"4200"'
	is "syslog-ng: has nothing to say against the settings" "$(grep -ivE 'starting up|syslog connection|file format' "$tap_dir/ng.out")" ""
	kill "$live_ng"
	wait "$live_ng" 2>/dev/null
else
	skip "syslog-ng is not in tools/ of the build" syslog-ng
fi
done_testing
