#!/bin/bash
# Every script passes shellcheck.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need shellcheck
cd "$top_srcdir" || exit 1

for script in quickstart $(find tests fuzz bench examples packaging -name '*.sh' | sort); do
	ok "$script" shellcheck --severity=warning -e SC1090,SC1091,SC2154 "$script"
done
done_testing
