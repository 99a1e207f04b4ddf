#!/bin/bash
# What is installed is whole and works from there: `make installcheck` runs it behind `make install`
# of the same prefix. What must be there is read from the source, not from what make installs.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
: "${bindir:?make installcheck sets it}" "${libdir:?}" "${pkglibdir:?}" "${docdir:?}" "${mandir:?}"
: "${datadir:?}" "${includedir:?}" "${vendordir:?}" "${catalogdir:?}" "${modules?}"
telltale=$bindir/telltale
export TELLTALE_CONFDIR=$tap_dir/stacks
mkdir "$TELLTALE_CONFDIR"
unset TELLTALE_MODULEDIR LD_LIBRARY_PATH

# ---- what is there ------------------------------------------------------------------------------
# Prints those of the files that are not in the directory.
not_in() # DIRECTORY FILE...
{
	local dir=$1 file
	shift
	for file; do
		[ -s "$dir/${file##*/}" ] || echo "$file"
	done
}

cd "$top_srcdir" || exit 1
for section in 1 3 5 7; do
	pages=(doc/man/*."$section".scd)
	if [ -d "$mandir/man$section" ] || command -v scdoc >/dev/null; then
		is "every page of section $section is there" \
			"$(not_in "$mandir/man$section" "${pages[@]%.scd}")" ""
	else
		skip "no scdoc here" "every page of section $section is there"
	fi
done
is "every header" "$(cd include && find . -name '*.h' | while read -r file; do
	[ -s "$includedir/$file" ] || echo "$file"
done)" ""
is "every stack that all installations have" "$(not_in "$vendordir" pam-style-config/{common-*,other})" ""
is "every stack to copy" \
	"$(not_in "$docdir/stacks" pam-style-config/README.md pam-style-config/examples/*)" ""
is "every unit" "$(not_in "$docdir/systemd" packaging/systemd/*)" ""
is "every collector's snippet" "$(not_in "$docdir/collectors" packaging/collectors/*)" ""
is "what Prometheus reads" "$(not_in "$docdir/prometheus" packaging/prometheus/*)" ""
is "what logrotate reads" "$(not_in "$docdir/logrotate" packaging/logrotate/*)" ""
is "the catalogue" "$(not_in "$catalogdir" packaging/catalog/*)" ""
is "completions of three shells" "$(not_in "$datadir/bash-completion/completions" \
	packaging/completions/telltale
not_in "$datadir/zsh/site-functions" packaging/completions/_telltale
not_in "$datadir/fish/vendor_completions.d" packaging/completions/telltale.fish)" ""
# shellcheck disable=SC2086 # a list
is "every module of this build with an object of its own" "$(for module in $modules; do
	[ -s "$pkglibdir/${module%.la}.so" ] || echo "$module"
done)" ""

# ---- and works ----------------------------------------------------------------------------------
like "the command says who it is" "$("$telltale" --version)" '^telltale [0-9]+\.[0-9]+'
"$telltale" --help >"$tap_dir/help"
is "and has a page for each of its verbs" "$(sed -nE 's/^  ([a-z]+)  +.*/\1/p' "$tap_dir/help" |
	while read -r verb; do
		[ -e "$mandir/man1/telltale-$verb.1" ] || [ ! -d "$mandir/man1" ] || echo "$verb"
	done)" ""
if command -v man groff >/dev/null; then
	for page in "$mandir"/man?/telltale*; do
		[ -e "$page" ] || continue
		is "man has no warnings for ${page##*/}" \
			"$(LC_ALL=C MANWIDTH=80 man --warnings -l "$page" 2>&1 >"$tap_dir/page")" ""
	done
else
	skip "no man here" "man has no warnings"
fi

# A line for each object; redact regex and the like are looked for where they were installed.
line_of() # MODULE
{
	case $1 in
	tell_metric_expose) echo "metric optional expose listen=127.0.0.1:9464" ;;
	tell_health_http) echo "health required http url=http://127.0.0.1:9/" ;;
	tell_redact_regex) echo "redact required regex match=x" ;;
	tell_sink_tls) echo "sink required syslog proto=tls host=127.0.0.1" ;;
	esac
}
for module in $modules; do
	module=${module%.la}
	line=$(line_of "$module")
	[ -n "$line" ] || continue
	name=${module#tell_}
	printf '%s\n' "$line" "sink required stdout" >"$TELLTALE_CONFDIR/$name"
	chmod 644 "$TELLTALE_CONFDIR/$name"
	said=$("$telltale" check "$name" 2>&1)
	is "the command finds $module: $said" "$?" 0
done
case $modules in
*tell_forward_http*)
	said=$(timeout 20 "$telltale" forward loki http://127.0.0.1:9 --file=/dev/null 2>&1)
	is "forward finds its own: $said" "$(grep -c tell_forward_http <<<"$said")" 0 ;;
esac
echo "sink required stdout format=json" >"$TELLTALE_CONFDIR/hello"
chmod 644 "$TELLTALE_CONFDIR/hello"
like "a record goes its way" "$("$telltale" log -t hello hello)" '"message":"hello"'
like "without a stack the installed ones hold" "$("$telltale" check nobody 2>&1)" 'nobody'
if [ -e "$pkglibdir/libtelltale-preload.so" ] && command -v logger >/dev/null; then
	like "what is preloaded is found" \
		"$("$telltale" cat --preload -t hello -- logger -t hello caught 2>&1)" '"message":"caught"'
fi
done_testing
