#!/bin/bash
# Each libFuzzer target for FUZZ_SECONDS, as many at a time as there are processors, from what
# was found before: the corpus is kept in FUZZ_CORPUS/NAME, and merged with the committed one to
# the fewest inputs that reach as much. What a target finds is kept as fuzz-long-NAME-* in the
# build directory, and ends that target only; the exit status says so.
set -u
: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}" "${top_builddir:=.}"
: "${fuzz_programs:=}" "${FUZZ_SECONDS:=600}" "${FUZZ_CORPUS:=$top_builddir/fuzz-kept}"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# libFuzzer copies to its first directory what adds something: the kept inputs go through that
# too, or they would only grow in number.
merge() # PROGRAM NAME
{
	local kept=$FUZZ_CORPUS/$2
	mkdir -p "$work/$2"
	"$top_builddir/$1" -merge=1 -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$work/" \
		"$work/$2" "$kept" "$top_srcdir/fuzz/corpus/$2" >"$work/$2.merge" 2>&1 || return
	[ -n "$(ls -A "$work/$2")" ] || return
	rm -rf "$kept.old"
	mv "$kept" "$kept.old" && mv "$work/$2" "$kept" && rm -rf "$kept.old"
}

fuzz() # PROGRAM NAME
{
	local runs status
	mkdir -p "$FUZZ_CORPUS/$2"
	"$top_builddir/$1" -max_total_time="$FUZZ_SECONDS" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$top_builddir/fuzz-long-$2-" \
		"$FUZZ_CORPUS/$2" "$top_srcdir/fuzz/corpus/$2" >"$work/$2.log" 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$2.log")
	if [ $status -ne 0 ]; then
		touch "$work/found"
		echo "FOUND $2, in ${runs:-?} runs:"
		tail -n 40 "$work/$2.log"
		return
	fi
	merge "$@" || echo "$2: the corpus is not merged: $(tail -n 1 "$work/$2.merge")"
	echo "ok    $2: ${runs:-?} runs, $(find "$FUZZ_CORPUS/$2" -type f | wc -l) inputs kept"
}

for program in $fuzz_programs; do
	while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
		wait -n
	done
	fuzz "$program" "${program##*/fuzz_}" &
done
wait
[ ! -e "$work/found" ]
