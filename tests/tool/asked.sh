# Services for tests of ctl and status: after rig.sh. Sockets are below $run, rings as well
# where that is memory.
# shellcheck shell=bash
: "${tap_dir:?}" "${top_builddir:?}"
run=$(mktemp -d /dev/shm/telltale-test.XXXXXX 2>/dev/null) || run=$(mktemp -d "$tap_dir/run.XXXXXX")
export RUNTIME_DIRECTORY=$run
program=$top_builddir/tests/tool/asked
[ -x "$program" ] || skip_all "tests/tool/asked was not built"
service_pids=()

# start VARIABLE SERVICE: its pid in $VARIABLE, its orders by tell_it
start()
{
	local -n pid=$1
	local fifo=$tap_dir/in.$1
	mkfifo "$fifo" "$tap_dir/out.$1"
	"$program" "$2" <"$fifo" >"$tap_dir/out.$1" 2>"$tap_dir/err.$1" &
	pid=$!
	service_pids+=("$pid")
	exec {service_in}>"$fifo" {service_out}<"$tap_dir/out.$1"
	declare -g "in_$1=$service_in" "out_$1=$service_out"
	read -r -t 30 -u "$service_out" _
	wait_for_socket "$2" "$pid"
}

wait_for_socket() # SERVICE PID
{
	local try
	for ((try = 0; try < 600; try++)); do
		[ -S "$run/telltale/$1.$2.ctl" ] && return 0
		sleep 0.05
	done
	return 1
}

# tell_it VARIABLE ORDER: what it answered, in $answer
answer=
tell_it()
{
	local in=in_$1 out=out_$1
	echo "$2" >&"${!in}"
	# shellcheck disable=SC2034
	read -r -t 30 -u "${!out}" answer
}

stop() # VARIABLE
{
	local in=in_$1
	exec {service_in}>&-
	eval "exec ${!in}>&-"
	wait "${!1}"
}

end_services()
{
	local pid
	for pid in "${service_pids[@]}"; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$tap_dir" "$run"
}
trap end_services EXIT
