#!/bin/bash
# Values survive byte-exact through a real journald, and are what sd_journal_sendv() stores.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
program=$top_builddir/tests/live/journal_values
[ -x "$program" ] || skip_all "tests/live/journal_values was not built"
for service in hostile large many; do
	live_stack $service <<-END
		service required settings limit=4MiB
		redact required permit
		sink required journald message=bare
	END
done
live_journald_start
"$program"
