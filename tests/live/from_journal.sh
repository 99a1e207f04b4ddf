#!/bin/bash
# telltale status --from-journal: which processes are shown, of records that were made for it.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
remote=/lib/systemd/systemd-journal-remote
[ -x $remote ] || skip_all "no systemd-journal-remote here"
[ -s /etc/machine-id ] || skip_all "this machine has no id"
live_begin
mkdir -p "/run/log/journal/$(cat /etc/machine-id)"
boot=$(tr -d - </proc/sys/kernel/random/boot_id)
now=$(date +%s)

# said AGO SERVICE PID RUN WHOLE METRICS [NAME=VALUE...]: a record of AGO seconds ago, a round
# each 10 s
said()
{
	printf '%s\n' "__REALTIME_TIMESTAMP=$((now - $1))000000" "__MONOTONIC_TIMESTAMP=$((100000 - $1))000000" \
		"_BOOT_ID=${of_boot:-$boot}" MESSAGE=m MESSAGE_ID="$id" TELL_KIND=metric EVERY=10 PRIORITY=6 \
		"SYSLOG_IDENTIFIER=$2" "_PID=$3" "TELL_SEQ=$4.0.1" "WHOLE=$5" "METRICS=[$6]" "${@:7}" ''
}
hits() # VALUE [LABELS]
{
	printf '{"name":"hits","type":"counter","help":"h","samples":[{"labels":{%s},"value":%s}]}' "${2-}" "$1"
}
id=$(awk -F'\t' '$1 == "metric.publish" { print $3 }' "$top_srcdir/src/record/events.tsv")
like "records of metrics have an id" "$id" '^[0-9a-f]{32}$'
{
	of_boot=0123456789abcdef0123456789abcdef said 125 rebooted 7 00000001 true "$(hits 1)"
	said 140 silent 300 00000003 true "$(hits 1)"
	said 120 shop 100 0000000a true "$(hits 500 '"path":"/old"')"
	said 110 unit 110 0000000b true "$(hits 900)" _SYSTEMD_UNIT=unit.service _SYSTEMD_INVOCATION_ID=aa
	said 100 quiet 301 00000004 true "$(hits 2)"
	said 90 twice 200 00000005 true "$(hits 10)" _SYSTEMD_UNIT=twice.service _SYSTEMD_INVOCATION_ID=cc
	said 90 twice 201 00000006 true "$(hits 20)" _SYSTEMD_UNIT=twice.service _SYSTEMD_INVOCATION_ID=cc
	said 80 two 210 00000007 true "$(hits 1)" _SYSTEMD_UNIT=two@1.service _SYSTEMD_INVOCATION_ID=dd
	said 70 two 211 00000008 true "$(hits 2)" _SYSTEMD_UNIT=two@2.service _SYSTEMD_INVOCATION_ID=ee
	said 60 shop 100 0000000c true "$(hits 3)"
	said 60 unit 111 0000000d true "$(hits 4)" _SYSTEMD_UNIT=unit.service _SYSTEMD_INVOCATION_ID=bb
	said 50 twice 200 00000005 false "$(hits 15)" _SYSTEMD_UNIT=twice.service _SYSTEMD_INVOCATION_ID=cc
	said 50 shop 100 0000000c false "$(hits 5),$(hits 6 '"path":"/new"')"
} | $remote -o "/run/log/journal/$(cat /etc/machine-id)/system.journal" - >/dev/null 2>&1

of() # SERVICE
{
	"$TELLTALE" status -o prometheus --from-journal "$1" 2>"$tap_dir/err" |
		sed -n 's/^hits_total{service="[a-z]*",//p'
}
is "a restart with the same pid: the newest run alone, each series as it was said last" "$(of shop)" \
'pid="100"} 5
pid="100",path="/new"} 6'
is "a restart of a unit: its newest invocation alone" "$(of unit)" 'pid="111"} 4'
is "two processes of a unit: both, each with its own" "$(of twice | sort)" \
'pid="200"} 15
pid="201"} 20'
is "two instances of a template: both" "$(of two | sort)" \
'pid="210"} 1
pid="211"} 2'
is "silent for less than 13 rounds: still there" "$(of quiet)" 'pid="301"} 2'
is "for more: left out" "$(of silent)" ""
like "which is said when nothing is left" "$(cat "$tap_dir/err")" \
	'no process of silent .*; one that did is silent since [0-9]{4}-'
is "of another boot: left out" "$(of rebooted)" ""
is "of nobody: nothing" "$(of nobody)" ""
like "and that is said" "$(cat "$tap_dir/err")" 'no process of nobody publishes metrics$'
"$TELLTALE" status -o prometheus --from-journal >"$tap_dir/text" 2>"$tap_dir/err"
is "all together" "$(grep -c '^hits_total{' "$tap_dir/text") $(cat "$tap_dir/err")" "8 "
if command -v promtool >/dev/null; then
	ok "promtool takes it" sh -c "promtool check metrics <'$tap_dir/text'"
else
	skip "no promtool" "promtool takes it"
fi
done_testing
