#!/bin/bash
# JSON encoding of the bench record by instructions.
. "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}/bench/cost.sh"
bound=1050

# For N records and one to warm up.
records() # N
{
	instructions encode_one "$top_builddir/bench/encode" json "$1"
}

few=$(records 1024) many=$(records 2048)
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
