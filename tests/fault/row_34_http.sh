#!/bin/bash
# FAULTS row 34: what a receiver over HTTP may answer. What is said for now is asked again; what is for
# good is set aside and counted; nobody is sent elsewhere; an answer has no size that matters.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/receivers.sh"
need jq
: "${TELLTALE:=$top_builddir/telltale}"
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
export TELLTALE_MODULEDIR=$top_builddir/.libs
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
journal=$tap_dir/journal n=64
make_journal "$journal" $n 34 || exit 1
receiver loki loki.py

# A receiver of one answer, which it gives to all.
play() # FILE: sets $port
{
	rm -f "$tap_dir/port"
	python3 - "$1" "$tap_dir/port" "$tap_dir/came" <<-'END' &
		import http.server, sys
		class Any(http.server.BaseHTTPRequestHandler):
		    def do_POST(self):
		        self.rfile.read(int(self.headers["Content-Length"]))
		        open(sys.argv[3], "a").write(self.headers.get("Accept-Encoding", "none") + "\n")
		        with open(sys.argv[1], "rb") as f:
		            while (piece := f.read(1 << 20)):
		                try:
		                    self.wfile.write(piece)
		                except OSError:
		                    return
		    def log_message(self, *_):
		        pass
		server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Any)
		open(sys.argv[2], "w").write(f"{server.server_address[1]}\n")
		server.serve_forever()
	END
	# shellcheck disable=SC2034 # its readers are the rig
	receiver_pid[any]=$!
	receiver_wait any [ -s "$tap_dir/port" ]
	port=$(<"$tap_dir/port")
}

forward() # PORT [NAME=VALUE...]: until it has said something, or ended
{
	local port=$1
	shift
	rm -rf "$tap_dir/state" "$tap_dir/said"
	mkdir -m 700 "$tap_dir/state"
	"$TELLTALE" forward -q --state="$tap_dir/state" -D "$journal" -S -2h --catch-up loki \
		"http://127.0.0.1:$port" name=row "$@" 2>"$tap_dir/said" &
	pid=$!
	for ((i = 0; i < 1200; i++)); do
		[ ! -s "$tap_dir/said" ] && kill -0 $pid 2>/dev/null || break
		sleep 0.025
	done
	peak=$(awk '$1 == "RssAnon:" { print $2 }' /proc/$pid/status 2>/dev/null)
	kill $pid 2>/dev/null
	wait $pid
}

# Nobody is sent elsewhere.
printf 'HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:%s/loki/api/v1/push\r\nContent-Length: 0\r\n\r\n' \
	"${receiver_port[loki]}" >"$tap_dir/answer"
play "$tap_dir/answer"
forward "$port"
like "fault_34: a redirect is said" "$(<"$tap_dir/said")" 'it answers 307; again in 60 s'
is "and not followed" "$(receiver_ask loki requests | wc -l)" 0
is "nothing is remembered but where it began" "$(sed -n 's/^cursor=//p' "$tap_dir/state/row")" -
is "nor is a packed answer asked for" "$(sort -u "$tap_dir/came")" none
receiver_end any

# An answer of 64 MiB, and one that unpacks to as much.
{
	printf 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\n\r\n' $((64 << 20))
	head -c $((64 << 20)) /dev/zero | tr '\0' x
} >"$tap_dir/answer"
play "$tap_dir/answer"
forward "$port"
like "a large answer is said in a line" "$(<"$tap_dir/said")" 'it answers 503: x{200,300}; again in 1 s'
is "which is one" "$(wc -l <"$tap_dir/said")" 1
ok "and takes no memory (${peak:-0} kB)" [ "${peak:-0}" -lt 16384 ]
receiver_end any
head -c $((64 << 20)) /dev/zero | gzip -9 >"$tap_dir/bomb"
{
	printf 'HTTP/1.1 503 Service Unavailable\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n' \
		"$(stat -c %s "$tap_dir/bomb")"
	cat "$tap_dir/bomb"
} >"$tap_dir/answer"
play "$tap_dir/answer"
forward "$port"
like "nor does one that would unpack to that" "$(<"$tap_dir/said")" 'it answers 503'
ok "(${peak:-0} kB)" [ "${peak:-0}" -lt 16384 ]
receiver_end any

# No HTTP at all.
printf 'SSH-2.0-OpenSSH_9.2\r\n' >"$tap_dir/answer"
play "$tap_dir/answer"
forward "$port"
like "another protocol is said" "$(<"$tap_dir/said")" 'again in 1 s'
receiver_end any

# The usual ones are in tests/live/forward_loki.sh; a bad one is set aside, and where.
receiver_ask loki 'fault?do=400&body=no&next=7' >/dev/null
rm -rf "$tap_dir/state"
mkdir -m 700 "$tap_dir/state"
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$journal" -S -2h --catch-up loki \
	"http://127.0.0.1:${receiver_port[loki]}" name=row 2>"$tap_dir/said"
is "one of 64 is refused for good" "$(jq -r .entry.value[1] "$tap_dir/state/row.refused.jsonl" | wc -l)" 1
is "the others are there" "$(receiver_ask loki dump | wc -l)" $((n - 1))
is "and what was refused is readable by its owner alone" "$(stat -c %a "$tap_dir/state/row.refused.jsonl")" 600
done_testing
