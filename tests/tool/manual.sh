#!/bin/bash
# The manual: pages are well-formed, name only pages that exist, and leave out no public name;
# their programs compile and their stacks pass.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
: "${TELLTALE:=$top_builddir/telltale}" "${CC:=gcc}"
cd "$top_srcdir/doc/man" || exit 1
pages=(*.scd)

# ---- form -----------------------------------------------------------------------------------
if command -v scdoc mandoc >/dev/null; then
	for page in "${pages[@]}"; do
		ok "${page%.scd} is scdoc" sh -c "scdoc <'$page' >'$tap_dir/${page%.scd}'"
		# scdoc writes .PP after .SH: no harm.
		is "mandoc has no warnings for ${page%.scd}" "$(mandoc -T lint -W warning \
			"$tap_dir/${page%.scd}" | grep -v 'skipping paragraph macro')" ""
	done
else
	skip "no scdoc or mandoc here" "the pages are well-formed"
fi
missing=$(grep -ohE '\*telltale[a-z-]*\*\([0-9]\)' "${pages[@]}" | tr -d '*()' | sort -u |
	sed -E 's/([0-9])$/.\1.scd/' | while read -r page; do [ -f "$page" ] || echo "$page"; done)
is "pages name only pages that exist" "$missing" ""

# ---- names: exported functions, call macros, constructors ---------------------------------
public()
{
	grep -oE '\<tell_[a-z0-9_]+' "$top_srcdir/src/telltale.map"
	sed -nE 's/^#define (tell_[a-z0-9]+|TELL_[A-Z]+)\(.*/\1/p' \
		"$top_srcdir/include/telltale/call.h" "$top_srcdir/include/telltale/macros.h" \
		"$top_srcdir/include/telltale/field.h"
	sed -nE 's/^TELL__INLINE struct tell_field (tell_[a-z0-9_]+)\(.*/\1/p' \
		"$top_srcdir/include/telltale/field.h"
}
modules='^tell_(args_|note(_sum)?$|refuse$|run_|record_|buf_|encode|key_|value_|wire_)' # module.h documents these
mapfile -t names < <(public | grep -vE '^tell__' | grep -vE "$modules" | sort -u)
like "there are public names" "${#names[@]}" '^[4-9][0-9]$'
text=$(tr -d '\\' <<<"$(cat telltale*.3.scd)")
left_out=$(for name in "${names[@]}"; do grep -qwF "$name" <<<"$text" || echo "$name"; done)
is "the manual leaves out no public name" "$left_out" ""

# ---- examples ---------------------------------------------------------------------------------
awk -v dir="$tap_dir" '/^```/ { inside = !inside; if (inside) { base = FILENAME
		sub(/\.scd$/, "", base); file = sprintf("%s/%s-%02d.block", dir, base, ++n) } next }
	inside { print >file }' "${pages[@]}"
n_programs=0
for block in "$tap_dir"/*.block; do
	grep -q '^#include' "$block" || continue
	n_programs=$((n_programs + 1))
	ok "the program in ${block##*/} compiles" $CC -std=c11 -Wall -Wextra -Werror \
		-I"$top_srcdir/include" -x c -c -o /dev/null "$block"
done
like "there are programs" "$n_programs" '^([5-9]|1[0-9])$'

if [ -x "$TELLTALE" ]; then
	umask 022
	mkdir "$tap_dir/stacks"
	cp "$top_srcdir"/pam-style-config/common-* "$tap_dir/stacks"
	chmod go-w "$tap_dir/stacks"/*
	for block in "$tap_dir"/telltale*.5-*.block; do
		grep -qE '^(sink|filter)' "$block" || continue
		name=${block##*/}
		cp "$block" "$tap_dir/stacks/$name"
		chmod 644 "$tap_dir/stacks/$name"
		ok "the stack in $name passes" env TELLTALE_CONFDIR="$tap_dir/stacks" \
			"$TELLTALE" check "$name"
	done
fi
done_testing
