#!/bin/bash
# What a call costs its caller while journald stands still for some 10 s (SIGSTOP of a private
# one), beside before: `frozen.sh FULL`, the queue line's. Prints "before during", p99 in ns.
# For bench/run.sh; needs root.
: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/live.sh"
live_begin "$@"
live_journald_start >&2
calls=${2:-1000000} # 10 us apart
live_stack bench <<-END
	queue required ring full=$1
	sink required journald
END
async=$top_builddir/bench/.libs/async
[ -x "$async" ] || async=$top_builddir/bench/async
export LD_LIBRARY_PATH=$top_builddir/.libs

p99()
{
	"$async" ours 10000 "$calls" 2>/dev/null | cut -d' ' -f2
}
before=$(p99)
kill -STOP "$live_journald"
during=$(p99)
kill -CONT "$live_journald"
echo "$before $during"
trap - EXIT
live_end
