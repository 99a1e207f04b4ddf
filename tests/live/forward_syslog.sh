#!/bin/bash
# telltale forward by the sinks that services have: to a real rsyslog, and into a file. Nothing is missing
# when the forwarder is killed or the receiver is away, and who speaks is each record's own.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
export TELLTALE TELLTALE_CONFDIR=$tap_dir/conf
. "$top_srcdir/tests/tool/forward_rig.sh"
need rsyslogd
trap 'live_end' EXIT
mkdir "$tap_dir/conf"
make_journal "$tap_dir/journal" 20000 7
sort "$tap_dir/journal/request_ids" >"$tap_dir/all"
# Who said what, as the journal has it; names of programs are cut to what RFC 5424 has room for.
journalctl -q -D "$tap_dir/journal" -o json --all |
	jq -r '[.REQUEST_ID, ._HOSTNAME, .SYSLOG_IDENTIFIER // ._COMM] | join(" ")' | sort >"$tap_dir/all.who"

at_syslog()
{
	live_syslog | jq -r '.sd["telltale@32473"].request_id // empty' | sort >"$tap_dir/came"
}
at_file()
{
	jq -rR 'fromjson? | .request_id' "$tap_dir/file.jsonl" 2>/dev/null | sort >"$tap_dir/came"
}
so_many() # PLACE N
{
	local file=$tap_dir/file.jsonl
	[ "$1" = file ] || file=$live_syslog_out
	[ -f "$file" ] && [ "$(wc -l <"$file")" -ge "$2" ] || return 1
	[ "$2" = 20000 ] || return 0
	"at_$1"
	[ "$(sort -u "$tap_dir/came" | wc -l)" = 20000 ]
}
begin() # WORD...: in the background
{
	"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 "$@" \
		>"$tap_dir/said" 2>&1 &
	victim=$!
	live_pids+=("$victim")
}
killed() # PLACE WORD...: again and again, on its way
{
	local place=$1 n
	shift
	for n in 1 4000 8000 12000; do
		begin "$@"
		until so_many "$place" $n; do
			kill -0 $victim 2>/dev/null || break # it waits for more when all is there
		done
		kill -9 $victim
		wait $victim 2>/dev/null
	done
	forward "$@"
}

# ---- rsyslog ------------------------------------------------------------------------------------
live_rsyslog_start
syslog=(syslog 127.0.0.1 proto=tcp "port=$live_port")
forward "${syslog[@]}"
is "rsyslog: it ends well" "$?" 0
live_wait so_many syslog 20000
at_syslog
all_came "rsyslog: all came, once"
is "rsyslog: who speaks is the record's own" "$(live_syslog |
	jq -r '[.sd["telltale@32473"].request_id, .host, .service] | join(" ")' | sort | diff - "$tap_dir/all.who" | head -n 5)" ""

again() # what is there is gone, the receiver is another
{
	live_rsyslog_kill TERM
	rm -rf "$live_syslog_out" "$tap_dir/state"
	live_rsyslog_start
}
again
killed syslog "${syslog[@]}"
live_wait so_many syslog 20000
at_syslog
all_came_at_least_once "rsyslog: the forwarder was killed four times, none is missing"
twice=$(($(wc -l <"$tap_dir/came") - 20000))
ok "rsyslog: ... at most a batch a time is there twice ($twice)" [ "$twice" -le 4000 ]

# Away at the begin, and it comes.
again
live_rsyslog_kill TERM
begin "${syslog[@]}"
live_wait grep -q 'again in' "$tap_dir/said"
live_rsyslog_start
live_wait so_many syslog 20000
all_came_at_least_once "rsyslog: it was not there at first, none is missing"
kill $victim
wait $victim
is "rsyslog: ... and the forwarder ends when it is told" "$?" 0

# ---- a file -------------------------------------------------------------------------------------
rm -rf "$tap_dir/state"
forward file "$tap_dir/file.jsonl"
is "file: it ends well" "$?" 0
at_file
all_came "file: all came, once"
is "file: who speaks is the record's own" "$(jq -r '[.request_id, .service] | join(" ")' "$tap_dir/file.jsonl" | sort |
	diff - <(cut -d' ' -f1,3 "$tap_dir/all.who") | head -n 5)" ""
rm -rf "$tap_dir/state" "$tap_dir/file.jsonl"
killed file file "$tap_dir/file.jsonl"
at_file
all_came_at_least_once "file: the forwarder was killed four times, none is missing"
done_testing
