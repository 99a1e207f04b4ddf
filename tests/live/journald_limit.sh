#!/bin/bash
# journald's own limit (RateLimitBurst=): `telltale status` tells what journald suppressed of a
# service's unit, from the notices that journald writes. A control group that is called like a unit
# makes a process one of its; outside of units journald limits nothing.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
live_begin "$@"
need jq
groups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)
unit=telltale-test-$$.service
mkdir "$groups/$unit" 2>/dev/null || skip_all "no control groups to make here"
unlimited()
{
	live_end
	local i
	for ((i = 0; i < 100; i++)); do
		rmdir "$groups/$unit" 2>/dev/null && return
		sleep 0.05
	done
}
trap unlimited EXIT
unset RUNTIME_DIRECTORY XDG_RUNTIME_DIR
# shellcheck disable=SC2034 # live_journald_start reads it
live_journal_burst=50
live_journald_start
[ -n "$("$TELLTALE" query --help | grep -- --unit)" ] || skip_all "built without libsystemd"

in_group() # DIRECTORY COMMAND...
{
	# shellcheck disable=SC2016 # the inner shell's
	live_driver "$1" sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$2"
}
stack() # SERVICE SINK
{
	live_stack "$1" <<-END
		service required settings control=yes
		redact required permit
		sink required $2
	END
}
status() # SERVICE JQ
{
	"$TELLTALE" status -o json "$1" | jq -c "$2"
}
arrived() # SERVICE
{
	live_journal -t "$1" | jq -s 'map(select(.I != null)) | length'
}
said_by_journald()
{
	live_journal MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e _TRANSPORT=driver \
		"OBJECT_SYSTEMD_UNIT=$unit" | jq -s 'map(.N_DROPPED | tonumber) | add // 0'
}
# The notice comes with a record behind the interval; by then the last of them has been told.
said=0 more=0
all_is_said()
{
	live_ask say 1 "one more"
	more=$((more + 1))
	said=$(said_by_journald)
	[ "$said" -gt 0 ] && [ $((said + $(arrived limited))) = $((2000 + more)) ] && return
	sleep 0.3
	return 1
}

stack limited journald
in_group limited "$groups/$unit"
live_ask say 2000 "many at once"
is "fault_15 a limit: it is known which unit it is" "$(status limited .journald.unit)" "\"$unit\""
live_wait all_is_said
like "fault_15 a limit: journald said that it kept not all" "$said" '^[1-9]'
is "fault_15 a limit: and what it did not keep" $((said + $(arrived limited))) $((2000 + more))
is "fault_15 a limit: status tells it" "$(status limited .journald)" \
	"{\"unit\":\"$unit\",\"suppressed\":$said}"
is "fault_15 a limit: the sink's numbers are what the kernel took, as ever" \
	"$(status limited '.sinks[0] | [.delivered >= 2000, .dropped]')" "[true,{}]"
like "fault_15 a limit: people read it" "$("$TELLTALE" status limited)" \
	"journald suppressed $said of $unit"
like "fault_15 a limit: as a metric" "$("$TELLTALE" status -o prometheus limited)" \
	"telltale_records_suppressed_total\{service=\"limited\",pid=\"$live_driver_pid\",by=\"journald\",unit=\"$unit\"\} $said"
live_ledger "fault_15 a limit"

# Anyone may send what looks like a notice.
printf 'MESSAGE=Suppressed\nMESSAGE_ID=%s\nN_DROPPED=1000000\nOBJECT_SYSTEMD_UNIT=%s\n' \
	a596d6fe7bfa4994828e72309e95d61e "$unit" | logger --journald
is "fault_15 a limit: a forged notice was taken by journald" \
	"$(live_journal N_DROPPED=1000000 | wc -l)" 1
is "fault_15 a limit: and is not counted" "$(status limited .journald.suppressed)" "$said"
live_driver_ends

# What was suppressed before a service's start is not its unit's since then.
stack later journald
in_group later "$groups/$unit"
live_ask say 1 begins
is "fault_15 a limit: counted since the service's start" "$(status later .journald)" \
	"{\"unit\":\"$unit\",\"suppressed\":0}"
live_driver_ends

stack elsewhere "file path=$tap_dir/elsewhere"
in_group elsewhere "$groups/$unit"
live_ask say 1 begins
is "fault_15 a limit: nothing of a stack without a sink journald" "$(status elsewhere .journald)" null
live_driver_ends

stack outside journald
in_group outside "$groups"
live_ask say 2000 "many at once"
is "fault_15 a limit: outside of a unit journald keeps all" "$(arrived outside)" 2000
is "fault_15 a limit: and there is nothing to tell" "$(status outside .journald)" null
live_driver_ends

if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	chmod 755 "$tap_dir" "$TELLTALE_CONFDIR"
	chmod 750 /run/log/journal
	stack limited journald
	as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	# shellcheck disable=SC2016 # the inner shell's
	live_driver limited sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$groups/$unit" \
		"${as_user[@]}"
	live_ask say 1 begins
	is "fault_15 a limit: who may not read the journal is told nothing, not 0" \
		"$("${as_user[@]}" "$TELLTALE" status -o json limited | jq -c '[.uid, .journald]')" \
		"[65534,null]"
	is "fault_15 a limit: root may" "$(status limited .journald.unit)" "\"$unit\""
	live_driver_ends
else
	skip "no setpriv" "fault_15 a limit: who may not read the journal"
fi
done_testing
