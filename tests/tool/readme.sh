#!/bin/bash
# The README's programs compile, its commands run, and print what it says they print: only
# times, process ids and run ids may differ. tests/support/blocks.sh says how.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/blocks.sh"
blocks_place
blocks_of "$top_srcdir/README.md"
blocks_run

# ---- the first block: what examples/demo.sh, quickstart's last step, says -------------------
demo_records() # the same from a journal and from a file, whose fields are in another order
{
	sed -nE '/ shop\[/{s/^.* shop\[[0-9]+\]: //;s/demo-[0-9a-f]+/demo-ID/;s/took=[^ ]+/took=T/
		s/order [0-9]+:/order N:/;s/order_id=[0-9]+/order_id=N/;p}' |
		while read -ra words; do printf '%s\n' "${words[@]}" | sort | paste -sd' '; done
}
if [ -x "$top_builddir/examples/shop/telltale/shop" ] && command -v curl jq >/dev/null; then
	is "quickstart's records are those that the README shows" \
		"$(bash "$top_srcdir/examples/demo.sh" --file 2>&1 | demo_records)" \
		"$(demo_records <"$top_srcdir/README.md")"
else
	skip "no shop in this build" "quickstart's records are those that the README shows"
fi
done_testing
