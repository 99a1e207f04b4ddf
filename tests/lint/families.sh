#!/bin/bash
# The table of families: what is made from it is what it says now, compiles, and promtool has
# nothing to say about it.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
: "${CC:=gcc}"
cd "$top_srcdir" || exit 1
rules=packaging/prometheus/telltale-aliases.rules.yml
page=doc/man/telltale-families.7.scd

from_table() # WANT
{
	awk -v want="$1" -f src/meter/families.awk src/meter/families.tsv
}

is "the header is made from the table (make families)" \
	"$(from_table header | diff - include/telltale/families.h)" ""
is "so are the rules" "$(from_table rules | diff - "$rules")" ""
is "and the manual" "$(sed -n '/^; from families/,/^; end/{//!p}' "$page" |
	diff <(from_table table) -)" ""

is "no word is there twice" \
	"$(sed -n 's/^#define \(TELL_FAMILY_[A-Z_]*\).*/\1/p' include/telltale/families.h |
		sort | uniq -d)" ""
words=$(awk -F'\t' '!/^#/ && $1 != "alias" { print $1, $6 == "" || $6 == "-" ? toupper($2) : $6 }' \
	src/meter/families.tsv)
{
	echo '#include <telltale/families.h>'
	awk '{ n++ }
		$1 == "counter" { printf "TELL_COUNTER(f%d, TELL_FAMILY_%s);\n", n, $2 }
		$1 == "gauge" { printf "TELL_GAUGE(f%d, TELL_FAMILY_%s);\n", n, $2 }
		$1 == "histogram" { printf "TELL_HISTOGRAM(f%d, TELL_SECONDS, TELL_FAMILY_%s);\n", n, $2 }
		' <<<"$words"
} >"$tap_dir/all.c"
ok "all can be declared" "$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror -Iinclude -c \
	-o "$tap_dir/all.o" "$tap_dir/all.c"

# As an exposition: names, units and sentences are as promtool wants them.
exposition()
{
	awk -F'\t' '!/^#/ && $1 != "alias" && !seen[$2]++ {
		print "# HELP " $2 " " $4 "\n# TYPE " $2 " " $1
		if ($1 == "histogram")
			print $2 "_bucket{le=\"+Inf\"} 1\n" $2 "_sum 1\n" $2 "_count 1"
		else
			print $2 " 1"
	}' src/meter/families.tsv
}
if command -v promtool >/dev/null; then
	ok "promtool takes the rules" promtool check rules "$rules"
	is "and all names" "$(exposition | promtool check metrics 2>&1)" ""
else
	skip "no promtool" "promtool takes the rules and all names"
fi
done_testing
