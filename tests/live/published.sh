#!/bin/bash
# What metric publish puts into the journal is an exposition again: telltale status --from-journal.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
live_begin
live_journald_start

live_stack shop <<'END'
sink required journald
metric optional publish every=1s
END
live_driver shop
live_ask say 3 hello
published()
{
	live_journal -t shop EVENT=metric.publish WHOLE=true | grep -q .
}
ok "a whole record comes, for our own numbers at the twelfth time at the latest" live_wait published
record=$(live_journal -t shop EVENT=metric.publish | tail -n 1)
like "it can be read" "$(jq -r .MESSAGE <<<"$record")" '^[0-9]+ metrics'
is "and queried" "$(jq -r '.TELL_KIND, (.METRICS | fromjson | type)' <<<"$record" | xargs)" "metric array"
"$TELLTALE" status -o prometheus --from-journal >"$tap_dir/text"
is "status has its records again" \
	"$(grep -c "^telltale_records_total{service=\"shop\",pid=\"$live_driver_pid\",outcome=\"delivered\"} [0-9]" \
		"$tap_dir/text")" 1
if command -v promtool >/dev/null; then
	ok "promtool takes it" sh -c "promtool check metrics <'$tap_dir/text'"
else
	skip "no promtool" "promtool takes it"
fi
is "of another service there is nothing" "$("$TELLTALE" status -o prometheus --from-journal cart)" ""

# A histogram, and seconds, as they are shown live.
live_stack count <<'END'
sink required journald
metric optional process
metric optional publish every=1s
END
mkfifo "$tap_dir/in"
"$top_builddir/examples/count" <"$tap_dir/in" >"$tap_dir/count.out" &
live_pids+=($!)
count=$!
exec {lines}>"$tap_dir/in"
printf 'GET 200\nPUT 404\n' >&"$lines"
shown() # as `telltale status` has it
{
	"$TELLTALE" status -o prometheus --from-journal count >"$tap_dir/text" &&
		grep -q '^requests_total.*method="PUT"' "$tap_dir/text"
}
ok "what another service counts comes, too" live_wait shown
is "its histogram is whole" "$(grep '^line_bytes_' "$tap_dir/text" | sed 's/{service="count",pid="[0-9]*",*/{/')" \
	"$("$TELLTALE" status -o prometheus count | grep '^line_bytes_' |
		sed 's/{service="count",pid="[0-9]*",*/{/')"
ok "and not empty" grep -q '^line_bytes_count.* 2$' "$tap_dir/text"
is "a counter of seconds is small" "$(sed -n 's/^process_cpu_seconds_total{.*} \([0-9]\)\..*/\1/p' "$tap_dir/text")" 0
drawn() # as `telltale query --by` draws it, the second line of a method comes with a later round
{
	printf 'GET 200\n' >&"$lines"
	"$TELLTALE" query --by=requests_total,method,1h -o json TELL_KIND=metric |
		grep -q '"by":{"method":"GET"},"added":[1-9]'
}
ok "query --by shows how it grew" live_wait drawn
exec {lines}>&-
wait "$count"

# A forged one, of another process: its numbers stay its own.
printf 'MESSAGE=x\nSYSLOG_IDENTIFIER=shop\nTELL_SEQ=00000001.0.1\nEVERY=1\nWHOLE=true\nMESSAGE_ID=%s\nMETRICS=%s\n' \
	"$(jq -r .MESSAGE_ID <<<"$record")" '[{"name":"zz yy","samples":[{"labels":{},"value":1}]},{"name":"c"' |
	logger --journald
"$TELLTALE" status -o prometheus --from-journal >"$tap_dir/again"
is "what is no metric is passed over" "$(grep -c 'zz yy' "$tap_dir/again")" 0
live_driver_ends
done_testing
