#!/bin/bash
# telltale compress: what `sink file compress=` asks for, by whoever runs it.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
writers=$top_builddir/tests/fault/writers
[ -x "$writers" ] || skip_all "tests/fault/writers was not built"
need zstd gzip
export TELLTALE_CONFDIR=$tap_dir/conf
mkdir -p "$TELLTALE_CONFDIR" "$tap_dir/log"
log=$tap_dir/log/shop.jsonl
echo "sink required file path=$log rotate=64KiB compress=zstd" >"$TELLTALE_CONFDIR/shop"
echo "sink required file path=$tap_dir/log/cart rotate=64KiB" >"$TELLTALE_CONFDIR/cart"

plain()
{
	find "$tap_dir/log" -name 'shop.jsonl.*Z' | wc -l
}
packed()
{
	find "$tap_dir/log" -name 'shop.jsonl.*Z.zst' | wc -l
}

"$writers" write "$tap_dir/tally" shop 2 1000 0 0
n=$(plain)
like "there is something to do" "$n" '^[0-9]{2}$'
touch "$log.000001.20200101T000000Z.bak" "$tap_dir/log/cart.000001.20200101T000000Z"
ok "all services" "$TELLTALE" compress
if "$TELLTALE" compress 2>&1 | grep -q 'has no zstd'; then
	skip_all "built without zstd"
fi
is "each is compressed" "$(plain) $(packed)" "0 $n"
is "and readable to zstd(1)" "$(zstd -q -t "$log".*.zst 2>&1)" ""
is "no other file is touched" \
	"$(find "$tap_dir/log" -type f ! -name shop.jsonl ! -name 'shop.jsonl.*.zst' | wc -l)" 2
is "twice changes nothing, which is said when asked" "$("$TELLTALE" compress -v shop)" "$log: nothing to compress"
is "else nothing is said" "$("$TELLTALE" compress shop 2>&1)" ""
mkdir "$tap_dir/empty"
is "so is that no stack asks for it" "$(TELLTALE_CONFDIR=$tap_dir/empty "$TELLTALE" compress -v)" \
	"no stack has a sink file line with rotate= and compress="
for file in "$log".*.zst; do
	zstd -q -d --rm "$file"
done
counted=$("$writers" read "$tap_dir/tally" "$log".*Z "$log")
like "no line is lost" "$counted" 'lines=2000 missing=0 doubled=0 misplaced=0 in_flight=0 broken=0'
is "as its original a file is its owner's alone" \
	"$("$TELLTALE" compress && stat -c %a "$log".*.zst | sort -u)" 640

# ---- in use -----------------------------------------------------------------------------------
# The byte that a process locks which has the file open (src/sink/rotate.h).
rm -f "$log".*
: >"$log.000001.20261127T010000Z"
if command -v python3 >/dev/null; then
	python3 - "$log.000001.20261127T010000Z" "$tap_dir/ready" <<-'PY' &
		import fcntl, struct, sys, time
		f = open(sys.argv[1], "r+")
		fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 1, 1, 0))
		open(sys.argv[2], "w").close()
		time.sleep(60)
	PY
	user=$!
	for ((k = 0; k < 200; k++)); do
		[ -e "$tap_dir/ready" ] && break
		sleep 0.05
	done
	like "one that a process has open waits" "$("$TELLTALE" compress -v)" '0 compressed.* 1 still in use'
	is "and stays" "$(plain) $(packed)" "1 0"
	kill $user
	wait $user 2>/dev/null
	like "until it is let go" "$("$TELLTALE" compress -v)" '1 compressed'
else
	skip "no python3" "one that a process has open waits"
fi

# ---- killed on its way ---------------------------------------------------------------------------
for place in packed-before-rename packed-before-unlink; do
	rm -f "$log".*
	echo '{"message":"one"}' >"$log.000001.20261127T010000Z"
	TELL_CRASH_AT=$place "$TELLTALE" compress 2>/dev/null
	if [ $? -ne 137 ]; then
		skip "a build without assertions has no crash points" "killed at $place"
		continue
	fi
	ok "killed at $place: the original is there" test -e "$log.000001.20261127T010000Z"
	ok "killed at $place: the next run ends it" "$TELLTALE" compress
	is "killed at $place: one file is left" \
		"$(find "$tap_dir/log" -name 'shop.jsonl.0*' | wc -l)" 1
	is "killed at $place: with its line" "$(zstd -q -d -c "$log".*.zst)" '{"message":"one"}'
done

# ---- what a killed run left, its original gone ------------------------------------------------------
rm -f "$log".*
left=$log.000007.20261127T010000Z
touch "$left.zst.tmp" "$left.gz.tmp" "$left.tmp" "$left.zst.tmp2" "$tap_dir/log/other.000007.20261127T010000Z.zst.tmp"
if command -v python3 >/dev/null; then
	python3 - "$log.000008.20261127T010000Z.zst.tmp" "$tap_dir/works" <<-'PY' &
		import fcntl, struct, sys, time
		f = open(sys.argv[1], "w")
		fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 1, 1, 0))
		open(sys.argv[2], "w").close()
		time.sleep(60)
	PY
	user=$!
	for ((k = 0; k < 200; k++)); do
		[ -e "$tap_dir/works" ] && break
		sleep 0.05
	done
	ok "a run beside one that works" "$TELLTALE" compress
	ok "what another run works on stays" test -e "$log.000008.20261127T010000Z.zst.tmp"
	kill $user
	wait $user 2>/dev/null
else
	skip "no python3" "what another run works on stays"
fi
ok "and the next run" "$TELLTALE" compress
is "what was left goes, and no file of another name" \
	"$(cd "$tap_dir/log" && echo *.tmp*)" \
	"other.000007.20261127T010000Z.zst.tmp shop.jsonl.000007.20261127T010000Z.tmp shop.jsonl.000007.20261127T010000Z.zst.tmp2"
rm -f "$log".*

sed -i s/zstd/gzip/ "$TELLTALE_CONFDIR/shop"
rm -f "$log".*
seq 100000 >"$log.000001.20261127T010000Z"
ok "gzip" "$TELLTALE" compress
is "is read by gzip(1)" "$(gzip -dc "$log".*.gz | md5sum)" "$(seq 100000 | md5sum)"
fails "a service without a stack" 66 "$TELLTALE" compress nosuch
like "says so" "$("$TELLTALE" compress nosuch 2>&1)" 'nosuch: its stack has no sink file line'
fails "one whose lines ask for no compression" 66 "$TELLTALE" compress cart
fails "one that has is done all the same" 66 "$TELLTALE" compress shop cart
ok "all services: none was named" "$TELLTALE" compress
echo "sink required nosuch" >"$TELLTALE_CONFDIR/wrong"
fails "a service whose stack cannot be read" 78 "$TELLTALE" compress wrong
done_testing
