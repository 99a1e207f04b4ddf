#!/bin/bash
# doc/requirements.md: the sum at its head is that of its rows, and what shows a row is there.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
cd "$top_srcdir" || exit 1
page=doc/requirements.md
rows=$(grep -cE '^\| [0-4]-[0-9]{2} \|' "$page")
open=$(grep -E '^\| [0-4]-[0-9]{2} \|' "$page" | grep -cF '*open*')
is "the sum at the head" "$(grep -E '^[0-9]+ of [0-9]+ are shown\.$' "$page")" \
	"$((rows - open)) of $rows are shown."
is "no row is there twice" "$(grep -oE '^\| [0-4]-[0-9]{2} \|' "$page" | sort | uniq -d)" ""
is "what is named is there" "$(grep -oE '`(tests|bench|include|examples|packaging|pam-style-config)/[^` ]+`' \
	"$page" | tr -d '`' | sort -u | while read -r path; do
	compgen -G "$path" >/dev/null || echo "$path"
done)" ""
done_testing
