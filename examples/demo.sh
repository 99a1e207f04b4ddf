#!/bin/bash
# demo.sh: the main job, which ./quickstart runs. The example shop logs real requests
# through its stack; then one is found again by its request_id, its secrets redacted.
#
#	demo.sh           into the journal: this machine's, or as root a private one; and a file
#	demo.sh --file    into a file only
#
# Ends what it starts and leaves nothing behind. Exit status 0: the request was found, and
# no secret anywhere; 69: something it needs is missing. Licence: MIT.
set -uo pipefail

top=${top_srcdir:-$(cd "$(dirname "$0")/.." && pwd)}
build=${top_builddir:-$top/_build}
shop=$build/examples/shop/telltale/shop
telltale=$build/telltale
socket=/run/systemd/journal/socket
unset TELLTALE_LEVEL TELLTALE_FORMAT TELLTALE_SERVICE TELLTALE_DEBUG

# ---- the look ------------------------------------------------------------------------
bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
	bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'
fi
n_steps=0

step() # HEADING WHAT
{
	n_steps=$((n_steps + 1))
	printf '%s%d. %-10s%s %s\n' "$bold" $n_steps "$1" "$plain" "$2"
}

detail() # TEXT ON STDIN
{
	sed "s/^/              $dim/;s/\$/$plain/"
}

die() # STATUS WHY
{
	echo "demo: $2" >&2
	exit "$1"
}

# ---- what is there -------------------------------------------------------------------
# A journal that takes records, or none; as root one is started when the machine has none.
choose_journal() # [--file]
{
	journal=none
	if [ "${1-}" = --file ]; then
		why="left alone, as asked"
	elif [ "${WITH_JOURNALD-}" = private ]; then
		journal=private
		why="a systemd-journald of the demo's own: this machine runs none"
	elif [ -S $socket ] && command -v journalctl >/dev/null; then
		journal=system
		why="this machine's systemd-journald"
	elif bash "$top/examples/with-journald.sh" true 2>"$dir/why"; then
		rm -rf "$dir"
		exec bash "$top/examples/with-journald.sh" bash "$0"
	else
		why="none here, and none of our own ($(sed 's/.*: //' "$dir/why")): a file takes all"
	fi
}

start_shop()
{
	local i
	: >"$dir/url"
	env TELLTALE_CONFDIR="$dir/stacks" "$shop" >"$dir/url" 2>"$dir/stderr" &
	pid=$!
	for ((i = 0; i < 100; i++)); do
		url=$(cat "$dir/url")
		[ -n "$url" ] && return
		kill -0 $pid 2>/dev/null || break
		sleep 0.05
	done
	die 1 "the shop does not start: $(cat "$dir/stderr")"
}

finish()
{
	[ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null
	rm -rf "$dir"
}

# ---- requests ------------------------------------------------------------------------
n_requests=0

request() # METHOD PATH WHAT-IT-IS [CURL-OPTION...]: in the background
{
	local out
	n_requests=$((n_requests + 1))
	out=$dir/answer-$(printf %02d $n_requests)
	printf '%-4s %-10s ' "$1" "$2" >"$out"
	curl -s -m 20 -X "$1" -w '  %{http_code}' "${@:4}" "$url$2" >>"$out.got" 2>&1 &
	curls+=($!)
	echo "$3" >"$out.what"
}

await_requests()
{
	local out got
	wait "${curls[@]}"
	for out in "$dir"/answer-??; do
		got=$(cat "$out.got")
		printf '%s%s  %-36s %s\n' "$(cat "$out")" "${got##* }" "${got% *}" \
			"$(cat "$out.what")"
	done | sed 's/ *$//' | detail
	rm -f "$dir"/answer-*
	curls=() n_requests=0
}

# ---- what was logged -----------------------------------------------------------------
query() # [OPTION...]: the request's records
{
	if [ $journal = none ]; then
		(cd "$dir" && "$telltale" query -q --no-pager --file=shop.jsonl \
			"request_id=$id" "$@")
	else
		"$telltale" query -q --no-pager "request_id=$id" "$@"
	fi
}

# A journal writes when it gets to it, and may not be ours to read: then the file is.
await_records()
{
	local i
	if [ $journal != none ]; then
		journalctl --sync >/dev/null 2>&1
		for ((i = 0; i < 30; i++)); do
			[ "$(query -o json 2>/dev/null | wc -l)" -ge 5 ] && return
			sleep 0.1
		done
		[ $journal = system ] || die 1 "request $id is not in the journal"
		journal=none
		echo "the journal may not be read by user $(id -un): the file is" | detail
	fi
	[ "$(query -o json | wc -l)" -ge 5 ] || die 1 "request $id was not found"
}

everything()
{
	cat "$dir/shop.jsonl" "$dir/stderr"
	[ $journal = none ] || journalctl -q --no-pager -o export "_PID=$pid"
}

# ---- the main job --------------------------------------------------------------------
command -v curl >/dev/null || die 69 "curl is missing: ./quickstart deps installs it"
[ -x "$shop" ] || die 69 "no shop: built without libmicrohttpd? (./quickstart deps)"
pid='' curls=()
dir=$(mktemp -d "${TMPDIR:-/tmp}/telltale-demo.XXXXXX") || exit 1
trap finish EXIT
trap 'exit 130' INT TERM
choose_journal "$@"

printf '%s\n\n' "${bold}telltale: a shop logs, and one request is found again$plain"
step "Journal" "$why"

# A stack is trusted when nobody else can write it or its directory: so it is a copy.
mkdir "$dir/stacks"
cp "$top/pam-style-config/common-redact" "$dir/stacks/"
sed "s|/var/log/shop/|$dir/|" "$top/examples/shop/stack/shop" >"$dir/stacks/shop"
[ $journal != none ] || sed -i '/journald/d' "$dir/stacks/shop"
chmod -R go-w "$dir/stacks"
step "Stack" "examples/shop/stack/shop: what the shop logs is redacted, then goes to"
grep '^sink' "$dir/stacks/shop" | detail

start_shop
step "Shop" "examples/shop/telltale serves $url"

# Put together here, so that no secret-shaped text lies in a file.
card=4$(printf '1%.0s' {1..15})
token=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
id=demo-$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
step "Requests" "several at once, by curl"
request POST /orders "" -H 'X-Tenant-ID: acme' -d "item=cup:4&item=tea&card=$card"
request POST /orders "X-Request-ID: $id, a card, a bearer token" -H "X-Request-ID: $id" \
	-H 'X-Tenant-ID: acme' -H "Authorization: Bearer $token" -d "item=teapot:99&card=$card"
request POST /orders "" -H 'X-Tenant-ID: zenith' -d "item=teapot&card=$card"
request POST /orders "" -H 'X-Tenant-ID: zenith' -d "item=spoon&card=$card"
request GET /health ""
await_requests
request GET /orders/1 ""
request GET /orders/77 ""
await_requests

await_records
if everything | grep -qaF -e "$card" -e "$token"; then
	die 1 "a secret is in the log"
fi
n=$(query -o json | wc -l)
if [ $journal = none ]; then
	step "Answer" "what happened to $id? $n records of the file say it"
	command="telltale query --file=shop.jsonl request_id=$id"
else
	step "Answer" "what happened to $id? $n records of the journal say it"
	echo "journalctl REQUEST_ID=$id finds them too" | detail
	command="telltale query request_id=$id"
fi
echo "the card and the token are nowhere in the log" | detail
printf '\n%s$ %s%s\n' "$bold" "$command" "$plain"
query -o short
