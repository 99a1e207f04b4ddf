#!/bin/bash
# What is written from src/record/events.tsv is what the catalogue says now (make events).
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1

write() # AS FILE
{
	"${AWK:-awk}" -v as="$1" -f src/record/events.awk "$2"
}
for pair in def=src/record/events.def catalog=packaging/catalog/telltale.catalog \
	page=doc/events.md; do
	ok "${pair#*=} is as events.tsv says" \
		cmp <(write "${pair%%=*}" src/record/events.tsv) "${pair#*=}"
done
ok "all kinds but log are in it" test -z "$(comm -3 <(cut -f 2 src/record/events.tsv |
	grep '^[a-z]*$' | sort -u) <(sed -n 's/^\tTELL_KIND_\([A-Z]*\),*$/\L\1/p' \
	src/record/record.h | grep -v '^log$' | sort))"
ok "no line of the catalog's prose is longer than 76 columns" test -z \
	"$(grep -E '^.{77}' packaging/catalog/telltale.catalog | grep -v '^Subject:')"

# What the generator refuses, each with its place.
refused() # NAME LINE
{
	printf "$2" >"$tap_dir/bad.tsv"
	like "$1" "$(write def "$tap_dir/bad.tsv" 2>&1 >/dev/null)" "bad.tsv:$(wc -l <"$tap_dir/bad.tsv"):"
}
id=0123456789abcdef0123456789abcdef
refused "a short id" 'loss\tloss\t0123\tS\tB\n'
refused "a kind that is none" "loss\tlost\t$id\tS\tB\n"
refused "an id used twice" "loss\tloss\t$id\tS\tB\nspan\tspan\t$id\tS\tB\n"
refused "too few parts" "loss\tloss\t$id\tS\n"
done_testing
