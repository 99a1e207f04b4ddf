# Fake and real receivers for tests: `. "$top_srcdir/tests/support/receivers.sh"` after tap.sh
#
#	receiver loki loki.py --limit auth=1     # NAME PROGRAM [OPTION...]: receivers/PROGRAM
#	curl "127.0.0.1:${receiver_port[loki]}/ready"
#	receiver_ask loki 'fault?do=429&next=2'  # receivers/control.py lists what can be asked
#	receiver_ask loki dump | jq .line
#	receiver_idle loki                       # until no connection to it is open
#	receiver_hangs loki                      # until one hangs: then release lets it go on
#	receiver_end loki [SIGNAL]               # its port is free, what it stored is gone
#	receiver cable proxy.py --to "${receiver_port[loki]}"
#	receiver_remote far DIR                  # systemd-journal-remote, its journal in DIR/remote.journal
#
# loki.py logstash_tcp.py logstash_http.py lumberjack.py otlp.py proxy.py: each says in its head
# what it imitates. What was started ends with the script; one that sets a trap of its own calls
# receivers_end in it. The test is skipped without python3 and curl.
# shellcheck shell=bash
. "$top_srcdir/tests/support/journals.sh"
need python3 curl
declare -A receiver_port=() receiver_control=() receiver_pid=()
trap 'receivers_end; rm -rf "$tap_dir"' EXIT

# A forwarder can be asked: not by the tests that run beside this one.
receivers_run=$(mktemp -d /dev/shm/telltale-test.XXXXXX 2>/dev/null) || receivers_run=$(mktemp -d "$tap_dir/run.XXXXXX")
export RUNTIME_DIRECTORY=$receivers_run

# No compiled modules in the source tree.
export PYTHONDONTWRITEBYTECODE=1

receiver() # NAME PROGRAM [OPTION...]
{
	local name=$1 program=$2 ports=$tap_dir/$1.ports
	shift 2
	rm -f "$ports"
	python3 "$top_srcdir/tests/support/receivers/$program" --ports "$ports" "$@" \
		>"$tap_dir/$name.said" 2>&1 &
	receiver_pid[$name]=$!
	receiver_wait "$name" [ -s "$ports" ]
	read -r "receiver_port[$name]" "receiver_control[$name]" <"$ports"
}

# Until a command is true, as long as the receiver lives.
receiver_wait() # NAME COMMAND...
{
	local name=$1 i
	shift
	for ((i = 0; i < 1200; i++)); do
		"$@" && return 0
		kill -0 "${receiver_pid[$name]}" 2>/dev/null || break
		sleep 0.025
	done
	echo "Bail out! the receiver $name does not start: $(tail -n 3 "$tap_dir/$name.said")"
	exit 1
}

receiver_ask() # NAME COMMAND
{
	curl -sS -g --max-time 60 "http://127.0.0.1:${receiver_control[$1]}/$2"
}

receiver_idle() # NAME
{
	local i
	for ((i = 0; i < 600; i++)); do
		[[ $(receiver_ask "$1" connections) != *'"open": 0'* ]] || return 0
		sleep 0.02
	done
	return 1
}

receiver_hangs() # NAME
{
	local i
	for ((i = 0; i < 600; i++)); do
		[[ $(receiver_ask "$1" connections) == *'"hanging": 0'* ]] || return 0
		sleep 0.02
	done
	return 1
}

receiver_end() # NAME [SIGNAL]
{
	local pid=${receiver_pid[$1]-}
	[ -n "$pid" ] || return 0
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	unset "receiver_pid[$1]"
}

receivers_end()
{
	rm -rf "$receivers_run"
	local name
	for name in "${!receiver_pid[@]}"; do
		receiver_end "$name"
	done
}

# The real one, over plain HTTP; its port is any that is free: a taken one ends it, another is tried.
receiver_remote() # NAME DIR [OPTION...]
{
	local name=$1 dir=$2 try port
	shift 2
	has_journal_remote || skip_all "systemd-journal-remote is missing"
	mkdir -p "$dir"
	for try in 1 2 3 4 5; do
		port=$((20000 + (RANDOM + try) % 10000))
		! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
		"$journal_remote" --listen-http="127.0.0.1:$port" --output="$dir/remote.journal" --split-mode=none \
			"$@" >"$tap_dir/$name.said" 2>&1 &
		receiver_pid[$name]=$!
		# shellcheck disable=SC2034 # its readers are the tests
		receiver_port[$name]=$port
		while kill -0 "${receiver_pid[$name]}" 2>/dev/null; do
			(: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return 0
			sleep 0.025
		done
		wait "${receiver_pid[$name]}" 2>/dev/null
	done
	echo "Bail out! systemd-journal-remote does not start: $(tail -n 3 "$tap_dir/$name.said")"
	exit 1
}
