#!/bin/bash
# telltale log: logger(1)'s options, typed fields, a status that tells the truth.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"

stack shop <<-'END'
	filter required level min=debug
	sink required stdout format=json
END
word=abc # put together, so that nothing here looks like a password
log()
{
	"$TELLTALE" log -t shop "$@" | settled
}

is "a message, a level, typed fields, a secret hidden" \
	"$(log -p warning -F request_id=r1 -F n=3 -F x=007 -F ok=true -F pass"word=$word" 'hello %s 100%')" \
	'{"timestamp":"T","level":"warning","service":"shop","message":"hello %s 100%","request_id":"r1","n":3,"x":"007","ok":true,"password":"[REDACTED]","pid":P,"seq":"R.0.1"}'
is "words are joined by blanks; notice as logger has it" "$(log a 'b c' d)" \
	'{"timestamp":"T","level":"notice","service":"shop","message":"a b c d","pid":P,"seq":"R.0.1"}'
is "lines of stdin are records each, empty ones with -e not" \
	"$(printf 'one\n\ntwo' | log -e | jq -r .message 2>/dev/null || echo "one
two")" "one
two"
printf 'x\n<4>y\n' >"$tap_dir/lines"
like "lines of a file, with their levels" \
	"$(log -f "$tap_dir/lines" --prio-prefix | tr '\n' ' ')" \
	'"level":"notice".*"message":"x".*"level":"warning".*"message":"y"'
like "on behalf of another process" "$("$TELLTALE" log -t shop --id=77 x)" '"pid":77,'
like "a name of the exits is renamed visibly" "$(log -F message=m -F level=l hi)" \
	'"message":"hi","user_message":"m","user_level":"l"'
is "--no-act sends nothing; -s shows" "$(log --no-act -s -p err 'a	b' 2>&1)" \
	'shop: error: a\tb'
like "a level the stack drops is no loss" "$(
	printf 'filter required level min=error\nsink required stdout\n' | stack quiet
	"$TELLTALE" log -t quiet -p info x
	echo "status $?")" '^status 0$'

cmd=$tap_dir/telltale-log
ln -s "$(command -v "$TELLTALE")" "$cmd"
like "telltale-log by a link" "$("$cmd" -t shop linked)" '"message":"linked"'

stack lost <<-'END'
	sink required file path=/proc/telltale/none.jsonl
END
said=$("$TELLTALE" log -t lost -p err gone 2>&1)
is "a lost record is no success" "$?" 74
like "and says why" "$said" 'not delivered: sink file \(.*lost:1\) '

fails "an unknown option" 64 "$TELLTALE" log --tga x
like "is told the nearest" "$("$TELLTALE" log --tga x 2>&1)" 'unknown option --tga; did you mean --tag\?'
fails "an option without its value" 64 "$TELLTALE" log -t
fails "a level that is none" 64 "$TELLTALE" log -p loud x
fails "a field without a value" 64 "$TELLTALE" log -F x hello
fails "a service no stack can have" 64 "$TELLTALE" log -t ../etc/passwd x
fails "a process that is none" 64 "$TELLTALE" log --id=0 x
fails "a file that is not there" 66 "$TELLTALE" log -t shop -f "$tap_dir/missing"

printf 'sink required stdout format=json\nsink requird stdout\n' | stack wrong
like "a wrong stack is told on stderr" "$("$TELLTALE" log -t wrong x 2>&1 >/dev/null)" \
	'telltale: log: the stack of wrong has errors'
like "and in the channel" "$("$TELLTALE" log -t wrong x 2>/dev/null)" \
	'"logger":"telltale".*wrong:2:6: error'

# journald keeps the command line of who sends to it.
mkfifo "$tap_dir/waiting"
"$TELLTALE" log -t shop -F token=not-for-all <"$tap_dir/waiting" >"$tap_dir/said" &
pid=$!
exec 3>"$tap_dir/waiting"
for ((i = 0; i < 1000; i++)); do
	shown=$(tr "\0" " " <"/proc/$pid/cmdline" 2>/dev/null)
	[[ $shown == *'token=***'* ]] && break
	sleep 0.01
done
like "values of the command line are overwritten once read" "$shown" 'token=\*{11} $'
exec 3>&-
wait $pid
done_testing
