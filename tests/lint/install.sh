#!/bin/bash
# `make install` gives what a service's author needs: headers, both libraries, telltale.pc,
# with which a program is built outside of the tree and runs.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
ls "$top_builddir"/.libs/libtelltale.{so,a} >/dev/null 2>&1 ||
	skip_all "not both libraries in this build"
need pkg-config gcc make
usr=$tap_dir/usr

# The variables of the make that runs this test are not for the one it starts.
ok "installs" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
	make -s -C "$top_builddir" install prefix="$usr"
ok "installs the command" "$usr/bin/telltale" --version
for file in include/telltale.h include/telltale/log.h lib/libtelltale.a \
	lib/libtelltale.so lib/libtelltale.so.0 lib/telltale.d/other; do
	ok "installs $file" test -e "$usr/$file"
done

package() # OPTION...
{
	PKG_CONFIG_PATH=$usr/lib/pkgconfig pkg-config --define-variable=prefix="$usr" \
		--define-variable=exec_prefix="$usr" --define-variable=libdir="$usr/lib" \
		--define-variable=includedir="$usr/include" "$@" telltale
}
is "telltale.pc knows the version" "telltale $(package --modversion)" \
	"$("$usr/bin/telltale" --version | head -n 1)"

mkdir "$tap_dir/stacks"
echo 'sink required stdout format=json' >"$tap_dir/stacks/hello"
export TELLTALE_CONFDIR=$tap_dir/stacks
cat >"$tap_dir/hello.c" <<'C'
#include <telltale.h>

int main(void)
{
	tell_init("hello");
	tell_info("ready", tell_kv("port", 8080));
	return 0;
}
C
# shellcheck disable=SC2046
ok "a service compiles with pkg-config" gcc -std=c11 -Wall -Werror -o "$tap_dir/hello" \
	"$tap_dir/hello.c" $(package --cflags --libs)
like "it logs" "$(LD_LIBRARY_PATH=$usr/lib "$tap_dir/hello")" '"message":"ready","port":8080'
ok "it links the static library" gcc -std=c11 -o "$tap_dir/hello-static" "$tap_dir/hello.c" \
	-I"$usr/include" "$usr/lib/libtelltale.a"
like "that logs too" "$("$tap_dir/hello-static")" '"message":"ready","port":8080'
if echo 'int main(void) { return 0; }' | gcc -static -x c - -o "$tap_dir/none" 2>/dev/null; then
	# shellcheck disable=SC2046
	ok "pkg-config --static links all of it" gcc -std=c11 -static -o "$tap_dir/hello-all" \
		"$tap_dir/hello.c" $(package --static --cflags --libs)
	like "that logs as well" "$("$tap_dir/hello-all")" '"message":"ready","port":8080'
else
	skip "no static libc here" "pkg-config --static links all of it"
fi

ok "uninstalls" env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
	make -s -C "$top_builddir" uninstall prefix="$usr"
is "and leaves no file" "$(find "$usr" -type f -o -type l)" ""
done_testing
