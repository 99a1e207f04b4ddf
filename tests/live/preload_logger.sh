#!/bin/bash
# logger(1) under --preload. It writes to /dev/log itself, in several forms.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/taken.sh"
need logger
taken_begin "$@"

use() # plain|taken
{
	local how=$1
	taken_mark
	taken_run "$how" logger -t backup -p local3.warning 'disk almost full'
	taken_run "$how" logger -i -t with -p auth.info 'a pid'
	taken_run "$how" logger --id=4711 -t other -p daemon.err 'another pid'
	printf 'one\n<3>two\n\nthree\n' | taken_run "$how" logger -t lines -e --prio-prefix
	taken_run "$how" logger -p user.debug 'as the user'
	taken_run "$how" logger -t text 'tab	and "quotes", 100% %s, [1] a:b: é'
	printf '%01000d\n' 7 | taken_run "$how" logger -t long -p kern.emerg
	taken_run "$how" logger -s -t shown 'on stderr, too' 2>"$tap_dir/$how.err"
	echo "exit status $?" >>"$tap_dir/$how.err"
	taken_run "$how" logger --no-such-option 2>>"$tap_dir/$how.err"
	echo "exit status $?" >>"$tap_dir/$how.err"
	taken_records >"$tap_dir/$how"
	taken_transports >"$tap_dir/$how.by"
}

use plain
use taken
is "the plain program goes through /dev/log" "$(cat "$tap_dir/plain.by")" "syslog "
is "under --preload it is a record of ours" "$(cat "$tap_dir/taken.by")" "journal "
is "as many" "$(wc -l <"$tap_dir/taken")" "$(wc -l <"$tap_dir/plain")"
while IFS= read -r -u 3 want && IFS= read -r -u 4 got; do
	is "the same: ${want:0:60}" "$got" "$want"
done 3<"$tap_dir/plain" 4<"$tap_dir/taken"
is "its own output and exit status are the same" \
	"$(sed -E 's/^<[0-9]+>.{15} //' "$tap_dir/taken.err")" \
	"$(sed -E 's/^<[0-9]+>.{15} //' "$tap_dir/plain.err")"
# What journald can give no identifier to has the program's name.
taken_mark
taken_run taken logger -t 'two words' 'hello'
is "without an ident it is the program's name" "$(taken_records)" "5|1|logger|-|two words: hello"
like "among them" "$(cat "$tap_dir/taken")" '4\|19\|backup\|-\|disk almost full'
done_testing
