#!/bin/bash
# telltale forward logstash: all that is in a journal is in Logstash once it has acknowledged it, once,
# whatever the connection does in between.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
. "$top_srcdir/tests/support/certificates.sh"
make_journal "$tap_dir/journal" 1200 7
sort "$tap_dir/journal/request_ids" >"$tap_dir/all"
id=.event.labels.request_id

# ---- beats --------------------------------------------------------------------------------------
receiver beats lumberjack.py
beats=(logstash 127.0.0.1 "port=${receiver_port[beats]}")
forward "${beats[@]}"
is "beats: it ends well" "$?" 0
ids beats "$id"
all_came "beats: all came, once"
is "beats: nothing that Logstash stumbles over" "$(receiver_ask beats dump | jq -c 'select(.odd or .event.tags)')" ""
is "beats: packed" "$(receiver_ask beats requests | jq -s '(map(.wire) | add) < 300000')" true
forward "${beats[@]}"
ids beats "$id"
all_came "beats: the next run has nothing to send"
fresh beats
forward "${beats[@]}" compress=none layout=flat entries=700
ids beats .event.request_id
all_came "beats: plain, flat, in two windows"
is "beats: ... of so many" "$(receiver_ask beats requests | jq -c .window | tr '\n' ' ')" "700 500 "

for fault in noack 'noack&reset=yes' 'first&k=300' close half; do
	fresh beats
	receiver_ask beats "fault?do=$fault" >/dev/null
	forward "${beats[@]}"
	ids beats "$id"
	case $fault in
	first*)
		all_came "beats: a window of which only the first are acknowledged ends after them: each once"
		;;
	close)
		all_came "beats: a window that is refused comes again: each once"
		;;
	*)
		all_came_at_least_once "beats: an acknowledgement that is lost ($fault): none is missing"
		;;
	esac
	grep -q 'it takes records again' "$tap_dir/said" || flunk "beats: $fault is said, and its end" "$(<"$tap_dir/said")"
done

# An acknowledgement that never comes, told by words that it is at work: no time-out ends that.
fresh beats
receiver_ask beats 'fault?do=hang&busy=yes' >/dev/null
(
	receiver_wait beats eval '[ "$(receiver_ask beats requests | wc -l)" -ge 1 ]'
	sleep 1.5
	receiver_ask beats release >/dev/null
) &
forward "${beats[@]}" timeout=1s
wait $!
ids beats "$id"
all_came "beats: one that is busy is waited for: each once"
fresh beats
receiver_ask beats 'fault?do=hang&busy=yes' >/dev/null
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 "${beats[@]}" >"$tap_dir/said" 2>&1 &
victim=$!
receiver_wait beats eval '[ "$(receiver_ask beats requests | wc -l)" -ge 1 ]'
kill $victim
wait $victim
is "beats: nor is it in who ends us" "$?" 0
ids beats "$id"
all_came_at_least_once "beats: ... and all is there"
fresh beats
receiver_ask beats 'fault?do=hang' >/dev/null
forward "${beats[@]}" timeout=200ms
ids beats "$id"
all_came_at_least_once "beats: one that says nothing is not"
like "beats: ... as it is said" "$(<"$tap_dir/said")" 'it does not acknowledge; again in'
receiver_end beats
receiver beats lumberjack.py --partial 100 --busy 3
fresh beats
beats=(logstash 127.0.0.1 "port=${receiver_port[beats]}")
forward "${beats[@]}"
ids beats "$id"
all_came "beats: acknowledged in parts, busy in between: each once"

# Cut anywhere: what was acknowledged before is not sent again, the rest is.
receiver cable proxy.py --to "${receiver_port[beats]}"
for after in 3 5000 60000; do
	fresh beats
	receiver_ask cable reset >/dev/null
	receiver_ask cable "fault?do=cut&after=$after" >/dev/null
	forward logstash 127.0.0.1 "port=${receiver_port[cable]}"
	ids beats "$id"
	all_came "beats: cut after $after bytes: each once"
done

# Killed while the receiver has it.
fresh beats
receiver_ask beats 'fault?do=hang' >/dev/null
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 --catch-up "${beats[@]}" entries=500 \
	>/dev/null 2>&1 &
victim=$!
receiver_wait beats eval '[ "$(receiver_ask beats requests | wc -l)" -ge 1 ]'
kill -9 $victim
wait $victim 2>/dev/null
receiver_ask beats release >/dev/null
forward "${beats[@]}" entries=500
ids beats "$id"
all_came_at_least_once "beats: killed in between: none is missing"
is "beats: ... one window came twice" "$(wc -l <"$tap_dir/came")" 1700

# ---- lines of JSON ------------------------------------------------------------------------------
receiver lines logstash_tcp.py
lines=(logstash 127.0.0.1 "port=${receiver_port[lines]}" proto=tcp)
forward "${lines[@]}"
receiver_wait lines eval '[ "$(receiver_ask lines dump | wc -l)" -ge 1200 ]' # it need not have read it yet
ids lines "$id"
all_came "tcp: all came, once"
is "tcp: nothing that Logstash stumbles over" "$(receiver_ask lines dump | jq -c 'select(.odd or .event.tags or .unterminated)')" ""
forward logstash 127.0.0.1 proto=tcp
is "tcp: it has no port of its own" "$?:$(grep -c 'add port=NUMBER' "$tap_dir/said")" 78:1
forward -n logstash logs.example.net:5044
is "a port behind the host" "$?:$(grep -c 'port=NUMBER' "$tap_dir/said")" 78:1
forward logstash 127.0.0.1 ca=/x
is "tcp: ca= without tls=yes" "$?:$(grep -c 'add tls=yes' "$tap_dir/said")" 78:1

# ---- TLS ----------------------------------------------------------------------------------------
if command -v certtool >/dev/null && forward_object tell_sink_tls; then
	certificates_begin "$tap_dir/made"
	certificate server server
	certificate client client
	receiver secure lumberjack.py --cert "$certificates/server.pem" --key "$certificates/server.key" \
		--ca "$certificates/ca.pem" --partial 100 --busy 1
	secure=("port=${receiver_port[secure]}" tls=yes "ca=$certificates/ca.pem" "cert=$certificates/client.pem"
		"key=$certificates/client.key")
	fresh secure
	forward logstash 127.0.0.1 "${secure[@]}"
	ids secure "$id"
	all_came "TLS: all came, once"
	fresh secure
	"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 --catch-up \
		logstash 127.0.0.1 "${secure[@]}" servername=other.example.test >"$tap_dir/said" 2>&1 &
	other=$!
	receiver_wait secure eval 'grep -q "again in" "$tap_dir/said"'
	kill $other
	wait $other 2>/dev/null
	is "TLS: nothing to one that has another name" "$(receiver_ask secure dump | wc -l)" 0
	like "TLS: ... and it says so" "$(<"$tap_dir/said")" 'other.example.test'
else
	skip "certtool or the TLS module is missing" "TLS: all came, once"
	skip "certtool or the TLS module is missing" "TLS: nothing to one that has another name"
	skip "certtool or the TLS module is missing" "TLS: ... and it says so"
fi
done_testing
