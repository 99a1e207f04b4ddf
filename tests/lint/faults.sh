#!/bin/bash
# doc/faults.md: each row that it has names tests that are there and have the row's name in them.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1
rows=$(sed -n 's/^| \([0-9][0-9]*\) |.*/\1/p' doc/faults.md)
is "rows 12 to 23 and 25 to 31 are there, once" "$(echo $rows)" \
	"$(echo $(seq 12 23) $(seq 25 31))"
for row in $rows; do
	paths=$(sed -n "s/^| $row |.*|\\(.*\\)|$/\\1/p" doc/faults.md | tr -d '`')
	named=
	for path in $paths; do
		grep -qE "fault_$row([^0-9]|$)" "$path" 2>/dev/null || named+=" $path"
	done
	is "row $row: each of its tests is there and has its name" "${paths:+named}$named" named
done
done_testing
