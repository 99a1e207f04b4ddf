#!/bin/bash
# What an observation costs, by instructions: of values from 1 ms to 1 s, with the loop around it.
. "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}/bench/cost.sh"
bound=64
few=$(instructions observe_n "$top_builddir/bench/histogram" 2048 1)
many=$(instructions observe_n "$top_builddir/bench/histogram" 12288 1)
[ -n "$few" ] && [ -n "$many" ] || skip_all "valgrind does not run here"
each=$(((many - few) / 10240))
echo "# an observation: $each instructions"
if [ "$each" -gt 0 ] && [ "$each" -le $bound ]; then
	pass "an observation costs at most $bound instructions"
else
	flunk "an observation costs at most $bound instructions" "$each"
fi
done_testing
