#!/bin/bash
# telltale-modules(5) says of each module what its table of options says: no option is missing,
# none is there that is no more. Behind the options stands a sentence that begins "Answers".
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
table=$top_builddir/tests/tool/module_table
[ -x "$table" ] || skip_all "tests/tool/module_table was not built"
page=$(<"$top_srcdir/doc/man/telltale-modules.5.scd")

# Those in objects of their own, if they were built and can be loaded by a program like ours.
n=0
objects=()
for object in tell_redact_regex tell_metric_expose; do
	if [ -f "$top_builddir/.libs/$object.so" ] &&
		{ [ -z "${TELL_SANITIZE-}" ] || [ -n "${TELL_SANITIZE##*-fsanitize*}" ]; }; then
		objects+=("$top_builddir/.libs/$object.so")
	else
		n=$((n + 1))
	fi
done

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
