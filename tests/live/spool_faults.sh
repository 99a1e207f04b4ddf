#!/bin/bash
# FAULTS rows 12, 15 and 21 for a spool: journald missing under a sink with one, a spool whose file
# system is full, or gone, or that is full itself. The ledger holds at each end.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
need jq
out=$tap_dir/local.jsonl disk=$tap_dir/disk
mkdir "$disk"
mount -t tmpfs -o size=2m,mode=700 tmpfs "$disk" || skip_all "cannot mount a tmpfs"
live_port=$((20000 + RANDOM % 10000))

ledger_holds() # NAME MODULE
{
	live_ask ledger
	is "$1: offered = taken + lost" "$(live_number $2.offered)" \
		"$(($(live_number $2.taken) + $(live_number $2.lost)))"
	is "$1: what is spooled is what waits unsent" "$(live_number $2.spooled)" \
		"$(live_number $2.unsent)"
	is "$1: offered = delivered + undelivered" "$(live_number records)" \
		"$(($(live_number delivered) + $(live_number undelivered)))"
}
ends()
{
	exec {live_in}>&-
	wait "$live_driver_pid" 2>/dev/null
	return 0
}
drained() # MODULE
{
	live_ask flush 1000
	live_ask ledger
	[ "$(live_number $1.waiting)" = 0 ]
}

# ---- row 15: journald is missing, then it is there -----------------------------------------
live_stack jour <<-END
	redact required permit
	sink required file path=$out
	sink required journald spool=16MiB spool_path=$disk
END
live_driver jour
live_ask say 500 missing
ledger_holds "fault_15 missing" journald
is "fault_15 missing: all of it waits" "$(live_number undelivered)" 0
live_journald_start
live_wait drained journald
in_journal()
{
	live_journal -t jour | jq -s 'map(select(.I != null).I | tonumber)'
}
is "fault_15: every record is in the journal, in order" \
	"$(in_journal | jq 'length == 500 and . == sort')" true
ledger_holds "fault_15 there" journald
live_journald_kill
live_ask say 300 killed
live_journald_start
live_wait drained journald
is "fault_15 killed: what came meanwhile, too" "$(in_journal | jq '.[-1]')" 799
ledger_holds "fault_15 killed" journald
ends

# ---- row 12: the spool's own file system is full --------------------------------------------
more='redact required permit
service required settings control=yes'
live_stack net <<-END
	$more
	sink sufficient syslog proto=tcp host=127.0.0.1 port=$live_port spool=64MiB spool_path=$disk
	sink sufficient file path=$out
END
rm -f "$out"
live_driver net
live_ask say 20000 "until the disk is full"
ledger_holds "fault_12 disk full" syslog
like "fault_12 disk full: some were refused" "$(live_number syslog.full)" '^[1-9]'
is "fault_12 disk full: the next sink has those" "$(live_number file.taken)" \
	"$(live_number syslog.lost)"
like "fault_12 disk full: the channel says so" "$(cat "$out")" 'does not take records: it is full'
like "ctl inspect spool shows it" "$("$top_builddir/telltale" ctl net inspect spool)" \
	"$disk/net.syslog.1.*waiting=[1-9]"
live_rsyslog_start
live_wait drained syslog && pass "fault_12 disk full: it drains" ||
	flunk "fault_12 disk full: it drains" "$live_answer"
all()
{
	{ live_syslog | jq '.sd["telltale@32473"].i // empty | tonumber'
		jq 'select(.i != null).i' "$out"; } | sort -un | wc -l
}
has_all()
{
	[ "$(all)" = 20000 ]
}
live_wait has_all
is "fault_12 disk full: nothing was lost" "$(all)" 20000
ledger_holds "fault_12 drained" syslog
live_rsyslog_kill

# ---- the spool itself is full: the oldest go, counted ---------------------------------------
ends
rm -rf "${disk:?}"/*
live_stack old <<-END
	$more
	sink required syslog proto=tcp host=127.0.0.1 port=$live_port spool=1MiB spool_full=oldest spool_path=$disk
END
live_driver old
live_ask say 10000 "the oldest go"
live_ask flush 100
live_ask ledger
like "spool_full=oldest: some are lost" "$(live_number syslog.full)" '^[1-9]'
ledger_holds "spool_full=oldest" syslog
rm -f "$live_syslog_out"
live_rsyslog_start
live_wait drained syslog
last_is_there()
{
	live_syslog | jq -r '.sd["telltale@32473"].i' | grep -x 9999 >/dev/null
}
live_wait last_is_there && pass "spool_full=oldest: the newest arrive" ||
	flunk "spool_full=oldest: the newest arrive" "$(live_syslog | tail -n 2)"
ledger_holds "spool_full=oldest drained" syslog
ends

# ---- row 21: no place for a spool: the sink goes without, and it is said --------------------
rm -f "$out"
live_stack none <<-END
	redact required permit
	sink required file path=$out
	sink required syslog proto=tcp host=127.0.0.1 port=$live_port spool=16MiB spool_path=$tap_dir/no/such
END
live_driver none
live_ask say 10 none
live_ask ledger
is "fault_21 no place: the sink has them all the same" "$(live_number syslog.lost)" 0
like "fault_21 no place: and it is said" "$(cat "$out")" 'no spool for this sink'
ends
done_testing
