#!/bin/bash
# Each public header compiles alone, as C11 and as C++17, with each compiler there is; each
# internal header compiles alone and has #pragma once.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1
: "${CC:=gcc}" "${CXX:=g++}"
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

compilers() # the configured one and its usual rival, those that are there
{
	local program
	for program; do
		command -v "${program%% *}" >/dev/null && echo "$program"
	done | sort -u
}

mapfile -t ccs < <(compilers "$CC" gcc clang)
mapfile -t cxxs < <(compilers "$CXX" g++ clang++)
for header in $(cd include && find . -name '*.h' | sed 's,^\./,,' | sort); do
	echo "#include <$header>" >"$tap_dir/alone.c"
	cp "$tap_dir/alone.c" "$tap_dir/alone.cc"
	for cc in "${ccs[@]}"; do
		# shellcheck disable=SC2086
		ok "$header as C11 by $cc" $cc -std=c11 $warnings -Iinclude -fsyntax-only \
			"$tap_dir/alone.c"
	done
	for cxx in "${cxxs[@]}"; do
		# shellcheck disable=SC2086
		ok "$header as C++17 by $cxx" $cxx -std=c++17 $warnings -Iinclude -fsyntax-only \
			"$tap_dir/alone.cc"
	done
done

mapfile -t internal < <(find src -name '*.h' | sort)
is "every internal header says #pragma once" "$(grep -L '^#pragma once' "${internal[@]}")" ""
said=
for header in "${internal[@]}"; do
	echo "#include \"${header#src/}\"" >"$tap_dir/alone.c"
	said+=$($CC -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-function -Isrc \
		-Iinclude -fsyntax-only "$tap_dir/alone.c" 2>&1 | head -n 3)
done
is "every internal header compiles alone" "$said" ""
done_testing
