#!/bin/bash
# What stands in for a library that is not there (src/*/*_none.c) compiles without a warning and has the
# functions of what it stands in for: a build with all libraries never sees it.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
: "${CC:=gcc}"
need nm "$CC"
object=$tap_dir/object.o

compile() # FILE
{
	"$CC" -std=gnu11 -O1 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Werror \
		-I"$top_srcdir/src" -I"$top_srcdir/include" -c -o "$object" "$1"
}

functions() # what others may call of it
{
	nm --defined-only -g "$object" | awk '$3 !~ /^tell__object/ { print $3 }' | sort
}

found=0
while read -r none; do
	found=$((found + 1))
	name=${none#"$top_srcdir/"}
	ok "$name compiles" compile "$none"
	has=$(functions)
	if compile "${none%_none.c}.c" 2>/dev/null; then
		is "... and has what it stands in for" "$has" "$(functions)"
	else
		skip "its library is not here" "... and has what it stands in for"
	fi
done < <(find "$top_srcdir/src" -name '*_none.c' | sort)
ok "there are some" [ "$found" -gt 5 ]
echo 'int tell_codec_gzip(int unused) { return 0; }' >"$tap_dir/wrong.c"
is "it sees a warning" "$(compile "$tap_dir/wrong.c" >/dev/null 2>&1; echo $?)" 1
done_testing
