#!/bin/bash
# The calls that must compile do so without a warning; those that must not are refused with
# words that help. With gcc and clang, without and with optimisation.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"

field='a field belongs here: tell_kv\(…\), or use tell_infof\(\)'
value='tell_kv\(\) takes numbers, bool, strings'
many='at most 16 fields here: use tell_log\(\) with an array'
expected=("" "$field" "$field" "$field" "$field" "$field" "$value" "$value" "$many" "$many"
	"$many" "expected .?\)" "format" "$value" "$many" "$field" "format")
strict=(-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Werror
	-I"$top_srcdir/include" -c -o "$tap_dir/x.o")
here=$top_srcdir/tests/compile
tried=0

for cc in gcc clang; do
	command -v "$cc" >/dev/null || continue
	tried=1
	for optimise in -O0 -O2; do
		ok "$cc $optimise compiles every good call" \
			"$cc" "${strict[@]}" "$optimise" "$here/good.c"
		for ((i = 1; i < ${#expected[@]}; i++)); do
			if said=$("$cc" "${strict[@]}" "$optimise" -DCASE="$i" "$here/bad.c" 2>&1); then
				flunk "$cc $optimise refuses mistake $i" "it compiled"
			else
				like "$cc $optimise refuses mistake $i" "$said" "${expected[i]}"
			fi
		done
	done
done
[ $tried = 1 ] || skip "neither gcc nor clang" "compiles and refuses"
done_testing
