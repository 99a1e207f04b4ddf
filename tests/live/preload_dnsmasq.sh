#!/bin/bash
# dnsmasq(8) under --preload: a daemon that writes to /dev/log itself, without waiting.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/taken.sh"
export PATH=$PATH:/usr/sbin:/sbin
need dnsmasq python3
taken_begin "$@"
port=$((20000 + RANDOM % 10000))

# One question, as a resolver asks it: prints the address.
ask() # NAME
{
	python3 - "$1" "$port" <<-'END'
		import socket, struct, sys
		name, port = sys.argv[1], int(sys.argv[2])
		labels = b"".join(bytes([len(p)]) + p.encode() for p in name.split("."))
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(10)
		s.sendto(struct.pack(">6H", 7, 256, 1, 0, 0, 0) + labels + b"\0\0\1\0\1",
		         ("127.0.0.1", port))
		print(socket.inet_ntoa(s.recv(512)[-4:]))
	END
}

listens()
{
	grep -q ":$(printf %04X "$port") " /proc/net/udp
}

use() # plain|taken
{
	local how=$1 pid
	taken_mark
	taken_start "$how" "$tap_dir/$how.out" dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts \
		--port="$port" --listen-address=127.0.0.1 --bind-interfaces --user=nobody \
		--address=/shop.example/192.0.2.7 --log-queries --pid-file=
	pid=$taken_pid
	live_wait listens
	ask "www.shop.example" >"$tap_dir/$how.answer"
	kill -USR1 "$pid" # its counters, from the handler of a signal
	live_wait counted "$how"
	kill "$pid"
	wait "$pid"
	echo "exit status $?" >>"$tap_dir/$how.answer"
	taken_records >"$tap_dir/$how"
	taken_entries | jq -r '._PID' | sort -u | grep -cx "$pid" >"$tap_dir/$how.pid"
}

# USR1 is answered when the daemon comes to it.
counted()
{
	taken_records | grep -q 'queries for authoritative zones'
}

use plain
use taken
is "it answers, and ends, as before" "$(cat "$tap_dir/taken.answer")" "$(cat "$tap_dir/plain.answer")"
like "it answers" "$(cat "$tap_dir/taken.answer")" '^192\.0\.2\.7'
is "what it prints is the same" "$(cat "$tap_dir/taken.out")" "$(cat "$tap_dir/plain.out")"
is "the records are of its process" "$(cat "$tap_dir/taken.pid")" 1
is "they are ours" "$(taken_transports)" "journal "
tidy='s/(time [0-9]+|[0-9]+\/[0-9]+|#[0-9]+)/N/g; s/127.0.0.1\/[0-9]+/N/'
is "as many" "$(wc -l <"$tap_dir/taken")" "$(wc -l <"$tap_dir/plain")"
while IFS= read -r -u 3 want && IFS= read -r -u 4 got; do
	is "the same: ${want:0:60}" "$(sed -E "$tidy" <<<"$got")" "$(sed -E "$tidy" <<<"$want")"
done 3<"$tap_dir/plain" 4<"$tap_dir/taken"
like "level, facility, identifier and pid" "$(cat "$tap_dir/taken")" \
	'6\|3\|dnsmasq\|pid\|started, version'
like "a warning is one" "$(cat "$tap_dir/taken")" '4\|3\|dnsmasq\|pid\|warning: no upstream'

# As the service of a unit would be run: the daemon goes into the background, and its
# starter's end is not the end of the records.
taken_mark
taken_run taken dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --port="$port" \
	--listen-address=127.0.0.1 --bind-interfaces --user=nobody --pid-file="$tap_dir/pid" \
	--address=/shop.example/192.0.2.7
live_wait test -s "$tap_dir/pid"
live_pids+=("$(cat "$tap_dir/pid")")
kill "$(cat "$tap_dir/pid")"
ended()
{
	taken_records | grep -q 'exiting on receipt of SIGTERM'
}
ok "in the background it goes on" live_wait ended
is "and says so as before" "$(taken_records | tail -n 1)" \
	"6|3|dnsmasq|pid|exiting on receipt of SIGTERM"
done_testing
