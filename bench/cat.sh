#!/bin/bash
# `telltale cat`: lines a second, beside systemd-cat and a raw loop. Sourced by bench/run.sh,
# whose functions it uses. BENCH_CAT_MB=1024 is the size of the stream into a file.
: "${top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
telltale=$PWD/telltale
cat_mb=${BENCH_CAT_MB:-1024}

# seconds and kB of a command that reads lines
timed() # COMMAND...
{
	local begin end
	begin=$(date +%s%N)
	"$@" &
	local pid=$! peak=0 now
	while now=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		peak=$now
		sleep 0.2
	done
	wait "$pid"
	end=$(date +%s%N)
	echo "$(((end - begin) / 1000)) $peak"
}

# 128 bytes a line, as a program prints them; 32 MiB, fed as often as wanted.
block=$dir/block
awk 'BEGIN { for (i = 0; i < 262144; i++) { line = sprintf("2026-11-21 03:54:27.%06d [4711] INFO " \
	"cart.c:%d: request handled path=/cart/items status=%d ms=%d", i, i % 40 + 1, 200 + i % 5, i % 90)
	printf "%-127s\n", line } }' >"$block"
feed() # MB
{
	local i
	for ((i = 0; i < $1; i += 32)); do cat "$block"; done
}

# The file is thrown away once a second: its lines are counted by their numbers. A renamed file
# is noticed within a second, so one more is waited for.
cat_out=$dir/cat.jsonl
printf 'sink required file path=%s\n' "$cat_out" >"$dir/stacks/cat-file"
cat_lines=$((cat_mb / 32 * 262144))
count() # what is in the file, then it goes
{
	[ -f "$cat_out" ] || { echo 0; return; }
	mv "$cat_out" "$cat_out.old"
	sleep 1.2
	wc -l <"$cat_out.old"
	rm -f "$cat_out.old"
}
into_file()
{
	local taken=0 pid
	feed "$cat_mb" | timed "$telltale" cat -t cat-file >"$dir/cat.time" &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		taken=$((taken + $(count)))
	done
	wait "$pid"
	taken=$((taken + $(count)))
	echo "$(cat "$dir/cat.time") $taken"
}

if [ -x "$telltale" ]; then
	read -r us peak taken < <(into_file)
	us_line=$(awk -v us="$us" -v n="$cat_lines" 'BEGIN { print us / n }')
	row "telltale cat, $cat_mb MB of lines into a file: lines lost" "$((cat_lines - taken))" "" 0 ""
	row "its memory at most: kB" "$peak" "" 16384 kB
	n=200000
	if [ -x bench/raw ] && [ "$(id -u)" -eq 0 ] && command -v systemd-cat >/dev/null; then
		export top_srcdir top_builddir=$PWD
		bash "$top_srcdir/bench/cat_journald.sh" "$n" "$rounds" \
			>"$dir/cat.journald" 2>"$dir/cat.journald.err"
		if grep -q '^bench-sd' "$dir/cat.journald"; then
			of() { awk -v name="$1" -v n="$n" '$1 == name { print $2 / n }' "$dir/cat.journald" | median; }
			row "its time a line, beside systemd-cat into journald: us" "$us_line" "$(of bench-sd)" 1 us
			row "cat into journald, beside a raw send loop: us a line" \
				"$(of bench-cat)" "$(of bench-raw)" 1.053 us
			row "systemd-cat into journald: us a line" "$(of bench-sd)" "" none us
			row "records lost there: runs" "$(grep -c '^lost' "$dir/cat.journald")" "" 0 runs
		else
			echo "no private journald here: $(head -n 1 "$dir/cat.journald" "$dir/cat.journald.err")"
		fi
	fi
fi
