#!/bin/bash
# The calls that must compile do so without a warning; those that must not are refused with
# words that help. In C and C++, with gcc and clang, without and with optimisation.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"

field='a field belongs here: tell_kv\((…|\\342\\200\\246)\), or use tell_infof\(\)'
value='tell_kv\(\) takes numbers, bool, strings'
many='at most 16 fields here: use tell_log\(\) with an array'
expected=("" "$field" "$field" "$field" "$field" "$field" "$value" "$value" "$many" "$many"
	"$many" "expected .?\)" "format" "$value" "$many" "$field" "format")
metric=("" "a name, a sentence, and up to 8 labels" "a name, a sentence, and up to 8 labels"
	"const char ?\*" "const char ?\*" "const char ?\*")
expected_cxx=("" "$field" "$value" "$value" "$value" "$value" "expected .?\)"
	"the message is text" "format|non-trivial|through variadic" "$field" "$value")
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Werror
	-I"$top_srcdir/include" -c -o "$tap_dir/x.o")
here=$top_srcdir/tests/compile
tried=0

refuses() # WHAT WORDS COMMAND...
{
	local said name=$1 words=$2
	shift 2
	if said=$("$@" 2>&1); then
		flunk "$name" "it compiled"
	else
		like "$name" "$said" "$words"
	fi
}

for cc in gcc clang; do
	command -v "$cc" >/dev/null || continue
	tried=1
	for optimise in -O0 -O2; do
		strict=("$cc" -std=c11 "${warnings[@]}" "$optimise")
		ok "$cc $optimise compiles every good call" "${strict[@]}" "$here/good.c"
		for ((i = 1; i < ${#expected[@]}; i++)); do
			refuses "$cc $optimise refuses mistake $i" "${expected[i]}" \
				"${strict[@]}" -DCASE="$i" "$here/bad.c"
		done
		ok "$cc $optimise compiles metrics" "${strict[@]}" "$here/metric.c"
		for ((i = 1; i < ${#metric[@]}; i++)); do
			refuses "$cc $optimise refuses mistake $i of metrics" "${metric[i]}" \
				"${strict[@]}" -DCASE="$i" "$here/metric.c"
		done
	done
done
[ $tried = 1 ] || skip "neither gcc nor clang" "compiles and refuses"

# Templates are checked before anything is optimised: one level will do for mistakes.
tried=0
for cxx in g++ clang++; do
	command -v "$cxx" >/dev/null || continue
	echo '#include <string_view>' >"$tap_dir/lib.cc"
	"$cxx" -std=c++17 -fsyntax-only "$tap_dir/lib.cc" 2>/dev/null || continue
	tried=1
	for standard in c++17 c++20; do
		for optimise in -O0 -O2; do
			ok "$cxx $standard $optimise compiles every good call" "$cxx" \
				-std=$standard "${warnings[@]}" -Wold-style-cast \
				-Wzero-as-null-pointer-constant "$optimise" "$here/good_cxx.cc"
			ok "$cxx $standard $optimise compiles metrics" "$cxx" \
				-std=$standard "${warnings[@]}" -Wold-style-cast \
				-Wzero-as-null-pointer-constant "$optimise" -x c++ "$here/metric.c"
		done
	done
	strict=("$cxx" -std=c++17 "${warnings[@]}")
	for ((i = 1; i < ${#expected[@]}; i++)); do
		refuses "$cxx refuses mistake $i" "${expected[i]}" \
			"${strict[@]}" -DCASE="$i" -x c++ "$here/bad.c"
	done
	for ((i = 1; i < ${#metric[@]}; i++)); do
		refuses "$cxx refuses mistake $i of metrics" "${metric[i]}" \
			"${strict[@]}" -DCASE="$i" -x c++ "$here/metric.c"
	done
	for ((i = 1; i < ${#expected_cxx[@]}; i++)); do
		refuses "$cxx refuses mistake $i of C++" "${expected_cxx[i]}" \
			"${strict[@]}" -DCASE="$i" "$here/bad_cxx.cc"
	done
	echo '#include <telltale.h>
		int main() { tell_init("old"); return tell_flush(0); }' >"$tap_dir/old.cc"
	ok "$cxx -std=c++11 has the functions" "$cxx" -std=c++11 "${warnings[@]}" "$tap_dir/old.cc"
done
[ $tried = 1 ] || skip "neither g++ nor clang++" "compiles and refuses C++"
done_testing
