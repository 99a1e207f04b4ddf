#!/bin/bash
# telltale-modules(5) says of each module what its table of options says: no option is missing,
# none is there that is no more. Behind the options stands a sentence that begins "Answers".
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
table=$top_builddir/tests/tool/module_table
[ -x "$table" ] || skip_all "tests/tool/module_table was not built"
page=$(<"$top_srcdir/doc/man/telltale-modules.5.scd")

# Those in an object of their own, if they were built and can be loaded by a program like ours.
own=3
objects=()
for object in tell_redact_regex tell_health_http tell_metric_expose; do
	[ -f "$top_builddir/.libs/$object.so" ] || continue
	[ -z "${TELL_SANITIZE-}" ] || [ -n "${TELL_SANITIZE##*-fsanitize*}" ] || continue
	own=$((own - 1)) objects+=("$top_builddir/.libs/$object.so")
done

each_is_there() # PIECES: those of the table; counts them in n
{
	local piece name
	while IFS= read -r -d '' piece; do
		n=$((n + 1))
		name=${piece%%$'\n'*}
		if [[ $page == *"$piece"Answers* ]]; then
			pass "the page says of ${name#"## "} what its options are"
		else
			flunk "the page says of ${name#"## "} what its options are" \
				"paste this, and behind it a paragraph that begins \"Answers\":" "$piece"
		fi
	done
}
n=$own
each_is_there < <("$table" "${objects[@]}")
is "the page has no other modules" "$(grep -c '^## ' <<<"$page")" "$n"

# Those that only `telltale forward` has are in its own page.
page=$(<"$top_srcdir/doc/man/telltale-forward.1.scd") n=0
each_is_there < <("$table" --forward)
is "nor has that of telltale forward" "$(grep -c '^## ' <<<"$page")" "$n"
done_testing
