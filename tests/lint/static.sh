#!/bin/bash
# libtelltale.a: a program that is partly or fully static logs as others do, to its last
# record; no name of the archive can clash with a program's.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
archive=$top_builddir/.libs/libtelltale.a
[ -f "$archive" ] || skip_all "no archive in this build"
[[ ${TELL_SANITIZE-} != *-fsanitize* ]] || skip_all "a sanitizer build"
need nm gcc
include=(-I"$top_srcdir/include" -I"$top_srcdir/tests")

names=$(nm -A --defined-only "$archive" 2>/dev/null | awk '$2 ~ /^[A-Z]$/ { print $3 }
	$3 ~ /^[A-Z]$/ { print $4 }')
like "the archive has its public names" "$names" '(^|[[:space:]])tell_init($|[[:space:]])'
is "all its names begin with tell_" "$(grep -v '^tell_' <<<"$names" | sort -u)" ""

umask 022
mkdir "$tap_dir/stacks"
export TELLTALE_CONFDIR=$tap_dir/stacks
echo "sink required file path=$tap_dir/log.jsonl buffer=64KiB" >"$tap_dir/stacks/other"
logged() # PROGRAM [JSON]: it runs, and the file has its record
{
	rm -f "$tap_dir/log.jsonl"
	"$tap_dir/$1" >"$tap_dir/said" 2>&1 || echo "exit status $?"
	cat "$tap_dir/said" "$tap_dir/log.jsonl" 2>/dev/null
}

cat >"$tap_dir/plain.c" <<'C'
#include <telltale.h>
int main(void)
{
	tell_info("plain", tell_kv("n", 1)); /* never tell_init() */
	return 0;
}
C
cat >"$tap_dir/host.c" <<'C'
#include <telltale.h>
#include "weak/cart.h"
static void then(void) { }
int main(void)
{
	cart_add_c("tea", then); /* silent */
	tell_init("other");
	return cart_add_c("tea", then) != 2;
}
C
for static in "" -static; do
	how=${static:-partly static}
	if [ -n "$static" ] && ! echo 'int main(void) { return 0; }' |
		gcc -static -x c - -o "$tap_dir/none" 2>/dev/null; then
		skip "no static libc here" "a fully static program"
		continue
	fi
	# getaddrinfo() in a static program warns: it needs the libc it was linked with.
	ok "$how: links" gcc -std=c11 $static "${include[@]}" -o "$tap_dir/plain" \
		"$tap_dir/plain.c" "$archive" -pthread
	like "$how: a buffered record is written at exit, without tell_init()" \
		"$(logged plain)" '"message":"plain","n":1'
	ok "$how: with a library that uses weak.h" gcc -std=c11 $static "${include[@]}" \
		-o "$tap_dir/host" "$tap_dir/host.c" "$top_srcdir/tests/weak/cart.c" \
		"$archive" -pthread
	said=$(logged host)
	like "$how: its records are the host's" "$said" '"logger":"libcart","message":"bound"'
	is "$how: all of them" "$(grep -c '"libcart' <<<"$said")" 9
	ok "$how: without telltale the library needs nothing" gcc -std=c11 $static \
		"${include[@]}" -o "$tap_dir/alone" "$top_srcdir/tests/weak/alone.c" \
		"$top_srcdir/tests/weak/cart.c"
	is "$how: and does nothing" "$(logged alone)" "called 1, evaluated 0"
done
done_testing
