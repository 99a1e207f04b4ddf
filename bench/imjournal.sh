#!/bin/bash
# imjournal.sh JOURNAL LAST: rsyslog's imjournal reads that directory as this machine's journal, to a file of
# JSON lines, until the text LAST has come. As root: in a mount namespace of its own.
set -u
if [ -z "${IMJOURNAL_INSIDE-}" ]; then
	IMJOURNAL_INSIDE=1 exec unshare -m --propagation private bash "$0" "$@"
fi
journal=$1 last=$2
dir=$(mktemp -d "$journal/../imjournal.XXXXXX") && mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/log/journal &&
	mkdir "/var/log/journal/$(cat /etc/machine-id)" &&
	mount --bind "$journal" "/var/log/journal/$(cat /etc/machine-id)" || exit 1
cat >"$dir/conf" <<END
global(workDirectory="$dir")
module(load="imjournal" StateFile="$dir/state" IgnorePreviousMessages="off" ratelimit.interval="0")
template(name="json" type="string" string="%\$!%\n")
action(type="omfile" file="$dir/out" template="json")
END
rsyslogd -n -f "$dir/conf" -i "$dir/pid" >/dev/null 2>&1 &
daemon=$!
for ((i = 0; i < 1200; i++)); do
	tail -c 20000 "$dir/out" 2>/dev/null | grep -aq "$last" && break
	kill -0 $daemon 2>/dev/null || break
	sleep 0.1
done
kill $daemon
wait $daemon
tail -c 20000 "$dir/out" | grep -aq "$last"
status=$?
rm -rf "$dir"
exit $status
