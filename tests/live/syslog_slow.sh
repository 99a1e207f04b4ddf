#!/bin/bash
# Behind a queue, a receiver that reads slowly does not hold the other sinks: once the queue is
# full it alone loses records, and says how many. (FAULTS row 17: slow, not frozen.)
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/syslog.sh"
live_begin
command -v python3 >/dev/null || skip_all "no python3"
out=$tap_dir/out.jsonl
live_port=$((20000 + RANDOM % 10000))
read_slowly() # 4 KiB ten times a second, until $tap_dir/fast is there
{
	exec python3 - "$live_port" "$tap_dir" <<-'END'
		import os, socket, sys, time
		place = sys.argv[2]
		s = socket.socket()
		s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
		s.bind(("127.0.0.1", int(sys.argv[1])))
		s.listen()
		open(place + "/listens", "w").close()
		c, _ = s.accept()
		with open(place + "/read", "wb") as f:
		    while data := c.recv(4096):
		        f.write(data)
		        f.flush()
		        if not os.path.exists(place + "/fast"):
		            time.sleep(0.1)
	END
}
read_slowly &
live_pids+=("$!")
live_wait test -f "$tap_dir/listens"
live_stack shop <<-END
	redact required permit
	queue required ring size=1MiB full=wait
	sink required syslog proto=tcp host=127.0.0.1 port=$live_port
	sink required file path=$out
END
live_driver shop
n=300000
live_ask say $n "a sentence of some length, so that the receiver is soon behind"
live_ask flush 1000
touch "$tap_dir/fast"
live_ask flush 20000
is "what the slow one took arrives once it reads" "$live_answer" ok
live_ask ledger
echo "# $live_answer"
dropped=$(live_number dropped)
lost=$(live_number syslog.lost)
is "the file has all that the queue took" "$(grep -c '"a sentence' "$out")" $((n - dropped))
[ "$(live_number file.taken)" -gt $((5 * $(live_number syslog.taken))) ] &&
	pass "fault_17 it is not held by the slow one" ||
	flunk "fault_17 it is not held by the slow one" "$live_answer"
live_ledger "fault_17 slow"
is "fault_17 offered = taken + lost" "$(live_number syslog.offered)" \
	$(($(live_number syslog.taken) + lost))
there() # each frame that was taken, whole
{
	live_ask ledger
	[ "$(grep -ao ' shop [0-9]* - ' "$tap_dir/read" | wc -l)" -eq "$(live_number syslog.taken)" ]
}
live_wait there && pass "what it took is there" || flunk "what it took is there" \
	"$(grep -ao ' shop [0-9]* - ' "$tap_dir/read" | wc -l) of $(live_number syslog.taken)"
grep -q 'sink syslog is slower than what is logged' "$out" && pass "it is said, with the way out" ||
	flunk "it is said, with the way out"
done_testing
