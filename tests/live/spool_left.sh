#!/bin/bash
# FAULTS row 1 with a spool, two processes of a service: both log while their receiver is away, one is
# killed. The other, which runs on, sends what the dead one left, once the receiver is back.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
need rsyslogd jq
mkdir -m 700 "$tap_dir/spool"
live_rsyslog_start
live_stack shop <<-END
	redact required permit
	service required settings control=yes
	sink required syslog proto=tcp host=127.0.0.1 port=$live_port spool=64MiB spool_path=$tap_dir/spool
END

said() # TEXT: the numbers of its records that came, in order and each once
{
	live_syslog | jq -r --arg text "$1" 'select(.message == $text) |
		.sd["telltale@32473"].i' | awk '!seen[$1]++'
}
all_said() # COUNT TEXT
{
	[ "$(said "$2" | wc -l)" = "$1" ]
}
nothing_waits()
{
	live_ask flush 1000
	live_ask ledger
	[ "$(live_number syslog.waiting)" = 0 ]
}
is_gone()
{
	[ ! -e "$tap_dir/spool/shop.syslog.2" ]
}
in_two_minutes() # the process looks each minute
{
	live_wait "$@" || live_wait "$@" || live_wait "$@" || live_wait "$@"
}

live_driver shop
live_ask say 1 first
live_wait all_said 1 first
live_rsyslog_kill
live_ask say 100 own
first_in=$live_in first_out=$live_out first_pid=$live_driver_pid
live_driver shop 2>/dev/null
live_ask say 500 left
like "each process has its own" "$(ls "$tap_dir/spool")" 'shop.syslog.1
shop.syslog.2'
kill -KILL "$live_driver_pid"
wait "$live_driver_pid" 2>/dev/null
exec {live_in}>&-
live_in=$first_in live_out=$first_out live_driver_pid=$first_pid
[ -d "$tap_dir/spool/shop.syslog.2" ] && pass "the dead one's records lie in its spool" ||
	flunk "the dead one's records lie in its spool"
live_rsyslog_start
live_wait all_said 100 own && pass "it sends its own" || flunk "it sends its own"
in_two_minutes all_said 500 left && pass "fault_1: and then what the dead one left" ||
	flunk "fault_1: and then what the dead one left" "$(ls -R "$tap_dir/spool")"
is "in order" "$(said left | sort -nc 2>&1)" ""
is "marked as recovered" "$(live_syslog | jq -r 'select(.message == "left") |
	.sd["telltale@32473"].tell_recovered' | sort -u)" 1
live_wait is_gone && pass "the spool is removed" || flunk "the spool is removed"
live_wait nothing_waits
[ "$(live_number syslog.found)" -ge 500 ] && pass "found: those that it took over" ||
	flunk "found: those that it took over" "$live_answer"
is "offered = taken + lost" "$(live_number syslog.offered)" \
	"$(($(live_number syslog.taken) + $(live_number syslog.lost)))"
is "nothing is lost, nothing waits" "$(live_number syslog.lost) $(live_number syslog.spooled)" "0 0"
live_driver_ends
is "an empty spool leaves nothing behind" "$(ls "$tap_dir/spool")" ""
done_testing
