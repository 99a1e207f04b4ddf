#!/bin/bash
# telltale forward of files: each line arrives, over rotation, compression and kills; what is gone is said.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
need gzip
receiver hook logstash_http.py
url="http://127.0.0.1:${receiver_port[hook]}"
mkdir "$tap_dir/log"
log=$tap_dir/log/shop.jsonl

records() # FROM TO
{
	seq "$1" "$2" | awk '{ printf "{\"timestamp\":\"2026-11-27T01:00:00.%06dZ\",\"level\":\"info\",\"service\":\"shop\",\"message\":\"order\",\"i\":%d}\n", $1, $1 }'
}
seen() # what arrived since the last time, in its order
{
	receiver_ask hook dump | jq -r '.event.i // .event.message' | tr '\n' ' '
	receiver_ask hook reset >/dev/null
}
catch_up()
{
	"$TELLTALE" forward -q --state="$tap_dir/state" --file="$tap_dir/log/*.jsonl" --catch-up "$@" \
		webhook "$url" >"$tap_dir/said" 2>&1
}
again() # all is new
{
	rm -rf "$tap_dir/log" "$tap_dir/state"
	mkdir "$tap_dir/log"
	receiver_ask hook reset >/dev/null
}

records 1 3 >"$log"
catch_up
is "a first run begins at the end" "$?:$(seen)" "0:"
records 4 5 >>"$log"
printf 'no json' >>"$log"
catch_up
is "what came since, but for half a line" "$(seen)" "4 5 "
echo >>"$log"
catch_up
is "a line that is no JSON is a message" "$(seen)" "no json "
catch_up
is "each once" "$(seen)" ""

# A generation that was deleted unread shows when the one behind it is rotated.
again
records 1 2 >"$log.000001.20261127T010000Z"
records 3 4 >"$log"
catch_up -S 2020-01-01
mv "$log" "$log.000002.20261127T010100Z" # 5 and 6 are 000003
records 7 8 >"$log"
catch_up
mv "$log" "$log.000004.20261127T010300Z"
records 9 10 >"$log"
catch_up
is "what was deleted unread is said, and nothing comes twice" \
	"$(seen):$(grep -c '1 rotated file of it cannot be read' "$tap_dir/said")" "1 2 3 4 7 8 9 10 :1"

# Where nothing was read of a file it is known by what it is.
again
: >"$log"
catch_up
records 1 2 >>"$log"
mv "$log" "$log.1"
records 3 4 >"$log"
catch_up
is "a file that was renamed before anything was read of it" "$(seen):$(<"$tap_dir/said")" "1 2 3 4 :"
again
: >"$log"
catch_up
ln "$log" "$tap_dir/kept" # its number is not given again
rm "$log"
records 3 4 >"$log"
catch_up
is "one that is gone is said" "$(seen):$(grep -c 'is gone: records may be missing' "$tap_dir/said")" "3 4 :1"

again
records 1 2 >"$log.000001.20261127T010000Z"
records 3 4 | gzip >"$log.000002.20261127T010100Z.gz"
records 5 6 >"$log"
records 7 8 >"$tap_dir/log/cart.jsonl"
catch_up -S 2020-01-01
is "generations first, and several logs" "$(seen)" "7 8 1 2 3 4 5 6 "
mv "$log" "$log.000003.20261127T010200Z"
records 9 10 >>"$log.000003.20261127T010200Z"
gzip "$log.000003.20261127T010200Z"
records 11 12 >"$log"
mv "$log" "$log.000004.20261127T010300Z"
records 13 13 >"$log"
records 14 14 >"$tap_dir/log/new.jsonl"
catch_up
is "rotated and compressed while it was away; a log that is new" "$(seen)" "9 10 11 12 13 14 "
is "no gap is said" "$(cat "$tap_dir/said")" ""
records 15 15 >>"$log"
mv "$log" "$log.000005.20261127T010400Z"
records 16 16 >"$log"
mv "$log" "$log.000006.20261127T010500Z"
records 17 17 >"$log"
mv "$log" "$log.000007.20261127T010600Z"
records 18 18 >"$log"
rm "$log.000006.20261127T010500Z"
catch_up
is "a generation that was deleted unread: what is left" "$(seen)" "15 17 18 "
is "... and that is said" "$(grep -c 'shop.jsonl: 1 rotated file of it' "$tap_dir/said")" 1
: >"$log"
records 19 19 >"$log"
catch_up
is "truncated: from its begin" "$(seen)" "19 "
is "... and that is said, too" "$(grep -c 'shop.jsonl: it was truncated' "$tap_dir/said")" 1

"$TELLTALE" forward --file="$log" -u shop webhook "$url" >"$tap_dir/said" 2>&1
is "a unit is a journal's" "$?:$(grep -c 'in place of a journal' "$tap_dir/said")" 64:1
stack telltale-forward <<<"source required file path=shop.jsonl
sink required webhook url=$url"
"$TELLTALE" forward --state="$tap_dir/state" >"$tap_dir/said" 2>&1
is "a path from nowhere" "$?:$(grep -c 'not the whole path' "$tap_dir/said")" 78:1

"$TELLTALE" forward --state="$tap_dir/state" --file="$tap_dir/log/*" file path="$tap_dir/log/out" >"$tap_dir/said" 2>&1
is "what it writes is not what it reads" "$?:$(grep -c 'let it write elsewhere' "$tap_dir/said")" 78:1

# While it runs.
has() # N: until so many have arrived
{
	local try
	for ((try = 0; try < 400; try++)); do
		[ "$(receiver_ask hook dump | wc -l)" -lt "$1" ] || return 0
		sleep 0.05
	done
	return 1
}
again
records 1 1 >"$log"
"$TELLTALE" forward -q --state="$tap_dir/state" --file="$tap_dir/log/*.jsonl" -S 2020-01-01 webhook "$url" linger=10ms \
	2>"$tap_dir/said" &
forward=$!
has 1
records 2 2 >>"$log"
printf '{"message":"half",' >>"$log"
has 2
echo '"i":3}' >>"$log"
ok "what comes is shipped, half a line when it is whole" has 3
exec 9>>"$log"
mv "$log" "$log.1"
records 4 4 >&9
records 5 5 >"$log"
ok "renamed by somebody, who tells the writer later: both are read" has 5
exec 9>&-
: >"$log"
has_said()
{
	local try
	for ((try = 0; try < 400; try++)); do
		! grep -q "$1" "$tap_dir/said" || return 0
		sleep 0.05
	done
	return 1
}
ok "truncated while it runs: that is said" has_said 'shop.jsonl: it was truncated'
records 6 6 >>"$log"
records 7 7 >"$tap_dir/log/new.jsonl"
ok "a log that is new is found" has 7
kill $forward
wait $forward
is "it ends well, with its place" "$?:$(seen | tr ' ' '\n' | sort -n | tr '\n' ' ')" "0:1 2 3 4 5 6 7 "
catch_up
is "... and nothing comes again" "$(seen)" ""

# A pattern that what logrotate leaves matches as well.
again
records 1 1 >"$log"
everything()
{
	"$TELLTALE" forward -q --state="$tap_dir/state" --file="$tap_dir/log/*" --catch-up -S 2020-01-01 webhook "$url" \
		>"$tap_dir/said" 2>&1
}
everything
mv "$log" "$log.1"
records 2 2 >>"$log.1"
records 3 3 >"$log"
everything
mv "$log.1" "$log-20261127"
everything
is "log.1 and log-20261127 are no logs of their own" "$(seen)" "1 2 3 "

# A writer that writes on and rotates, generations that are compressed behind it, and a forwarder that
# is killed again and again.
again
writer()
{
	local n=0 g=0 k
	while [ "$n" -lt 6000 ]; do
		for ((k = 0; k < 6; k++)); do
			records $((n + 1)) $((n + 100)) >>"$log"
			n=$((n + 100))
		done
		g=$((g + 1))
		mv "$log" "$(printf '%s.%06d.20261127T01%04dZ' "$log" "$g" "$g")"
		[ "$g" -lt 3 ] || gzip "$(printf '%s.%06d.20261127T01%04dZ' "$log" $((g - 2)) $((g - 2)))"
		sleep 0.1
	done
	records 6001 6010 >>"$log"
}
writer &
writing=$!
kills=0
while kill -0 $writing 2>/dev/null; do
	"$TELLTALE" forward -q --state="$tap_dir/state" --file="$log" webhook "$url" linger=10ms entries=50 \
		name=hook 2>>"$tap_dir/all_said" -S 2020-01-01 &
	forward=$!
	sleep "0.0$((RANDOM % 90 + 10))"
	kill -9 $forward 2>/dev/null && kills=$((kills + 1))
	wait $forward 2>/dev/null
done
wait $writing
"$TELLTALE" forward -q --state="$tap_dir/state" --file="$log" -S 2020-01-01 --catch-up webhook "$url" name=hook \
	2>>"$tap_dir/all_said"
seq 6010 | sort >"$tap_dir/all"
ids hook '.event.i'
echo "# $kills kills, $(($(wc -l <"$tap_dir/came") - 6010)) lines came again"
all_came_at_least_once "killed while a writer rotates: none is missing"
is "... at most one batch a kill again" "$(($(wc -l <"$tap_dir/came") <= 6010 + 50 * kills))" 1
is "... and no gap is said" "$(grep -v 'no log matches path= yet' "$tap_dir/all_said")" "" # between two names
# Told to end it does, wherever it is: signals are blocked but in waits, and here it waits nowhere.
if command -v strace >/dev/null; then
	again
	records 1 100000 >"$log"
	ended() # N SINCE: SIGTERM comes with the N-th read of the log; leaks are not found below strace
	{
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o "$tap_dir/calls" -P "$log" -e trace=pread64 -e inject=pread64:signal=SIGTERM:when=$1 \
			"$TELLTALE" forward -q --state="$tap_dir/state" --file="$log" -S "$2" webhook "$url" name=hook \
			entries=1000 >"$tap_dir/said" 2>&1
	}
	ended 4 2026-11-27T02:00:00Z # behind all of them
	is "while it looks for its begin: its position stays none" \
		"$?:$(<"$tap_dir/said"):$(sed -n 's/^cursor=//p' "$tap_dir/state/hook")" "0::-"
	rm -rf "$tap_dir/state"
	ended 12 2020-01-01
	is "while it has much to do: it ends well" "$?:$(<"$tap_dir/said")" "0:"
	like "before it has done all" "$(receiver_ask hook dump | wc -l)" '^[0-9]{4,5}$'
fi
done_testing
