# For live tests of programs under `telltale cat --preload`: source instead of live.sh, then
#
#	taken_begin                   # root, a private journald, /dev/log is its socket
#	taken_run plain cmd args...   # as it is; its records are those since taken_mark
#	taken_run taken cmd args...   # the same under --preload=only
#	taken_start taken FILE cmd... # in the background, as $taken_pid
#	taken_records                 # level facility identifier pid-is-right message, a line each
#
# The two must give the same. /dev is a private one with the usual devices.
# shellcheck shell=bash
: "${top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
. "$top_srcdir/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
export TELLTALE_PRELOAD_LIBRARY=$top_builddir/.libs/libtelltale-preload.so

taken_begin()
{
	[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"
	[ -f "$TELLTALE_PRELOAD_LIBRARY" ] || skip_all "no libtelltale-preload.so in this build"
	case ${TELL_SANITIZE-} in
	*-fsanitize*) skip_all "a sanitizer's library must come first" ;;
	esac
	live_begin "$@"
	chmod 755 "$tap_dir" # daemons that give up their rights read their stack later
	taken_devices
	live_journald_start
	# Nothing hides: what came before decides by level as well.
	live_stack other <<-'END'
		filter required level min=debug
		sink required journald message=bare
	END
}

taken_devices()
{
	local name major minor
	mount -t tmpfs -o mode=755 tmpfs /dev || skip_all "cannot mount"
	while read -r name major minor; do
		mknod -m 666 "/dev/$name" c "$major" "$minor" || skip_all "cannot make devices"
	done <<-'END'
		null 1 3
		zero 1 5
		full 1 7
		random 1 8
		urandom 1 9
		tty 5 0
		ptmx 5 2
	END
	mkdir /dev/shm /dev/pts
	mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts 2>/dev/null &&
		ln -sf pts/ptmx /dev/ptmx
	ln -s /proc/self/fd /dev/fd
	ln -s /run/systemd/journal/dev-log /dev/log
}

# What is in the journal from here on.
taken_mark()
{
	live_sync
	taken_cursor=$(journalctl -q -D /run/log/journal -n 0 --show-cursor |
		sed -n 's/^-- cursor: //p')
}

taken_run() # plain|taken COMMAND...
{
	local how=$1
	shift
	[ "$how" = plain ] || set -- "$TELLTALE" cat --preload=only -- "$@"
	"$@"
}

# The same in the background; its process, which the command keeps, is $taken_pid.
taken_start() # plain|taken OUTPUT-FILE COMMAND...
{
	local how=$1 out=$2
	shift 2
	[ "$how" = plain ] || set -- "$TELLTALE" cat --preload=only -- "$@"
	"$@" >"$out" 2>&1 &
	taken_pid=$!
	live_pids+=("$taken_pid")
}

# shellcheck disable=SC2120 # its users are the tests
taken_entries() # journalctl's options
{
	live_sync
	journalctl -q --no-pager -D /run/log/journal -o json --all \
		${taken_cursor:+--after-cursor="$taken_cursor"} "$@"
}

# Processes, ports and times differ from run to run: a filter takes them out of the message.
taken_records() # [SED-SCRIPT]
{
	taken_entries | jq -r 'select(.SYSLOG_IDENTIFIER != "systemd-journald") |
		[.PRIORITY, .SYSLOG_FACILITY // "0", .SYSLOG_IDENTIFIER,
		(if .SYSLOG_PID then (if .SYSLOG_PID == ._PID then "pid" else .SYSLOG_PID end)
		else "-" end), .MESSAGE | if type == "array" then implode else . end] |
		join("|")' | sed -E "${1-}"
}

# Are they the programs' own, or ours?
taken_transports()
{
	taken_entries | jq -r 'select(.SYSLOG_IDENTIFIER != "systemd-journald") | ._TRANSPORT' |
		sort -u | tr '\n' ' '
}
