#!/bin/bash
# telltale forward loki, and a Loki that is real: its program is named by LOKI=. What the played one
# of tests/support/receivers says is held to what this one says.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/journals.sh"
[ -x "${LOKI-}" ] || skip_all "LOKI= names no program"
need jq curl
: "${TELLTALE:=$top_builddir/telltale}"
export TELLTALE_MODULEDIR=$top_builddir/.libs TELLTALE_CONFDIR=$tap_dir/conf
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
mkdir "$tap_dir/conf"
port=${LOKI_PORT:-3199} url=http://127.0.0.1:${LOKI_PORT:-3199} pid=
trap 'loki_end KILL; rm -rf "$tap_dir"' EXIT

# ---- the server ----

loki_begin() # [LIMIT...]: lines of limits_config; auth=true is another tenant's business
{
	cat >"$tap_dir/loki.yaml" <<-END
		auth_enabled: ${auth:-false}
		server: {http_listen_address: 127.0.0.1, http_listen_port: $port, grpc_listen_address: 127.0.0.1,
		  grpc_listen_port: $((port + 1)), log_level: error}
		common:
		  instance_addr: 127.0.0.1
		  path_prefix: $tap_dir/loki
		  replication_factor: 1
		  ring: {kvstore: {store: inmemory}}
		  storage: {filesystem: {chunks_directory: $tap_dir/loki/chunks, rules_directory: $tap_dir/loki/rules}}
		schema_config:
		  configs: [{from: 2020-10-24, store: tsdb, object_store: filesystem, schema: v13,
		    index: {prefix: index_, period: 24h}}]
		ingester: {wal: {enabled: true}, lifecycler: {min_ready_duration: 0s}}
		analytics: {reporting_enabled: false}
		limits_config:
		  volume_enabled: false
	END
	printf '  %s\n' "$@" >>"$tap_dir/loki.yaml"
	"$LOKI" -config.file="$tap_dir/loki.yaml" >"$tap_dir/loki.said" 2>&1 &
	pid=$!
	local i
	for ((i = 0; i < 600; i++)); do
		[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/ready")" != 200 ] || return 0
		kill -0 $pid 2>/dev/null || break
		sleep 0.2
	done
	echo "Bail out! Loki does not start: $(tail -n 3 "$tap_dir/loki.said")"
	exit 1
}

loki_end() # SIGNAL
{
	[ -n "$pid" ] || return 0
	kill "-$1" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	pid=
}

# A server and a position that know of nothing.
fresh() # [LIMIT...]
{
	loki_end KILL
	rm -rf "$tap_dir/loki" "$tap_dir/state"
	mkdir -m 700 "$tap_dir/state"
	loki_begin "$@"
}

# What it has, a line each: labels and metadata come as one. In pages, for an answer has at most 4 MiB; the
# last time of a full page is asked for again.
stored() # [TENANT]
{
	local from=$(($(date +%s) - 86400))000000000 page=$tap_dir/page last
	while :; do
		curl -sS -G -H "X-Scope-OrgID: ${1:-fake}" "$url/loki/api/v1/query_range" \
			--data-urlencode 'query={service_name=~".+"}' --data-urlencode "start=$from" \
			--data-urlencode limit=2000 --data-urlencode direction=forward |
			jq -c '.data.result[] | .stream as $s | .values[] | {time: .[0], line: .[1], fields: $s}' >"$page"
		[ "$(wc -l <"$page")" -ge 2000 ] || break
		last=$(jq -r .time "$page" | sort -n | tail -n 1)
		jq -c --arg last "$last" 'select(.time != $last)' "$page"
		from=$last
	done
	cat "$page"
}

# ---- the journal ----
journal=$tap_dir/journal n=${RELEASE_RECORDS:-10000}
make_journal "$journal" "$n" 7 --files 3 || exit 1
sort -u "$journal/request_ids" >"$tap_dir/want"

forward() # [OPTION...] - [NAME=VALUE...]
{
	local options=()
	while [ $# -gt 0 ] && [ "$1" != - ]; do
		options+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	${through-} "$TELLTALE" forward --state="$tap_dir/state" -D "$journal" -S -4h --catch-up \
		"${options[@]}" loki "$url" name=test "$@"
}

arrived() # NAME [TENANT]
{
	stored "${2-}" >"$tap_dir/dump"
	jq -r .fields.request_id "$tap_dir/dump" | sort >"$tap_dir/ids"
	is "$1: nothing is missing" "$(sort -u "$tap_dir/ids" | comm -13 - "$tap_dir/want" | wc -l)" 0
	is "$1: nothing is there twice" "$(wc -l <"$tap_dir/ids")" "$n"
}

fresh
echo "# $("$LOKI" -version 2>&1 | head -n 1)"
said=$(forward - 2>&1)
like "it says what it did" "$said" ": $n sent, 0 filtered, 0 too old, 0 refused, in [0-9]+ requests\$"
arrived "one run"
is "names are telltale's" "$(jq -r '.fields | keys[]' "$tap_dir/dump" | sort -u | grep -c '[^a-z0-9_]')" 0
is "labels are few" "$(curl -s "$url/loki/api/v1/labels" | jq -r '.data[]' | tr '\n' ' ')" "host level service_name "
rm -rf "$tap_dir/state" && mkdir -m 700 "$tap_dir/state"
forward -q - 2>/dev/null
arrived "all of it sent again"

fresh
forward - size=8MiB entries=100000 compress=none 2>/dev/null
arrived "requests that are larger than it takes"

# ---- killed: the forwarder, then Loki, which has a log of what it promised ----
fresh
for ((i = 0; i < ${TELL_FORWARD_KILLS:-30}; i++)); do
	through="exec" forward -q - entries=100 &
	last=$!
	sleep "0.0$((RANDOM % 9 + 1))"
	kill -9 $last 2>/dev/null || break # it had caught up
	wait $last 2>/dev/null
done 2>/dev/null
forward -q -
arrived "killed $i times"

fresh
forward - entries=4 2>"$tap_dir/said" &
last=$!
for ((i = 0; i < 3; i++)); do
	sleep 0.$((RANDOM % 3 + 1))
	loki_end KILL
	sleep 1
	loki_begin
done
wait $last
like "which it saw" "$(<"$tap_dir/said")" 'it takes records again'
arrived "Loki was killed three times"

# ---- what it refuses ----
fresh 'reject_old_samples_max_age: 10m'
said=$(forward - max_age=0 2>&1 | tail -n 1)
like "what is too old is counted" "$said" ": 0 sent, 0 filtered, 0 too old, $n refused"
is "and not there" "$(stored | wc -l)" 0

fresh 'per_stream_rate_limit: 512KB' 'per_stream_rate_limit_burst: 1MB'
forward - 2>"$tap_dir/said"
arrived "a limit of a stream's rate"
fresh 'ingestion_rate_mb: 2' 'ingestion_burst_size_mb: 2'
forward - 2>"$tap_dir/said"
arrived "a limit of the tenant's rate"

auth=true
fresh
forward - tenant=ops-1 2>/dev/null
arrived "a tenant" ops-1
is "nobody else has it" "$(stored other | wc -l)" 0
done_testing
