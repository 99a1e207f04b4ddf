#!/bin/bash
# limit.sh COMMAND...: runs one test and ends it when it hangs: after TEST_LIMIT seconds
# (600 unless said; long runs set more) it says what the processes of the test
# were and what they waited in, kills them all, and exits 124. Without it one hung test holds
# the suite, and nobody learns which. What the test has left running is ended with it: a
# process that holds the test's output would hold the driver, which reads it to its end. One with
# a session of its own is the test's to end.
limit=${TEST_LIMIT:-600}

# The processes of one group: what they wait in, and the stacks of their threads.
describe() # GROUP
{
	local pid
	echo "# hung: no end after $limit seconds; its processes were:"
	ps -e -o pgid,pid,ppid,stat,wchan:20,etime,args | awk -v group="$1" '$1 == group' |
		cut -c1-200 | sed 's/^/#   /'
	command -v gdb >/dev/null || return 0
	for pid in $(pgrep -g "$1"); do
		timeout 60 gdb -p "$pid" -batch -nx -ex 'thread apply all bt 16' 2>/dev/null |
			grep -E '^(#|Thread)' | cut -c1-160 | sed "s/^/#   $pid: /"
	done
}

set -m # the test becomes the leader of a process group of its own
"$@" </dev/null &
test=$!
{
	sleep "$limit" >/dev/null
	describe "$test"
	kill -KILL -- "-$test"
} &
watch=$!
set +m

trap 'kill -KILL -- "-$test" "-$watch" 2>/dev/null; exit 130' INT TERM HUP
wait "$test" 2>/dev/null
status=$?
kill -0 "$watch" 2>/dev/null || status=124
kill -KILL -- "-$watch" "-$test" 2>/dev/null
wait "$watch" 2>/dev/null
exit $status
