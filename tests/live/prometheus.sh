#!/bin/bash
# A real Prometheus, a private one, scrapes the example shop and a service that counts every shared
# family: what people ask of such numbers has an answer, and so has each of our recording rules.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
need prometheus promtool curl jq
object=$top_builddir/.libs/tell_metric_expose.so
[ -f "$object" ] || skip_all "tell_metric_expose.so was not built (libmicrohttpd-dev)"
shop=$top_builddir/examples/shop/telltale/shop
counts=$top_builddir/tests/live/counts
pids=()
end()
{
	local pid
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid"
	done 2>/dev/null
	rm -rf "$tap_dir"
}
trap end EXIT
mkdir "$tap_dir/modules" "$tap_dir/prometheus"
cp "$object" "$tap_dir/modules/"
export TELLTALE_MODULEDIR=$tap_dir/modules RUNTIME_DIRECTORY=$tap_dir
rules=$top_srcdir/packaging/prometheus/telltale-aliases.rules.yml

until_true() # COMMAND...: within a minute
{
	local i
	for ((i = 0; i < 300; i++)); do
		"$@" && return
		sleep 0.2
	done
	return 1
}

# ---- the services --------------------------------------------------------------------------
shop_port=$(free_port) counts_port=$(free_port) port=$(free_port)
cp "$top_srcdir/pam-style-config/common-redact" "$conf/"
sed -e "s|/var/log/shop/|$tap_dir/|" -e /journald/d -e "s/9464/$shop_port/" \
	"$top_srcdir/examples/shop/stack/shop" | stack shop
printf '%s\n' "sink required file path=$tap_dir/counts.jsonl" 'metric optional process' \
	"metric required expose listen=127.0.0.1:$counts_port" | stack counts
"$shop" >"$tap_dir/url" 2>/dev/null &
pids+=($!)
mkfifo "$tap_dir/orders"
"$counts" counts <"$tap_dir/orders" >"$tap_dir/answers" &
pids+=($!)
exec {orders}>"$tap_dir/orders"
until_true test -s "$tap_dir/url"
url=$(<"$tap_dir/url")

# Each family of the table once; of two of one name the last, which the second query below wants.
families=$(grep -E '^(counter|gauge|histogram)' "$top_srcdir/src/meter/families.tsv" | cut -f1-3 |
	awk -F'\t' '{ row[$2] = $0 } END { for (name in row) print row[name] }')
count_all() # VALUES OF success AND status...
{
	local kind name labels label word
	while IFS=$'\t' read -r kind name labels; do
		[ "$labels" != - ] || labels=
		word=
		for label in $labels; do
			case $label in
			success) word+=" $label=$1" ;;
			status) word+=" $label=$2" ;;
			period) word+=" $label=daily" ;;
			agent_id) word+=" $label=main-agent" ;;
			*) word+=" $label=a" ;;
			esac
		done
		echo "$kind $name 1$word"
	done <<<"$families" >&"$orders"
}
card=4$(printf '1%.0s' {1..15})
traffic()
{
	count_all true 200
	count_all false 500
	curl -s -o /dev/null "$url/orders" -d "item=cup:4&card=$card" -H 'Authorization: x'
	curl -s -o /dev/null "$url/orders" -d "item=teapot:99&card=$card" -H 'Authorization: x'
	curl -s -o /dev/null "$url/health"
}
traffic
is "each family can be counted" "$(sort -u "$tap_dir/answers")" ok

# ---- Prometheus ----------------------------------------------------------------------------
cp "$rules" "${rules%/*}/telltale-forward.rules.yml" "$tap_dir/prometheus/"
ok "the configuration that we ship is right" promtool check config --lint=none \
	"$top_srcdir/packaging/prometheus/prometheus.yml"
ok "and the rules" promtool check rules "$rules"
sed -e 's/15s/1s/' -e "s/127.0.0.1:9464/127.0.0.1:$shop_port/" \
	"$top_srcdir/packaging/prometheus/prometheus.yml" >"$tap_dir/prometheus/prometheus.yml"
cat >>"$tap_dir/prometheus/prometheus.yml" <<END
  - job_name: counts
    static_configs:
      - targets: ['127.0.0.1:$counts_port']
END
(cd "$tap_dir/prometheus" && exec prometheus --config.file=prometheus.yml \
	--storage.tsdb.path="$tap_dir/prometheus/data" \
	--web.listen-address="127.0.0.1:$port" >"$tap_dir/prometheus/log" 2>&1) &
pids+=($!)
asks() # QUERY: how many answers that are numbers
{
	curl -s -G "http://127.0.0.1:$port/api/v1/query" --data-urlencode "query=$1" |
		jq '[.data.result[].value[1] | select(. != "NaN")] | length'
}
has_data() # QUERY
{
	local n
	n=$(asks "$1" 2>/dev/null)
	[ "${n:-0}" -gt 0 ]
}
data() # NAME QUERY
{
	ok "$1" until_true has_data "$2"
}
data "both services are scraped" 'count(up == 1) == 2' || sed 's/^/# /' "$tap_dir/prometheus/log"
while traffic; do
	sleep 0.5
done &
pids+=($!)

# What the documents that this is for ask.
data "request rate" 'rate(http_requests_total{job="shop"}[5m])'
data "error rate" 'sum(rate(http_requests_total{job="shop",status=~"5.."}[5m])) /
	sum(rate(http_requests_total{job="shop"}[5m])) > 0'
data "the same by series" 'rate(http_requests_total{status=~"5.."}[5m]) / rate(http_requests_total[5m])'
data "P95 latency" 'histogram_quantile(0.95, rate(http_request_duration_seconds_bucket{job="shop"}[5m]))'
data "token burn rate" 'rate(llm_tokens_total[1h]) * 3600'
data "cost estimate" 'rate(llm_tokens_total[1h]) * 3600 * 0.00002'
data "P95 of an agent's loop, by a name that is no metric's" 'histogram_quantile(0.95,
	sum(rate(agent_loop_duration_bucket[5m])) by (le, agent_id))'
data "tool success rate" 'sum(rate(tool_executions_total{success="true"}[5m])) /
	sum(rate(tool_executions_total[5m])) > 0.4 < 0.6'
data "token usage" 'sum(rate(llm_tokens_total[5m])) by (llm_model, token_type)'
data "active tasks" 'agent_active_tasks{agent_id="main-agent"}'
data "the alert HighErrorRate's expression" \
	'rate(http_requests_total{status=~"5.."}[5m]) / rate(http_requests_total[5m]) > 0.05'
data "TokenBudgetLow's" 'token_budget_remaining{period="daily"} < 100000'
data "the process's" 'process_resident_memory_bytes{job="counts"} > 0'
data "the ledger" 'telltale_records_total{job="shop",outcome="delivered"} > 0'
is "what is not there has no data" "$(asks 'rate(nothing_total[5m])')" 0

for name in $(sed -n 's/^ *- record: //p' "$rules"); do
	data "the rule $name has data" "$name"
done
is "no scrape failed" "$(asks 'min_over_time(up[1m]) == 0')" 0

# ---- what was scraped ----------------------------------------------------------------------
for at in shop:$shop_port counts:$counts_port; do
	text=$(curl -s "http://127.0.0.1:${at#*:}/metrics")
	is "promtool finds nothing in the ${at%:*}'s" "$(promtool check metrics <<<"$text" 2>&1)" ""
	is "nor do we" "$(awk -f "$top_srcdir/tests/support/exposition.awk" <<<"$text")" ""
	open=$(curl -s -H 'Accept: application/openmetrics-text' "http://127.0.0.1:${at#*:}/metrics")
	is "nor in OpenMetrics" "$(awk -f "$top_srcdir/tests/support/exposition.awk" <<<"$open")" ""
done
done_testing
