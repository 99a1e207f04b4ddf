#!/bin/bash
# What looking for secrets costs, in instructions: few for clean messages, and for hostile
# ones four times as many for a text four times as long. Counted, so it is no timing.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
command -v valgrind >/dev/null || skip_all "valgrind is missing"
program=$top_builddir/tests/support/redact_cost
case ${TELL_SANITIZE:-} in *-fsanitize=*) skip_all "a sanitizer counts along" ;; esac

CLEAN=400 IDS=1600
WORST=2400 # instructions a byte; doc/redaction.md says what that is in time
cd "$tap_dir" || exit 1
"$top_builddir/libtool" --mode=execute valgrind -q --tool=callgrind \
	--callgrind-out-file=cost --toggle-collect=tell_mask_text --dump-after=tell_mask_text "$program" >texts 2>log ||
	skip_all "callgrind does not run here: $(head -c 200 log)"
i=0
while read -r _; do
	i=$((i + 1))
	sed -n 's/^summary: //p; s/^totals: //p' "cost.$i" | head -n 1
done <texts >counts
paste -d' ' counts texts >lines

fits() { # name, most instructions
	local got
	got=$(awk -v name="$1" '$3 == name { print $1 }' lines)
	[ -n "$got" ] && [ "$got" -le "$2" ] || { echo "$1: $got instructions"; return 1; }
}
linear() {
	awk '$2 == 4096 { small = $1 }
	$2 == 16384 && $1 > 4.6 * small + 20000 { print small, $0; bad = 1 }
	$2 == 16384 { n++ }
	END { exit bad || n < 30 }' lines
}
# Of the worst found: sixteen times would be a square. Some cost less at the begin of a text.
three_sizes() {
	awk '($2 == 32768 || $2 == 131072) && $1 > 5.5 * last { print last, $0; bad = 1 }
	$2 == 131072 { n++ }
	{ last = $1 }
	END { exit bad || n < 10 }' lines
}
bounded() {
	awk -v most="$WORST" '$2 == 131072 && $1 > most * $2 { print $1 / $2 " a byte:", $0; bad = 1 }
	$2 == 131072 { n++ }
	END { exit bad || n < 10 }' lines
}
ok "a clean message of 120 bytes costs at most $CLEAN instructions" fits clean "$CLEAN"
ok "one with identifiers costs at most $IDS" fits with-ids "$IDS"
ok "hostile text costs four times as much when it is four times as long" linear
ok "the worst texts found cost four times as much at each of three sizes" three_sizes
ok "and at most $WORST instructions a byte" bounded
done_testing
