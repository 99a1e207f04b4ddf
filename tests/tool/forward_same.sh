#!/bin/bash
# telltale forward of entries with one time and one text, of which Loki would keep one: each has a time of
# its own, and the same one when it is sent again after a kill.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
has_journal_remote || skip_all "systemd-journal-remote is missing"
receiver loki loki.py --limit rate=0 --limit burst=0 --limit stream_rate=0 --limit stream_burst=0
us=$(($(date +%s) * 1000000 - 60000000))
mkdir -m 700 "$tap_dir/state" "$tap_dir/journal"

same() # HOW-MANY REALTIME_US
{
	local i
	for ((i = 0; i < $1; i++)); do
		printf '%s\n' "__REALTIME_TIMESTAMP=$2" "__MONOTONIC_TIMESTAMP=$2" \
			_BOOT_ID=11111111111111111111111111111111 MESSAGE=tick SYSLOG_IDENTIFIER=clock \
			"REQUEST_ID=r$2-$i" ''
	done
}
{
	same 3000 $us
	same 3 $((us + 1))
	same 1 $((us + 2))
	same 1 $((us + 9))
} >"$tap_dir/export"
"$journal_remote" --output="$tap_dir/journal/same.journal" "$tap_dir/export" >"$tap_dir/said" 2>&1 || cat "$tap_dir/said"

ship=("$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 --catch-up
	loki "http://127.0.0.1:${receiver_port[loki]}" entries=700 linger=1h)
sums() # of the requests
{
	receiver_ask loki requests | jq -r .sha256
}

"${ship[@]}" >"$tap_dir/said" 2>&1
is "it ends well" "$?:$(<"$tap_dir/said")" "0:"
is "Loki has them all" "$(receiver_ask loki dump | jq -r .metadata.request_id | sort -u | wc -l)" 3005
receiver_ask loki dump | jq -r .ns | sort >"$tap_dir/times"
is "no two have the same time" "$(uniq -d "$tap_dir/times")" ""
is "they follow each other" "$(sed -n '1p;3000p;3004p;$p' "$tap_dir/times" | tr '\n' ' ')" \
	"${us}000 $((us + 2))999 $((us + 3))003 $((us + 9))000 "
sums >"$tap_dir/whole"
is "in so many requests" "$(wc -l <"$tap_dir/whole")" 5

fresh loki
mkdir -m 700 "$tap_dir/state"
receiver_ask loki 'fault?do=ok&next=2' >/dev/null
receiver_ask loki 'fault?do=hang' >/dev/null
"${ship[@]}" >"$tap_dir/said" 2>&1 &
forward=$!
receiver_hangs loki
kill -9 $forward
wait $forward 2>/dev/null
receiver_ask loki release >/dev/null
"${ship[@]}" >"$tap_dir/said" 2>&1
is "after a kill the rest is the same to the byte, and what was under way comes again" \
	"$(sums | uniq -d | wc -l):$(sums | uniq | diff - "$tap_dir/whole")" "1:"

# Told to end while a request is refused for now: the position stays before it.
fresh loki
mkdir -m 700 "$tap_dir/state"
receiver_ask loki 'fault?do=503&next=1000' >/dev/null
"${ship[@]}" >"$tap_dir/said" 2>&1 &
forward=$!
receiver_wait loki grep -q 'again in' "$tap_dir/said"
kill $forward
wait $forward
receiver_ask loki reset >/dev/null
"${ship[@]}" >"$tap_dir/said" 2>&1
is "what was not answered when it was told to end comes with the next run" "$(receiver_ask loki dump | wc -l)" 3005
done_testing
