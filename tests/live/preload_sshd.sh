#!/bin/bash
# sshd(8) on loopback under --preload: it starts itself anew for a connection, gives up its
# rights, changes its root and allows itself few system calls before a login.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/taken.sh"
export PATH=$PATH:/usr/sbin:/sbin
need sshd ssh ssh-keygen
taken_begin "$@"
sshd=$(command -v sshd)
port=$((20000 + RANDOM % 10000))
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$tap_dir/host_key" </dev/null
ssh-keygen -q -t ed25519 -N '' -f "$tap_dir/key" </dev/null
ssh-keygen -q -t ed25519 -N '' -f "$tap_dir/stranger" </dev/null
cp "$tap_dir/key.pub" "$tap_dir/authorized"
cat >"$tap_dir/sshd_config" <<-END
	Port $port
	ListenAddress 127.0.0.1
	HostKey $tap_dir/host_key
	AuthorizedKeysFile $tap_dir/authorized
	PidFile none
	PermitRootLogin yes
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	UsePAM no
	StrictModes no
	SyslogFacility AUTHPRIV
	LogLevel VERBOSE
END

client() # KEY COMMAND: its output and exit status
{
	ssh -F none -p "$port" -i "$1" -o IdentitiesOnly=yes -o BatchMode=yes \
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
		-o LogLevel=ERROR root@127.0.0.1 "$2" 2>&1
	echo "exit status $?"
}

listens()
{
	grep -q "0100007F:$(printf %04X "$port") 00000000:0000 0A" /proc/net/tcp
}

# The last words of a connection come after the client has gone.
closed()
{
	taken_records | grep -q 'Connection closed by authenticating user' &&
		taken_records | grep -q 'Disconnected from user root'
}

use() # plain|taken
{
	local how=$1
	taken_mark
	taken_start "$how" "$tap_dir/$how.out" "$sshd" -D -f "$tap_dir/sshd_config"
	live_wait listens
	client "$tap_dir/key" 'echo hello; exit 5' >"$tap_dir/$how.client"
	client "$tap_dir/stranger" true >>"$tap_dir/$how.client"
	live_wait closed
	kill "$taken_pid"
	wait "$taken_pid"
	echo "exit status $?" >>"$tap_dir/$how.out"
	taken_records 's/port [0-9]+/port N/g; s/session: process [0-9]+/process N/
		s/(child|pid|process) [0-9]+/\1 N/g' | sort >"$tap_dir/$how"
	taken_transports >"$tap_dir/$how.by"
}

use plain
use taken
like "the login works" "$(cat "$tap_dir/taken.client")" '^hello.exit status 5'
is "and all is as before" "$(cat "$tap_dir/taken.client")" "$(cat "$tap_dir/plain.client")"
is "what sshd prints, and how it ends, is the same" "$(cat "$tap_dir/taken.out")" \
	"$(cat "$tap_dir/plain.out")"
is "the plain one goes through /dev/log" "$(cat "$tap_dir/plain.by")" "syslog "
is "under --preload all are records of ours" "$(cat "$tap_dir/taken.by")" "journal "
is "its records are the same" "$(cat "$tap_dir/taken")" "$(cat "$tap_dir/plain")"
like "level, facility, identifier and pid" "$(cat "$tap_dir/taken")" \
	'6\|10\|sshd\|pid\|Accepted publickey for root'
is "no child was killed for a system call" "$(grep -c 'terminated by signal' "$tap_dir/taken")" 0

# sshd -d logs to stderr: those are lines, and `cat` makes records of them.
taken_mark
"$TELLTALE" cat -t sshd --preload -- "$sshd" -d -f "$tap_dir/sshd_config" &
taken_pid=$!
live_pids+=("$taken_pid")
live_wait listens
like "sshd -d serves its one connection" "$(client "$tap_dir/key" 'echo hello; exit 5')" \
	'hello.exit status 5'
wait "$taken_pid"
is "and ends as it does" "$?" 255
said()
{
	taken_records | grep -q 'Accepted publickey for root'
}
ok "what it says of it arrives" live_wait said
is "once" "$(taken_records | grep -c 'Accepted publickey for root')" 1
is "as its own process's" "$(taken_entries -t sshd | jq -r .SYSLOG_PID | sort -u)" "$taken_pid"
done_testing
