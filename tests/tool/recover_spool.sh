#!/bin/bash
# telltale recover --spool: what a killed process left in a spool, through its service's stack.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
log=$tap_dir/log spools=$tap_dir/spools
chmod 755 "$tap_dir"
mkdir -m 755 "$spools" # as an administrator makes it: the service takes it so
mkdir "$tap_dir/conf"
export TELLTALE_CONFDIR=$tap_dir/conf

stack() # SINK-LINE
{
	printf 'redact required permit\n%s\n' "$1" >"$tap_dir/conf/shop"
}
away="sink required syslog path=$tap_dir/nobody spool=1MiB spool_path=$spools"
leave() # COUNT: so many records stay in a spool
{
	local i
	stack "$away"
	for ((i = 0; i < $1; i++)); do echo "left $i"; done | "$TELLTALE" cat -t shop
}

like "cat says that they wait" "$(leave 20 2>&1)" \
	'^telltale: cat: not all is with its sinks yet; what has a spool waits there$'
is "they lie in the spool" "$(ls "$spools")" shop.syslog.1
fails "a sink that is away" 75 "$TELLTALE" recover --spool "$spools"
is "leaves them there, and in no other" "$(ls "$spools")" shop.syslog.1
stack "sink required file path=$log"
ok "another service's are left alone" "$TELLTALE" recover --spool "$spools" --service shop-2
is "they are" "$(ls "$spools")" shop.syslog.1
chmod g+w "$spools"
fails "a directory that others may write to" 77 "$TELLTALE" recover --spool "$spools"
like "says what to do" "$("$TELLTALE" recover --spool "$spools" 2>&1)" \
	'spools is not its owner.s alone \(mode 0775\); chmod go-w it$'
chmod g-w "$spools"
said=$("$TELLTALE" recover --spool "$spools" -v)
is "exits 0" $? 0
like "tells the spool" "$said" '^shop.syslog.1: 2[0-9] records recovered, 0 stay, 0 damaged'
is "in order, each once" "$(grep -o 'left [0-9][0-9]*' "$log")" "$(seq -f 'left %g' 0 19)"
is "the spool is removed" "$(ls "$spools")" ""
ok "twice changes nothing" "$TELLTALE" recover --spool "$spools"
is "nothing came" "$(grep -c 'left [0-9]' "$log")" 20
mkdir -m 700 "$spools/other.thing.x" "$spools/plain"
ok "what is no spool" "$TELLTALE" recover --spool "$spools"
is "stays" "$(ls "$spools" | wc -l)" 2
fails "no such directory" 66 "$TELLTALE" recover --spool "$tap_dir/none"

# A line that is nothing but a spool: kept until a stack has somebody for it.
echo "sink required spool path=$spools" >"$tap_dir/conf/shop" # redact lines: the built-in ones
rm -rf "$spools/other.thing.x" "$spools/plain" "$log"
ok "its stack is one" "$TELLTALE" check shop
is "looking makes nothing" "$(ls "$spools")" ""
printf 'kept 1\nkept 2 password=%s\nkept 3\n' "$(printf hunter%s 2)" | "$TELLTALE" cat -t shop
is "they lie in its spool" "$(ls "$spools")" shop.spool.1
is "unreadable to others" "$(stat -c %a "$spools/shop.spool.1")" 700
fails "nothing sensitive is in it" 1 grep -rq "$(printf hunter%s 2)" "$spools"
fails "nobody takes them yet" 75 "$TELLTALE" recover --spool "$spools"
is "and they are in no other" "$(ls "$spools")" shop.spool.1
echo 'kept 4' | "$TELLTALE" cat -t shop
is "the next process goes on with it" "$(ls "$spools")" shop.spool.1
stack "sink required file path=$log"
ok "handed on" "$TELLTALE" recover --spool "$spools"
is "in order" "$(grep -o 'kept [0-9]' "$log")" "$(seq -f 'kept %g' 1 4)"
is "the spool is gone" "$(ls "$spools")" ""
stack "sink required spool path=$spools size=1MiB"
head -c 2000000 /dev/zero | tr '\0' x | fold -w 1000 | "$TELLTALE" cat -t shop 2>"$tap_dir/said"
like "a full one is told with a number" "$(cat "$tap_dir/said")" \
	'cat: [0-9]+ records not delivered: sink spool .* full'
rm -rf "$spools"/shop.*
stack "sink required spool path=relative"
fails "its place is a whole path" 78 "$TELLTALE" check shop
stack "sink required spool path=$spools size=4KiB"
fails "its size is worth it" 78 "$TELLTALE" check shop
done_testing
