#!/bin/bash
# What the linker was told is in the files: read-only relocations, no lazy binding, no
# executable stack, no writable code; and the library needs nothing but libc.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
library=$top_builddir/.libs/libtelltale.so
[ -f "$library" ] || skip_all "no shared library in this build"
[ -z "${TELL_SANITIZE##*-fsanitize*}" ] && [ -n "${TELL_SANITIZE-}" ] &&
	skip_all "a sanitizer build"
need readelf

for file in "$library" "$top_builddir/telltale"; do
	name=${file##*/}
	dynamic=$(readelf -dW "$file")
	segments=$(readelf -lW "$file")
	like "$name: BIND_NOW" "$dynamic" 'BIND_NOW|Flags: .*NOW'
	like "$name: GNU_RELRO" "$segments" 'GNU_RELRO'
	is "$name: no TEXTREL" "$(grep -c TEXTREL <<<"$dynamic")" 0
	is "$name: nothing writable is executable" "$(grep -E ' RWE ' <<<"$segments")" ""
	like "$name: GNU_STACK" "$segments" 'GNU_STACK'
	is "$name: no search path of its own" "$(grep -E 'RPATH|RUNPATH' <<<"$dynamic")" ""
done
like "the command is position independent" "$(readelf -hW "$top_builddir/telltale")" 'DYN'
like "the library stays loaded (NODELETE)" "$(readelf -dW "$library")" 'NODELETE'
is "the library needs libc and its loader only" \
	"$(readelf -dW "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
		grep -vE '^(libc\.so|ld-linux|ld64)')" ""
like "soname" "$(readelf -dW "$library")" 'SONAME.*\[libtelltale\.so\.0\]'
like "stack protector in use" "$(nm -D "$library")" '__stack_chk_fail'
done_testing
