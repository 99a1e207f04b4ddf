#!/bin/bash
# Modules in shared objects of their own: the one of examples/module as a third party builds it,
# in the command (static core) and in a program with the shared library; what is not trusted or
# is none is refused, and then redaction fails closed.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need gcc
[ -z "${TELL_SANITIZE##*-fsanitize*}" ] && [ -n "${TELL_SANITIZE-}" ] &&
	skip_all "a sanitizer build"
dir="$tap_dir/modules" conf="$tap_dir/conf"
mkdir "$dir" "$conf"
export TELLTALE_CONFDIR=$conf TELLTALE_MODULEDIR=$dir
cd "$tap_dir" || exit 1

build() # SOURCE OBJECT
{
	gcc -std=c11 -O2 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -fPIC -shared \
		-I"$top_srcdir/include" -o "$dir/$2" "$1" 2>&1
}

stack() # LINE...
{
	printf '%s\n' "$@" 'sink required stdout format=json' >"$conf/hello"
}

say() # MESSAGE
{
	"$TELLTALE" log -t hello "$1" 2>&1
}

is "a third party's module compiles without a warning" \
	"$(build "$top_srcdir/examples/module/enrich_site.c" tell_enrich_site.so)" ""
is "and needs nothing of ours" \
	"$(readelf -d "$dir/tell_enrich_site.so" | grep -c 'NEEDED.*telltale')" 0
stack 'enrich optional site name=fra1'
like "telltale log runs it" "$(say hi)" '"message":"hi".*"data_centre":"fra1"'
like "a service runs it" "$("$top_builddir/examples/hello" 2>&1)" '"data_centre":"fra1"'
stack 'enrich optional site'
like "what it notes is a record" "$(say hi)" '"logger":"telltale".*no data centre is set'
stack 'enrich optional site name='
like "what it refuses has place and fix" "$("$TELLTALE" check hello 2>&1)" \
	'hello:1:22: error: a data centre without a name; write name=fra1'
stack 'enrich optional site nam=fra1'
like "its options are checked as ours are" "$("$TELLTALE" check hello 2>&1)" \
	"hello:1:22: error: .*did you mean 'name'"
is "check finds nothing wrong with it" "$(stack 'enrich optional site name=a' &&
	"$TELLTALE" check hello >/dev/null 2>&1 && echo fine)" fine

# ---- what is not loaded --------------------------------------------------------------------
chmod g+w "$dir/tell_enrich_site.so"
like "one that others may write to is refused" "$("$TELLTALE" check hello 2>&1)" \
	'hello:1:17: error: .*others may write to it'
like "and the record goes on without it" "$(say hi)" '"message":"hi"'
chmod g-w "$dir/tell_enrich_site.so"
cp "$dir/tell_enrich_site.so" "$dir/tell_enrich_other.so"
stack 'enrich optional other'
like "another module's file is refused" "$("$TELLTALE" check hello 2>&1)" 'is no module of telltale'
sed 's/TELL_MODULE_ABI,/TELL_MODULE_ABI + 1,/' \
	"$top_srcdir/examples/module/enrich_site.c" >later.c
is "one of another version compiles" "$(build later.c tell_enrich_later.so)" ""
sed -i 's/other/site/' "$conf/hello"
mv "$dir/tell_enrich_later.so" "$dir/tell_enrich_site.so"
like "and is refused" "$("$TELLTALE" check hello 2>&1)" 'was built for another version'
echo nonsense >"$dir/tell_filter_nonsense.so"
stack 'filter required nonsense'
like "a file that is no object is refused" "$("$TELLTALE" check hello 2>&1)" \
	'tell_filter_nonsense.so: '
stack 'filter required ../../tmp/evil'
like "a name with a way out is no name" "$("$TELLTALE" check hello 2>&1)" "no module '../../tmp/evil'"
stack 'redact required nonsense'
cp "$dir/tell_filter_nonsense.so" "$dir/tell_redact_nonsense.so"
like "redaction fails closed" "$(say 'my words')" '"message":"\[REDACTED:error\]"'
stack '-filter optional absent'
like "with - in front one that is absent is no fault" "$("$TELLTALE" check hello 2>&1)" 'nothing wrong'
done_testing
