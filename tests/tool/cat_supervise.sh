#!/bin/bash
# telltale cat --supervise: the parent of a command, as PID 1 of a container must be one.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
process=$top_builddir/tests/tool/process
[ -x "$process" ] || skip_all "tests/tool/process was not built"

out=$tap_dir/out.jsonl
stack cmd <<-END
	filter required level min=debug
	redact required permit
	sink required file path=$out
END
watch=("$TELLTALE" cat --supervise -t cmd --)
said()
{
	wait_for "$out" "$1"
	sed -E 's/.*"message":"([^"]*)".*/\1/' "$out"
}

# ---- as any process ------------------------------------------------------------------------
for status in 0 1 126 255; do
	"${watch[@]}" sh -c "exit $status"
	is "exit status $status" "$?" "$status"
done
for signal in HUP INT KILL SEGV TERM; do
	is "SIG$signal is 128 and its number" \
		"$("$process" default "${watch[@]}" sh -c "ulimit -c 0; kill -s $signal \$\$" 2>/dev/null; echo $?)" \
		"$((128 + $(kill -l "$signal")))"
done
is "a command that is not there" "$("${watch[@]}" "$tap_dir/none" 2>/dev/null; echo $?)" 127
is "a command that cannot run" "$("${watch[@]}" "$tap_dir" 2>/dev/null; echo $?)" 126
fails "without a command it is wrong" 64 "$TELLTALE" cat --supervise

rm -f "$out"
"${watch[@]}" sh -c 'echo "as $$"; echo err >&2; printf last'
is "all that was written is there when it ends" "$(wc -l <"$out")" 3
like "with the command's process" "$(grep '"as ' "$out")" '"as ([0-9]+)".*"pid":\1,'
"$process" default sh -c '"$@"; true' sh "$process" status | grep '^S' >"$tap_dir/bare"
rm -f "$out"
"$process" default "${watch[@]}" "$process" status
is "the command has no signal blocked or ignored" \
	"$(said 5 | grep '^S')" "$(cat "$tap_dir/bare")"

rm -f "$out"
catchable="HUP INT QUIT USR1 USR2 ALRM TERM WINCH CONT TSTP"
cat >"$tap_dir/catch" <<-END
	for s in $catchable; do trap "echo got \$s" \$s; done
	trap 'exit 3' PWR
	echo ready
	while :; do sleep 0.02; done
END
"$process" default "${watch[@]}" bash "$tap_dir/catch" &
pid=$!
n=1
wait_for "$out" 1
for signal in $catchable; do
	n=$((n + 1))
	kill -s "$signal" "$pid"
	is "SIG$signal is handed on" "$(said $n | tail -n 1)" "got $signal"
done
kill -PWR "$pid"
wait "$pid"
is "and the command's end is its own" "$?" 3

rm -f "$out"
"${watch[@]}" sh -c 'exec >/dev/null 2>&1; sleep 0.3; exit 5'
is "a command that closes its output is waited for" "$?" 5
cat >"$tap_dir/quiet" <<-END
	trap 'exit 6' TERM
	exec >/dev/null 2>&1
	: >"$tap_dir/is-quiet"
	while :; do sleep 0.02; done
END
timeout -k 1 30 "${watch[@]}" bash "$tap_dir/quiet" &
pid=$!
wait_for "$tap_dir/is-quiet" 0
sleep 0.2 # both ends of its output are seen to be gone
kill -TERM $pid
wait $pid
is "and still gets its signals" "$?" 6
"${watch[@]}" sh -c 'sleep 2 & exit 6'
is "nobody waits for what it leaves behind" "$?" 6

# ---- as PID 1 --------------------------------------------------------------------------------
namespace=(unshare --pid --fork --mount-proc)
"${namespace[@]}" true 2>/dev/null || namespace=(unshare -U -r --pid --fork --mount-proc)
if ! "${namespace[@]}" true 2>/dev/null; then
	skip "no process namespaces here" "PID 1 of a namespace"
	done_testing
fi
rm -f "$out"
"${namespace[@]}" "${watch[@]}" sh -c 'echo "I am $$, my parent $PPID"; exit 4'
is "PID 1: the status" "$?" 4
like "PID 1: it is the parent" "$(said 1)" 'my parent 1$'
is "PID 1: a signal" "$("${namespace[@]}" "${watch[@]}" sh -c 'kill -KILL $$' 2>/dev/null; echo $?)" 137

rm -f "$out"
cat >"$tap_dir/orphans" <<-'END'
	for i in 1 2 3 4 5; do "$process" orphan true; done
	"$process" orphan sh -c 'echo "orphan of $(cut -d" " -f4 /proc/self/stat | head -n1)"; sleep 0.2'
	for ((try = 0; try < 100; try++)); do
		n=0 dead=0
		for stat in /proc/[0-9]*/stat; do
			read -r line <"$stat" 2>/dev/null || continue
			n=$((n + 1))
			case ${line##*) } in Z*) dead=$((dead + 1)) ;; esac
		done
		[ $n -le 2 ] && break
		sleep 0.05
	done
	echo "$n processes, $dead dead"
END
process=$process "${namespace[@]}" "${watch[@]}" bash "$tap_dir/orphans"
is "PID 1: orphans are buried" "$(said 2 | tail -n 1)" "2 processes, 0 dead"

rm -f "$out"
cat >"$tap_dir/stop" <<-'END'
	trap 'echo last words; exit 3' TERM
	echo ready
	while :; do sleep 0.02; done
END
"${namespace[@]}" "${watch[@]}" bash "$tap_dir/stop" &
outer=$!
wait_for "$out" 1
kill -TERM "$(cat "/proc/$outer/task/$outer/children")"
wait "$outer"
is "PID 1: a container is stopped by SIGTERM" "$?" 3
is "PID 1: and its last words arrive" "$(said 2 | tail -n 1)" "last words"
done_testing
