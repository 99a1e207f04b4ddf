#!/bin/bash
# <telltale/weak.h>: a library with it needs no libtelltale, and does nothing without a host
# that has called tell_init().
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
here=$top_builddir/tests/weak
[ -f "$here/.libs/libcart.so" ] || skip_all "no shared libraries in this build"
need readelf
: "${CC:=gcc}"

for library in "$here"/.libs/libcart*.so; do
	name=${library##*/}
	is "$name does not need telltale" "$(readelf -dW "$library" | grep 'NEEDED.*telltale')" ""
	is "what $name takes of it may be missing" "$(readelf --dyn-syms -W "$library" |
		awk '$7 == "UND" && $8 ~ /^tell_/ && $5 != "WEAK"')" ""
done
is "a program without telltale uses it" "$("$here/alone" 2>&1)" "called 1, evaluated 0"
if [[ ${TELL_SANITIZE-} != *-fsanitize* ]]; then
	is "with telltale in the process, but not started, nothing happens either" \
		"$(LD_PRELOAD=$top_builddir/.libs/libtelltale.so "$here/alone" 2>&1)" \
		"called 1, evaluated 0"
fi
for call in 'tell_init("x")' 'tell_level_set("debug")' 'tell_close()'; do
	printf '#include <telltale/weak.h>\nvoid f(void);\nvoid f(void) { (void)%s; }\n' "$call" \
		>"$tap_dir/bad.c"
	like "a library does not $call" "$($CC -std=c11 -I"$top_srcdir/include" -c \
		-o "$tap_dir/bad.o" "$tap_dir/bad.c" 2>&1)" "this is the host's"
done
printf '#include <telltale.h>\n#include <telltale/weak.h>\n' >"$tap_dir/both.c"
like "weak.h after telltale.h is refused" "$($CC -std=c11 -I"$top_srcdir/include" -c \
	-o "$tap_dir/bad.o" "$tap_dir/both.c" 2>&1)" 'instead of <telltale.h>'
done_testing
