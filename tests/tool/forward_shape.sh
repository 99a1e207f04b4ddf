#!/bin/bash
# telltale forward: what a record looks like at the receiver. Each row of the table of names in
# doc/forwarding.md is looked up in what arrived.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
has_journal_remote || skip_all "systemd-journal-remote is missing"
receiver loki loki.py
receiver hook logstash_http.py
loki="http://127.0.0.1:${receiver_port[loki]}"
hook="http://127.0.0.1:${receiver_port[hook]}"

entry() # FIELD=VALUE...: in the export format
{
	now=$((${now:-$(date +%s%6N)} + 1))
	printf '%s\n' "__REALTIME_TIMESTAMP=$now" "__MONOTONIC_TIMESTAMP=$now" \
		_BOOT_ID=11111111111111111111111111111111 "$@" ''
}

journal() # of what comes
{
	rm -rf "$tap_dir/journal" "$tap_dir/state"
	mkdir -p "$tap_dir/journal"
	cat >"$tap_dir/export"
	"$journal_remote" --output="$tap_dir/journal/a.journal" "$tap_dir/export" >"$tap_dir/said" 2>&1 ||
		cat "$tap_dir/said"
}

# ---- names ----
declare -A value=([MESSAGE]="paid \"4200\"" [PRIORITY]=error [SYSLOG_IDENTIFIER]=shop [_HOSTNAME]=web1
	[_PID]=4711 [_SYSTEMD_UNIT]=shop.service [TID]=4712 [REQUEST_ID]=r-7f3a
	[TRACE_ID]=4bf92f3577b34da6a3ce929d0e0e4736 [SPAN_ID]=00f067aa0ba902b7 [CODE_FILE]=cart.c
	[CODE_LINE]=88 [CODE_FUNC]=pay [TELL_SEQ]=0000002a.0.7 [NAME]=any)
fields=()
for name in "${!value[@]}"; do
	fields+=("$name=${value[$name]}")
done
entry "${fields[@]/#PRIORITY=*/PRIORITY=3}" | journal
forward webhook "$hook" layout=flat
receiver_ask hook dump | jq -c .event >"$tap_dir/flat"
rm -rf "$tap_dir/state"
forward loki "$loki" line=ecs
receiver_ask loki dump >"$tap_dir/loki"
jq -r .line "$tap_dir/loki" >"$tap_dir/ecs"

at() # FILE PATH: a.b.c
{
	jq -r --arg path "$2" 'getpath($path | split("."))' "$1"
}

in_loki() # WHAT: a label, metadata, or the line
{
	case $1 in
	"the line") at "$tap_dir/ecs" message ;;
	"label "*) jq -r --arg n "${1#label }" '.labels[$n]' "$tap_dir/loki" ;;
	*) jq -r --arg n "$1" '.metadata[$n]' "$tap_dir/loki" ;;
	esac
}

rows=0
while IFS='|' read -r _ journal in_loki ecs flat _; do
	read -r name <<<"${journal//[\`]/}"
	name=${name#any other }
	want=${value[${name:-none}]-}
	[ -n "$want" ] || continue
	rows=$((rows + 1))
	read -r in_loki <<<"${in_loki//\`/}"
	read -r ecs <<<"${ecs//\`/}"
	read -r flat <<<"${flat//\`/}"
	is "$name: Loki" "$(in_loki "$in_loki")" "$want"
	is "$name: ECS has $ecs" "$(at "$tap_dir/ecs" "$ecs")" "$want"
	is "$name: flat has $flat" "$(at "$tap_dir/flat" "$flat")" "$want"
done < <(sed -n '/^## What the names become/,/^In Loki/p' "$top_srcdir/doc/forwarding.md")
is "the table has all that was sent" "$rows" ${#value[@]}
is "ECS: a version, the level's number, a time" \
	"$(jq -c '[.ecs.version, .log.syslog.severity.code, (."@timestamp" | test("^20.*Z$"))]' "$tap_dir/ecs")" \
	'["8.11.0",3,true]'
is "ECS: no key has a dot" "$(jq -r '[paths[] | strings] | map(select(contains("."))) | length' "$tap_dir/ecs")" 0
is "its line is what Logstash gets" "$(rm -rf "$tap_dir/state" && receiver_ask hook reset >/dev/null &&
	forward webhook "$hook" layout=ecs && receiver_ask hook dump | jq -cS .event)" "$(jq -cS . "$tap_dir/ecs")"

# ---- texts of other programs ----
secret=Zq7"canary"X9w2
receiver_ask loki reset >/dev/null
{
	entry _COMM=a 'MESSAGE={"level":"error","msg":"login","user":{"name":"ann","password":"'$secret'"}}' PRIORITY=6
	entry _COMM=b "MESSAGE=level=warn user=ann licence=$secret" PRIORITY=6
	entry _COMM=c "MESSAGE={\"password\":\"$secret\"" USER=bob
	entry _COMM=d 'MESSAGE={"user":"ann"}' USER=bob
} | journal
stack telltale-forward <<-END
	source required journal directory=$tap_dir/journal since=all
	enrich required parse
	redact requisite keys add=licence
	redact requisite detect
	sink required loki url=$loki
END
"$TELLTALE" forward -q --state="$tap_dir/state" --catch-up >"$tap_dir/said" 2>&1
is "a stack's own lines are taken" "$(<"$tap_dir/said")" ""
receiver_ask loki dump >"$tap_dir/loki"
is "JSON is fields, message and level" \
	"$(jq -c 'select(.labels.service_name == "a") | [.line, .labels.level, .metadata.user_name, .metadata.user_password]' \
		"$tap_dir/loki")" '["login","error","ann","[REDACTED]"]'
is "a text without a message is its fields" \
	"$(jq -c 'select(.labels.service_name == "b") | [.line, .labels.level]' "$tap_dir/loki")" \
	'["user=ann licence=[REDACTED]","warning"]'
is "a field of the entry stays" \
	"$(jq -c 'select(.labels.service_name == "d") | [.metadata.user, .metadata.parsed_user]' "$tap_dir/loki")" \
	'["bob","ann"]'
is "four records" "$(wc -l <"$tap_dir/loki")" 4
is "no secret has left" "$(grep -c "$secret" "$tap_dir/loki")" 0

# ---- what an entry says outside of its fields ----
receiver_ask loki reset >/dev/null
{
	entry MESSAGE=one MESSAGE=two _COMM=a
	entry MESSAGE=one "MESSAGE=password=$secret" MESSAGE=three _COMM=b
	entry "SYSLOG_IDENTIFIER=password=$secret" "CODE_FUNC=token=$secret" CODE_FILE=a.c CODE_LINE=3 MESSAGE=c
	entry "SYSLOG_IDENTIFIER=password=$secret" "LOGGER=password=$secret" TELL_SEQ=0000002a.0.7 MESSAGE=d
	entry SYSLOG_IDENTIFIER=shop CODE_FUNC=pay CODE_FILE=a.c CODE_LINE=3 LOGGER=l TELL_SEQ=0000002a.0.8 MESSAGE=e
	entry SYSLOG_IDENTIFIER=shop CODE_FUNC=pay CODE_FILE=a.c CODE_LINE=3 LOGGER=l TELL_SEQ=0000002a.0.9 MESSAGE=f
} | journal
forward loki "$loki"
receiver_ask loki dump >"$tap_dir/loki"
is "a second MESSAGE is kept" "$(jq -r 'select(.labels.service_name == "a") | [.line, .metadata.message_2] | sort | join(" ")' \
	"$tap_dir/loki")" "one two"
is "several are a list" "$(jq -c 'select(.labels.service_name == "b") | [.line] + (.metadata.message_2 | fromjson) | sort' \
	"$tap_dir/loki")" '["one","password=[REDACTED:pair]","three"]'
is "a service's name has no secret" "$(jq -r 'select(.line == "c") | .labels.service_name' "$tap_dir/loki")" 'password=[REDACTED:pair]'
is "nor has a function's" "$(jq -r 'select(.line == "c") | .metadata.code_func' "$tap_dir/loki")" 'token=[REDACTED:pair]'
is "nor a logger's" "$(jq -r 'select(.line == "d") | .metadata.logger' "$tap_dir/loki")" 'password=[REDACTED:pair]'
for line in e f; do
	is "others stay: $line" "$(jq -c --arg l $line 'select(.line == $l) |
		[.labels.service_name, .metadata.code_func, .metadata.code_file, .metadata.code_line, .metadata.logger]' "$tap_dir/loki")" \
		'["shop","pay","a.c","3","l"]'
done
is "no secret has left" "$(grep -c "$secret" "$tap_dir/loki")" 0
entry "SYSLOG_IDENTIFIER=$(head -c 100000 /dev/zero | tr '\0' x)" MESSAGE=long | journal
receiver_ask loki reset >/dev/null
forward loki "$loki"
is "a name of any length" "$(receiver_ask loki dump | jq -r '.labels.service_name | length')" 2048
rm -rf "$tap_dir/state"
receiver_ask loki reset >/dev/null
{
	entry "SYSLOG_IDENTIFIER=password=$secret" "CODE_FUNC=token=$secret" CODE_FILE=a.c CODE_LINE=3 MESSAGE=c
} | journal
receiver_ask loki reset >/dev/null
stack telltale-forward <<-END
	source required journal directory=$tap_dir/journal since=all
	redact required permit
	sink required loki url=$loki
END
"$TELLTALE" forward -q --state="$tap_dir/state" --catch-up >"$tap_dir/said" 2>&1
is "without redaction all is as it was" "$(receiver_ask loki dump | grep -o "$secret" | wc -l)" 2
done_testing
