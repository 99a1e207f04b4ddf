#!/bin/bash
# Rule 8 of STYLE.md: global mutable state hangs from one struct; a thread has one pointer.
# What the library may keep in writable memory is listed in globals.txt with its reason.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
archive=$top_builddir/.libs/libtelltale-core.a
[ -f "$archive" ] || skip_all "no archive in this build"
[ -z "${TELL_SANITIZE##*-fsanitize*}" ] && [ -n "${TELL_SANITIZE-}" ] &&
	skip_all "a sanitizer build"
need objdump

# Objects in .data, .bss and thread memory; .data.rel.ro is read-only once loaded.
found=$(objdump -t "$archive" 2>/dev/null |
	awk '/file format/ { file = $1; sub(/:$/, "", file) }
		/ O \.(data|bss|tdata|tbss|data\.rel)([ \t]|\.local)/ {
			name = $NF; sub(/\.[0-9]+$/, "", name); print name }' |
	sort -u | comm -23 - <(sed -n 's/^\([^# ][^ ]*\) .*/\1/p' \
		"$top_srcdir/tests/lint/globals.txt" | sort -u))
is "no writable global without a reason" "$found" ""

# A second page would cost each program that starts a mapping and a fault or two.
library=$top_builddir/.libs/libtelltale.so
if [ -f "$library" ]; then
	n=$(readelf -lW "$library" | awk '
		$1 == "LOAD" && / RW / { end = $3 " " $6 }
		$1 == "GNU_RELRO" { print end, $3, $6 }' | {
		read -r at size relro relro_size
		echo $((at + size - relro - relro_size)); })
	is "writable data is one page: $n bytes of 4096" "$((n > 0 && n <= 4096))" 1
fi
done_testing
