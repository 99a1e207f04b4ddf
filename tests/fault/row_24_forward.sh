#!/bin/bash
# FAULTS row 24: a forwarder with little memory and a long backlog works, and its receiver's absence
# costs it none; one that dies for want of memory goes on where it was.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/receivers.sh"
need jq prlimit
: "${TELLTALE:=$top_builddir/telltale}"
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
[ -z "${TELL_SANITIZE-}" ] || [ -n "${TELL_SANITIZE##*-fsanitize*}" ] || skip_all "a sanitizer wants memory"
export TELLTALE_MODULEDIR=$top_builddir/.libs
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
journal=$tap_dir/journal n=20000
make_journal "$journal" $n 24 --plain || exit 1
receiver loki loki.py --limit rate=0 --limit burst=0 --limit stream_rate=0 --limit stream_burst=0 --limit behind_s=0
mkdir -m 700 "$tap_dir/state"

# RLIMIT_DATA is anonymous memory; a journal's files are mapped.
forward() # BYTES [OPTION...]
{
	local bytes=$1
	shift
	exec prlimit --data="$bytes" "$TELLTALE" forward -q --state="$tap_dir/state" -D "$journal" -S -2h "$@" \
		loki "http://127.0.0.1:${receiver_port[loki]}"
}

receiver_ask loki down >/dev/null
(forward $((48 << 20))) 2>"$tap_dir/said" &
pid=$!
receiver_wait loki grep -q 'again in' "$tap_dir/said"
peak=$(awk '$1 == "RssAnon:" { print $2 }' /proc/$pid/status)
ok "fault_24: with its receiver away it holds a request, not the backlog ($peak kB)" [ "$peak" -lt 32768 ]
kill -9 $pid
wait $pid 2>/dev/null
receiver_ask loki up >/dev/null

# With too little it may end anywhere; what that did to the position shows below.
for kib in 512 1024 2048 3072; do
	(forward $((kib << 10)) --catch-up) >/dev/null 2>&1 &
	pid=$!
	sleep 1
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
done
(forward $((48 << 20)) --catch-up) 2>/dev/null
is "fault_24: with 48 MiB it ships all of it" $? 0
receiver_ask loki dump | jq -r .metadata.request_id | sort >"$tap_dir/ids"
is "fault_24: nothing is missing" "$(sort -u "$journal/request_ids" | comm -13 "$tap_dir/ids" - | wc -l)" 0
is "fault_24: nothing is there twice" "$(uniq -d "$tap_dir/ids" | wc -l)" 0
done_testing
