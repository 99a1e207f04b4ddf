#!/bin/bash
# A syslog server's name that is not known at the start, and is another machine's later, under a
# service that runs on: its own /etc/hosts is the resolver.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
echo "127.0.0.1 localhost" >"$tap_dir/hosts"
mount --bind "$tap_dir/hosts" /etc/hosts || skip_all "cannot mount"
printf 'hosts: files\n' >"$tap_dir/nsswitch.conf"
mount --bind "$tap_dir/nsswitch.conf" /etc/nsswitch.conf || skip_all "cannot mount"
out=$tap_dir/out.jsonl
live_host=127.0.0.2
live_rsyslog_start
live_stack shop <<-END
	redact required permit
	service required settings control=yes
	sink sufficient syslog proto=tcp host=logs.telltale.test port=$live_port
	sink sufficient file path=$out
END
taken()
{
	live_ask ledger
	live_number syslog.taken
}
comes_back()
{
	live_ask say 1 knock
	[ "$(taken)" -gt "$taken_before" ]
}
all_there()
{
	[ "$(live_syslog | jq -s 'map(select(.service == "shop")) | length')" = "$(taken)" ]
}

live_driver shop
live_ask say 3 early
is "a name that is not known: nothing is taken" "$(taken)" 0
like "and the channel says why" "$(cat "$out")" 'does not take records: Name or service not known'
taken_before=0
echo "127.0.0.2 logs.telltale.test" >>"$tap_dir/hosts"
live_wait comes_back && pass "the name becomes known: delivery begins by itself" ||
	flunk "the name becomes known: delivery begins by itself"
live_wait all_there && pass "what was taken is there" || flunk "what was taken is there"
syslog_ledger "known"

# Its machine is gone, another one has the name.
live_rsyslog_kill
live_ask say 3 away
# shellcheck disable=SC2034 # read by live.sh
live_host=127.0.0.3
live_rsyslog_start
sed 's/^127\.0\.0\.2/127.0.0.3/' "$tap_dir/hosts" >"$tap_dir/hosts.new"
cat "$tap_dir/hosts.new" >"$tap_dir/hosts" # the same file: it is mounted
taken_before=$(taken)
{ live_wait comes_back || live_wait comes_back || live_wait comes_back; } &&
	pass "the name is another machine's: it gets the records" ||
	flunk "the name is another machine's: it gets the records"
syslog_ledger "renamed"
done_testing
