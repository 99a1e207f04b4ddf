#!/bin/bash
# Calls with a queue beside the raw ring, LTTng-UST and spdlog's asynchronous logger, in turn:
# `async.sh DIR ROUNDS CALLS`. Prints a line a run: who, threads, pace in ns, p50 p99 p99.9 in ns,
# the processor's ns of other threads for a record, and ours: percent that found no room. For
# bench/run.sh, whose stack `bench` writes DIR/log.
#
# lttng-sessiond has its sockets in $LTTNG_HOME, and root's in /run: one of its own is mounted
# there, so that no session of the machine's is met. It is ended by its number.
set -u
dir=$1 rounds=$2 calls=$3
: "${top_builddir:=.}"
cd "$top_builddir" || exit 1
if [ "$(id -u)" -eq 0 ] && [ -z "${ASYNC_INSIDE-}" ] && unshare -m true 2>/dev/null; then
	ASYNC_INSIDE=1 exec unshare -m bash "$0" "$@"
fi
[ -z "${ASYNC_INSIDE-}" ] || mount -t tmpfs -o mode=755 tmpfs /run || exit 1
async=bench/.libs/async
[ -x $async ] || async=bench/async
export LTTNG_HOME=$dir/lttng LTTNG_UST_REGISTER_TIMEOUT=3000
sessiond=

end()
{
	[ -z "$sessiond" ] || {
		lttng destroy bench
		kill "$sessiond"
		wait "$sessiond"
	} >/dev/null 2>&1
	rm -rf "$LTTNG_HOME" "$dir/log" "$dir/spd"
}
trap end EXIT

# Buffers that hold a run, and discard what does not fit, as the queue here does.
lttng_begin()
{
	local i
	[ -x bench/rival_lttng ] && command -v lttng lttng-sessiond >/dev/null || return
	[ "$(id -u)" -ne 0 ] || [ -n "${ASYNC_INSIDE-}" ] || return
	mkdir -p "$LTTNG_HOME"
	lttng-sessiond --no-kernel >/dev/null 2>&1 &
	sessiond=$!
	for ((i = 0; i < 100; i++)); do
		lttng --no-sessiond list >/dev/null 2>&1 && break
		sleep 0.05
	done
	lttng --no-sessiond create bench --output="$LTTNG_HOME/trace" &&
		lttng enable-channel --userspace --session=bench --subbuf-size=1M --num-subbuf=4 all &&
		lttng enable-event --userspace --session=bench --channel=all 'telltale_bench:*' &&
		lttng start bench
}

run() # WHO THREADS PACE COMMAND...
{
	local who=$1 threads=$2 pace=$3 said
	shift 3
	rm -f "$dir/log"
	said=$("$@" "$pace" "$calls" "$threads") || return
	if [ "$who" = ours ]; then
		said+=" $(awk -v all=$((calls * threads)) 'END {
			print NR < all ? 100 * (all - NR) / all : 0 }' "$dir/log")"
	fi
	echo "$who $threads $pace $said"
}

lttng_begin >/dev/null 2>&1 || rm -rf "$LTTNG_HOME"
has_lttng=$([ -d "$LTTNG_HOME/trace" ] || [ -n "$sessiond" ] && echo yes)
for threads in 1 2; do
	for pace in 2000 1000 0; do
		for ((i = 0; i < rounds; i++)); do
			run raw $threads $pace $async raw
			run ours $threads $pace $async ours
			[ -z "$has_lttng" ] || run lttng $threads $pace bench/rival_lttng
			[ ! -x bench/rival_spdlog_async ] ||
				run spdlog $threads $pace bench/rival_spdlog_async "$dir/spd"
		done
	done
done
