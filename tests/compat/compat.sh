#!/bin/bash
# The compatibility headers on programs that nobody changed: they compile as they did, do what
# they did, and what they said becomes records with file and line.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need jq
[ -f "$top_builddir/.libs/libtelltale.so" ] || skip_all "no shared library in this build"
[[ ${TELL_SANITIZE-} != *-fsanitize* ]] || skip_all "a sanitizer build"
here=$top_srcdir/tests/compat
warnings=(-Wall -Wextra -Wformat=2 -Wshadow -Werror -Wno-variadic-macros)
compat=(-include telltale/compat/stdio.h -include telltale/compat/syslog.h -I"$top_srcdir/include")
link=(-L"$top_builddir/.libs" -ltelltale)
export LD_LIBRARY_PATH=$top_builddir/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
umask 022
mkdir "$tap_dir/stacks"
export TELLTALE_CONFDIR=$tap_dir/stacks
echo "sink required file path=$tap_dir/log.jsonl" >"$tap_dir/stacks/other"
cd "$tap_dir" || exit 1

records() # JQ-EXPRESSION of the array of records
{
	jq -rs "$1" log.jsonl
}

messages='starting with 2 arguments
a, b
daemon: listening on 127.0.0.1:8080
daemon: no arguments
started
user ann
cannot open /nonexistent
bind
one two
1 failure'

daemon() # WHAT COMPILER...
{
	local what=$1
	shift
	ok "$what compiles it without a warning" "$@" "${warnings[@]}" "${compat[@]}" \
		-o daemon "$here/daemon.c" "${link[@]}"
	rm -f log.jsonl report.txt
	fails "$what: it exits as it did" 5 ./daemon a b
	is "$what: and prints nothing itself" "$(./daemon a b 2>&1)" ""
	rm -f log.jsonl
	./daemon a b
	is "$what: all it said are records" "$(records '.[].message')" "$messages"
	is "$what: other files are written" "$(cat report.txt)" "failures: 1"
	is "$what: levels" "$(records '[.[].level] | join(" ")')" \
		"info info warning warning notice warning warning error info error"
	is "$what: errors are fields" "$(records '[.[] | select(.errno) | "\(.message): \(.error)"] | join("; ")')" \
		"cannot open /nonexistent: No such file or directory; bind: Permission denied"
	is "$what: each has its place" "$(records '[.[] | select(.caller.line > 0)] | length')" 10
	is "$what: a macro's call is where it is used" \
		"$(records 'map(select(.message | startswith("daemon: l")))[0].caller.line')" \
		"$(grep -n 'LOG("listening' "$here/daemon.c" | cut -d: -f1)"
	is "$what: the ident is openlog's" "$(records '.[] | select(.message == "started").service')" compat
	rm -f log.jsonl
	TELLTALE_LEVEL="file:daemon.c debug" ./daemon a b
	is "$what: a rule sees what setlogmask() hides" \
		"$(records '[.[] | select(.level == "debug").message] | join(" ")')" "not seen 0"
}

"${CC:=gcc}" -o plain "$here/daemon.c" || flunk "the program compiles as it is"
fails "as it is, it exits so" 5 ./plain a b
for cc in gcc clang; do
	command -v $cc >/dev/null || continue
	daemon "$cc" $cc -std=gnu11
	daemon "$cc -O2 with fortify" $cc -std=gnu11 -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
done

for cxx in g++ clang++; do
	command -v $cxx >/dev/null || continue
	echo '#include <string_view>' | $cxx -std=c++17 -fsyntax-only -x c++ - 2>/dev/null || continue
	daemon "$cxx" $cxx -std=gnu++17 -x c++
	ok "$cxx compiles the names of C++" $cxx -std=c++17 "${warnings[@]}" "${compat[@]}" \
		-o names "$here/names.cc" "${link[@]}"
	rm -f log.jsonl
	is "$cxx: cout is not ours" "$(./names)" "cout stays what it was"
	is "$cxx: the rest is" "$(records '[.[].message] | join("; ")')" \
		"value 1; value 2.500000; inline; syslog 2; put; part ; written; perror"
	rm -f log.jsonl
	TELLTALE_LEVEL="func:print off" ./names >/dev/null
	is "$cxx: calls in a template are switched" "$(records '[.[].message] | join("; ")')" \
		"inline; syslog 2; put; part ; written; perror"
done

cat >gnu.c <<'C'
#define _GNU_SOURCE
#include <stdio.h>
int main(void) { char *s; return asprintf(&s, "%d", 1) != 1 || printf("%s\n", s) != 2; }
C
ok "a source that defines _GNU_SOURCE has it" "$CC" -std=c11 -Wall -Werror -D_GNU_SOURCE= \
	"${compat[@]}" -o gnu gnu.c "${link[@]}"
ok "and works" ./gnu

# What was an error stays one.
wrong() # HEADER STATEMENT
{
	printf '#include <telltale/compat/%s.h>\nvoid f(void);\nvoid f(void) { %s }\n' "$1" "$2" >wrong.c
	fails "still refused: $2" 1 "$CC" -Werror=format -I"$top_srcdir/include" -c -o wrong.o wrong.c
}
wrong stdio 'printf("%s", 5);'
wrong stdio 'fprintf(stderr, "%d", "x");'
wrong stdio 'printf("%d %d", 1);'
wrong err 'err(1, "%s", 5);'
wrong err 'warnx("%d", 1.5);'
wrong syslog 'syslog(LOG_INFO, "%s", 5);'
wrong syslog 'syslog("info", "x"); int n = "x";'

cat >own.c <<'C'
#define TELL_COMPAT_NO_ERR
#define TELL_COMPAT_STDERR TELL_ERROR
#include <telltale/compat/stdio.h>
static void warn(const char *what) { fprintf(stderr, "my own: %s\n", what); }
int main(void) { warn("x"); return 0; }
C
ok "a program with its own warn() keeps it" "$CC" -Wall -Werror -I"$top_srcdir/include" -o own own.c "${link[@]}"
rm -f log.jsonl
./own
is "and may say what stderr is" "$(records '.[] | "\(.level) \(.message)"')" "error my own: x"
done_testing
