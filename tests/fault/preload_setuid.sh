#!/bin/bash
# FAULTS row 31: in a set-user-ID program libtelltale-preload.so does nothing, however it got
# there: libc's and libsystemd's functions are called. (ld.so loads it there only where its
# file says so; here the program asks for it itself.)
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/taken.sh"
: "${CC:=gcc}"
need setpriv "${CC%% *}"
taken_begin "$@"
owner=65533 caller=65534
cp "$TELLTALE_PRELOAD_LIBRARY" "$tap_dir/libtelltale-preload.so"
cat >"$tap_dir/host.c" <<'C'
#include <stdio.h>
#include <sys/auxv.h>
#include <syslog.h>
int main(void)
{
	openlog("host", LOG_PID, LOG_MAIL);
	syslog(LOG_WARNING, "secure %lu", getauxval(AT_SECURE));
	printf("%lu\n", getauxval(AT_SECURE));
	return 0;
}
C
$CC -o "$tap_dir/plain" "$tap_dir/host.c" -Wl,--no-as-needed "$tap_dir/libtelltale-preload.so" \
	-Wl,-rpath,"$tap_dir" || skip_all "no compiler"
cp "$tap_dir/plain" "$tap_dir/privileged"
chown $owner "$tap_dir/privileged"
chmod 4755 "$tap_dir/privileged"

as_caller() # COMMAND...
{
	setpriv --reuid=$caller --regid=$caller --clear-groups "$@" 2>&1
}

taken_mark
is "a program without rights of its own" "$(as_caller "$tap_dir/plain")" 0
is "is taken over" "$(taken_transports)$(taken_records)" "journal 4|2|host|pid|secure 0"

taken_mark
said=$(as_caller env TELLTALE_PRELOAD=service=evil TELLTALE_CONFDIR="$tap_dir" \
	"$tap_dir/privileged")
[ "$said" = 1 ] || skip_all "the file system is mounted nosuid"
is "fault_31 one with them is left alone" "$(taken_transports)$(taken_records)" \
	"syslog 4|2|host|pid|secure 1"

open_to_all || {
	skip "others may not enter $top_builddir" "telltale cat tells that it cannot be done"
	done_testing
}
said=$(as_caller "$TELLTALE" cat --preload=only -- "$tap_dir/privileged")
is "telltale cat tells that it cannot be done" "$?" 69
like "and why" "$said" 'runs with rights you do not have'
done_testing
