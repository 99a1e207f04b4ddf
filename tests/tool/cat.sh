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
stack info <<-'END'
	sink required stdout format=json
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

# Much goes to a file: a pipe that is not read in time loses records, as it must.
stack large <<-END
	service required settings limit=4MiB
	sink required file path=$tap_dir/large.jsonl
END
into() # SERVICE FILE: what stdin becomes in that file
{
	rm -f "$2"
	"$TELLTALE" cat -t "$1"
	cat "$2"
}
like "a 1 MB line is one record, cut" \
	"$(head -c 1000000 /dev/zero | tr '\0' x | into cmd "$out" | cut -c 1-80,65000- | tr '\n' '|')" \
	'^[^|]*"cut":\["message"\][^|]*\|$'
is "or whole where the stack lets it" "$(head -c 1000000 /dev/zero | tr '\0' x |
	into large "$tap_dir/large.jsonl" | grep -o 'x*' | head -n 1 | wc -c)" 1000001

like "what a head says is not the message" \
	"$(echo '2011-11-21 03:54:27 [12] ERROR cart.c:42: full n=1' | feed -F env=test -F line_pid=7)" \
	'"error",.*"message":"full","line_time":"2011-11-21 03:54:27","line_pid":12,"n":1,"env":"test",.*"caller":\{"file":"cart.c","line":42'
like "--parse=printf" "$(echo '[WARN] x n=1' | feed --parse=printf)" '"warning",.*"message":"x n=1"'
like "--parse=none leaves the head" "$(echo '[WARN] x' | feed --parse=none)" '"info",.*"message":"\[WARN\] x"'
is "lines that belong together are one record" "$(printf 'a\n  b\nc\n' | feed | wc -l)" 2
is "unless --join=no" "$(printf 'a\n  b\nc\n' | feed --join=no | wc -l)" 3
is "or --parse=none" "$(printf 'a\n  b\nc\n' | feed --parse=none | wc -l)" 3
is "unless --join=yes" "$(printf 'a\n  b\nc\n' | feed --parse=none --join=yes | wc -l)" 2
is "at most 512 lines are one record" "$( (echo a; yes '  b' | head -n 1000) | feed | wc -l)" 2
is "and at most half the limit" \
	"$( (echo a; for ((i = 0; i < 20; i++)); do printf '  %04000d\n' 0; done) | into cmd "$out" | wc -l)" 3
like "level rules hold for places that lines name" "$(printf 'cart.c:1: [DEBUG] x\nb.c:1: [DEBUG] y\n' |
	TELLTALE_LEVEL='file:cart.c debug' "$TELLTALE" cat -t info | tr '\n' '|')" '^[^|]*"message":"x"[^|]*\|$'

# ---- the trace ---------------------------------------------------------------------------------
trace=0af7651916cd43dd8448eb211c80319c span=b7ad6b7169203331
like "TRACEPARENT's ids are fields" "$(echo x | TRACEPARENT=00-$trace-$span-01 feed)" \
	"\"trace_id\":\"$trace\",\"span_id\":\"$span\",\"trace_flags\":\"01\""
like "a line's own win" "$(echo 'x trace_id=mine' | TRACEPARENT=00-$trace-$span-01 feed)" \
	"\"trace_id\":\"mine\",\"span_id\":\"$span\""
is "a broken one says nothing" "$(echo x | TRACEPARENT=00-0-0-01 feed | grep -c trace_id)" 0
command_sees() # ARGUMENT...: TRACEPARENT and TRACESTATE of a command, and its records' trace
{
	rm -f "$out"
	"$TELLTALE" cat -t cmd "$@" -- sh -c 'echo "p=${TRACEPARENT-none} s=${TRACESTATE-none}"'
	wait_for "$out" 1
	sed -E 's/.*"message":"([^"]*)".*/\1 &/; s/"p":"([^"]*)","s":"([^"]*)"/\1 \2/' "$out"
}
like "the command has it as it was" "$(TRACEPARENT=00-$trace-$span-01 TRACESTATE=a=b command_sees)" \
	"p=00-$trace-$span-01 s=a=b"
like "even a broken one" "$(TRACEPARENT=broken command_sees)" "p=broken"
like "none is made unasked" "$(command_sees)" "p=none s=none"
like "--trace keeps one" "$(TRACEPARENT=cc-$trace-$span-01-more command_sees --trace)" "p=cc-$trace-$span-01-more "
said=$(TRACEPARENT=broken TRACESTATE=a=b command_sees --trace)
like "--trace begins one where there is none, without the old state" "$said" \
	'p=00-[0-9a-f]{32}-[0-9a-f]{16}-03 s=none'
made=${said#*p=00-}
like "and its id is the records'" "$said" "\"trace_id\":\"${made:0:32}\",\"span_id\":\"${made:33:16}\",\"trace_flags\":\"03\""

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
fails "neither joined nor not" 64 "$TELLTALE" cat --join=perhaps
fails "a name for no command" 64 "$TELLTALE" cat --argv0=x
fails "a level that is none" 64 "$TELLTALE" cat --stderr-priority=loud
fails "neither yes nor no" 64 "$TELLTALE" cat --level-prefix=perhaps
fails "options end at the command" 0 "$TELLTALE" cat -t cmd true --parse=yaml

# Told to end while it reads stdin, it keeps what was said until then.
rm -f "$out"
mkfifo "$tap_dir/lines"
"$TELLTALE" cat -t cmd <"$tap_dir/lines" &
pid=$!
exec 9>"$tap_dir/lines"
printf 'one\ntwo\n  and more' >&9
wait_for "$out" 1
kill -TERM "$pid"
wait "$pid"
is "a signal ends it as it ends others" "$?" 143
exec 9>&-
is "with all that was said delivered" "$(sed -E 's/.*"message":"([^"]*)".*/\1/' "$out" | tr '\n' '|')" \
	'one|two\n  and more|'
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
