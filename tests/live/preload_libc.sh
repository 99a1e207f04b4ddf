#!/bin/bash
# What libc's syslog(3) makes of a program's calls, and what we make of them: the journal has
# the same levels, facilities, identifiers, processes and texts.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/taken.sh"
taken_begin "$@"
host=$top_builddir/tests/preload/host
[ -x "$host" ] || skip_all "tests/preload/host was not built"
cd "$tap_dir" || exit 1

# Where we are better: an ident that was freed or is longer than journald reads, a text
# without one; and journald drops what has no text.
ours='\|freed$|iiiiiii|#######|no ident$|\|$'
in_background()
{
	taken_records | grep -q background
}

for scenario in levels facilities percent texts masks idents by-n devlog vfork daemon; do
	for how in plain taken; do
		taken_mark
		taken_run $how "$host" $scenario >"$how.out" 2>&1
		echo "exit status $?" >>"$how.out"
		[ $scenario != daemon ] || live_wait in_background
		taken_records 's/[0-9]{3,}$/N/' | grep -vE "$ours" | cut -c 1-30000 >"$how"
	done
	is "$scenario: libc and we say the same" "$(cat taken)" "$(cat plain)"
	is "$scenario: and so does the program" "$(cat taken.out)" "$(cat plain.out)"
done

# ---- nobody listens: LOG_CONS ---------------------------------------------------------------
live_journald_kill
rm -f /run/systemd/journal/socket /run/systemd/journal/dev-log
for how in plain taken; do
	: >/dev/console
	taken_run $how "$host" cons
	sed 's/[0-9]*//g' /dev/console >$how
done
is "LOG_CONS: what nobody takes is on the console" "$(od -c taken)" "$(od -c plain)"
like "with its ident" "$(cat taken)" '^host\[\]: to the console'
done_testing
