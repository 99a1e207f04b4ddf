#!/bin/bash
# All benchmarks, each beside its rival in the same run. Prints a table; the bounds are those
# of doc/architecture.md, section 10 (none: a figure to watch). A bound that is missed is printed as missed and is no failure:
# machines differ. The instruction counts are the same on every run (BENCH_ROUNDS=1 is quick).
set -u
cd "${top_builddir:=.}" && export top_builddir=$PWD || exit 1
rounds=${BENCH_ROUNDS:-5}
dir=$(mktemp -d /dev/shm/telltale-bench.XXXXXX 2>/dev/null || mktemp -d) || exit 1
installed=$(mktemp -d "$PWD/bench/installed.XXXXXX") || exit 1
trap 'rm -rf "$dir" "$installed"' EXIT
mkdir "$dir/stacks"
chmod 755 "$dir" "$dir/stacks"
export TELLTALE_CONFDIR=$dir/stacks
unset TELLTALE_LEVEL TELLTALE_FORMAT TELLTALE_SERVICE TELLTALE_DEBUG

stack() # LINE...
{
	printf '%s\n' "$@" >"$dir/stacks/bench"
}

# What did not run has no figure, and keeps no bound.
row() # WHAT OURS RIVAL BOUND UNIT
{
	case $2 in
	'' | *[!0-9.e-]*)
		printf '%-72s %10s   no figure: what measures it failed\n' "$1" "?"
		return ;;
	esac
	awk -v what="$1" -v ours="$2" -v rival="$3" -v bound="$4" -v unit="$5" 'BEGIN {
		value = rival ? ours / rival : ours
		printf "%-72s %10.1f %10s %8s", what, ours,
			rival ? sprintf("%.1f", rival) : "-",
			rival ? sprintf("%.2f", value) : "-"
		if (bound != "none")
			printf "   <= %-7s %s", bound (rival ? " x" : " " unit),
				value <= bound ? "ok" : "MISSED"
		print "" }' | tee -a "$dir/table"
}

median() # numbers on stdin
{
	sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}

best() # numbers on stdin
{
	sort -n | head -n 1
}

# Both commands in turn, `rounds` times: the medians, or $figure, ours first.
beside() # "OURS" "RIVAL"
{
	local i
	: >"$dir/ours"
	: >"$dir/rival"
	for ((i = 0; i < rounds; i++)); do
		bash -c "$1" >>"$dir/ours" || return 1
		bash -c "$2" >>"$dir/rival" || return 1
	done
	echo "$(${figure:-median} <"$dir/ours") $(${figure:-median} <"$dir/rival")"
}

# libtool's wrappers are shell scripts: run what they wrap.
export LD_LIBRARY_PATH=$PWD/.libs
call=bench/.libs/call
start=bench/.libs/start
[ -x $call ] || call=bench/call
[ -x $start ] || start=bench/start
: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"

instructions() # COMMAND...: of the whole program
{
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
		awk '/Collected/ { print $4 }'
}

per_call() # N COMMAND with %N: instructions of one more call
{
	local less more
	less=$(instructions ${2//%N/$1})
	more=$(instructions ${2//%N/$((2 * $1))})
	[ -z "$less" ] || [ -z "$more" ] ||
		awk -v a="$less" -v b="$more" -v n="$1" 'BEGIN { printf "%.1f", (b - a) / n }'
}

printf '%-72s %10s %10s %8s   %s\n' "what" "ours" "rival" "ratio" "bound"

# ---- instructions --------------------------------------------------------------------------
file="sink required file path=$dir/log"
if command -v valgrind >/dev/null; then
	stack "$file"
	export GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000
	row "JSON encoding, message + 5 fields: instructions" \
		"$(per_call 2000 "bench/encode json %N")" "" 1050 instr.
	off=$(per_call 10000 "$call %N off")
	none=$(per_call 10000 "$call %N none")
	row "disabled call: instructions" \
		"${off:+$(awk -v a="$off" -v b="$none" 'BEGIN { print a - b }')}" "" 5 instr.
	row "sync call to a JSON file, redacted: instructions" \
		"$(per_call 2000 "$call %N")" "" none instr.
	stack "$file" "redact required permit"
	row "the same, nothing redacted: instructions" \
		"$(per_call 2000 "$call %N")" "" none instr.
fi

# ---- redaction ---------------------------------------------------------------------------------
. "$top_srcdir/bench/redact.sh"

# ---- files -----------------------------------------------------------------------------------
n=200000
if [ -x bench/rival_spdlog ]; then
	stack "$file buffer=64KiB" "redact required permit"
	read -r ours rival < <(beside "rm -f $dir/log; $call $n" \
		"bench/rival_spdlog $dir/spd $n buffered")
	row "sync JSON file, buffered, beside spdlog JSON: ns" "$ours" "$rival" 0.4 ns
	stack "$file" "redact required permit"
	read -r ours rival < <(beside "rm -f $dir/log; $call $n" \
		"bench/rival_spdlog $dir/spd $n each")
	row "sync JSON file, a write per record, beside spdlog: ns" "$ours" "$rival" none ns
	for how in buffered each; do
		buffer=
		[ $how = each ] || buffer=buffer=64KiB
		stack "$file $buffer rotate=10MiB max_files=3" "redact required permit"
		read -r ours rival < <(beside "rm -f $dir/log*; $call $n" \
			"bench/rival_spdlog $dir/spd $n $how rotate")
		row "rotating at 10 MiB, $how, beside spdlog's rotating sink: ns" \
			"$ours" "$rival" none ns
	done
	rm -f "$dir/spd"* "$dir/log"*
fi
# On a disk, not in memory; nobody else's sync shall wait for ours in the same run.
if [ -x bench/commit ]; then
	commit=bench/.libs/commit
	[ -x $commit ] || commit=bench/commit
	for threads in 1 8 32; do
		stack "sink required file path=$installed/sync.log sync=always" "redact required permit"
		read -r ours rival < <(beside "rm -f $installed/sync.log; $commit ours $threads 800" \
			"rm -f $installed/raw.log; $commit raw $installed/raw.log 800")
		row "sync=always, $threads threads, beside write and fdatasync: us a record" \
			"$ours" "$rival" none us
	done
	rm -f "$installed/sync.log" "$installed/raw.log"
fi
if [ -x bench/raw ]; then
	stack "$file" "redact required permit"
	read -r ours rival < <(beside "rm -f $dir/log; $call $n" \
		"bench/raw write $dir/raw $n")
	row "sync JSON file, a write per record, beside the bare write: ns" "$ours" "$rival" 1.15 ns
	stack "$file"
	read -r ours rival < <(beside "rm -f $dir/log; $call $n" \
		"bench/raw write $dir/raw $n")
	row "the same with redaction: ns" "$ours" "$rival" none ns
	rm -f "$dir/raw"
fi
rm -f "$dir/log"

# ---- the call with a queue -------------------------------------------------------------------
# Rings of 1 MiB a thread, as the rivals' queues hold as much: what finds no room costs less.
queued=$dir/async
of_queued() # WHO THREADS PACE COLUMN: the median
{
	awk -v w="$1" -v t="$2" -v p="$3" -v c="$4" '$1 == w && $2 == t && $3 == p { print $c }' \
		"$queued" | median
}

queued_rows() # THREADS PACE
{
	local threads=$1 pace=$2 what=" in bursts of 256" column name rival ours bound
	[ "$pace" -eq 0 ] || what=" paced $pace ns"
	[ "$threads" -eq 1 ] || what+=", $threads threads"
	for column in 4 5 6; do
		name=$(cut -d' ' -f$column <<<"- - - p50 p99 p99.9")
		ours=$(of_queued ours "$threads" "$pace" $column)
		for rival in raw lttng spdlog; do
			grep -q "^$rival " "$queued" || continue
			bound=none
			case $rival,$threads,$pace,$name in
			raw,1,[12]000,p99) bound=2 ;;
			lttng,1,2000,p50) bound=0.25 ;;
			esac
			row "async call$what, $name, beside $rival: ns" "$ours" \
				"$(of_queued $rival "$threads" "$pace" $column)" $bound ns
		done
	done
	row "async call$what, without room: %" "$(of_queued ours "$threads" "$pace" 8)" "" none %
}

n=100000
if [ -x bench/async ]; then
	stack "$file" "queue required ring size=1MiB full=drop" "redact required keys"
	bash "$top_srcdir/bench/async.sh" "$dir" "$rounds" $n >"$queued"
	for threads in 1 2; do
		for pace in 2000 1000 0; do
			queued_rows $threads $pace
		done
	done
	if [ -x bench/rival_spdlog_async ]; then
		for pace in 2000 0; do
			row "service thread, a record to the file, beside spdlog ($pace ns): CPU ns" \
				"$(of_queued ours 1 $pace 7)" "$(of_queued spdlog 1 $pace 7)" 0.25 ns
		done
	fi
fi

# ---- what a queue takes of a service ---------------------------------------------------------
# Memory of the process alone, and that which the ring's file is; after 2,000 calls.
memory() # NAME of /proc/PID/status
{
	$call 2000 "$1"
}
if [ -x bench/async ]; then
	stack "$file"
	alone=$(memory RssAnon) alone_shared=$(memory RssShmem)
	stack "$file" "queue required ring"
	row "private memory with a queue, beside without: KiB" "$(memory RssAnon)" "$alone" none KiB
	row "shared memory with a queue (the ring; without: $alone_shared): KiB" \
		"$(memory RssShmem)" "" none KiB
	rm -f "$dir/log"
fi

# ---- RFC 5424 over TCP: a receiver that counts, beside the same frame in a raw send loop --------
tcp=bench/.libs/tcp
[ -x $tcp ] || tcp=bench/tcp
if [ -x $tcp ]; then
	for mode in queued ours; do
		how=$([ $mode = ours ] && echo sync || echo "with a queue")
		for what in 1 2; do # wall, CPU
			read -r ours rival < <(beside "$tcp $mode 200000 | cut -d' ' -f$what" \
				"$tcp raw 200000 | cut -d' ' -f$what")
			case $what in
			1) row "RFC 5424 over TCP, delivered, $how, beside a raw send loop: ns" "$ours" "$rival" 1.05 ns ;;
			2) row "its CPU, beside the loop's: ns" "$ours" "$rival" none ns ;;
			esac
		done
		[ $mode = ours ] ||
			row "of that CPU the calling thread's: ns" "$($tcp $mode 200000 | cut -d' ' -f4)" "" 200 ns
		read -r _ _ arrived _ < <($tcp $mode 200000)
		row "records lost there" "$((200000 - arrived))" "" 0 records
	done
fi

# ---- journald: a receiver that discards, in a mount namespace of its own ---------------------
n=100000
if [ -x bench/raw ] && [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	stack "sink required journald" "redact required permit"
	private="mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal &&
		{ bench/discard /run/systemd/journal/socket 1 >/run/ready & } &&
		until [ -s /run/ready ]; do sleep 0.05; done;"
	read -r ours rival < <(beside "unshare -m sh -c '$private $call $n; wait'" \
		"unshare -m sh -c '$private bench/raw sendv $n; wait'")
	row "journald client cost, beside sd_journal_sendv: ns" "$ours" "$rival" 0.35 ns
	stack "sink required journald"
	read -r ours rival < <(beside "unshare -m sh -c '$private $call $n; wait'" \
		"unshare -m sh -c '$private bench/raw sendv $n; wait'")
	row "the same with redaction: ns" "$ours" "$rival" none ns
fi

# ---- journald that stands still, 10 s of calls 10 us apart ----------------------------------
if [ -x bench/async ] && [ "$(id -u)" -eq 0 ] && [ "$rounds" -gt 1 ]; then
	for full in drop wait; do
		read -r before during < <(bash "$top_srcdir/bench/frozen.sh" $full 2>/dev/null)
		case ${during-} in
		[0-9]*) row "async call, full=$full, journald frozen, beside before: p99, ns" \
			"$during" "$before" 2 ns ;;
		esac
	done
fi

# ---- a record on its way to a receiver that is away --------------------------------------------
if [ -x bench/spool ]; then
	mkdir -p "$installed/spools"
	read -r ours rival < <(beside "bench/spool ours $installed/spools 200000" \
		"bench/spool raw $installed/raw.log 200000")
	row "spool write of a record with 5 fields, beside plain append: ns" "$ours" "$rival" none ns
fi

# ---- start-up ----------------------------------------------------------------------------------
# As installed: copied and synced, since what the linker wrote just now lies in the page cache
# in small and dirty pieces and is mapped more slowly; and the library named by its path, which costs what
# ld.so's cache does. Below LD_LIBRARY_PATH ld.so tries a dozen directories first, for the
# library and for libc. Both programs append their line to a file.
stack "sink required file path=$dir/start.log"
cp $start bench/start_plain "$installed"
library=
[ -e .libs/libtelltale.so.0 ] && library=$installed/libtelltale.so.0 &&
	cp .libs/libtelltale.so.0 "$library"
sync "$installed"/*
(
	unset LD_LIBRARY_PATH
	bench/spawn $((rounds * 300)) "LD_PRELOAD=$library" "$installed/start" \
		"$installed/start_plain" >"$dir/plain"
)
read -r ours rival < <(tail -n 1 "$dir/plain")
row "start-up, first line, end, beside a plain C program: us" "$ours" "$rival" 1.1 us
# The same program by another name, whose stack has a queue.
printf '%s\n' "sink required file path=$dir/start.log" "queue required ring" >"$dir/stacks/queued"
cp "$installed/start" "$installed/queued"
sync "$installed"/*
(
	unset LD_LIBRARY_PATH
	bench/spawn $((rounds * 300)) "LD_PRELOAD=$library" "$installed/queued" \
		"LD_PRELOAD=$library" "$installed/start" >"$dir/plain"
)
read -r ours rival < <(tail -n 1 "$dir/plain")
row "start-up, first line, end, with a queue, beside without: us" "$ours" "$rival" none us

# ---- counters ----------------------------------------------------------------------------------
counter=bench/.libs/counter
[ -x $counter ] || counter=bench/counter
if [ -x bench/rival_prometheus ]; then
	for threads in 1 2; do
		read -r ours rival < <(beside "$counter 100000000 $threads add" \
			"bench/rival_prometheus 20000000 $threads add")
		row "counter add, $threads thread(s), beside prometheus-cpp: ns" \
			"$ours" "$rival" "$([ $threads = 1 ] && echo 0.1 || echo 0.05)" ns
	done
	read -r ours rival < <(beside "$counter 10000000 1 with" \
		"bench/rival_prometheus 2000000 1 with")
	row "counter add by three label values, beside prometheus-cpp: ns" "$ours" "$rival" 0.15 ns
fi
# Columns of `series`: ms an exposition, its bytes, memory of a series.
series=bench/.libs/series
[ -x $series ] || series=bench/series
column() # "OURS" "RIVAL" NUMBER
{
	beside "$1 | cut -d' ' -f$3" "${2:-true} | cut -d' ' -f$3"
}
rival=
[ -x bench/rival_series ] && rival="bench/rival_series 10 20"
read -r ours theirs < <(column "$series 10 100" "$rival" 1)
row "exposition of 10,000 series, beside prometheus-cpp: ms" "$ours" "$theirs" none ms
read -r ours theirs < <(column "$series 10 1" "$rival" 2)
row "its size, beside prometheus-cpp: bytes" "$ours" "$theirs" none bytes
read -r ours theirs < <(column "$series 10 1" "$rival" 3)
row "memory of a series with three labels, beside prometheus-cpp: bytes" "$ours" "$theirs" none bytes
row "memory of 10,000 series: MB (the seeds': 10)" \
	"$(awk -v b="$ours" 'BEGIN { printf "%.3f", b * 10000 / 1e6 }')" "" 10 MB

# ---- histograms --------------------------------------------------------------------------------
histogram=bench/.libs/histogram
[ -x $histogram ] || histogram=bench/histogram
if [ -x bench/rival_prometheus_histogram ]; then
	for threads in 1 2; do
		read -r ours rival < <(beside "$histogram 20000000 $threads" \
			"bench/rival_prometheus_histogram 4000000 $threads")
		row "histogram observe, $threads thread(s), beside prometheus-cpp: ns" \
			"$ours" "$rival" "$([ $threads = 1 ] && echo 0.1 || echo none)" ns
	done
fi

# ---- the command -------------------------------------------------------------------------------
. "$top_srcdir/bench/cat.sh"
. "$top_srcdir/bench/forward.sh"

awk -v s=$SECONDS '/ MISSED$/ { missed++ } / ok$/ { ok++ } END {
	printf "%d bounds kept, %d missed, in %d:%02d minutes\n", ok, missed, s / 60, s % 60
}' "$dir/table"
