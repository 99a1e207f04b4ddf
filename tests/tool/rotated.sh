#!/bin/bash
# telltale query reads a log and the generations that `sink file rotate=` left as one.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
"$TELLTALE" query --help | grep -q -- --since || skip_all "built without libsystemd"
need jq gzip
log=$tap_dir/shop.jsonl

record() # NUMBER
{
	printf '{"timestamp":"2026-11-27T01:%02d:%02d.000000Z","level":"info","service":"shop","message":"line %d","i":%d}\n' \
		$(($1 / 60)) $(($1 % 60)) "$1" "$1"
}
records() # FROM TO
{
	local i
	for ((i = $1; i <= $2; i++)); do
		record "$i"
	done
}
seen() # OPTIONS...
{
	"$TELLTALE" query --file="$log" -o json "$@" 2>"$tap_dir/err" | jq .i | tr '\n' ' '
}

records 1 3 >"$log.000009.20261127T010003Z"
records 4 6 >"$log.000010.20261127T010006Z"
records 7 9 >"$log.000011.20200101T000000Z" # the clock was wrong
records 10 12 >"$log"
record 90 >"$log.000012.20261127T010006Z.bak" # somebody's
record 91 >"$tap_dir/other.jsonl.000001.20261127T010006Z"
all="1 2 3 4 5 6 7 8 9 10 11 12 "
is "a log is read with its generations, in their order" "$(seen)" "$all"
is "backwards, too" "$(seen -r)" "12 11 10 9 8 7 6 5 4 3 2 1 "
is "the newest lines lie in several of them" "$(seen -n 5)" "8 9 10 11 12 "
is "a generation alone is read alone" \
	"$("$TELLTALE" query --file="$log.000010.20261127T010006Z" -o json | jq .i | tr '\n' ' ')" "4 5 6 "
is "a pattern that names them as well reads each once" \
	"$("$TELLTALE" query --file="$log*Z" --file="$log" -o json | jq .i | tr '\n' ' ')" "$all"
is "from the directory itself" "$(cd "$tap_dir" && "$TELLTALE" query --file=shop.jsonl -o json |
	jq .i | tr '\n' ' ')" "$all"
mv "$log" "$log.000012.20261127T010012Z"
is "the moment after a rotation nothing is missing" "$(seen)" "$all"
mv "$log.000012.20261127T010012Z" "$log"

if command -v zstd >/dev/null && zstd -q --rm "$log.000009.20261127T010003Z"; then
	is "zstd's are read" "$(seen)" "$all"
	is "backwards, too: zstd" "$(seen -r)" "12 11 10 9 8 7 6 5 4 3 2 1 "
	zstd -q -d -k "$log.000009.20261127T010003Z.zst"
	is "one that is there plain, too, is read once" "$(seen)" "$all"
	rm "$log.000009.20261127T010003Z"
else
	skip "no zstd" "zstd's are read"
fi
gzip "$log.000010.20261127T010006Z"
is "gzip's are read" "$(seen)" "$all"
cat <(records 4 5 | gzip) <(record 6 | gzip) >"$log.000010.20261127T010006Z.gz"
is "several members of gzip's are one file" "$(seen)" "$all"
head -c 40 <(records 4 6 | gzip) >"$log.000010.20261127T010006Z.gz"
is "a damaged one is left out" "$(seen)" "1 2 3 7 8 9 10 11 12 "
like "and it is said" "$(<"$tap_dir/err")" 'left out shop.jsonl.000010.*damaged'
rm "$log.000010.20261127T010006Z.gz"

# -f: two rotations between two looks.
"$TELLTALE" query --file="$log" -f -o json >"$tap_dir/followed" &
follower=$!
for ((k = 0; k < 200; k++)); do
	[ -s "$tap_dir/followed" ] && break
	sleep 0.05
done
record 13 >>"$log"
mv "$log" "$log.000012.20261127T010014Z"
record 14 >"$log.000013.20261127T010015Z"
record 15 >"$log.new"
mv "$log.new" "$log"
for ((k = 0; k < 200; k++)); do
	grep -q '"i":15' "$tap_dir/followed" && break
	sleep 0.05
done
kill $follower
wait $follower 2>/dev/null
is "-f goes through all generations that came meanwhile" \
	"$(jq .i "$tap_dir/followed" | tr '\n' ' ')" "1 2 3 7 8 9 10 11 12 13 14 15 "
done_testing
