# What tests that count instructions share: `. "$top_srcdir/bench/cost.sh"` instead of tap.sh. A
# count says the same on a busy machine; the SIMD path is SSE2's, all that is built for x86-64.
# shellcheck shell=bash
. "${top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}/tests/support/tap.sh"
need valgrind
[ "$(uname -m)" = x86_64 ] || skip_all "the bounds are for x86-64"
case ${TELL_SANITIZE-} in
*-fsanitize*) skip_all "a sanitizer build" ;;
esac
grep -q '^CFLAGS = .*-O[23]' "$top_builddir/Makefile" || skip_all "not optimised"
grep -q '^#define NDEBUG\|-DNDEBUG' "$top_builddir/Makefile" || skip_all "with assertions"
# rep movsb counts as one instruction a byte: not here.
export GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000

# Instructions of all calls of a function and what is below it.
instructions() # FUNCTION PROGRAM ARGUMENT...
{
	local function=$1
	shift
	"$top_builddir/libtool" --mode=execute valgrind --tool=callgrind \
		--toggle-collect="$function" --callgrind-out-file="$tap_dir/cost" "$@" 2>&1 |
		sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}
