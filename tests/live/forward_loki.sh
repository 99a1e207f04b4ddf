#!/bin/bash
# telltale forward loki: what is in a journal is in Loki afterwards, once, whatever happens.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/receivers.sh"
need jq
: "${TELLTALE:=$top_builddir/telltale}"
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
export TELLTALE_MODULEDIR=$top_builddir/.libs TELLTALE_CONFDIR=$tap_dir/conf
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
mkdir "$tap_dir/conf"
journal=$tap_dir/journal n=6000
make_journal "$journal" $n 7 --files 3 --long 4 || exit 1
sort -u "$journal/request_ids" >"$tap_dir/want"
receiver loki loki.py --limit rate=0 --limit burst=0 --limit stream_rate=0 --limit stream_burst=0 --limit behind_s=0

# Each case has a state and a Loki of its own.
fresh()
{
	rm -rf "$tap_dir/state"
	mkdir -m 700 "$tap_dir/state"
	receiver_ask loki reset >/dev/null
}

forward() # [OPTION...] - [NAME=VALUE...]
{
	local options=()
	while [ $# -gt 0 ] && [ "$1" != - ]; do
		options+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	${through-} "$TELLTALE" forward --state="$tap_dir/state" -D "$journal" -S '-2h' --catch-up "${options[@]}" \
		loki "http://127.0.0.1:${receiver_port[loki]}" name=test "$@"
}

# All of the journal's, each once: entries of a stream with one time and text are one in Loki.
arrived() # NAME
{
	receiver_ask loki dump >"$tap_dir/dump"
	jq -r '.metadata.request_id' "$tap_dir/dump" | sort >"$tap_dir/ids"
	is "$1: nothing is missing" "$(sort -u "$tap_dir/ids" | comm -13 - "$tap_dir/want" | wc -l)" 0
	is "$1: nothing is there twice" "$(wc -l <"$tap_dir/ids")" $n
}

fresh
said=$(forward - 2>&1)
arrived "one run"
like "it says what it did" "$said" "^telltale: forward: $n sent, 0 filtered, 0 too old, 0 refused, in [0-9]+ requests\$"
is "labels are few" "$(jq -r '.labels | keys[]' "$tap_dir/dump" | sort -u | tr '\n' ' ')" "host level service_name "
is "names are telltale's" "$(jq -r '.metadata | keys[]' "$tap_dir/dump" | grep -c '[^a-z0-9_]')" 0
is "nothing of journald's own but what is said" \
	"$(jq -r '.metadata | keys[]' "$tap_dir/dump" | sort -u | grep -cE '^(cmdline|exe|uid|machine_id)$')" 0
said=$(forward - 2>&1)
like "a second run has nothing to do" "$said" ': 0 sent'

fresh
forward - size=10KiB entries=7 2>/dev/null
arrived "small requests"

fresh
forward - size=8MiB entries=100000 compress=none 2>/dev/null
arrived "larger than Loki takes"
is "it was told so" "$(receiver_ask loki requests | jq -r .status | grep -c 500)" \
	"$(receiver_ask loki requests | jq -r 'select(.status == 500) | .status' | wc -l)"

# ---- answers ----
for fault in 'do=429&next=2' 'do=500&next=2' 'do=503&retry_after=1&next=1' 'do=close&next=2' 'do=lost&next=2' \
	'do=half&next=1' 'do=slow&next=1'; do
	fresh
	receiver_ask loki "fault?$fault" >/dev/null
	forward - entries=1000 2>"$tap_dir/said"
	arrived "after $fault"
done

fresh
receiver_ask loki 'fault?do=hang&next=1' >/dev/null
forward - entries=1000 timeout=1s 2>"$tap_dir/said"
arrived "after no answer"
receiver_ask loki release >/dev/null
like "which is said" "$(<"$tap_dir/said")" 'time.*; again in 1 s'

fresh
receiver_ask loki down >/dev/null
rm "$tap_dir/said"
forward - entries=1000 2>"$tap_dir/said" &
pid=$!
receiver_wait loki grep -q 'again in' "$tap_dir/said"
receiver_ask loki up >/dev/null
wait $pid
arrived "after it was down"
like "which is said as well" "$(<"$tap_dir/said")" 'it takes records again'

# One that is never taken: it alone is set aside.
fresh
receiver_ask loki 'fault?do=400&body=no&next=4' >/dev/null
forward - entries=8 2>"$tap_dir/said"
receiver_ask loki dump | jq -r .metadata.request_id | sort >"$tap_dir/ids"
is "one is refused" "$(wc -l <"$tap_dir/ids")" $((n - 1))
refused=$tap_dir/state/test.refused.jsonl
is "and kept in a file" "$(jq -r '.entry.value[2].request_id' "$refused" | cat - "$tap_dir/ids" | sort | comm -13 - "$tap_dir/want" | wc -l)" 0
is "with the reason" "$(jq -r .why "$refused")" "it answers 400: no"

# What Loki partly stores is not sent again; what is too old is not sent at all.
fresh
receiver_ask loki 'limits?age_s=60' >/dev/null
said=$(forward - max_age=0 2>&1 | tail -n 1)
like "refused ones are counted" "$said" ": 0 sent, 0 filtered, 0 too old, $n refused, in [0-9]+ requests"
receiver_ask loki 'limits?age_s=604800' >/dev/null
fresh
said=$(forward - max_age=1m 2>&1 | tail -n 1)
like "so are those that are too old" "$said" ": 0 sent, 0 filtered, $n too old, 0 refused, in 0 requests"

# ---- credentials ----
printf 'Bearer %s\n' "$(printf 'to%s' ken1)" >"$tap_dir/authorization"
printf 'other\n' >"$tap_dir/token"
receiver locked loki.py --credentials "$tap_dir/authorization"
fresh
"$TELLTALE" forward --state="$tap_dir/state" -D "$journal" -S -2h --catch-up loki \
	"http://127.0.0.1:${receiver_port[locked]}" token_file="$tap_dir/token" 2>"$tap_dir/said" &
pid=$!
receiver_wait locked grep -q 'again in 60 s' "$tap_dir/said"
like "a wrong token is said" "$(<"$tap_dir/said")" 'it answers 401'
is "once a minute" "$(wc -l <"$tap_dir/said")" 1
kill $pid
wait $pid
is "and it can be ended meanwhile" $? 0
printf 'to%s\n' ken1 >"$tap_dir/token"
"$TELLTALE" forward --state="$tap_dir/state" -D "$journal" -S -2h --catch-up loki \
	"http://127.0.0.1:${receiver_port[locked]}" token_file="$tap_dir/token" 2>/dev/null
is "with the right one all arrive" "$(receiver_ask locked dump | wc -l)" $n

receiver tenants loki.py --limit auth=1
"$TELLTALE" forward --state="$tap_dir/state" -D "$journal" -S -2h --catch-up loki \
	"http://127.0.0.1:${receiver_port[tenants]}" tenant=ops-1 2>/dev/null
is "a tenant is named" "$(receiver_ask tenants dump | jq -r .tenant | sort -u)" ops-1

# ---- killed ----
fresh
kills=${TELL_FORWARD_KILLS:-100} batch=200
for ((i = 0; i < kills; i++)); do
	through="exec" forward -q - entries=$batch &
	pid=$!
	sleep "0.0$((RANDOM % 6 + 1))"
	kill -9 $pid 2>/dev/null || break # it had caught up
	wait $pid 2>/dev/null
done 2>/dev/null
forward -q - entries=$batch
arrived "killed $i times"
sent=$(receiver_ask loki requests | jq -s '[.[] | select(.status == 204) | .entries] | add')
ok "at most one request a kill came twice ($sent of $n)" [ "$sent" -le $((n + i * batch)) ]

# ---- told wrong ----
refuses() # NAME CODE REGEX COMMAND...
{
	local name=$1 code=$2 want=$3 said status
	shift 3
	said=$("$@" 2>&1)
	status=$?
	is "$name: status" $status "$code"
	like "$name" "$said" "$want"
}
refuses "a wrong label" 78 '"app.name" is no label.*letters, digits' forward - labels=app.name
refuses "an id as a label" 78 'each would be a stream' forward - labels=level,request_id
refuses "a wrong tenant" 78 '"a/b" is no tenant that Loki takes' forward - tenant=a/b
refuses "a password in the url" 78 'user= and password_file=' "$TELLTALE" forward -n loki http://u:p@host
refuses "no url" 78 "no url" "$TELLTALE" forward -n loki localhost:3100
refuses "no sink" 78 'no sink line' "$TELLTALE" forward --state="$tap_dir/state"
refuses "no such sink" 78 "did you mean 'loki'" "$TELLTALE" forward -n lokki http://x
refuses "no such journal" 66 'cannot be read' "$TELLTALE" forward -n -D "$tap_dir/none" loki http://x
refuses "a service's stack" 78 'a service does not wait' \
	"$TELLTALE" check "$(printf 'sink required loki url=http://x\n' >"$tap_dir/conf/shop" && echo shop)"
exec 9>"$tap_dir/state/test.lock"
flock -n 9
refuses "two at once" 75 'another process sends this already' forward -
exec 9>&-
done_testing
