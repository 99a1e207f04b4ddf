#!/bin/bash
# doc/migrating.md with a real journal: the queries it promises find what it says.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
live_journald_start
export top_srcdir top_builddir TELLTALE CC
said=$(blocks_live=yes bash "$top_srcdir/tests/tool/migrating.sh" 2>&1)
status=$?
is "the page runs with a journal" "$status" 0
grep -v '^ok' <<<"$said" | sed 's/^/# /'
like "and asked it" "$said" 'ok [0-9]+ - \$ journalctl -q -t stashd -o cat CONNECTION=2'
done_testing
