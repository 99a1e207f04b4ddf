#!/bin/bash
# doc/faults.md: each row that it has names tests that are there and have the row's name in them.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1
rows=$(sed -n 's/^| \([0-9][0-9]*\) |.*/\1/p' doc/faults.md)
is "rows 12 to 31 and 33 to 35 are there, once" "$(echo $rows)" \
	"$(echo $(seq 12 31) $(seq 33 35))"
for row in $rows; do
	paths=$(sed -n "s/^| $row |.*|\\(.*\\)|$/\\1/p" doc/faults.md | tr -d '`')
	named=
	for path in $paths; do
		grep -qE "fault_$row([^0-9]|$)" "$path" 2>/dev/null || named+=" $path"
	done
	is "row $row: each of its tests is there and has its name" "${paths:+named}$named" named
	left_out=
	for path in $(grep -lE "fault_$row([^0-9]|$)" tests/fault/* tests/live/*); do
		[[ " $paths " = *" $path "* ]] || left_out+=" $path"
	done
	is "row $row: and no script with its name is left out" "$left_out" ""
done

# What the page says of the ledger; rows 20 and 31 are the ones it excepts, and the forwarder has none.
for path in $(grep -oE 'tests/(fault|live)/[a-z0-9_]+\.sh' doc/faults.md | sort -u); do
	case $path in
	tests/fault/rotation.sh | tests/fault/logrotate.sh | tests/fault/row_20_killed.sh) ;;
	tests/fault/setuid.sh | tests/fault/preload_setuid.sh) ;;
	tests/fault/row_24_forward.sh | tests/fault/row_34_http.sh | tests/fault/forward_disk.sh) ;;
	*) ok "$path looks at the ledger" grep -qE '^[[:space:]]*(live_ledger|syslog_ledger|ledger_holds) "' "$path" ;;
	esac
done
done_testing
