#!/bin/bash
# The fake receivers over HTTP do what tests of forwarding take them to do: Loki, OTLP, Logstash's.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/receivers.sh"
need jq

# Posts a file, of $type or JSON: the answer's status is in $status, its body in $body.
post() # NAME PATH BODY-FILE [CURL-OPTION...]
{
	local name=$1 path=$2 file=$3
	shift 3
	status=$(curl -s -g -o "$tap_dir/answer" -w '%{http_code}' --max-time 20 -H "Content-Type: ${type:-application/json}" \
		"$@" --data-binary "@$file" "http://127.0.0.1:${receiver_port[$name]}$path")
	body=$(cat "$tap_dir/answer" 2>/dev/null)
	rm -f "$tap_dir/answer"
}

# ---- Loki -------------------------------------------------------------------------------------
now=$(date +%s)
at() # SECONDS-FROM-NOW [NANOSECONDS]
{
	printf '%d%09d' $((now + $1)) "${2:-0}"
}

push() # JSON [CURL-OPTION...]: on stdin when it is -; forgets what was stored before
{
	local json=$1
	shift
	if [ "$json" = - ]; then
		cat >"$tap_dir/push"
	else
		printf '%s' "$json" >"$tap_dir/push"
	fi
	[ -n "${keep-}" ] || receiver_ask loki reset >/dev/null
	post loki /loki/api/v1/push "$tap_dir/push" "$@"
}

stream() # LABELS ENTRY...: one stream of a push
{
	local labels=$1 IFS=,
	shift
	echo "{\"stream\":$labels,\"values\":[$*]}"
}

row() # NAME STATUS BODY-REGEX STORED-LINES
{
	is "Loki: $1: status" "$status" "$2"
	like "Loki: $1: body" "$body" "$3"
	is "Loki: $1: stored" "$(receiver_ask loki dump | jq -r '.line[:20]' | tr '\n' ' ')" "$4"
}

entry() # NS LINE [METADATA]
{
	echo "[\"$1\",\"$2\"${3:+,$3}]"
}

big=$(head -c 270000 /dev/zero | tr '\0' x)
many=$(jq -cn '[range(129) | {key: "k\(.)", value: "v"}] | from_entries')
good=$(entry "$(at 0)" good)
a='{"a":"b"}'
receiver loki loki.py

push "{\"streams\":[$(stream "$a" "$(entry "$(at -691200)" old)" "$good")]}"
row "8 days old and a good one" 400 'has timestamp too old' "good "
push "{\"streams\":[$(stream "$a" "$(entry "$(at 700)" new)" "$good")]}"
row "in 11 minutes and a good one" 400 'too new' "good "
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0 5)" now)" "$(entry "$(at -3700)" late)" "$(entry "$(at -3500)" fine)")]}"
row "an hour behind the newest" 400 'entry too far behind.* total ignored: 1 out of 3' "now fine "
push - < <(echo "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" "$big")" "$good")]}")
row "a line of 270 KB" 400 'Max entry size' "good "
push - < <(echo "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" m "{\"k\":\"${big:0:70000}\"}")" "$good")]}")
row "metadata of 70 KB" 400 'structured metadata too large' "good "
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" m "$many")" "$good")]}"
row "129 entries of metadata" 400 'too many structured metadata' "good "
push "{\"streams\":[$(stream '{"app.name":"x"}' "$good"),$(stream "$a" "$good")]}"
row "one label name with a dot" 400 "couldn't parse labels" ""
push "{\"streams\":[$(stream "$a" "$good")"
row "malformed JSON" 400 . ""
push "{\"streams\":[$(stream "$a" "[$(at 0),\"n\"]" "$good")]}"
row "a time that is a number" 400 . ""
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" n '{"n":1}')" "$good")]}"
row "metadata that is a number" 400 . ""
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" n '{"n":{"m":"v"}}')" "$good")]}"
row "nested metadata" 400 . ""
type=text/plain push "{\"streams\":[$(stream "$a" "$good")]}"
row "no JSON by its type" 400 'snappy: corrupt input' ""
fifteen=$(jq -cn '[range(15) | {key: "l\(.)", value: "v"}] | from_entries')
push "{\"streams\":[$(stream "$fifteen" "$good")]}"
row "15 labels, service_name is not counted" 204 '^$' "good "
push "{\"streams\":[$(stream "$(jq -c '.x = "v"' <<<"$fifteen")" "$good"),$(stream "$a" "$(entry "$(at 0)" other)")]}"
row "16 labels" 400 'limit 15' "other "
push "{\"streams\":[$(stream '{}' "$good")]}"
row "no labels" 204 '^$' "good "
is "Loki: ... has a service" "$(receiver_ask loki dump | jq -c .labels)" '{"service_name":"unknown_service"}'
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" same '{"id":"1"}')" "$(entry "$(at 0)" same '{"id":"2"}')" "$(entry "$(at 0)" other)")]}"
row "the same time and line once, whatever the metadata" 204 '^$' "same other "
is "Loki: ... the first one's" "$(receiver_ask loki dump | jq -r '.metadata.id // empty')" 1
keep=yes push "$(cat "$tap_dir/push")"
row "... and when it is sent again" 204 '^$' "same other "
push "{\"streams\":[$(stream '{"_SYSTEMD_UNIT":"u","APP":"x"}' "$(entry "$(at 0)" n '{"_SYSTEMD_UNIT":"1","trace.id":"2","1x":"3","a@b":"4"}')")]}"
is "Loki: names of metadata are rewritten, labels are not" "$(receiver_ask loki dump | jq -cS '[.labels, .metadata]')" \
	'[{"APP":"x","_SYSTEMD_UNIT":"u","service_name":"unknown_service"},{"a_b":"4","key_1x":"3","key_SYSTEMD_UNIT":"1","trace_id":"2"}]'
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" n '{"é":"1"}')")]}"
row "a letter beyond ASCII in a name" 204 '^$' "n "
query() # QUERY [PARAMETERS]
{
	curl -s -G "http://127.0.0.1:${receiver_port[loki]}/loki/api/v1/query_range" --data-urlencode "query=$1" ${2:+-d "$2"}
}
like "Loki: ... and no query of its stream answers" "$(query '{a="b"}')" 'err while creating labelset'
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" "")")]}"
row "an empty line" 204 '^$' ""
push - < <(printf '{"streams":[{"stream":{"a":"b"},"values":[["%s","x\xff\\u0000\\u001b\\ny"]]}]}' "$(at 0)")
is "Loki: bytes that are no text come back as U+FFFD, controls as they were" \
	"$(receiver_ask loki dump | jq -c .line)" "$(printf '"x\xef\xbf\xbd\\u0000\\u001b\\ny"')"
for coding in gzip deflate; do
	receiver_ask loki reset >/dev/null
	echo "{\"streams\":[$(stream "$a" "$good")]}" |
		python3 -c 'import gzip, sys, zlib
data, raw = sys.stdin.buffer.read(), zlib.compressobj(wbits=-15)
sys.stdout.buffer.write(gzip.compress(data) if sys.argv[1] == "gzip" else raw.compress(data) + raw.flush())' \
			$coding >"$tap_dir/push"
	post loki /loki/api/v1/push "$tap_dir/push" -H "Content-Encoding: $coding"
	row $coding 204 '^$' "good "
done
receiver_ask loki "limits?message=100000&line=0" >/dev/null
push - < <(echo "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" "$big")" "$good")]}")
row "a request that is too big when decoded" 500 'grpc: received message larger than max' ""
receiver_ask loki 'limits?message=4194304&burst=200000' >/dev/null
push -  -D "$tap_dir/head" < <(echo "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" "$big")")]}")
row "the tenant's rate" 429 'Ingestion rate limit exceeded' ""
is "Loki: ... says not when to come again" "$(grep -ci retry-after "$tap_dir/head")" 0
receiver_ask loki 'limits?burst=0&stream_burst=200000' >/dev/null
push - < <(echo "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" "$big")" "$good"),$(stream '{"c":"d"}' "$(entry "$(at 0)" other)")]}")
row "a stream's rate" 429 'Per stream rate limit exceeded.* total ignored: 2 out of 2' "other "
receiver_ask loki 'limits?stream_burst=0&streams=1' >/dev/null
push "{\"streams\":[$(stream "$a" "$good"),$(stream '{"c":"d"}' "$(entry "$(at 0)" other)")]}"
row "the number of streams" 429 'Maximum active stream limit exceeded' "good "
receiver_ask loki 'limits?streams=0&auth=1' >/dev/null
one="{\"streams\":[$(stream "$a" "$good")]}"
push "$one"
row "no tenant" 401 'no org id' ""
push "$one" -H 'X-Scope-OrgID: a b'
row "a tenant with a blank" 400 'unsupported character' ""
push "$one" -H 'X-Scope-OrgID: a|b'
row "two tenants" 400 'unsupported character' ""
push "$one" -H "X-Scope-OrgID: ${big:0:151}"
row "a tenant of 151 bytes" 400 'too long' ""
push "$one" -H "X-Scope-OrgID: a.b-c_(d)!*'"
row "a tenant with all that it may have" 204 '^$' "good "
is "Loki: ... it is the entry's" "$(receiver_ask loki dump | jq -r .tenant)" "a.b-c_(d)!*'"
receiver_ask loki 'limits?auth=0' >/dev/null
push "{\"streams\":[$(stream "$a" "$(entry "$(at 0)" one '{"id":"1"}')" "$(entry "$(at 1)" two)"),$(stream '{"a":"c"}' "$(entry "$(at 0)" three)")]}"
is "Loki: a query finds by labels and text" "$(query '{a=~"b|c"} |= "o" != "w"' | jq -c '.data.result[] | [.stream.id, .values[0][1]]')" '["1","one"]'
is "Loki: a query has its limit and direction" "$(query '{a="b"}' 'limit=1&direction=forward' | jq -r '.data.result[].values[][1]')" one

# ---- faults of HTTP, the same for all ---------------------------------------------------------
printf %s "$one" >"$tap_dir/one"
fault() # SPEC: and a push with it
{
	receiver_ask loki reset >/dev/null
	receiver_ask loki "fault?$1" >/dev/null
	shift
	post loki /loki/api/v1/push "$tap_dir/one" "$@"
	stored=$(receiver_ask loki dump | wc -l)
}

fault 'do=429&retry_after=7' -D "$tap_dir/head"
is "fault: a status, with nothing stored" "$status $stored" "429 0"
like "fault: Retry-After" "$(cat "$tap_dir/head")" 'Retry-After: 7'
fault 'do=500&store=yes'
is "fault: a status though it is stored" "$status $stored" "500 1"
fault 'do=400&body=malformed'
is "fault: a body" "$status $body" "400 malformed"
fault do=close
is "fault: closed after the headers" "$status $stored" "000 0"
fault do=lost
is "fault: the answer is lost" "$status $stored" "000 1"
fault 'do=half&bytes=10'
is "fault: half an answer" "$status $stored" "000 1"
fault do=slow
is "fault: an answer byte by byte" "$status $stored" "204 1"
(receiver_hangs loki && receiver_ask loki release >/dev/null) &
fault do=hang
wait $!
is "fault: no answer until it is released" "$status $stored" "204 1"
fault do=hang --max-time 0.3
receiver_idle loki
is "fault: no answer" "$status $stored" "000 0"
receiver_ask loki reset >/dev/null
receiver_ask loki 'fault?do=503&next=2' >/dev/null
is "fault: for so many requests" "$(for _ in 1 2 3; do
	post loki /loki/api/v1/push "$tap_dir/one"
	echo $status
done | tr '\n' ' ')" "503 503 204 "
is "requests: each one's status" "$(receiver_ask loki requests | jq -c '[.status, .stored]' | tr '\n' ' ')" \
	"[503,null] [503,null] [204,1] "
is "requests: bodies can be compared" "$(receiver_ask loki requests | jq -r .sha256 | sort -u)" \
	"$(sha256sum <"$tap_dir/one" | cut -d' ' -f1)"
is "requests: a body, byte by byte" "$(receiver_ask loki bodies/3 | sha256sum)" "$(sha256sum <"$tap_dir/one")"
post loki /loki/api/v1/push "$tap_dir/one" -H 'Transfer-Encoding: chunked'
is "a body in chunks" "$status" 204
receiver_ask loki down >/dev/null
post loki /loki/api/v1/push "$tap_dir/one"
is "down: refused" "$status" 000
receiver_ask loki up >/dev/null
post loki /loki/api/v1/push "$tap_dir/one"
is "up: on the same port" "$status" 204
fails "a limit that is none" 22 curl -sf "http://127.0.0.1:${receiver_control[loki]}/limits?nonsense=1"
receiver_end loki
printf 'Basic %s' "$(printf 'ann:%s' "$now" | base64)" >"$tap_dir/credentials"
receiver loki loki.py --credentials "$tap_dir/credentials" --limit labels=1
push "$one"
row "without credentials" 401 unauthorized ""
push "{\"streams\":[$(stream '{"a":"b","c":"d"}' "$good")]}" -u "ann:$now"
row "with credentials, and a limit by option" 400 'limit 1$' ""

# ---- OTLP -------------------------------------------------------------------------------------
receiver otlp otlp.py
logs() # JQ-CHANGE: of a right record
{
	jq -cn '{resourceLogs: [{resource: {attributes: [{key: "service.name", value: {stringValue: "shop"}}]},
		scopeLogs: [{scope: {name: "telltale"}, logRecords: [{timeUnixNano: "1795000000000000000",
		severityNumber: 9, severityText: "info", body: {stringValue: "paid"}, traceId: "0af7651916cd43dd8448eb211c80319c",
		spanId: "b7ad6b7169203331", attributes: [{key: "n", value: {intValue: "3"}}, {key: "list",
		value: {arrayValue: {values: [{boolValue: true}, {doubleValue: 1.5}]}}}, {key: "b", value: {bytesValue: "aGk="}}]}]}]}]}
		| .resourceLogs[0].scopeLogs[0].logRecords[0] |= ('"$1"')' >"$tap_dir/logs"
	receiver_ask otlp reset >/dev/null
	post otlp /v1/logs "$tap_dir/logs"
}

wrong() # NAME JQ-CHANGE BODY-REGEX
{
	logs "$2"
	is "OTLP: $1: refused, nothing stored" "$status $(receiver_ask otlp dump | wc -l)" "400 0"
	like "OTLP: $1: says why" "$body" "$3"
}

logs .
is "OTLP: a right record" "$status $body" '200 {}'
is "OTLP: ... as it is stored" "$(receiver_ask otlp dump | jq -c '[.resource, .scope, .body, .traceId, .attributes]')" \
	'[{"service.name":"shop"},"telltale","paid","0af7651916cd43dd8448eb211c80319c",{"n":3,"list":[true,1.5],"b":{"bytes":"6869"}}]'
gzip -c "$tap_dir/logs" >"$tap_dir/logs.gz"
post otlp /v1/logs "$tap_dir/logs.gz" -H 'Content-Encoding: gzip'
is "OTLP: gzip" "$status $(receiver_ask otlp dump | wc -l)" "200 2"
receiver_ask otlp 'fault?do=503&retry_after=1' >/dev/null
post otlp /v1/logs "$tap_dir/logs" -D "$tap_dir/head"
is "OTLP: 503, and when to come again" "$status $(grep -ci '^retry-after: 1' "$tap_dir/head")" "503 1"
wrong "a time that is a number" '.timeUnixNano = 1795000000000000000' 'timeUnixNano: is no text'
wrong "a trace id of 30 digits" '.traceId = .traceId[2:]' '30 digits'
wrong "a trace id in base64" '.traceId = "CvdlGRbNQ92ESOshHIAxnA=="' hexadecimal
wrong "a span id of 32 digits" '.spanId = .traceId' '32 digits'
wrong "a trace id of zeros" '.traceId = "0" * 32' 'all zero'
wrong "a severity of 25" '.severityNumber = 25' 'not 1 to 24'
wrong "an integer that is a number" '.attributes[0].value.intValue = 3' 64-bit
wrong "an attribute with two values" '.attributes[0].value.stringValue = "3"' 'more than one'
wrong "an attribute that comes twice" '.attributes += [.attributes[0]]' 'is n again'
wrong "a value without its type" '.attributes[0].value = 3' 'no object'
wrong "a name in another spelling" '.trace_id = .traceId' 'unknown member trace_id'
wrong "base64 that is none" '.attributes[2].value.bytesValue = "a"' base64
logs .
type=application/x-protobuf post otlp /v1/logs "$tap_dir/logs"
is "OTLP: another content type" "$status" 415
receiver_ask otlp 'fault?do=partial&rejected=1&why=odd' >/dev/null
post otlp /v1/logs "$tap_dir/logs"
is "OTLP: partly taken" "$status $body" '200 {"partialSuccess": {"rejectedLogRecords": "1", "errorMessage": "odd"}}'
is "OTLP: ... and partly stored" "$(receiver_ask otlp requests | jq -c .stored | tail -n 1)" 0

# ---- Logstash over HTTP -----------------------------------------------------------------------
receiver http logstash_http.py --limit pending=3
deliver() # BODY [CURL-OPTION...]
{
	printf %s "$1" >"$tap_dir/event"
	shift
	receiver_ask http reset >/dev/null
	receiver_ask http release >/dev/null
	post http / "$tap_dir/event" "$@"
	events=$(receiver_ask http dump | jq -c '.event | del(."@timestamp", ."@version")' | tr '\n' ' ')
}

deliver '{"message":"one"}'
is "Logstash http: an object" "$status $body $events" '200 ok {"message":"one"} '
deliver '[{"message":"one"},{"message":"two"}]'
is "Logstash http: an array" "$status $events" '200 {"message":"one"} {"message":"two"} '
type=application/x-ndjson deliver '{"message":"one"}
{"message":"two"}'
is "Logstash http: lines of JSON are one text" "$events" '{"message":"{\"message\":\"one\"}\n{\"message\":\"two\"}"} '
deliver '{"message":'
is "Logstash http: bad JSON is 200 and a tag" "$status $events" '200 {"message":"{\"message\":","tags":["_jsonparsefailure"]} '
receiver_ask http 'fault?do=503' >/dev/null
post http / "$tap_dir/event"
is "Logstash http: 503" "$status" 503
deliver '[{},{},{},{}]'
is "Logstash http: its queue is full" "$status $body" '429 Busy'
done_testing
