#!/bin/bash
# The event loop: two connections at once, and each record has its own peer.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need jq
log=$tap_dir/epoll.jsonl
mkdir "$tap_dir/conf"
chmod 700 "$tap_dir/conf"
echo "sink required file path=$log" >"$tap_dir/conf/epoll"

TELLTALE_CONFDIR=$tap_dir/conf TELLTALE_LEVEL=debug "$top_builddir/examples/epoll" 0 \
	>"$tap_dir/port" &
pid=$!
trap 'kill $pid 2>/dev/null; wait $pid 2>/dev/null; rm -rf "$tap_dir"' EXIT
for ((i = 0; i < 600; i++)); do
	port=$(cat "$tap_dir/port" 2>/dev/null)
	[ -n "$port" ] && break
	sleep 0.05
done
[ -n "$port" ] || skip_all "the event loop does not listen here"

exec 3<>"/dev/tcp/127.0.0.1/$port" 4<>"/dev/tcp/127.0.0.1/$port"
for said in "3 one" "4 twenty" "3 three"; do
	echo "${said#* }" >&"${said% *}"
	read -r -t 30 heard <&"${said% *}"
	is "what connection $said says comes back" "$heard" "${said#* }"
done
exec 3>&- 4>&-
for ((i = 0; i < 600; i++)); do
	[ "$(grep -c '"closed"' "$log")" = 2 ] && break
	sleep 0.05
done

of_peers() # JQ-EXPRESSION on a connection's records
{
	jq -rs "[.[] | select(.peer)] | group_by(.peer) | sort_by(map(.n // 0) | add) |
		map($1) | join(\" \")" "$log"
}
is "there are two peers" "$(jq -rs '[.[].peer // empty] | unique | length' "$log")" 2
is "each says what it did, in order" "$(of_peers 'map(.message) | join(",")')" \
	"opened,echoed,closed opened,echoed,echoed,closed"
is "each has its own bytes" "$(of_peers '.[-1].bytes')" "7 10"
is "each is one connection" "$(of_peers 'map(.connection) | unique | length')" "1 1"
is "what belongs to none has no peer" \
	"$(jq -rs '[.[] | select(.peer | not).message] | join(",")' "$log")" listening
done_testing
