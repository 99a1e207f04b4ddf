#!/bin/bash
# telltale forward otlp: all that is in a journal is with an OTLP receiver, as a strict reader has it,
# and each answer has the consequence that OTLP gives it.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
make_journal "$tap_dir/journal" 1200 7
sort "$tap_dir/journal/request_ids" >"$tap_dir/all"
id='.attributes.request_id'

receiver otlp otlp.py
url="http://127.0.0.1:${receiver_port[otlp]}"
forward otlp "$url"
is "it ends well" "$?" 0
ids otlp "$id"
all_came "all came, once"
is "to the usual path, as JSON, packed" "$(receiver_ask otlp requests |
	jq -c '[.path, .status, .headers["content-type"], .headers["content-encoding"]]' | sort -u)" \
	'["/v1/logs",200,"application/json","gzip"]'
is "a service is a resource" "$(receiver_ask otlp dump | jq -r '.resource["service.name"]' | sort -u | tr '\n' ' ')" \
	"$(journalctl -q -D "$tap_dir/journal" -o json | jq -r '.SYSLOG_IDENTIFIER // ._COMM' | sort -u | tr '\n' ' ')"
is "ids and severities are there" "$(receiver_ask otlp dump |
	jq -r 'select(.attributes.seq) | (.traceId | length), (.severityNumber >= 5)' | sort -u | tr '\n' ' ')" "32 true "

for fault in 429 503 lost half 'close&reset=yes'; do
	fresh otlp
	receiver_ask otlp "fault?do=$fault" >/dev/null
	forward otlp "$url"
	ids otlp "$id"
	case $fault in
	lost | half) all_came_at_least_once "an answer that is lost ($fault): none is missing" ;;
	*) all_came "$fault: sent again, each once" ;;
	esac
done
fresh otlp
receiver_ask otlp 'fault?do=429&retry_after=1' >/dev/null
forward otlp "$url"
like "Retry-After is heeded" "$(<"$tap_dir/said")" '429.*again in 1 s'

fresh otlp
receiver_ask otlp 'fault?do=partial&rejected=7&why=no+room' >/dev/null
forward -v otlp "$url"
ids otlp "$id"
is "what is rejected is not sent again" "$(wc -l <"$tap_dir/came")" 1193
like "... and said" "$(<"$tap_dir/said")" 'it rejects some: .*no.room'
fresh otlp
receiver_ask otlp 'fault?do=partial&rejected=0&why=careful' >/dev/null
forward otlp "$url"
ids otlp "$id"
all_came "a warning is none"

# One that is never taken is found by halves, and kept.
fresh otlp
receiver_ask otlp 'fault?do=400&next=12' >/dev/null
forward otlp "$url" entries=64
ids otlp "$id"
refused=$(cat "$tap_dir"/state/*.refused.jsonl | wc -l)
is "refused for good: the others go on" "$(wc -l <"$tap_dir/came"):$((refused > 0))" "$((1200 - refused)):1"
is "... and those are kept as they were sent" "$(cat "$tap_dir"/state/*.refused.jsonl |
	jq -r '.entry.scopeLogs[].logRecords[].attributes[] | select(.key == "request_id").value.stringValue' |
	sort - "$tap_dir/came" | diff - "$tap_dir/all")" ""

# Loki's and fluent-bit's say it otherwise.
for status in 204 201; do
	receiver_end otlp
	receiver otlp otlp.py --success "$status"
	rm -rf "$tap_dir/state"
	forward otlp "http://127.0.0.1:${receiver_port[otlp]}/otlp/v1/logs"
	ids otlp "$id"
	all_came "$status is success, another path another receiver"
done
done_testing
