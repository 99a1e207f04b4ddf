#!/bin/bash
# The example shop: the demo finds its request, the old wrapper keeps places and site
# control, no secret gets through, and both versions answer alike. No root, no journal.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need curl jq
examples=$top_builddir/examples/shop
[ -x "$examples/telltale/shop" ] || skip_all "the shop was not built: no libmicrohttpd"
trap 'stop; rm -rf "$tap_dir"' EXIT
log=$tap_dir/shop.jsonl
card=4$(printf '1%.0s' {1..15})
token=$(printf '%s' to ken {1..20})
pid=''

mkdir "$tap_dir/conf"
chmod 700 "$tap_dir/conf"
cp "$top_srcdir/pam-style-config/common-redact" "$tap_dir/conf/"
sed -e "s|/var/log/shop/|$tap_dir/|" -e /journald/d "$top_srcdir/examples/shop/stack/shop" \
	>"$tap_dir/conf/shop"

stop()
{
	[ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null
	pid=''
}

start() # printf|telltale [VARIABLE=VALUE...]
{
	local i
	stop
	rm -f "$log" "$tap_dir/url"
	env TELLTALE_CONFDIR="$tap_dir/conf" "${@:2}" "$examples/$1/shop" \
		>"$tap_dir/url" 2>"$tap_dir/stderr" &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		url=$(cat "$tap_dir/url" 2>/dev/null)
		[ -n "$url" ] && return
		sleep 0.05
	done
	flunk "the shop starts" "$(cat "$tap_dir/stderr")"
	done_testing
}

get() # PATH [CURL-OPTION...]
{
	curl -s -m 30 "${@:2}" "$url$1"
}

buy() # ITEMS [CURL-OPTION...]
{
	get /orders -d "$1&card=$card" -H "Authorization: Bearer $token" "${@:2}"
}

traffic() # all answers, without what differs by nature
{
	buy 'item=cup:4&item=tea'
	buy 'item=teapot:99'
	buy 'item=spoon'
	get /orders -d 'colour=red'
	get /orders/1
	get /orders/77
	get /orders/x -X DELETE
	get /health
	head -c 9000 /dev/zero | tr '\0' x | get /orders --data-binary @-
}

records() # JQ-EXPRESSION
{
	jq -rs "$1" "$log"
}

n_secrets()
{
	cat "$@" | grep -acF -e "$card" -e "$token"
}

# ---- the main job -----------------------------------------------------------------------
said=$(bash "$top_srcdir/examples/demo.sh" --file 2>&1)
is "the demo finds its request" "$?" 0
like "the demo ends with the records" "$(tail -n1 <<<"$said")" 'served.*request_id=demo-'
like "the demo shows a redacted card" "$said" 'card \[REDACTED'
like "the demo shows a redacted header" "$said" 'authorization=.?\[REDACTED'

# ---- both versions ------------------------------------------------------------------------
start printf LOG_LEVEL=7
printf_answers=$(traffic)
stop
like "the printf version prints the card, so the search below can fail" \
	"$(n_secrets "$tap_dir/stderr")" '^[1-9]'
start telltale TELLTALE_LEVEL=debug
is "both versions answer alike" "$(traffic)" "$printf_answers"
stop
like "all levels are in the file" "$(records '[.[].level] | unique | join(" ")')" \
	'debug error info notice warning'
is "no secret is in the file or on stderr" "$(n_secrets "$log" "$tap_dir/stderr")" 0
is "an error says which" "$(records \
	'map(select(.level == "error"))[0] | "\(.message), \(.errno), \(.error)"')" \
	"payment failed, 110, Connection timed out"

# ---- the wrapper ----------------------------------------------------------------------------
start telltale TELLTALE_LEVEL="file:cart.c debug"
buy item=cup:4 >/dev/null
stop
is "a rule for cart.c switches its calls alone" \
	"$(records '[.[] | select(.level == "debug").caller.file] | unique | join(" ")')" \
	"examples/shop/cart.c"
is "the wrapper's records carry the caller's line" \
	"$(records 'map(select(.level == "debug"))[0].caller.line')" \
	"$(grep -n 'log_msg(LOG_DEBUG' "$top_srcdir/examples/shop/cart.c" | cut -d: -f1)"
start telltale
buy item=cup:4 >/dev/null
n_debug='map(select(.level == "debug")) | length'
is "without the rule there is no debug" "$(records "$n_debug")" 0
sed -i s/min=info/min=debug/ "$tap_dir/conf/shop"
kill -HUP "$pid"
for ((i = 0; i < 600; i++)); do
	buy item=cup >/dev/null
	[ "$(records "$n_debug")" -gt 0 ] && break
	sleep 0.05
done
like "with a new stack and SIGHUP there is" "$(records "$n_debug")" '^[1-9]'
sed -i s/min=debug/min=info/ "$tap_dir/conf/shop"
start telltale

# ---- ids ------------------------------------------------------------------------------------
answered_id() # X-REQUEST-ID
{
	get /health -o /dev/null -D - -H "X-Request-ID: $1" | tr -d '\r' |
		sed -n 's/^X-Request-ID: //p'
}
x64=$(printf 'x%.0s' {1..64})
is "an id of 64 characters is taken" "$(answered_id "$x64")" "$x64"
for bad in "${x64}x" 'a b' 'a"b' $'\xff'; do
	like "$(printf 'another is drawn for %.8q' "$bad")" "$(answered_id "$bad")" \
		'^[0-9a-f]{32}$'
done

curls=()
for ((i = 1; i <= 16; i++)); do
	buy "item=cup:$i" -o /dev/null -H "X-Request-ID: many-$i" -H "X-Tenant-ID: t$i" &
	curls+=($!)
done
wait "${curls[@]}"
stop
many='[.[] | select(.request_id // "" | startswith("many-"))] | group_by(.request_id)'
is "each of 16 requests at once has its five records" \
	"$(records "$many | map(length) | join(\" \")")" "5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5"
is "each has one tenant, one order and its own amount" "$(records "$many | map(
	(.[0].request_id | ltrimstr(\"many-\")) as \$i | select(
		(map(.tenant_id) | unique) == [\"t\" + \$i] and
		(map(.order_id // empty) | unique | length) == 1 and
		(map(.cents // empty) | unique) == [490 * (\$i | tonumber)])) | length")" 16
done_testing
