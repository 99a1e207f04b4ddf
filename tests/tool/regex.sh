#!/bin/bash
# redact regex, a module of its own, from the build directory.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
object=$top_builddir/.libs/tell_redact_regex.so
[ -f "$object" ] || skip_all "tell_redact_regex.so was not built (libpcre2-dev)"
[ -z "${TELL_SANITIZE##*-fsanitize*}" ] && [ -n "${TELL_SANITIZE-}" ] &&
	skip_all "a sanitizer build"
conf="$tap_dir/conf"
mkdir "$conf" "$tap_dir/modules"
cp "$object" "$tap_dir/modules/"
export TELLTALE_CONFDIR=$conf TELLTALE_MODULEDIR=$tap_dir/modules

stack() # LINE...
{
	printf '%s\n' "$@" 'sink required stdout format=json' >"$conf/hello"
}

say() # ARGUMENT...
{
	"$TELLTALE" log -t hello "$@" 2>&1
}

stack 'redact required regex [match=CUST-\d{6}] kind=customer'
like "what matches goes" "$(say 'order of CUST-123456, CUST-654321.')" \
	'"message":"order of \[REDACTED:customer\], \[REDACTED:customer\]."'
like "in fields too" "$(say -F who=xCUST-123456y hi)" '"who":"x\[REDACTED:customer\]y"'
like "what does not match stays" "$(say 'CUST-12345')" '"message":"CUST-12345"'
like "numbers are not text" "$(say -F n=123456 hi)" '"n":123456'
stack 'redact required regex match=user=(\w+) group=1 kind=user'
like "a group alone" "$(say 'user=ann asked, user=bob too')" \
	'user=\[REDACTED:user\] asked, user=\[REDACTED:user\] too'
stack 'redact required regex match=(a)|(b) group=2'
like "a group that took no part" "$(say 'a b a')" '"a \[REDACTED:regex\] a"'
stack 'redact required regex match=secret ignore_case=yes field=note'
like "one field, any case" "$(say -F note=SeCrEt -F other=secret hi)" \
	'"note":"\[REDACTED:regex\]","other":"secret"'
stack 'redact required regex match=x*'
like "empty matches come to an end" "$(say 'axxb')" '"a\[REDACTED:regex\]b"'
stack 'redact required regex match=\p{Greek}+'
like "UTF-8 is text" "$(say 'the ΑΒΓ of it')" '"the \[REDACTED:regex\] of it"'
like "what is no UTF-8 does not stop it" "$(say "$(printf 'a\377ΑΒΓ')")" 'REDACTED:regex'

# Exponential for those who do not stop: 2^40 steps.
stack 'redact required regex [match=^(a+)+$]'
long=$(printf 'a%.0s' {1..40})!
like "an expression that runs away masks the value" "$(say "$long")" \
	'"message":"\[REDACTED:error\]"'
like "and says so" "$(say "$long")" 'an expression took too long for a value of message'

wrong() # NAME LINE PATTERN
{
	stack "$2"
	like "$1" "$("$TELLTALE" check hello 2>&1)" "$3"
}
wrong "a bad expression has place and reason" 'redact required regex match=(' \
	'hello:1:23: error: .*character 1: missing closing parenthesis'
wrong "match is required" 'redact required regex kind=a' 'match'
wrong "a group that is not there" 'redact required regex match=a group=1' 'has 0 groups'
wrong "a kind with a bracket" 'redact required regex match=a kind=]' 'kind'
like "a wrong line fails closed" "$(say 'my words')" '"message":"\[REDACTED:error\]"'

done_testing
