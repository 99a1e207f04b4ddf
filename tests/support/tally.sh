#!/bin/bash
# tally.sh BUILDDIR: adds up the results (*.trs) below it: "PASSED FAILED SKIPPED".
# A program that failed a test also ends with a status automake calls ERROR: counted only
# when no test of that program failed, as a crash is.
set -eu
find "$1" -name '*.trs' -print0 | xargs -0 -r cat /dev/null | awk '
	function close_file() {
		failed += fail ? fail : error
		fail = error = 0
	}
	/^:test-result: (PASS|XFAIL)/ { passed++ }
	/^:test-result: (FAIL|XPASS)/ { fail++ }
	/^:test-result: ERROR/ { error++ }
	/^:test-result: SKIP/ { skipped++ }
	/^:copy-in-global-log:/ { close_file() }
	END { close_file(); print passed + 0, failed + 0, skipped + 0 }'
