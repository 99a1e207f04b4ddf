#!/bin/bash
# cron(8) under --preload: it forks a child for each job, which renames itself in the memory
# that openlog(3) was given.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/taken.sh"
export PATH=$PATH:/usr/sbin:/sbin
need cron
taken_begin "$@"
[ -f /etc/crontab ] && [ -d /etc/cron.d ] && [ -d /var/spool/cron/crontabs ] ||
	skip_all "not Debian's cron"
cat >"$tap_dir/crontab" <<-END
	SHELL=/bin/sh
	@reboot root echo "preload: \${LD_PRELOAD-none}" >"$tap_dir/job"; exit 3
END
chown root:root "$tap_dir/crontab"
mount --bind "$tap_dir/crontab" /etc/crontab || skip_all "cannot mount"
mount -t tmpfs tmpfs /etc/cron.d && mount -t tmpfs tmpfs /var/spool/cron/crontabs ||
	skip_all "cannot mount"

job_done()
{
	[ -s "$tap_dir/job" ] && taken_records | grep -q 'CMD'
}

use() # plain|taken
{
	local how=$1
	rm -f /run/crond.reboot /run/crond.pid "$tap_dir/job"
	taken_mark
	taken_start "$how" "$tap_dir/$how.out" cron -f -L 5
	live_wait job_done
	kill "$taken_pid"
	wait "$taken_pid"
	echo "exit status $?" >>"$tap_dir/$how.out"
	cp "$tap_dir/job" "$tap_dir/$how.job"
	taken_records 's/[0-9]{3,}/N/g; s/fd = [0-9]+/fd = N/' | sort >"$tap_dir/$how"
	taken_transports >"$tap_dir/$how.by"
}

use plain
use taken
like "the plain one goes through /dev/log" "$(cat "$tap_dir/plain.by")" 'syslog'
is "under --preload all are records of ours" "$(cat "$tap_dir/taken.by")" "journal "
is "what it prints, and how it ends, is the same" "$(cat "$tap_dir/taken.out")" \
	"$(cat "$tap_dir/plain.out")"
is "the job runs as before, in cron's own environment" "$(cat "$tap_dir/taken.job")" \
	"$(cat "$tap_dir/plain.job")"
is "its records are the same" "$(cat "$tap_dir/taken")" "$(cat "$tap_dir/plain")"
like "level, facility, identifier and pid of the daemon" "$(cat "$tap_dir/taken")" \
	'6\|9\|cron\|pid\|\(CRON\) INFO'
like "of its child, which calls itself otherwise" "$(cat "$tap_dir/taken")" \
	'6\|9\|CRON\|pid\|\(root\) CMD'
is "each child's process is its own" "$(taken_entries |
	jq -r 'select(.SYSLOG_IDENTIFIER == "CRON") | .SYSLOG_PID' | grep -cx "$taken_pid")" 0
done_testing
