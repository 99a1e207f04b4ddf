#!/bin/bash
# telltale ctl: levels that revert, reload, flush, reopen, stats; errors that help.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/asked.sh"
shop='' second=''

stack_of() # FILE
{
	printf '%s\n' "service required settings control=yes" \
		"sink required file path=$1 buffer=64KiB"
}
ctl()
{
	"$TELLTALE" ctl "$@"
}
lines() # TEXT: records with it, when all is on disk
{
	ctl shop flush --pid="$shop" >/dev/null
	grep -c -- "\"message\":\"$1\"" "$tap_dir/log"
}

stack_of "$tap_dir/log" | stack shop
start shop shop
tell_it shop "go 2"
is "debug is off" "$(lines cart)" 0

# ---- levels ----
is "a rule of several words" "$(ctl shop level func:cart debug)" \
	"shop[$shop]: level func:cart debug, 1 call site"
tell_it shop "go 2"
is "is in force at once" "$(lines cart)" 2
like "and said in the log, with who it was" "$(grep -m1 'level set' "$tap_dir/log")" \
	"\"level\":\"notice\".*level set to ..func:cart debug.. by user $(id -u), pid [0-9]+\""
is "a rule in quotes" "$(ctl shop level 'func:cart off')" \
	"shop[$shop]: level func:cart off, 1 call site"
tell_it shop "go 2"
is "takes its place" "$(lines cart)" 2
is "a rule for nobody says so" "$(ctl shop level file:nowhere.c debug)" \
	"shop[$shop]: level file:nowhere.c debug; no call site matches it so far"
ok "reset" "$TELLTALE" ctl shop level reset

like "for a time" "$(ctl shop level debug --for=500ms)" '^shop.*: level debug for 500ms, 5 call sites$'
tell_it shop "go 1"
is "it holds" "$(lines cart)" 3
for ((i = 0; i < 200; i++)); do
	[[ $("$TELLTALE" status shop) == *"level    debug"* ]] || break
	sleep 0.05
done
tell_it shop "go 1"
is "and ends by itself" "$(lines cart)" 3
like "the log says for how long" "$(grep 'level set' "$tap_dir/log" | tail -n1)" 'for [0-9]+ (s|ms) by user'

# ---- the others ----
like "flush hands over what the sink holds" "$(ctl shop flush)" "^shop\[$shop\]: flushed\$"
is "reset closes a sink's breaker" "$(ctl shop reset file)" "shop[$shop]: reset"
fails "one that is none" 65 "$TELLTALE" ctl shop reset nosuch
mv "$tap_dir/log" "$tap_dir/log.1"
is "reopen" "$(ctl shop reopen)" "shop[$shop]: reopened"
tell_it shop "go 1"
is "follows a renamed file" "$(lines served)" 1
stack_of "$tap_dir/log2" | stack shop
is "reload says which stack is in force" "$(ctl shop reload)" "shop[$shop]: reloaded $conf/shop"
tell_it shop "go 3"
ctl shop flush >/dev/null
is "which takes the records" "$(grep -c '"served"' "$tap_dir/log2")" 3
{ stack_of "$tap_dir/log3"; echo "sink required fil"; } | stack shop
said=$(ctl shop reload 2>&1)
is "a wrong stack" "$?" 78
like "is refused with line and fix" "$said" \
	"^telltale: ctl: shop\[$shop\]: $conf/shop:3:15: error: .*did you mean 'file'\?; the old stack stays\$"
tell_it shop "go 1"
ctl shop flush >/dev/null
is "and the old one goes on" "$(grep -c '"served"' "$tap_dir/log2")" 4
like "stats" "$(ctl shop stats)" "^shop, pid $shop, .*refused .*$conf/shop:3:15"

# ---- several processes ----
stack_of "$tap_dir/log" | stack shop
start second shop
like "an order goes to all" "$(ctl shop reopen | sort | paste -sd' ')" \
	"^shop\[[0-9]+\]: reopened shop\[[0-9]+\]: reopened\$"
is "or to one" "$(ctl shop reopen --pid="$second")" "shop[$second]: reopened"
fails "a process that is none of them" 69 "$TELLTALE" ctl shop reopen --pid=1
stack_of "$tap_dir/billing" | stack billing
start billing billing

# ---- errors ----
fails "no such service" 69 "$TELLTALE" ctl shp reload
is "the nearest is named" "$(ctl shp reload 2>&1)" \
	"telltale: ctl: no service shp runs here; did you mean shop?"
is "or all there are" "$(ctl inventory reload 2>&1)" \
	"telltale: ctl: no service inventory runs here; there are: billing, shop (2)"
fails "no order" 64 "$TELLTALE" ctl shop
fails "an order that is none" 64 "$TELLTALE" ctl shop relaod
like "is told the nearest" "$(ctl shop relaod 2>&1)" 'did you mean reload\?'
fails "no rule" 64 "$TELLTALE" ctl shop level
fails "a rule that is none" 65 "$TELLTALE" ctl shop level loud
like "is told what one is" "$(ctl shop level loud 2>&1)" 'no level rule: "loud"; write .*LEVEL\|off\|reset'
fails "a time that is none" 64 "$TELLTALE" ctl shop level debug --for=soon
fails "a time without a level" 64 "$TELLTALE" ctl shop reload --for=10m
fails "a time too long" 64 "$TELLTALE" ctl shop level debug --for=99999d
fails "words too many" 64 "$TELLTALE" ctl shop reload now
fails "no number" 64 "$TELLTALE" ctl shop reload --pid=x

# ---- who is gone ----
kill -9 "$second"
wait "$second" 2>/dev/null
is "a killed process leaves its socket" \
	"$([ -S "$run/telltale/shop.$second.ctl" ] && echo there)" there
is "nobody waits for it" "$(ctl shop reopen)" "shop[$shop]: reopened"
is "and it is swept" "$([ -e "$run/telltale/shop.$second.ctl" ] || echo gone)" gone
kill -STOP "$shop"
said=$(timeout 60 "$TELLTALE" ctl shop reopen 2>&1)
is "a stopped process" "$?" 75
is "is told" "$said" "telltale: ctl: shop[$shop]: no answer within 5 s"
kill -CONT "$shop"
stop shop
is "an end takes its socket away" "$(find "$run" -name 'shop.*')" ""
done_testing
