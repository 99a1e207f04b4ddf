#!/bin/bash
# JSON encoding of the bench record by instructions, against its bound (DESIGN 9): a count,
# not a time, so that it says the same on a busy machine. The SIMD path is SSE2's, which is
# all that is built for x86-64.
. "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}/tests/support/tap.sh"
bound=1050
need valgrind
[ "$(uname -m)" = x86_64 ] || skip_all "the bound is for x86-64"
[ -z "${TELL_SANITIZE##*-fsanitize*}" ] && [ -n "${TELL_SANITIZE-}" ] &&
	skip_all "a sanitizer build"
grep -q '^CFLAGS = .*-O[23]' "$top_builddir/Makefile" || skip_all "not optimised"

# Instructions of all calls of encode_one() and below, for N records and one to warm up.
instructions() # N
{
	"$top_builddir/libtool" --mode=execute valgrind --tool=callgrind \
		--toggle-collect=encode_one --callgrind-out-file="$tap_dir/cost" \
		"$top_builddir/bench/encode" json "$1" 2>&1 |
		sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}

few=$(instructions 1024) many=$(instructions 2048)
if [ -z "$few" ] || [ -z "$many" ]; then
	skip_all "valgrind does not run here"
fi
each=$(((many - few) / 1024))
echo "# $each instructions a record"
if [ "$each" -le "$bound" ]; then
	pass "a record is JSON in at most $bound instructions"
else
	flunk "a record is JSON in at most $bound instructions" "$each"
fi
done_testing
