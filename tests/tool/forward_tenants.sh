#!/bin/bash
# telltale forward loki: whose a record is, by a field of its own; and what becomes of streams where
# Loki has too many.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
has_journal_remote || skip_all "systemd-journal-remote is missing"
receiver loki loki.py --limit auth=1
loki="http://127.0.0.1:${receiver_port[loki]}"
dump=$tap_dir/dump

entry() # ID SERVICE [FIELD=VALUE...]: in the export format
{
	now=$((${now:-$(date +%s%6N)} + 1))
	printf '%s\n' "__REALTIME_TIMESTAMP=$now" "__MONOTONIC_TIMESTAMP=$now" \
		_BOOT_ID=11111111111111111111111111111111 "MESSAGE=order $1" "REQUEST_ID=$1" \
		"SYSLOG_IDENTIFIER=$2" "${@:3}" ''
}

journal() # of what comes
{
	rm -rf "$tap_dir/journal" "$tap_dir/state"
	mkdir -p "$tap_dir/journal"
	cat >"$tap_dir/export"
	"$journal_remote" --output="$tap_dir/journal/a.journal" "$tap_dir/export" >"$tap_dir/said" 2>&1 ||
		cat "$tap_dir/said"
	sed -n 's/^REQUEST_ID=//p' "$tap_dir/export" | sort >"$tap_dir/all"
}

clean()
{
	rm -rf "$tap_dir/state"
	receiver_ask loki reset >/dev/null
}

arrived() # NAME: each once
{
	receiver_ask loki dump >"$dump"
	jq -r .metadata.request_id "$dump" | sort >"$tap_dir/came"
	all_came "$1"
}

by_tenant() # what each has
{
	jq -r '"\(.tenant):\(.metadata.request_id)"' "$dump" | sort | tr '\n' ' '
}

loud() # WORD...: it says what it did
{
	"$TELLTALE" forward --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 --catch-up loki "$loki" \
		"$@" 2>&1
}

# ---- tenants ----
long=$(printf '%0151d' 0)
{
	entry r1 shop TENANT_ID=ann
	entry r2 shop TENANT_ID=bob
	entry r3 shop
	entry r4 cart TENANT_ID=ann
	entry r5 shop TENANT_ID=a/b
	entry r6 shop "TENANT_ID=$long"
	entry r7 shop TENANT_ID=..
	entry r8 shop TENANT_ID=bob
} | journal
said=$(loud tenant=field:tenant_id default_tenant=ops)
arrived "tenants: each record once"
is "each with its tenant" "$(by_tenant)" "ann:r1 ann:r4 bob:r2 bob:r8 ops:r3 ops:r5 ops:r6 ops:r7 "
is "one request a tenant" "$(receiver_ask loki requests | jq -r '"\(.headers["x-scope-orgid"])"' | sort | tr '\n' ' ')" \
	"ann bob ops "
is "what is none is still beside the line" \
	"$(jq -r 'select(.metadata.request_id == "r5") | .metadata.tenant_id' "$dump")" a/b
like "and counted" "$said" ': 8 sent, 0 filtered, 0 too old, 0 refused, 3 of no valid tenant, in 3 requests'

# The position waits for all of them: the second tenant's request is not answered, and it is killed.
clean
receiver_ask loki 'fault?do=ok' >/dev/null
receiver_ask loki 'fault?do=503&next=2' >/dev/null
"$TELLTALE" forward --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 loki "$loki" \
	tenant=field:tenant_id default_tenant=ops entries=8 >"$tap_dir/said" 2>&1 &
pid=$!
receiver_wait loki grep -q 'again in' "$tap_dir/said"
kill -9 $pid
wait $pid 2>/dev/null
receiver_ask loki dump >"$dump"
is "one tenant has its records" "$(by_tenant)" "ann:r1 ann:r4 "
loud tenant=field:tenant_id default_tenant=ops >"$tap_dir/said"
arrived "the others come after a kill"
is "... each with its tenant" "$(by_tenant)" "ann:r1 ann:r4 bob:r2 bob:r8 ops:r3 ops:r5 ops:r6 ops:r7 "

refuses() # REGEX WORD...
{
	local want=$1
	shift
	clean
	like "$*" "$(loud "$@")" "$want"
}
refuses 'not every record has the field tenant_id; add default_tenant=' tenant=field:tenant_id
refuses 'names no field' tenant=field: default_tenant=ops
refuses '"a/b" is no tenant that Loki takes' tenant=field:tenant_id default_tenant=a/b
refuses 'write tenant=field:NAME' tenant=ops default_tenant=ops

# ---- streams ----
few() # what a stream with few labels has
{
	jq -r 'select(.labels.level | not) | .metadata.request_id' "$dump" | sort | tr '\n' ' '
}

{
	entry a0 shop PRIORITY=6 ZONE=a
	entry a1 shop PRIORITY=3 ZONE=a
} | journal
clean
receiver_ask loki 'limits?auth=0&streams=3' >/dev/null
loud labels=service_name,env=test entries=1 >"$tap_dir/said"
rm -rf "$tap_dir/state"
loud labels=service_name,level,zone,env=test >"$tap_dir/said"
receiver_ask loki dump >"$dump"
is "three streams, one of few labels" "$(jq -c .labels "$dump" | sort -u | wc -l):$(few)" "3:a0 a1 "

# Those that Loki has go on, also in a new process, which does not know them; others have few labels.
{
	entry b0 shop PRIORITY=6 ZONE=a
	for i in {1..9}; do
		entry "n$i" shop "PRIORITY=$((i % 8))" "ZONE=z$i"
	done
	entry b1 shop PRIORITY=3 ZONE=a
} | journal
said=$(loud labels=service_name,level,zone,env=test)
receiver_ask loki dump | jq -c 'select(.metadata.request_id | test("^[bn]"))' >"$dump"
jq -r .metadata.request_id "$dump" | sort >"$tap_dir/came"
all_came "too many streams: each record once"
is "new ones have few labels, those that are there all" "$(few)" "n1 n2 n3 n4 n5 n6 n7 n8 n9 "
is "what they lost is beside the line" \
	"$(jq -r '[.labels, .metadata] | add | select(.level and .zone and .env == "test") | .request_id' "$dump" | sort | diff - "$tap_dir/all")" ""
like "it is said, once" "$(grep -c fewer <<<"$said"):$said" '^2:.*active stream limit exceeded.*; new streams get fewer labels'
like "and counted" "$said" ': 11 sent, 0 filtered, 0 too old, 0 refused, 9 with fewer labels, in [0-9]+ requests'

# Not even those: set aside whole, and the others go on.
clean
{
	for i in {01..60}; do
		entry "s$i" "shop$((10#$i % 20))" PRIORITY=6
	done
} | journal
receiver_ask loki 'limits?streams=2' >/dev/null
said=$(loud name=full labels=service_name,level)
receiver_ask loki dump >"$dump"
like "a stream that cannot be is set aside" "$said" ': 6 sent, 0 filtered, 0 too old, 54 refused'
jq -r '.entry.value[2].request_id' "$tap_dir/state/full.refused.jsonl" |
	cat - <(jq -r .metadata.request_id "$dump") | sort >"$tap_dir/came"
all_came "nothing is lost"
is "not record by record" "$(receiver_ask loki requests | jq -s 'length <= 80')" true
done_testing
