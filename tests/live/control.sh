#!/bin/bash
# Control sockets where they are on a host: of several users, of a unit; and what a service tells
# of its losses in the journal.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
live_begin "$@"
need setpriv jq
open_to_all || skip_all "others may not enter $top_builddir"
mount -t tmpfs -o mode=1777 tmpfs /dev/shm || skip_all "cannot mount"
unset RUNTIME_DIRECTORY XDG_RUNTIME_DIR
program=$top_builddir/tests/tool/asked
[ -x "$program" ] || skip_all "tests/tool/asked was not built"
user=65534
chmod 755 "$tap_dir" "$TELLTALE_CONFDIR"

for service in roots users units; do
	live_stack $service <<-END
		service required settings control=yes
		sink required permit
	END
done

run() # SERVICE [PROGRAM BEFORE IT...]: stays until its fifo is closed
{
	local service=$1
	shift
	mkfifo -m 666 "$tap_dir/in.$service"
	"$@" "$program" "$service" <"$tap_dir/in.$service" >/dev/null &
	live_pids+=($!)
	# shellcheck disable=SC2034 # held open, so that it goes on
	exec {held}>"$tap_dir/in.$service"
}
as_user=(setpriv "--reuid=$user" "--regid=$user" --clear-groups)
python=$(PATH=/usr/bin:/bin command -v python3) || skip_all "python3 is missing"
run roots
run users "${as_user[@]}"
mkdir -m 755 /run/units.d
chown $user /run/units.d
run units "${as_user[@]}" env RUNTIME_DIRECTORY=/run/units.d:/run/other
ok "root's is in /run" live_wait test -S "/run/telltale/0/roots.${live_pids[0]}.ctl"
ok "a user's in /dev/shm" live_wait test -S "/dev/shm/telltale-$user/users.${live_pids[1]}.ctl"
ok "a unit's in its own directory" live_wait test -S "/run/units.d/telltale/units.${live_pids[2]}.ctl"

names()
{
	jq -r '"\(.service) \(.uid)"' | sort | paste -sd,
}
is "root sees all of them" "$("$TELLTALE" status -o json | names)" \
	"roots 0,units $user,users $user"
is "a user sees the user's own" "$("${as_user[@]}" "$TELLTALE" status -o json | names)" \
	"units $user,users $user"
is "root may order all" "$("$TELLTALE" ctl users reopen)" "users[${live_pids[1]}]: reopened"
fails "a user cannot find root's" 69 "${as_user[@]}" "$TELLTALE" ctl roots reopen
chmod 755 /run/telltale/0
chmod 666 "/run/telltale/0/roots.${live_pids[0]}.ctl"
is "nor is the user answered by it when all doors are open" "$("${as_user[@]}" "$python" -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.argv[1])
try:
    s.send(b"stats")
    print(len(s.recv(4096)))
except ConnectionError:
    print(0)' "/run/telltale/0/roots.${live_pids[0]}.ctl")" 0
chmod 700 /run/telltale/0

# A user made root's place first: root goes elsewhere, and asks nobody there.
mkdir -m 700 /dev/shm/telltale-0
chown $user /dev/shm/telltale-0
"${as_user[@]}" "$python" -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind("/dev/shm/telltale-0/sshd.1.ctl"); s.listen(1)
while True:
    c, _ = s.accept(); c.recv(99); c.send(b"ok\n{}"); c.close()' &
live_pids+=($!)
live_wait test -S /dev/shm/telltale-0/sshd.1.ctl
is "what stands there is that user's, by its name" \
	"$("$TELLTALE" status -o json | jq -c 'select(.service == null) | .uid')" "$user"

# ---- losses, in the journal ----
live_journald_start
live_stack losing <<-END
	sink required journald
	sink required deny
END
live_driver losing
live_ask say 3 hello
exec {live_in}>&-
wait "$live_driver_pid"
loss=$(live_journal TELL_KIND=loss -t losing)
is "a loss is a record of its kind" "$(jq -r 'select(.LOST) | [.LOST, .LOST_TOTAL, .LOGGER] | join(" ")' \
	<<<"$loss")" "3 3 telltale"
is "who and why" "$(jq -r 'select(.SINK) | [.SINK, .REASON, .DROPPED] | join(" ")' <<<"$loss")" \
	"deny denied 3"
done_testing
