#!/bin/bash
# What a call costs its caller when the queue takes the record, by instructions: message + 5
# fields of which 3 strings, and the same with these 3 bound in a scope. What the service thread does is not counted.
. "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}/bench/cost.sh"
# What was measured, rounded up, and what the design has: of the call, and with bound ids.
bounds=(460/230 410/150)
memory=$(mktemp -d /dev/shm/telltale-test.XXXXXX 2>/dev/null) || skip_all "no /dev/shm"
trap 'rm -rf "$tap_dir" "$memory"' EXIT
[ "$(stat -f -c %T "$memory")" = tmpfs ] || skip_all "no tmpfs at /dev/shm"

# A ring that holds them all: a call that finds no room costs something else.
export RUNTIME_DIRECTORY=$memory TELLTALE_CONFDIR=$tap_dir
printf '%s\n' "queue required ring size=4MiB full=drop" "redact required keys" \
	"sink required file path=$tap_dir/log" >"$tap_dir/bench"

per_call() # WHAT FUNCTION
{
	local few many
	few=$(instructions "$2" "$top_builddir/bench/call" 1024 "$1")
	many=$(instructions "$2" "$top_builddir/bench/call" 3072 "$1")
	[ -z "$few" ] || [ -z "$many" ] || echo $(((many - few) / 2048))
}

cost() # NAME WHAT FUNCTION BOUND/DESIGN
{
	local each
	each=$(per_call "$2" "$3")
	[ -n "$each" ] || skip_all "valgrind does not run here"
	echo "# $1: $each instructions; the design has ${4#*/}"
	if [ "$each" -gt 0 ] && [ "$each" -le "${4%/*}" ]; then
		pass "$1 costs at most ${4%/*} instructions"
	else
		flunk "$1 costs at most ${4%/*} instructions" "$each"
	fi
}

cost "an async call, message + 5 fields of which 3 strings" on call_on "${bounds[0]}"
cost "the same with the 3 bound in a scope" bound call_bound "${bounds[1]}"
is "none was dropped" "$(grep -c '"message":"request handled"' "$tap_dir/log")" \
	"$((2 * (1024 + 3072 + 4)))"
done_testing
