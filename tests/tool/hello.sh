#!/bin/bash
# The README's first program, as a user compiles it.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need jq
mkdir "$tap_dir/conf"
chmod 700 "$tap_dir/conf"
echo "sink required stdout format=json" >"$tap_dir/conf/hello"

said=$(TELLTALE_CONFDIR=$tap_dir/conf "$top_builddir/examples/hello")
is "printf's words arrive" "$(jq -r .message <<<"$said" | head -n1)" "hello, world"
is "fields keep their types" "$(jq -c 'select(.cents) | [.message, .user, .cents]' <<<"$said")" \
	'["paid","ann",4200]'
is "places are the caller's" \
	"$(jq -rs 'map(.caller.line) | join(" ")' <<<"$said")" \
	"$(grep -nE '^	tell_info' "$top_srcdir/examples/hello.c" | cut -d: -f1 | paste -sd' ')"

for cc in gcc clang; do
	command -v $cc >/dev/null || continue
	ok "$cc compiles it without a warning, without our flags" $cc -std=c11 -Wall -Wextra \
		-Wpedantic -Werror -I"$top_srcdir/include" -c -o "$tap_dir/hello.o" \
		"$top_srcdir/examples/hello.c"
done
done_testing
