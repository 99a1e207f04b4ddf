#!/bin/bash
# telltale cat COMMAND: the command is as it would be without: process, signals, status,
# sd_notify(3), descriptors; and who reads its lines harms nobody and loses nothing.
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
cat_it=("$TELLTALE" cat -t cmd --)
# What the lines said that the command wrote.
said()
{
	wait_for "$out" "$1"
	sed -E 's/.*"message":"([^"]*)".*/\1/' "$out"
}

# ---- process, status, signals ----------------------------------------------------------------
for status in 0 1 7 126 127 255; do
	"${cat_it[@]}" sh -c "exit $status"
	is "exit status $status" "$?" "$status"
done
for signal in HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM XCPU XFSZ \
	VTALRM PROF IO PWR SYS CHLD CONT URG WINCH; do
	wish="ulimit -c 0; kill -s $signal \$\$; exit 9"
	is "SIG$signal ends it as it ends the bare command" \
		"$("$process" default "${cat_it[@]}" sh -c "$wish" 2>/dev/null; echo $?)" \
		"$("$process" default sh -c "$wish" 2>/dev/null; echo $?)"
done 2>/dev/null

rm -f "$out"
catchable="HUP INT QUIT USR1 USR2 ALRM TERM VTALRM PROF IO PWR WINCH URG XCPU"
cat >"$tap_dir/catch" <<-END
	for s in $catchable; do trap "echo got \$s" \$s; done
	trap 'exit 3' TRAP
	echo ready
	while :; do sleep 0.02; done
END
"$process" default "${cat_it[@]}" bash "$tap_dir/catch" &
pid=$!
n=1
wait_for "$out" 1
for signal in $catchable; do
	n=$((n + 1))
	kill -s "$signal" "$pid"
	is "SIG$signal from outside reaches the command" "$(said $n | tail -n 1)" "got $signal"
done
kill -STOP "$pid"
for ((try = 0; try < 100; try++)); do
	state=$(sed 's/.*) //; s/ .*//' "/proc/$pid/stat")
	[ "$state" = T ] && break
	sleep 0.02
done
is "SIGSTOP stops it" "$state" T
kill -CONT "$pid"
kill -TRAP "$pid"
wait "$pid"
is "SIGCONT lets it go on" "$?" 3

rm -f "$out"
"${cat_it[@]}" sh -c 'echo "pid $$"' &
pid=$!
wait "$pid"
is "the process is the one that was started" "$(said 1)" "pid $pid"

# ---- what a command gets from who starts it ------------------------------------------------
same() # NAME COMMAND...: said the same bare and behind cat
{
	local name=$1
	shift
	rm -f "$out"
	"$@" >"$tap_dir/bare" 2>/dev/null
	before=("${@:1:$#-2}")
	"${before[@]}" "${cat_it[@]}" "${@: -2}"
	is "$name" "$(said "$(wc -l <"$tap_dir/bare")")" "$(cat "$tap_dir/bare")"
}
same "signals, descriptors, umask, session" "$process" default "$process" status
same "blocked and ignored signals stay so, and none is pending" "$process" blocked "$process" status
same "even SIGCHLD" "$process" ignored "$process" status
exec 7</dev/null
same "descriptors are handed on" env "$process" status
exec 7<&-
same "without stdin it has none" sh -c 'exec "$@" <&-' sh "$process" status
rm -f "$out"
(exec >&-; exec "${cat_it[@]}" sh -c 'echo to stdout')
is "without stdout its lines are read all the same" "$(said 1)" "to stdout"
echo from a socket unit >"$tap_dir/three"
rm -f "$out"
"${cat_it[@]}" sh -c 'cat <&3' 3<"$tap_dir/three"
is "descriptor 3 is its own (sd_listen_fds)" "$(said 1)" "from a socket unit"
rm -f "$out"
"$TELLTALE" cat -t cmd --argv0=other -- sh -c 'tr "\0" " " </proc/$$/cmdline | cut -d" " -f1'
is "--argv0" "$(said 1)" "other"
is "the environment is the same" "$(rm -f "$out"; env -i A=1 TELLTALE_CONFDIR="$conf" PATH="$PATH" \
	"${cat_it[@]}" env; said 3 | grep -v '^_=' | sort | tr '\n' ' ')" \
	"$(env -i A=1 TELLTALE_CONFDIR="$conf" PATH="$PATH" env | sort | tr '\n' ' ')"

# ---- sd_notify ---------------------------------------------------------------------------------
wish="\"$process\" say STATUS=starting; exec \"$process\" say READY=1"
bare=$("$process" notify "$tap_dir/n1" sh -c "$wish")
like "the bare command notifies as itself" "$bare" 'own: READY=1.status 0, signal 0'
is "and so it does behind cat" \
	"$("$process" notify "$tap_dir/n2" "${cat_it[@]}" sh -c "$wish")" "$bare"
is "a manager sees the same end" \
	"$("$process" notify "$tap_dir/n3" "${cat_it[@]}" sh -c 'kill -KILL $$')" "status -1, signal 9"

# ---- who reads ---------------------------------------------------------------------------------
# A process that has the other end of the command's stdout.
reader_of() # PID
{
	local pipe other
	pipe=$(readlink "/proc/$1/fd/1")
	for other in /proc/[0-9]*; do
		[ "${other#/proc/}" = "$1" ] && continue
		[ "$(readlink "$other/fd/3" 2>/dev/null)" = "$pipe" ] && echo "${other#/proc/}" && return
	done
}
rm -f "$out"
cat >"$tap_dir/holder" <<-'END'
	trap 'echo last words; exit 0' TERM
	echo ready
	while :; do sleep 0.02; done
END
exec 7<"$tap_dir/holder"
cd "$tap_dir" || exit 1
"${cat_it[@]}" bash "$tap_dir/holder" --password=not-for-others &
pid=$!
cd / || exit 1
exec 7<&-
wait_for "$out" 1
reader=$(reader_of "$pid")
like "there is a reader" "$reader" '^[0-9]+$'
like "it is no child of the command" \
	"$(awk -v pid="$pid" '{ print $4 == pid ? "child" : "stranger" }' "/proc/$reader/stat")" \
	stranger
is "it keeps no descriptor of the command's" \
	"$(find "/proc/$reader/fd" -lname "*holder*" 2>/dev/null)" ""
is "nor its directory" "$(readlink "/proc/$reader/cwd")" "/"
is "nor shows its words" "$(tr '\0' ' ' <"/proc/$reader/cmdline" | grep -c not-for-others)" 0
is "it is out of the command's session" \
	"$(awk '{ print $6 }' "/proc/$reader/stat")" "$(awk '{ print $1 }' "/proc/$reader/stat")"
for signal in HUP INT QUIT TERM USR1 USR2 ABRT ALRM TSTP PIPE WINCH RTMIN+3; do
	kill -s "$signal" "$reader"
done
sleep 0.1
ok "no signal that ends a unit ends it" kill -0 "$reader"
kill -TERM "$pid"
wait "$pid"
is "it reads to the end" "$(said 2 | tail -n 1)" "last words"
for ((try = 0; try < 200; try++)); do
	kill -0 "$reader" 2>/dev/null || break
	sleep 0.05
done
fails "and ends with it" 1 kill -0 "$reader"

rm -f "$out"
touch "$tap_dir/not-run"
is "a service that is none is said before the command runs" \
	"$("$TELLTALE" cat -t 'a/b' -- rm "$tap_dir/not-run" 2>/dev/null; echo $?)" 64
ok "and the command did not run" test -e "$tap_dir/not-run"

# ---- lines in time, and all of them ----------------------------------------------------------
rm -f "$out"
"${cat_it[@]}" sh -c 'seq 20000; echo err >&2; seq 20001 40000' 
wait_for "$out" 40001
is "nothing is lost when the command ends at once" "$(said 40001 | sort -n | md5sum)" \
	"$( (echo err; seq 40000) | sort -n | md5sum)"

rm -f "$out"
mkfifo "$tap_dir/go"
"${cat_it[@]}" sh -c "echo first; cat '$tap_dir/go'; printf 'half '; cat '$tap_dir/go'; echo a line" &
pid=$!
is "a line is not held back for the next" "$(said 1)" "first"
: >"$tap_dir/go"
sleep 0.4 # longer than a record waits for more lines
: >"$tap_dir/go"
wait "$pid"
is "half a line waits for its end" "$(said 2 | tail -n 1)" "half a line"

rm -f "$out"
"${cat_it[@]}" sh -c "printf 'a\n  b\n'; cat '$tap_dir/go'; printf '  c\n'" &
pid=$!
is "lines that belong together wait a moment" "$(said 1)" 'a\n  b'
: >"$tap_dir/go"
wait "$pid"
is "and no longer" "$(said 2 | tail -n 1)" "  c"

# ---- memory --------------------------------------------------------------------------------------
rm -f "$out"
mkfifo "$tap_dir/lines"
"$TELLTALE" cat -t cmd <"$tap_dir/lines" &
pid=$!
exec 8>"$tap_dir/lines"
peak()
{
	wait_for "$out" "$1"
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$pid/status"
}
lines() # FROM TO: of every shape
{
	seq "$1" "$2" | awk '{ print "2011-11-21 03:54:27 [" $1 "] ERROR cart.c:" ($1 % 1000 + 1) \
		": line " $1 " n=" $1; if ($1 % 10 == 0) print "  and more" }'
}
lines 1 20000 >&8
at_first=$(peak 20000)
lines 20001 120000 >&8
after=$(peak 120000)
exec 8>&-
wait "$pid"
is "all lines arrived, once, in order" "$(sed -E 's/.*"n":([0-9]+).*/\1/' "$out" | md5sum)" \
	"$(seq 120000 | md5sum)"
ok "memory is flat: $at_first kB, then $after kB" test "$after" -le $((at_first + 512))
done_testing
