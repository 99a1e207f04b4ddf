#!/bin/bash
# telltale status: as text, JSON and metrics, which promtool takes; of all processes and users.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/asked.sh"
shop='' billing='' queued='' well='' ill=''
need jq

like "nobody there" "$("$TELLTALE" status)" '^No service that runs here can be asked\. .*control=yes'
is "is no error" "$("$TELLTALE" status >/dev/null; echo $?)" 0
is "nor a line of JSON" "$("$TELLTALE" status -o json)" ""
fails "but a service that is asked for by name is" 69 "$TELLTALE" status shop

# A first sink that is down, a second that takes over.
printf '%s\n' "service required settings control=yes" \
	"sink [success=done default=ignore] syslog proto=unix path=$tap_dir/nobody" \
	"sink required file path=$tap_dir/log" | stack shop
printf '%s\n' "service required settings control=yes" "metric optional host" "sink required permit" |
	stack billing
start shop shop
start billing billing
tell_it shop "go 3"
tell_it billing "go 2"
"$TELLTALE" ctl shop level debug --for=1h >/dev/null

# ---- text ----
said=$("$TELLTALE" status shop)
like "who it is" "$said" "^shop, pid $shop, user $(id -un), up [0-9.]+m?s, telltale [0-9]"
like "its stack" "$said" "stack    $conf/shop"
like "its level rules" "$said" 'level    debug, for another (1h|59m)'
like "its sinks: the one that is down" "$said" 'syslog +[0-9]+ +0 +0   [0-9]+ unavailable'
like "and the one that took over" "$said" 'file +[0-9]+ +[1-9][0-9]* +0   0'
like "which metrics there are, and where" "$said" \
	'metrics  ([a-z_]+, )*requests(_total)?(, [a-z_]+)*; -o prometheus has their values'
is "the ledger's own are not among them" "$(grep -c 'metrics .*telltale_' <<<"$said")" 0
like "all of them" "$("$TELLTALE" status)" "billing, pid $billing.*shop, pid $shop"
is "one of them" "$("$TELLTALE" status --pid="$billing" | grep -c '^[a-z]')" 1
is "no colours into a pipe" "$("$TELLTALE" status | grep -c $'\e')" 0
like "colours when asked" "$("$TELLTALE" status --color=always)" $'\e'

# ---- JSON ----
json=$("$TELLTALE" status --format=json)
is "an object a line" "$(jq -r .service <<<"$json" | paste -sd' ')" "billing shop"
is "of whom, as the kernel says" "$(jq -c '[.uid, .peer_pid] | map(tostring)' <<<"$json" | head -n1)" \
	"[\"$(id -u)\",\"$billing\"]"
adds_up='.records | .made == .delivered + .filtered + .undelivered + .queued + .dropped - .recovered'
is "the ledger adds up" "$(jq -c "$adds_up" <<<"$json" | sort -u)" true
is "and so does each sink's" "$(jq -c '.sinks[] | .offered == .delivered + .spooled +
	([.dropped[]] | add // 0)' <<<"$json" | sort -u)" true
is "metrics have their numbers" "$(jq -c 'select(.service == "shop") | .metrics[] |
	select(.name == "requests") | .samples[0].value' <<<"$json")" 3

# ---- metrics ----
"$TELLTALE" status -o prometheus >"$tap_dir/text"

# ---- a file for node_exporter ----
mkdir "$tap_dir/textfile"
echo old >"$tap_dir/textfile/telltale.prom"
exec 9<"$tap_dir/textfile/telltale.prom"
ok "a text file is written" "$TELLTALE" status --textfile "$tap_dir/textfile"
is "and nothing else" "$(ls -A "$tap_dir/textfile")" telltale.prom
is "it has all services" "$(grep -o '^telltale_records_total{service="[a-z]*"' \
	"$tap_dir/textfile/telltale.prom" | sort -u | wc -l)" 2
is "others may read it" "$(stat -c %a "$tap_dir/textfile/telltale.prom")" 644
is "who read the old one reads on in that" "$(cat <&9)" old
exec 9<&-
fails "a directory that is not there is an error" 73 "$TELLTALE" status --textfile "$tap_dir/none"
fails "one service alone would hide the others" 64 "$TELLTALE" status --textfile "$tap_dir" shop
like "with service and pid" "$(<"$tap_dir/text")" \
	"requests_total\{service=\"shop\",pid=\"$shop\",path=\"GET ../....\",status=\"200\"\} 3"
like "the machine's, of who has metric host" "$(<"$tap_dir/text")" \
	"system_cpu_time_seconds_total\{service=\"billing\",pid=\"$billing\",cpu_mode=\"user\"\} [0-9]"
is "and of nobody else" "$(grep -c '^system_.*service="shop"' "$tap_dir/text")" 0
is "a family's samples stand together" "$(sed -nE 's/^# TYPE ([^ ]+) .*/\1/p' "$tap_dir/text" |
	sort | uniq -d)" ""
like "losses by sink and reason" "$(<"$tap_dir/text")" \
	'telltale_records_dropped_total\{service="shop",pid="[0-9]+",sink="syslog",reason="unavailable"\} [1-9]'
"$TELLTALE" status -o openmetrics >"$tap_dir/openmetrics"
is "OpenMetrics has an end" "$(tail -n1 "$tap_dir/openmetrics")" "# EOF"
like "and units" "$(<"$tap_dir/openmetrics")" '# UNIT load_ratio ratio'
promtool=${PROMTOOL:-$(command -v promtool)}
if [ -n "$promtool" ]; then
	ok "promtool takes the text" bash -c "'$promtool' check metrics <'$tap_dir/text'"
	# It reads OpenMetrics only as history: with a time behind each sample.
	sed '/^#/!s/$/ 1700000000/' "$tap_dir/openmetrics" >"$tap_dir/history"
	ok "promtool takes OpenMetrics" "$promtool" tsdb create-blocks-from openmetrics \
		"$tap_dir/history" "$tap_dir/tsdb"
	printf '# TYPE x counter\nx 1\n# EOF\n' >"$tap_dir/history"
	fails "promtool sees what is none" 1 "$promtool" tsdb create-blocks-from openmetrics \
		"$tap_dir/history" "$tap_dir/tsdb"
else
	skip "promtool is missing" "promtool takes both"
fi

# ---- health ----
printf '%s\n' "health required disk path=/ free=0 inodes=0 every=1h" \
	"health optional tcp name=gone host=127.0.0.1 port=1 every=1h" "health required permit" \
	"sink required file path=$tap_dir/well.log" | stack well
printf '%s\n' "health required disk path=/ free=100% inodes=0 live=yes" "sink required permit" | stack ill
start well well
start ill ill
: "$ill"
until_said() # REGEX SERVICE: its status, once it has that
{
	local try
	for ((try = 0; try < 600; try++)); do
		said=$("$TELLTALE" status "$2")
		[[ $said =~ $1 ]] && return 0
		sleep 0.05
	done
	return 1
}
until_said 'health   degraded' well
is "a service says how it is" "$?" 0
like "and its checks" "$said" 'disk +healthy, [0-9.]+ ms, since 20'
like "with the reason" "$said" 'gone +unhealthy, .*: cannot connect to 127.0.0.1:1: Connection refused'
until_said 'health   unhealthy, not live' ill
is "and another" "$?" 0
is "degraded is ready" "$("$TELLTALE" status --ready well; echo $?)" 0
is "and live" "$("$TELLTALE" status --live well; echo $?)" 0
fails "unhealthy is not ready" 1 "$TELLTALE" status --ready ill
fails "nor live, when the line says live=yes" 1 "$TELLTALE" status --live ill
is "without health lines it is when it answers" "$("$TELLTALE" status --ready shop; echo $?)" 0
fails "a service that is not there" 69 "$TELLTALE" status --ready nobody
fails "a probe wants a service" 64 "$TELLTALE" status --live
said=$("$TELLTALE" status --nagios well)
is "a plugin's code: degraded" "$?" 1
like "and line" "$said" "^TELLTALE WARNING - well\[$well\]: 1 of 3 checks fail: gone \| 'disk'=[0-9.]+ms;;;0 'gone'="
said=$("$TELLTALE" status --nagios ill)
is "unhealthy" "$?" 2
like "in words" "$said" '^TELLTALE CRITICAL - ill'
said=$("$TELLTALE" status --nagios nobody 2>/dev/null)
is "nobody there" "$? $said" "3 TELLTALE UNKNOWN - nobody cannot be asked"
is "as JSON" "$("$TELLTALE" status -o json well | jq -c '[.health.status, .health.live,
	(.health.checks | keys), .health.checks.disk.details.path]')" \
	'["degraded",true,["disk","gone","permit"],"/"]'
"$TELLTALE" status -o prometheus well >"$tap_dir/text"
like "as gauges" "$(<"$tap_dir/text")" "telltale_health_status\{service=\"well\",pid=\"$well\",check=\"gone\"\} 0"
like "and of all" "$(<"$tap_dir/text")" "telltale_health\{service=\"well\",pid=\"$well\"\} 0.5"
[ -z "$promtool" ] || ok "which promtool takes" bash -c "'$promtool' check metrics <'$tap_dir/text'"
like "and records of the catalogue" "$(<"$tap_dir/well.log")" '"event":"health.degraded"'
stop well
stop ill

# ---- a queue ----
if [ "$(stat -f -c %T "$run")" = tmpfs ]; then
	printf '%s\n' "queue required ring" "sink required file path=$tap_dir/queued" | stack queued
	start queued queued
	tell_it queued "go 500"
	is "a flush" "$("$TELLTALE" ctl queued flush)" "queued[$queued]: flushed"
	is "waits for the queue" "$(grep -c '"served"' "$tap_dir/queued")" 500
	like "its lanes" "$("$TELLTALE" status queued)" 'queue    1 lane, 0 queued'
	json=$("$TELLTALE" status -o json queued)
	is "nothing is missing" "$(jq -c ".records.made, ($adds_up), .queue" <<<"$json" | paste -sd' ')" \
		'501 true {"lanes":1,"passed":0}'
	"$TELLTALE" status -o prometheus queued >"$tap_dir/text"
	like "what waits is a metric" "$(<"$tap_dir/text")" \
		"telltale_records_queued\{service=\"queued\",pid=\"$queued\"\} 0"
	like "so is what the dead left" "$(<"$tap_dir/text")" 'telltale_records_recovered_total\{.*\} 0'
	stop queued
else
	skip "no memory for a queue" "a queue"
fi

# ---- a child, a liar ----
tell_it shop fork
child=$answer
wait_for_socket shop "$child"
is "a forked child is a process of its own" "$("$TELLTALE" status -o json --pid="$child" |
	jq -c '[.records.made, (.metrics[] | select(.name == "requests") | .samples[].value)]')" '[1,0]'
if command -v python3 >/dev/null; then
	python3 - "$run/telltale/liar.$$.ctl" <<-'END' &
		import socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		s.bind(sys.argv[1]); s.listen(8)
		for answer in ["ok\n{\"stack\":\"\\u001b[31mx\",\"metrics\":[]}", "ok\nnonsense",
			       "what", "error 78 \x1b[31m no"]:
		    c, _ = s.accept(); c.recv(4096); c.send(answer.encode()); c.close()
	END
	service_pids+=($!)
	wait_for_socket liar $$
	is "what it says reaches no terminal raw" "$("$TELLTALE" status liar | grep -c $'\e')" 0
	fails "an answer that is no JSON" 76 "$TELLTALE" status liar
	fails "an answer that is none" 76 "$TELLTALE" status liar
	said=$("$TELLTALE" status liar 2>&1)
	is "an error has its code" "$?" 78
	is "and no control bytes" "$(grep -c $'\e' <<<"$said")" 0
fi

fails "an unknown format" 64 "$TELLTALE" status -o xml
fails "two services" 64 "$TELLTALE" status shop billing
done_testing
