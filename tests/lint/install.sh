#!/bin/bash
# `make install` gives what a service's author needs: headers, both libraries, telltale.pc,
# with which a program is built outside of the tree and runs.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
ls "$top_builddir"/.libs/libtelltale.{so,a} >/dev/null 2>&1 ||
	skip_all "not both libraries in this build"
need pkg-config gcc make strings
usr=$tap_dir/usr

# The variables of the make that runs this test are not for the one it starts.
fresh_make()
{
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$top_builddir" "$@"
}
# shellcheck disable=SC2016 # make's variables
is "each file that the distribution names is there" "$(printf '%s\n' 'include Makefile' 'named:' \
	'	@for f in $(DISTFILES); do [ -e "$$f" ] || [ -e "$(srcdir)/$$f" ] || echo "$$f"; done' |
	fresh_make -f - named 2>&1)" ""
said=$(fresh_make install prefix="$usr" 2>&1)
is "installs" "$?" 0
like "and says that the library looks for stacks where it was built to" "$said" \
	"note: not in $usr/lib/telltale.d; configure --prefix=$usr"
ok "installs the command" "$usr/bin/telltale" --version
for file in include/telltale.h include/telltale/log.h lib/libtelltale.a \
	lib/libtelltale.so lib/libtelltale.so.0 lib/telltale.d/other \
	lib/telltale.d/common-redact lib/telltale.d/common-delivery \
	share/bash-completion/completions/telltale share/zsh/site-functions/_telltale \
	share/fish/vendor_completions.d/telltale.fish share/doc/telltale/stacks/web share/doc/telltale/stacks/README.md; do
	ok "installs $file" test -e "$usr/$file"
done

for unit in telltale-compress.service telltale-forward.service telltale-recover.conf; do
	like "$unit starts what is installed" "$(cat "$usr/share/doc/telltale/systemd/$unit")" \
		"Exec[A-Za-z]+=-?$usr/bin/telltale "
done

package() # OPTION...
{
	PKG_CONFIG_PATH=$usr/lib/pkgconfig pkg-config "$@" telltale
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

is "telltale.pc names the directory it was installed to" "$(package --variable=libdir)" "$usr/lib"
ok "uninstalls" fresh_make uninstall prefix="$usr"
is "and leaves no file" "$(find "$usr" -type f -o -type l)" ""

# A package's way: staged below DESTDIR, with a libdir of its own.
stage=$tap_dir/stage
fresh_make install DESTDIR="$stage" prefix=/opt/t libdir=/opt/t/lib64 >"$tap_dir/said" 2>&1
is "installs below DESTDIR" "$?" 0
pc=$stage/opt/t/lib64/pkgconfig/telltale.pc
is "telltale.pc knows nothing of DESTDIR, and libdir" "$(grep -E '^(prefix|exec_prefix|libdir|includedir)=' "$pc")" \
	'prefix=/opt/t
exec_prefix=${prefix}
libdir=${prefix}/lib64
includedir=${prefix}/include'
ok "all its names are filled in" test -z "$(grep @ "$pc")"
# The linker keeps a text that ends another one in there.
strings -a "$stage/opt/t/lib64/libtelltale.so" >"$tap_dir/strings"
ok "its vendordir is where the library looks" grep -E "(^|[ ])$(sed -n s/vendordir=//p "$pc")\$" \
	"$tap_dir/strings"
fresh_make install DESTDIR="$stage" prefix=/opt/t libdir=/elsewhere >"$tap_dir/said" 2>&1
like "a libdir outside of the prefix" "$(cat "$stage/elsewhere/pkgconfig/telltale.pc")" 'libdir=/elsewhere
'
done_testing
