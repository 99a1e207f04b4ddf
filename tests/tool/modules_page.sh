#!/bin/bash
# telltale-modules(5) says of each module what its table of options says: no option is missing,
# none is there that is no more. Behind the options stands a sentence that begins "Answers".
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
table=$top_builddir/tests/tool/module_table
[ -x "$table" ] || skip_all "tests/tool/module_table was not built"
page=$(<"$top_srcdir/doc/man/telltale-modules.5.scd")

# Those in objects of their own, as far as they were built.
own=0
objects=()
for name in redact_regex; do
	object=$top_builddir/.libs/tell_$name.so
	if [ -f "$object" ] && { [ -z "${TELL_SANITIZE-}" ] || [ -n "${TELL_SANITIZE##*-fsanitize*}" ]; }; then
		objects+=("$object")
	else
		own=$((own + 1))
	fi
done

n=$own
while IFS= read -r -d '' piece; do
	n=$((n + 1))
	name=${piece%%$'\n'*}
	if [[ $page == *"$piece"Answers* ]]; then
		pass "the page says of ${name#"## "} what its options are"
	else
		flunk "the page says of ${name#"## "} what its options are" \
			"paste this, and behind it a paragraph that begins \"Answers\":" "$piece"
	fi
done < <("$table" "${objects[@]}")
is "the page has no other modules" "$(grep -c '^## ' <<<"$page")" "$n"
done_testing
