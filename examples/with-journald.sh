#!/bin/bash
# with-journald.sh COMMAND...: run a command beside a systemd-journald of its own.
#
#	with-journald.sh bash -c 'logger hello; journalctl --sync; journalctl'
#
# For machines that run none, such as containers. Journald gets an empty /run in a mount
# namespace, keeps its journal in memory and ends with the command: nothing stays behind,
# nothing outside is touched. Needs root. Exit status: the command's; 69 when it cannot.
# Licence: MIT.
set -u

cannot()
{
	echo "with-journald.sh: $*" >&2
	exit 69
}

# Mounts of ours must not spread to the host. They cannot where nothing is shared; else the
# namespace is made private, which takes a root that is a mount point: a chroot has none.
namespace_kind()
{
	if unshare -m --propagation private true; then
		echo private
	elif ! grep -qs ' shared:' /proc/1/mountinfo &&
		unshare -m --propagation unchanged true; then
		echo unchanged
	fi 2>/dev/null
}

enter_namespace() # COMMAND...
{
	local kind
	kind=$(namespace_kind)
	[ -n "$kind" ] || cannot "no mount namespace of our own here"
	WITH_JOURNALD=entered exec unshare -m --propagation "$kind" bash "$0" "$@"
}

prepare()
{
	mount -t tmpfs -o mode=755 tmpfs /run || cannot "cannot mount"
	mkdir -p /run/systemd/journal /run/systemd/journald.conf.d /run/log/journal
	[ ! -d /var/log/journal ] || mount -t tmpfs tmpfs /var/log/journal ||
		cannot "cannot mount"
	printf '%s\n' '[Journal]' Storage=volatile RateLimitIntervalSec=0 RateLimitBurst=0 \
		ReadKMsg=no Audit= ForwardToSyslog=no ForwardToKMsg=no ForwardToConsole=no \
		ForwardToWall=no >/run/systemd/journald.conf.d/private.conf
	if [ ! -d /sys/fs/cgroup ]; then # journald asks which cgroup it is in
		mount -t tmpfs tmpfs /sys && mkdir -p /sys/fs/cgroup &&
			mount -t cgroup2 cgroup2 /sys/fs/cgroup || cannot "cannot mount"
	fi
	if [ ! -s /etc/machine-id ]; then # journald writes for a machine, so it needs its id
		[ -e /etc/machine-id ] || cannot "there is no /etc/machine-id"
		tr -d - </proc/sys/kernel/random/uuid >/run/machine-id
		mount --bind /run/machine-id /etc/machine-id || cannot "cannot mount"
	fi
}

start()
{
	local program i
	for program in /usr/lib/systemd/systemd-journald /lib/systemd/systemd-journald; do
		[ -x $program ] && break
	done
	[ -x "$program" ] || cannot "systemd-journald is not installed"
	env -u NOTIFY_SOCKET -u LISTEN_FDS -u LISTEN_PID SYSTEMD_LOG_TARGET=console \
		"$program" >/run/journald.out 2>&1 &
	journald=$!
	trap stop EXIT
	for ((i = 0; i < 100; i++)); do
		kill -0 $journald 2>/dev/null || break
		journalctl --sync >/dev/null 2>&1 && return
		sleep 0.05
	done
	cannot "systemd-journald does not start: $(tail -n1 /run/journald.out)"
}

stop()
{
	kill $journald 2>/dev/null
	wait $journald 2>/dev/null
}

[ "$(id -u)" -eq 0 ] || cannot "needs root"
case ${WITH_JOURNALD-} in
'') enter_namespace "$@" ;;
entered) ;;
*) cannot "there is a private journald already" ;;
esac
prepare
start
[ $# -gt 0 ] || exit 0
WITH_JOURNALD=private "$@"
