#!/bin/bash
# Each fuzz target takes its committed corpus (fuzz/corpus/NAME) without a crash.
. "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}/tests/support/tap.sh"
: "${fuzz_programs:=}"

[ -n "$fuzz_programs" ] || skip_all "no fuzz targets"
for program in $fuzz_programs; do
	name=${program##*/fuzz_}
	mapfile -t files < <(find "$top_srcdir/fuzz/corpus/$name" -type f | sort)
	if [ ${#files[@]} -eq 0 ]; then
		flunk "$name has a corpus" "fuzz/corpus/$name is empty"
		continue
	fi
	ok "$name takes its ${#files[@]} inputs" "$top_builddir/$program" "${files[@]}"
done
done_testing
