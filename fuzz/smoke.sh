#!/bin/bash
# Each libFuzzer target for FUZZ_SECONDS from its corpus, as many at a time as there are
# processors. What it finds is kept as fuzz-smoke-NAME-* in the build directory.
. "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}/tests/support/tap.sh"
: "${fuzz_programs:=}" "${FUZZ_SECONDS:=60}"

[ -n "$fuzz_programs" ] || skip_all "no fuzz targets"

smoke() # PROGRAM NAME
{
	mkdir -p "$tap_dir/new/$2"
	"$top_builddir/$1" -max_total_time="$FUZZ_SECONDS" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$top_builddir/fuzz-smoke-$2-" \
		"$tap_dir/new/$2" "$top_srcdir/fuzz/corpus/$2" >"$tap_dir/$2.log" 2>&1
	echo $? >"$tap_dir/$2.status"
}

for program in $fuzz_programs; do
	while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
		wait -n
	done
	smoke "$program" "${program##*/fuzz_}" &
done
wait

for program in $fuzz_programs; do
	name=${program##*/fuzz_}
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$tap_dir/$name.log")
	if [ "$(cat "$tap_dir/$name.status")" -eq 0 ]; then
		pass "$name finds nothing in ${runs:-?} runs, $FUZZ_SECONDS s"
	else
		flunk "$name finds nothing" "$(tail -n 40 "$tap_dir/$name.log")"
	fi
done
done_testing
