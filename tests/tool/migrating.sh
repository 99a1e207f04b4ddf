#!/bin/bash
# doc/migrating.md: its programs compile and run, its differences are those of the files, its
# commands print what it says, and name only options that exist. With $blocks_live, in
# tests/live/migrating.sh, the journal's part as well.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/blocks.sh"
need python3 stdbuf
page=$top_srcdir/doc/migrating.md
blocks_place
blocks_diff_dir=$top_srcdir/examples/migrating
cp -r "$blocks_diff_dir"/* .
chmod -R u+w .
blocks_port 7007 "$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
blocks_of "$page"
blocks_run

# Every step answers alike; not into this machine's journal.
echo "sink required file path=$blocks_work/steps.jsonl" >stacks/stashd
answers=
for step in 0-printf 1-headers 2-calls 3-fields 4-scope; do
	# shellcheck disable=SC2046
	ok "$step compiles without a warning" "$CC" -std=gnu11 -O2 -Wall -Wextra -Wformat=2 -Werror \
		-o stashd $step/stashd.c $(pkg-config --cflags --libs telltale)
	./stashd "$blocks_port_real" >/dev/null 2>&1 &
	said=$(./ask "$blocks_port_real" 'put a 1' 'put a 2' 'get a' 'get b' 'login ann longenough' \
		'login ann short' nonsense)
	kill $!
	wait $! 2>/dev/null
	is "$step answers as the first" "$said" "${answers:=$said}"
done
like "the answers are some" "$answers" 'welcome'

# The tables' commands have options that exist.
while read -r verb option; do
	like "telltale $verb $option exists" "$(telltale "$verb" --help)" \
		"(^|[^a-z-])${option%%=*}([^a-z-]|\\[)"
done < <(grep -o '`[^`]*telltale [a-z]* [^`]*`' "$page" | tr -d '`' |
	sed 's/.*telltale //' | while read -r verb words; do
	for word in $words; do
		[[ $word == -[a-zA-Z] || $word == --[a-z]* ]] && echo "$verb $word"
	done
done | sort -u)
done_testing
