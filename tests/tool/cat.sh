#!/bin/bash
# telltale cat: lines become records, and the command stays itself.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"

stack legacy <<-'END'
	filter required level min=debug
	sink required stdout format=json
END
out=$tap_dir/out.jsonl
stack cmd <<-END
	filter required level min=debug
	sink required file path=$out
END
feed()
{
	"$TELLTALE" cat -t legacy "$@" | settled
}

is "levels, logfmt and JSON, with a field for all" \
	"$(printf '<3>disk full path=/var n=3\n{"level":"info","message":"hi","n":3}\n' | feed -F env=test)" \
	'{"timestamp":"T","level":"error","service":"legacy","message":"disk full","path":"/var","n":3,"env":"test","pid":P,"seq":"R.0.1"}
{"timestamp":"T","level":"info","service":"legacy","message":"hi","n":3,"env":"test","pid":P,"seq":"R.0.2"}'
like "the line's own field wins" "$(echo 'x env=own' | feed -F env=test)" '"env":"own","pid"'
like "-p is for lines that do not say" "$(printf 'a\n<7>b\n' | feed -p warning | tr '\n' ' ')" \
	'"warning".*"message":"a".*"debug".*"message":"b"'
like "--level-prefix=no" "$(echo '<3>a' | feed --level-prefix=no)" '"info".*"message":"<3>a"'
like "--parse=none" "$(echo '{"a":1} x=1' | feed --parse=none)" '"message":"\{\\"a\\":1\} x=1"'
like "% is data" "$(echo '100% %s %n' | feed)" '"message":"100% %s %n"'
like "NUL is data" "$(printf 'a\0b\n' | feed)" '"message":"a\\u0000b"'
is "empty lines say nothing" "$(printf '\n\n' | feed)" ""
like "a last line without its end" "$(printf 'x' | feed)" '"message":"x"'
like "a time of its own is kept" \
	"$(printf '{"time":"2020-01-02T03:04:05Z","msg":"old"}\n' | "$TELLTALE" cat -t legacy)" \
	'"timestamp":"2020-01-02T03:04:05.000000Z"'
like "big numbers stay exact" "$(echo '{"n":123456789012345678901234567890}' | feed)" \
	'"n":123456789012345678901234567890,'
long=$(head -c 100000 /dev/zero | tr '\0' x)
like "a line over the limit is cut and marked" "$(printf '%s\nnext\n' "$long" | feed | cut -c 1-80,65000- | tr '\n' ' ')" \
	'"cut":\["message"\].*next'

rm -f "$out"
"$TELLTALE" cat -t cmd --stderr-priority=warning -F a=1 -- \
	sh -c 'echo "as $$"; echo "err b=2" >&2; exit 7' &
pid=$!
wait "$pid"
is "the exit status is the command's" "$?" 7
wait_for "$out" 2
like "its stdout, with its process" "$(grep '"as ' "$out")" "\"info\".*\"message\":\"as $pid\",\"a\":1,\"pid\":$pid,"
like "its stderr, at its own level" "$(grep '"err"' "$out")" "\"warning\".*\"b\":2,\"a\":1,\"pid\":$pid,"

"$TELLTALE" cat -t cmd -- sh -c 'kill -KILL $$' 2>/dev/null &
wait $!
is "a signal that ends it is seen" "$?" 137

# The reader is no child of the command, ignores what ends it, and drains what it wrote.
rm -f "$out"
cat >"$tap_dir/family" <<-'END'
	trap 'echo last words; exit 3' TERM
	echo "children: $(ps -o pid= --ppid $$ 2>/dev/null | grep -cv "^ *$BASHPID$")"
	echo ready
	while :; do sleep 0.1; done
END
"$TELLTALE" cat -t cmd -- bash "$tap_dir/family" &
pid=$!
wait_for "$out" 2
kill -TERM "$pid"
wait "$pid"
is "signals reach the command" "$?" 3
wait_for "$out" 3
like "what it says at its end arrives" "$(tail -n 1 "$out")" '"message":"last words"'

is "a command that is not there" "$("$TELLTALE" cat -t cmd -- "$tap_dir/none" 2>/dev/null; echo $?)" 127
is "a command that cannot run" "$("$TELLTALE" cat -t cmd -- "$out" 2>/dev/null; echo $?)" 126
fails "an unknown option" 64 "$TELLTALE" cat --prase=none
fails "a form that is none" 64 "$TELLTALE" cat --parse=yaml
fails "a level that is none" 64 "$TELLTALE" cat --stderr-priority=loud
fails "neither yes nor no" 64 "$TELLTALE" cat --level-prefix=perhaps
fails "options end at the command" 0 "$TELLTALE" cat -t cmd true --parse=yaml

# A command is not started when what stands before it is wrong.
for wrong in '-t x/y' '-t .x' "-t $(printf "n%.0s" {1..65})" '-F novalue' '-p loud' --parse=yaml; do
	rm -f "$tap_dir/started"
	# shellcheck disable=SC2086
	said=$("$TELLTALE" cat $wrong -- touch "$tap_dir/started" 2>&1)
	is "cat ${wrong:0:12} ends with 64" "$?" 64
	ok "and says why" test -n "$said"
	ok "and has started nothing" test ! -e "$tap_dir/started"
done
like "the reason is the name" "$("$TELLTALE" cat -t x/y -- true 2>&1)" '"x/y" is no service; write'

stack lost <<-'END'
	sink required file path=/proc/telltale/none.jsonl
END
is "lost lines are no success" "$(echo x | "$TELLTALE" cat -t lost 2>/dev/null; echo $?)" 74
done_testing
