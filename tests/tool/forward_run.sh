#!/bin/bash
# telltale forward as a service: what its ways count are its metrics, how they are its health, and
# nothing of what it says itself comes back.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
receiver hook logstash_http.py
receiver other logstash_http.py
url="http://127.0.0.1:${receiver_port[hook]}"
other="http://127.0.0.1:${receiver_port[other]}"
log=$tap_dir/log
mkdir "$log"

put() # FIRST LAST: lines of the log
{
	local i
	for ((i = $1; i <= $2; i++)); do
		printf '{"timestamp":"%s","level":"info","message":"m","request_id":"%d"}\n' \
			"$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$i"
	done >>"$log/a.jsonl"
}

start() # WORD...: in the background; $pid, and until it can be asked
{
	"$TELLTALE" forward -q --state="$tap_dir/state" "$@" 2>"$tap_dir/said" &
	pid=$!
	local i
	for ((i = 0; i < 400; i++)); do
		"$TELLTALE" status telltale-forward --pid=$pid >/dev/null 2>&1 && return
		sleep 0.05
	done
}

end()
{
	kill -TERM $pid
	wait $pid
}

numbers()
{
	"$TELLTALE" status telltale-forward --pid=$pid -o prometheus
}

number() # NAME [LABEL]: its value
{
	numbers | grep "^telltale_forward_$1{.*${2-}" | sed 's/.* //; s/\.0$//'
}

until_is() # VALUE NAME [LABEL]
{
	local i
	for ((i = 0; i < 400; i++)); do
		[ "$(number "${@:2}")" = "$1" ] && return
		sleep 0.05
	done
	return 1
}

until_like() # PATTERN COMMAND...: $got is what it said last
{
	local i
	for ((i = 0; i < 600; i++)); do
		got=$("${@:2}" 2>&1)
		[[ $got =~ $1 ]] && return
		sleep 0.05
	done
	return 1
}

# ---- the numbers of one way ----
put 1 300
start --file="$log/*.jsonl" -S 2020-01-01 webhook "$url" entries=100 compress=none
until_is 300 sent_total
is "what was read and sent" "$(number read_total) $(number sent_total) $(number requests_total)" "300 300 3"
is "... over the wire" "$(number sent_bytes_total)" \
	"$(($(for i in 1 2 3; do receiver_ask hook "bodies/$i"; done | wc -c)))"
until_is 0 lag_seconds
is "nothing waits" "$(number lag_seconds) $(number lag_bytes) $(number up) $(number away_seconds)" "0 0 1 0"
is "every number has its sentence and its type" "$(numbers | grep '^telltale_forward_' | sed 's/{.*//' | sort -u | wc -l)" \
	"$(numbers | grep -c '^# HELP telltale_forward_')"
is "... and a form that is one" "$(numbers | awk -f "$top_srcdir/tests/support/exposition.awk")" ""
names=$(numbers | sed -n 's/^# TYPE \(telltale_forward_[a-z_]*\) .*/\1/p' | sort)
is "the manual has them all" "$(tr -d '\\' <"$top_srcdir/doc/man/telltale-forward.1.scd" |
	grep -o 'telltale_forward_[a-z_]*' | sort -u)" "$names"
rules=$top_srcdir/packaging/prometheus/telltale-forward.rules.yml
is "the alerts have no others" "$(grep -o 'telltale_forward_[a-z_]*' "$rules" | sort -u | comm -13 <(echo "$names") -)" ""
if command -v promtool >/dev/null; then
	is "promtool has nothing to say of them" "$(numbers | promtool check metrics 2>&1)" ""
	ok "... nor of the alerts" promtool check rules "$rules"
else
	skip "no promtool" "promtool has nothing to say of them"
fi
receiver_ask hook 'fault?do=400' >/dev/null
receiver_ask hook 'fault?do=400' >/dev/null
put 301 301
until_is 1 refused_total
is "what is refused is counted, and where it is kept" "$(number refused_total) $(number set_aside_total)" "1 1"
"$TELLTALE" status telltale-forward --nagios >"$tap_dir/nagios"
is "it is well" "$?:$(cut -d' ' -f1-2 "$tap_dir/nagios")" "0:TELLTALE OK"
like "... and how far it is, for monitoring" "$(<"$tap_dir/nagios")" \
	"'webhook-[^ ]* lag'=0\.000s;;;0 'webhook-[^ ]* left'=0B;;;0\$"
receiver_ask hook 'down?reset' >/dev/null
put 302 304
until_is 0 up
ok "its receiver is away: that is counted" [ "$(number retries_total)" -ge 1 ]
ok "... and since when" awk "BEGIN { exit !($(number away_seconds) > 0) }"
ok "... and how long a record has waited" awk "BEGIN { exit !($(number lag_seconds) > 0) }"
like "status has a line for the way" "$("$TELLTALE" status telltale-forward --pid=$pid)" \
	'  way      webhook-127\.0\.0\.1_[0-9]+-[0-9a-f]{8}: 300 sent, 1 refused, [0-9]+s behind, away for [0-9]+s'
until_like 'TELLTALE WARNING' "$TELLTALE" status telltale-forward --pid=$pid --nagios
is "it is degraded for monitoring" "$("$TELLTALE" status telltale-forward --pid=$pid --nagios >/dev/null; echo $?)" 1
like "... and says why" "$("$TELLTALE" status telltale-forward --pid=$pid)" \
	'forward +degraded, .*: webhook-[^ ]*: its receiver has taken nothing for'
receiver_ask hook up >/dev/null
until_is 303 sent_total
until_is 0 lag_seconds
is "it is back" "$(number up) $(number away_seconds) $(number lag_seconds)" "1 0 0"
end
is "it ends well" $? 0

# ---- what its stack says of metrics and health ----
expose=
mkdir "$tap_dir/at"
forward_object tell_metric_expose && expose=1
stack telltale-forward <<-END
	source required file path=$log/*.jsonl
	metric required publish every=1s
	${expose:+metric required expose listen=unix:$tap_dir/at/metrics every=1s}
	health required forward away=1ms name=ways every=1s
	sink required webhook url=$url
	sink required webhook url=$other
END
start -S 2020-01-01
like "a name of the line's own" "$("$TELLTALE" status telltale-forward --pid=$pid)" '    ways +(healthy|unknown)'
receiver_ask other down >/dev/null
put 305 306
until_is 0 up "${receiver_port[other]}"
if [ "$expose" ]; then
	until_like 'telltale_forward_up' curl -sS --unix-socket "$tap_dir/at/metrics" http://forward/metrics
	is "they can be scraped, each way's" "$(grep -c '^telltale_forward_up{way="webhook-' <<<"$got")" 2
else
	skip "built without libmicrohttpd" "they can be scraped"
fi
until_is 306 sent_total "${receiver_port[hook]}" || until_is 2 sent_total "${receiver_port[hook]}"
is "a way whose receiver is there is not held up" "$(number up "${receiver_port[hook]}")" 1
until_like 'TELLTALE CRITICAL' "$TELLTALE" status telltale-forward --pid=$pid --nagios
like "over away= it is unhealthy" "$got" '^TELLTALE CRITICAL - telltale-forward\[[0-9]+\]: 1 of 1 checks fail: ways'
is "... for who asks whether it is ready" "$("$TELLTALE" status telltale-forward --pid=$pid --ready; echo $?)" 1
children=$(pgrep -P $pid)
kill -9 $children
until_is 1 restarts_total "${receiver_port[hook]}"
until_is 0 up "${receiver_port[other]}"
like "a way that broke is started again, and named" "$(cat "$tap_dir/said")" \
	"telltale: forward: webhook-127.0.0.1_${receiver_port[hook]}-[0-9a-f]+: it ended by Killed and is started again"
put 307 307
until_like 307 receiver_ask hook dump
ok "... and goes on" [ "$(receiver_ask hook dump | grep -c '"307"')" = 1 ]
is "... with its numbers" "$(until_is 1 restarts_total "${receiver_port[hook]}"; n=$(number sent_total "${receiver_port[hook]}"); [ "$n" -ge 3 ] && echo yes)" yes
is "each line of two processes is whole" "$(grep -vc '^telltale: forward: ' "$tap_dir/said")" 0
receiver_ask other up >/dev/null
end

# ---- it ends when it is told to, also in the middle of a long backlog ----
for ((i = 0; i < 30000; i++)); do echo "line $i"; done >"$tap_dir/long.log"
receiver_ask hook reset >/dev/null
start --state="$tap_dir/long" -S 2020-01-01 --file="$tap_dir/long.log" webhook "$url" entries=5
until_like '"stored"' receiver_ask hook requests
end
is "told to stop it stops" $? 0
ok "... before its end" [ "$(receiver_ask hook requests | wc -l)" -lt 6000 ]

# ---- the service manager hears that it lives while it waits for an answer ----
export NOTIFY_SOCKET=$tap_dir/notify
python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(4096).decode(), flush=True)' "$NOTIFY_SOCKET" >"$tap_dir/heard" &
manager=$!
pings() # more than there were, while nothing comes back
{
	local before i
	before=$(grep -c WATCHDOG=1 "$tap_dir/heard")
	for ((i = 0; i < 400; i++)); do
		[ "$(grep -c WATCHDOG=1 "$tap_dir/heard")" -ge $((before + 3)) ] && return
		sleep 0.05
	done
	return 1
}
until_like . ls "$NOTIFY_SOCKET"
receiver beats lumberjack.py
for way in hook:webhook:"$url" beats:logstash:127.0.0.1:port="${receiver_port[beats]}"; do
	IFS=: read -r name sink place <<<"$way"
	receiver_ask "$name" 'fault?do=hang' >/dev/null
	# shellcheck disable=SC2086
	start --state="$tap_dir/$name" -S 2020-01-01 --file="$log/*.jsonl" $sink ${place/:port/ port} timeout=10m
	receiver_hangs "$name"
	ok "$sink: in a request without an answer the watchdog is fed" pings
	like "... and what waits is said" "$(tail -n 1 "$tap_dir/heard")" 'STATUS=0 sent|WATCHDOG'
	receiver_ask "$name" release >/dev/null
	end
done
kill $manager
unset NOTIFY_SOCKET

# ---- a run that sends nothing is no service ----
"$TELLTALE" forward -q --dry-run --state="$tap_dir/state" -S 2020-01-01 --file="$log/*.jsonl" webhook "$url" \
	>"$tap_dir/shown" 2>&1 &
pid=$!
wait_for "$tap_dir/shown" 1
is "a dry run cannot be asked" "$("$TELLTALE" status telltale-forward --pid=$pid >/dev/null 2>&1; echo $?)" 69
end

# ---- mistakes ----
"$TELLTALE" forward --state="$tap_dir/state" webhook "$url" 'compres=none' >"$tap_dir/said" 2>&1
is "a wrong word is shown" "$?:$(cat "$tap_dir/said")" \
	"78:telltale: forward: \"compres=none\": unknown option 'compres' of module 'webhook'; did you mean 'compress'?"
"$TELLTALE" forward --state="$tap_dir/state" webhok "$url" >"$tap_dir/said" 2>&1
like "... also where it is the sink" "$?:$(cat "$tap_dir/said")" '^78:telltale: forward: "webhok": '
receiver_ask hook 'fault?do=503' >/dev/null
"$TELLTALE" forward --state="$tap_dir/state2" -S 2020-01-01 --catch-up --file="$log/*.jsonl" webhook "$url" >"$tap_dir/said" 2>&1
like "a request without an answer is none" "$(cat "$tap_dir/said")" \
	': 307 sent, 0 filtered, 0 too old, 0 refused, in 1 requests; 1 more had no answer, or were put off$'
receiver_end other
is "health forward is no service's" "$(echo 'health required forward' | stack shop; "$TELLTALE" check shop 2>&1 | grep -c 'only a forwarder has ways')" 1
done_testing
