#!/bin/bash
# telltale cat into a real journald: what its fields are there, byte for byte, and nothing
# lost when journald is restarted under it.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
live_journald_start
: "${TELLTALE:=$top_builddir/telltale}"
live_stack shop <<-'END'
	filter required level min=debug
	redact required permit
	sink required journald
END
live_stack large <<-'END'
	service required settings limit=4MiB
	sink required journald
END
# The newest record of a service, as journalctl's JSON.
last()
{
	live_journal -t "$1" -n 1
}
field() # SERVICE NAME
{
	last "$1" | jq -r --arg f "$2" '.[$f] // "none" | if type == "array" then implode else . end'
}
sent() # SERVICE N: wait until it has so many records
{
	local try
	for ((try = 0; try < 200; try++)); do
		[ "$(live_journal -t "$1" | wc -l)" -ge "$2" ] && return
		sleep 0.05
	done
}

"$TELLTALE" cat -t shop -F env=test -- sh -c \
	'echo "2011-11-21T03:54:27.5Z [77] FATAL cart.c:42:add: disk full path=/var"; echo $$ >'"$tap_dir/pid"
sent shop 1
is "the message is what the line says, with its own fields" "$(field shop MESSAGE)" "disk full path=/var"
is "PRIORITY" "$(field shop PRIORITY)" 2
is "the word for it" "$(field shop LINE_LEVEL)" FATAL
is "CODE_FILE, CODE_LINE, CODE_FUNC" \
	"$(field shop CODE_FILE):$(field shop CODE_LINE):$(field shop CODE_FUNC)" cart.c:42:add
is "the line's time" "$(field shop LINE_TIME)" 2011-11-21T03:54:27.5Z
is "is the record's" "$(field shop TELL_TIME)" 2011-11-21T03:54:27.500000Z
is "the process that the line names" "$(field shop LINE_PID)" 77
is "the process that wrote it" "$(field shop SYSLOG_PID)" "$(cat "$tap_dir/pid")"
is "-F" "$(field shop ENV)" test
is "SYSLOG_IDENTIFIER" "$(field shop SYSLOG_IDENTIFIER)" shop

n=1
exact() # NAME LINE: what journald has is what was written; printf's escapes
{
	printf "$2\\n" | "$TELLTALE" cat -t shop
	n=$((n + 1))
	sent shop $n
	is "$1" "$(last shop | jq -c '.MESSAGE | if type == "string" then explode else . end')" \
		"$(printf "$2" | od -An -v -tu1 | xargs | tr ' ' ',' | sed 's/.*/[&]/')"
}
exact "NUL" 'NUL \0 within'
exact "ESC" 'ESC \033[31m red'
exact "no UTF-8" 'bytes \377\376\200'
exact "a forged field is text" 'MESSAGE=forged'
exact "joined lines" 'a\n  b'
echo 'x _PID=1 priority=0 syslog_identifier=root code_file=y' | "$TELLTALE" cat -t shop
n=$((n + 1))
sent shop $n
is "no line takes the journal's own names" \
	"$(last shop | jq -r '[.PRIORITY, .SYSLOG_IDENTIFIER, .CODE_FILE, .USER_PRIORITY, .USER_PID] | join(" ")')" \
	"6 shop  0 1"

head -c 1000000 /dev/zero | tr '\0' x | "$TELLTALE" cat -t shop
n=$((n + 1))
sent shop $n
is "1 MB is cut, and says so" "$(field shop TELL_CUT)" 1
head -c 1000000 /dev/zero | tr '\0' x | "$TELLTALE" cat -t large
sent large 1
is "or is whole" "$(field large MESSAGE | wc -c)" 1000001
is "one line, one record" "$(live_journal -t shop | wc -l)" $n

# ---- journald goes and comes back --------------------------------------------------------------
mkfifo "$tap_dir/lines"
live_stack steady <<-END
	redact required permit
	sink sufficient journald
	sink sufficient file path=$tap_dir/rest.jsonl
END
"$TELLTALE" cat -t steady <"$tap_dir/lines" &
pid=$!
exec 8>"$tap_dir/lines"
seq 1 1000 >&8
sent steady 1000
live_sync
live_journald_kill
seq 1001 2000 >&8
for ((try = 0; try < 200; try++)); do
	[ "$(grep -cE '"message":"[0-9]+"' "$tap_dir/rest.jsonl" 2>/dev/null)" = 1000 ] && break
	sleep 0.05
done
live_journald_start 8>&- # it would keep the lines open
seq 2001 3000 >&8
exec 8>&-
wait "$pid"
is "all lines arrived, in the journal or beside it" \
	"$( (live_journal -t steady | jq -r .MESSAGE; sed -E 's/.*"message":"([^"]*)".*/\1/' \
		"$tap_dir/rest.jsonl") | grep -xE '[0-9]+' | sort -n | md5sum)" "$(seq 3000 | md5sum)"
done_testing
