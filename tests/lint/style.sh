#!/bin/bash
# Rules of the house (STYLE.md) that a search can judge.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1

# Rule 1: past 400 lines split, or give a reason in long-files.txt.
long=$(find src include tests examples bench fuzz -name '*.[ch]' -exec wc -l {} + |
	awk '$2 != "total" && $1 > 400 { print $2 }' | sort |
	comm -23 - <(sed -n 's/^\([^# ][^ ]*\) .*/\1/p' tests/lint/long-files.txt | sort))
is "no file is longer than 400 lines without a reason" "$long" ""

# Rule 9.
forbidden()
{
	grep -nE '\<(sprintf|vsprintf|strcpy|strcat|strtok|alloca|gets)[ \t]*\(' "$@" |
		grep -vE '^[^:]*:[0-9]+:[ \t]*(/?\*|//)'
}
mapfile -t sources < <(find src include -name '*.[ch]' | sort)
is "no sprintf, strcpy, strcat, strtok, alloca, gets" "$(forbidden "${sources[@]}")" ""
printf '\tstrcpy(a, b);\n' >"$tap_dir/bad.c"
like "the search sees a strcpy" "$(forbidden "$tap_dir/bad.c" /dev/null)" 'strcpy'

# Rule 6.
is "no TODO and no FIXME" "$(grep -nE '\<(TODO|FIXME|XXX)\>' "${sources[@]}")" ""
is "no blanks at the end of a line" "$(grep -nE '[ 	]+$' "${sources[@]}")" ""

# Rule 14: #if inside a function body (indented code around it) belongs in base/.
is "no #ifdef between indented lines outside base/" "$(
	for file in "${sources[@]}"; do
		case $file in src/base/* | include/*) continue ;; esac
		awk -v file="$file" '/^#[ \t]*if/ && prev ~ /^\t/ { print file ":" FNR ": " $0 }
			{ prev = $0 }' "$file"
	done)" ""
done_testing
