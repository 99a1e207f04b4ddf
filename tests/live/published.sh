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

# A forged one, of another process: its numbers stay its own.
printf 'MESSAGE=x\nSYSLOG_IDENTIFIER=shop\nTELL_SEQ=00000001.0.1\nEVERY=1\nWHOLE=true\nMESSAGE_ID=%s\nMETRICS=%s\n' \
	"$(jq -r .MESSAGE_ID <<<"$record")" '[{"name":"zz yy","samples":[{"labels":{},"value":1}]},{"name":"c"' |
	logger --journald
"$TELLTALE" status -o prometheus --from-journal >"$tap_dir/again"
is "what is no metric is passed over" "$(grep -c 'zz yy' "$tap_dir/again")" 0
live_driver_ends
done_testing
