#!/bin/bash
# src/telltale.map, the functions of include/ and the built library name the same symbols.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
library=$top_builddir/.libs/libtelltale.so
[ -f "$library" ] || skip_all "no shared library in this build"
need gcc nm

# Declared and meant to exist, functions and the one variable: those with attribute error() never do, and the object's
# constructors live in each user's own object.
(cd "$top_srcdir/include" && find . -name '*.h' ! -name weak.h |
	sed 's,^\./\(.*\),#include <\1>,') >"$tap_dir/all.c"
gcc -std=gnu11 -I"$top_srcdir/include" -fsyntax-only -aux-info "$tap_dir/aux" \
	"$tap_dir/all.c"
grep "$top_srcdir/include/" "$tap_dir/aux" | grep -v '\*/ static ' |
	grep -o 'tell_[a-z0-9_]* (' | tr -d ' (' |
	grep -vE '^tell__(bad_|too_many_|object_enter|object_leave)|_fn$' >"$tap_dir/functions"
sed -nE 's/^extern __thread .*\<(tell__[a-z]+)( .*)?$/\1/p' "$top_srcdir"/include/telltale/*.h |
	sort -u - "$tap_dir/functions" >"$tap_dir/headers"

sed -n '/global:/,/local:/{s/^\t\(tell_[a-z0-9_]*\);$/\1/p}' "$top_srcdir/src/telltale.map" |
	sort >"$tap_dir/map"
nm -D --defined-only "$library" | awk '$3 ~ /@TELL_/ || $2 ~ /[TDBRVW]/ { print $3 }' |
	sed 's/@.*//' | grep -v '^TELL_0$' | sort -u >"$tap_dir/library"

both() # FILE FILE: lines only in the first
{
	comm -23 "$tap_dir/$1" "$tap_dir/$2"
}

is "every symbol of include/ is in telltale.map" "$(both headers map)" ""
is "telltale.map names nothing that include/ does not" "$(both map headers)" ""
is "the library exports nothing beyond telltale.map" "$(both library map)" ""
is "the library has all that telltale.map names" "$(both map library)" ""
is "all exports carry the version TELL_0" \
	"$(nm -D --defined-only "$library" | awk '$2 ~ /[TWB]/ && $3 !~ /@@TELL_0$/ { print $3 }')" ""

# What <telltale.h> declares may be missing where <telltale/weak.h> is used.
echo '#include <telltale.h>' >"$tap_dir/one.c"
gcc -std=gnu11 -I"$top_srcdir/include" -fsyntax-only -aux-info "$tap_dir/aux-one" "$tap_dir/one.c"
grep "$top_srcdir/include/" "$tap_dir/aux-one" | grep -v '\*/ static ' |
	grep -o 'tell_[a-z0-9_]* (' | tr -d ' (' |
	grep -vE '^tell__(bad_|too_many_|object_enter|object_leave)|_fn$' | sort -u >"$tap_dir/public"
sed -n 's/^#pragma weak //p' "$top_srcdir/include/telltale/weak.h" | sort >"$tap_dir/weak"
is "weak.h names each function of telltale.h" "$(both public weak)" ""
is "and none else" "$(both weak public)" ""
done_testing
