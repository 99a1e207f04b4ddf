# Real daemons for live tests, private ones: `. "$top_srcdir/tests/support/live.sh"` first, then
#
#	live_begin                      # root, own mount namespace, empty /run and /var/log/journal
#	live_journald_start             # a systemd-journald, volatile; live_journal_burst: its limit
#	live_stack shop <<-'END'        # a stack in $TELLTALE_CONFDIR
#		sink required journald
#	END
#	live_driver shop                # tests/live/driver.c; its commands: live_ask say 10 hello
#	live_journal -t shop | jq ...   # journalctl -o json of that journald, synced
#	live_rsyslog_start              # TCP and UDP on 127.0.0.1:$live_port, read with live_syslog
#	live_ledger "row 12: full"      # the ledger's sums hold; live_number records ...
#	live_driver_ends                # and its stack is closed
#	done_testing
#
# What it starts ends with the script. The mount namespace goes with it: the host's journal and
# /run are never touched.
# shellcheck shell=bash
: "${top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
. "$top_srcdir/tests/support/tap.sh"
live_pids=()
live_driver_program=$top_builddir/tests/live/driver

# Mounts of ours must not spread to the host. They cannot where nothing is shared; else the
# namespace is made private, which takes a root that is a mount point: a chroot has none.
live_namespace()
{
	for live_propagation in private unchanged; do
		[ $live_propagation = private ] || ! grep -qs ' shared:' /proc/1/mountinfo ||
			break
		unshare -m --propagation $live_propagation true 2>/dev/null && return
	done
	skip_all "no mount namespaces here"
}

live_begin()
{
	need_root
	need unshare mount
	if [ -z "${LIVE_INSIDE-}" ]; then
		live_namespace
		rm -rf "$tap_dir"
		trap - EXIT
		LIVE_INSIDE=1 exec unshare -m --propagation "$live_propagation" bash "$0" "$@"
	fi
	mount -t tmpfs tmpfs /run || skip_all "cannot mount"
	mkdir -p /run/systemd/journal /run/log/journal /var/log/journal
	mount -t tmpfs tmpfs /var/log/journal || skip_all "cannot mount"
	if [ ! -d /sys/fs/cgroup ]; then # journald asks which cgroup it is in
		mount -t tmpfs tmpfs /sys && mkdir -p /sys/fs/cgroup &&
			mount -t cgroup2 cgroup2 /sys/fs/cgroup || skip_all "cannot mount"
	fi
	trap live_end EXIT
	export TELLTALE_CONFDIR=$tap_dir/conf
	mkdir -p "$TELLTALE_CONFDIR"
}

live_end()
{
	local pid
	for pid in "${live_pids[@]}"; do
		kill -CONT "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
	done
	cd / && umount -l "$tap_dir"/*/ 2>/dev/null
	rm -rf "$tap_dir"
}

# A command that becomes true within 30 s.
live_wait() # COMMAND...
{
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" && return 0
		sleep 0.05
	done
	echo "# never came true: $*"
	return 1
}

live_stack() # SERVICE <STACK: types it leaves out are the built-in ones
{
	cat >"$TELLTALE_CONFDIR/$1"
}

# ---- systemd-journald: a unit's burst in 1 s; 0: no limit ----------------------------------
live_journal_burst=0

live_journald_start()
{
	local program
	for program in /usr/lib/systemd/systemd-journald /lib/systemd/systemd-journald; do
		[ -x "$program" ] && break
	done
	[ -x "$program" ] || skip_all "systemd-journald is missing"
	need journalctl jq
	[ -s /etc/machine-id ] || skip_all "no /etc/machine-id: journald will not start"
	mkdir -p /run/systemd/journald.conf.d
	printf '%s\n' '[Journal]' Storage=volatile "RateLimitIntervalSec=$((live_journal_burst ? 1 : 0))" \
		"RateLimitBurst=$live_journal_burst" \
		ReadKMsg=no Audit= ForwardToSyslog=no ForwardToKMsg=no ForwardToConsole=no \
		ForwardToWall=no "RuntimeMaxUse=${live_journal_max:-200M}" RuntimeMaxFileSize=100M \
		>/run/systemd/journald.conf.d/live.conf
	rm -f /run/systemd/journal/socket
	env -u RUNTIME_DIRECTORY "$program" >"$tap_dir/journald.out" 2>&1 & # else its sockets are there
	live_journald=$!
	live_pids+=("$live_journald")
	live_wait live_journald_answers ||
		skip_all "systemd-journald does not start here: $(tail -n 1 "$tap_dir/journald.out")"
}

# It listens before it is ready, and may end after that.
live_journald_answers()
{
	kill -0 "$live_journald" 2>/dev/null || return 1
	live_journald_listens && journalctl --sync >/dev/null 2>&1
}

live_journald_listens()
{
	[ -S /run/systemd/journal/socket ] && [ -S /run/systemd/journal/io.systemd.journal ]
}

live_journald_kill() # [SIGNAL]
{
	kill "-${1:-KILL}" "$live_journald" 2>/dev/null
	wait "$live_journald" 2>/dev/null
}

# All that was sent is in the journal's files.
live_sync()
{
	journalctl --sync >/dev/null 2>&1
}

live_journal() # journalctl's options
{
	live_sync
	journalctl -q --no-pager -D /run/log/journal -o json --all "$@"
}

# ---- rsyslogd: every record a JSON line with all parameters ------------------------------
# At live_host, started by the command live_rsyslog_runs (such as ip netns exec), both may be
# set before.
live_host=127.0.0.1
live_rsyslog_runs=()

live_rsyslog_start()
{
	need rsyslogd jq
	: "${live_port:=$((20000 + RANDOM % 10000))}"
	live_syslog_out=$tap_dir/syslog.json
	cat >"$tap_dir/rsyslog.conf" <<-END
		global(workDirectory="$tap_dir" maxMessageSize="64k"
			parser.escapeControlCharactersOnReceive="off")
		module(load="imtcp" maxFrameSize="200000")
		module(load="imudp")
		module(load="mmpstrucdata")
		template(name="all" type="list" option.jsonf="on") {
			property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
			property(outname="host" name="hostname" format="jsonf")
			property(outname="service" name="app-name" format="jsonf")
			property(outname="pid" name="procid" format="jsonf")
			property(outname="msgid" name="msgid" format="jsonf")
			property(outname="level" name="syslogseverity" format="jsonf")
			property(outname="facility" name="syslogfacility" format="jsonf")
			property(outname="message" name="msg" format="jsonf")
			property(outname="sd" name="\$!rfc5424-sd" format="jsonf")
		}
		ruleset(name="all") {
			action(type="mmpstrucdata")
			action(type="omfile" file="$live_syslog_out" template="all")
		}
		input(type="imtcp" address="$live_host" port="$live_port" ruleset="all")
		input(type="imudp" address="$live_host" port="$live_port" ruleset="all")
	END
	"${live_rsyslog_runs[@]}" rsyslogd -n -f "$tap_dir/rsyslog.conf" -i "$tap_dir/rsyslog.pid" \
		>"$tap_dir/rsyslog.out" 2>&1 &
	live_rsyslog=$!
	live_pids+=("$live_rsyslog")
	live_wait live_rsyslog_listens || skip_all "rsyslogd does not start here"
}

# What arrived, a JSON object a record; its parameters are .sd["telltale@32473"].
live_syslog()
{
	[ -f "$live_syslog_out" ] || return 0
	jq -cR 'fromjson? | .sd = ((.sd | fromjson?) // {})' "$live_syslog_out"
}

live_rsyslog_listens()
{
	"${live_rsyslog_runs[@]}" bash -c ": <>/dev/tcp/$live_host/$live_port" 2>/dev/null
}

live_rsyslog_kill() # [SIGNAL]
{
	kill "-${1:-KILL}" "$live_rsyslog" 2>/dev/null
	wait "$live_rsyslog" 2>/dev/null
	rm -f "$tap_dir/rsyslog.pid"
}

# ---- the driver --------------------------------------------------------------------------
live_driver() # SERVICE [PROGRAM BEFORE IT...]
{
	local service=$1
	shift
	[ -x "$live_driver_program" ] || skip_all "tests/live/driver was not built"
	coproc LIVE { exec "$@" "$live_driver_program" "$service"; }
	live_driver_pid=$!
	live_pids+=("$live_driver_pid")
	live_in=${LIVE[1]} live_out=${LIVE[0]}
}

# One command; its answer is in $live_answer. The driver's own watchdog ends it when a log
# call takes many seconds, and then this fails.
live_ask() # COMMAND...
{
	live_answer=
	echo "$*" >&"$live_in"
	if ! read -r -t 120 live_answer <&"$live_out"; then
		flunk "the driver answers '$*' in time"
		done_testing
	fi
}

# A number of the ledger, as the last `ledger` answered: live_number file.delivered
live_number() # NAME
{
	local pair
	for pair in $live_answer; do
		[ "${pair%%=*}" = "$1" ] && echo "${pair#*=}" && return
	done
	echo "none:$1"
}

# Ask for the ledger; what was offered is accounted for. Each row of faults ends with this.
live_ledger() # NAME
{
	live_ask ledger
	is "$1: offered = filtered + delivered + dropped + queued" \
		"$(($(live_number records) + $(live_number recovered)))" \
		"$(($(live_number filtered) + $(live_number delivered) + $(live_number undelivered) + \
			$(live_number dropped) + $(live_number queued)))"
}

live_driver_ends()
{
	exec {live_in}>&-
	wait "$live_driver_pid" 2>/dev/null
}
