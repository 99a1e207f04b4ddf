#!/bin/bash
# FAULTS row 22: a service that has used up its descriptors (RLIMIT_NOFILE) logs on through those
# the sinks hold, drops by the ledger what needs a new one, and recovers by itself.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
need prlimit
live_journald_start
live_rsyslog_start
out=$tap_dir/out.jsonl
live_stack shop <<-END
	service required settings limit=4MiB
	redact required permit
	sink required file path=$out
	sink optional journald
	sink sufficient syslog proto=tcp host=127.0.0.1 port=$live_port
END

# More than a datagram carries (the kernel doubles what it allows: socket(7)), so it takes a
# memfd; where even 4 MiB fit, there is no such record.
big=3900000
[ "$(($(cat /proc/sys/net/core/wmem_max) * 2))" -lt $big ] || big=

at_server()
{
	live_syslog | jq -s --arg text "$1" 'map(select(.message == $text)) | length'
}
server_has() # COUNT TEXT
{
	[ "$(at_server "$2")" = "$1" ]
}
in_file() # FILE TEXT
{
	cat "$1" 2>/dev/null | jq -s --arg text "$2" 'map(select(.message == $text)) | length'
}
in_journal()
{
	live_journal -t shop "TELL_TEXT=$1" | wc -l
}
# No descriptor below 3 is free, so there is none to be had: those that are open stay.
no_descriptors()
{
	prlimit --pid "$live_driver_pid" --nofile=3:
}
descriptors()
{
	prlimit --pid "$live_driver_pid" --nofile=1024:
}
the_file_has_all() # NAME
{
	is "fault_22 $1: the file took what it was offered" "$(live_number file.taken)" \
		"$(live_number file.offered)"
}
comes_back()
{
	live_ask ledger
	local before
	before=$(live_number syslog.taken)
	live_ask say 1 knock
	live_ask ledger
	[ "$(live_number syslog.taken)" -gt "$before" ]
}

live_driver shop
live_ask say 10 before
live_ask big "${big:-1000}"
live_wait server_has 10 before
is "a large record goes to journald" "$(in_journal big)" 1

no_descriptors
live_ask say 10 "none left"
live_wait server_has 10 "none left"
is "fault_22 none left: the file goes on" "$(in_file "$out" "none left")" 10
is "fault_22 none left: so does journald" "$(in_journal "none left")" 10
is "fault_22 none left: and the syslog server" "$(at_server "none left")" 10

# What needs a new one: a large record's memfd, a connection, the file after a rotation.
live_ask ledger
lost=$(live_number journald.lost)
live_ask big "${big:-1000}"
live_ask ledger
if [ "$big" ]; then
	is "fault_22 a large record for journald is lost, and counted" \
		"$(live_number journald.lost)" "$((lost + 1))"
else
	skip "datagrams are large here" "fault_22 a large record for journald is lost, and counted"
fi
is "fault_22 but not by the file" "$(in_file "$out" big)" 2
mv "$out" "$out.1"
sleep 1.2 # looked at once a second
live_ask say 5 rotated
is "fault_22 rotated: the old file goes on" "$(in_file "$out.1" rotated)" 5
live_rsyslog_kill
live_ask say 5 disconnected
live_rsyslog_start
live_ask say 5 disconnected
live_ledger "fault_22 none left"
the_file_has_all "none left"

descriptors
live_wait comes_back && pass "fault_22 some again: the connection returned by itself" ||
	flunk "fault_22 some again: the connection returned by itself"
has_new_file()
{
	live_ask say 1 knock
	[ "$(in_file "$out" knock)" -gt 0 ]
}
live_wait has_new_file
is "fault_22 some again: the file is the new one" "$(($(in_file "$out" knock) > 0))" 1
large=$(in_journal big)
live_ask big "${big:-1000}"
is "fault_22 some again: large records go to journald" "$(in_journal big)" "$((large + 1))"
live_ledger "fault_22 some again"
the_file_has_all "some again"

# Of all records, each is in one of the two files once.
live_ask ledger
is "fault_22 no record is missing, torn or there twice" \
	"$(cat "$out.1" "$out" | jq -s length)" "$(live_number file.taken)"
live_driver_ends

# Started with one to spare: too few even to read the stack (its directory is held meanwhile), so
# the built-in one holds, until a reload.
rm -f "$out"
live_stack shop <<-END
	redact required permit
	sink required file path=$out
END
live_driver shop bash -c 'for fd in /proc/self/fd/*; do
		fd=${fd##*/}; [ "$fd" -lt 3 ] || eval "exec $fd>&-"
	done
	ulimit -Sn 4; exec "$@"' _
live_ask say 5 started
is "fault_22 started without: no file" "$(in_file "$out" started)" 0
live_ledger "fault_22 started without"
descriptors
live_ask reload
live_ask say 5 recovered
is "fault_22 started without, then with and a reload: the file is there" \
	"$(in_file "$out" recovered)" 5
live_ledger "fault_22 recovered"
done_testing
