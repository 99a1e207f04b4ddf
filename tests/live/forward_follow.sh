#!/bin/bash
# telltale forward beside a real systemd-journald: what comes while it runs, over rotation and
# vacuum; several sinks; its own entries; secrets of other programs.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
. "$top_srcdir/tests/support/receivers.sh"
trap 'receivers_end; live_end' EXIT
need jq logger
: "${TELLTALE:=$top_builddir/telltale}"
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
export TELLTALE_MODULEDIR=$top_builddir/.libs
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
live_journald_start
receiver loki loki.py
receiver other loki.py
mkdir -m 700 "$tap_dir/state"

start() # [OPTION...]: in the background, its pid is $forward
{
	"$TELLTALE" forward -q --state="$tap_dir/state" "$@" 2>>"$tap_dir/said" &
	forward=$!
	live_pids+=("$forward")
}

end_forward() # [SIGNAL]
{
	kill "-${1:-TERM}" $forward
	wait $forward 2>/dev/null
}

arrived() # RECEIVER: request ids, each on a line
{
	receiver_ask "$1" dump | jq -r '.metadata.request_id // empty' | sort
}

has() # RECEIVER N
{
	[ "$(arrived "$1" | wc -l)" -ge "$2" ]
}

say() # FROM TO: entries with these request ids
{
	local i
	for ((i = $1; i <= $2; i++)); do
		printf 'MESSAGE=order %d\nREQUEST_ID=r%03d\nPRIORITY=6\n' "$i" "$i" | logger --journald
	done
}

say 1 3
start loki "http://127.0.0.1:${receiver_port[loki]}" linger=100ms
watches() # it is past the begin: it waits for the journal
{
	[ "$(cat /proc/$forward/syscall 2>/dev/null | cut -d' ' -f1)" = "$(python3 -c 'import platform
print({"x86_64": 271, "aarch64": 73}.get(platform.machine(), 271))')" ]
}
live_wait watches
say 4 23
ok "what comes is shipped" live_wait has loki 20
is "and what was there before a first run is not" "$(arrived loki | head -n 1)" r004

kill -USR2 "$live_journald" # rotates
say 24 43
ok "after a rotation as well" live_wait has loki 40
is "each once" "$(arrived loki | uniq -d | wc -l)" 0

end_forward
say 44 53
kill -USR2 "$live_journald"
start loki "http://127.0.0.1:${receiver_port[loki]}" linger=100ms
ok "what came while it was not there" live_wait has loki 50
end_forward KILL
say 54 63
start loki "http://127.0.0.1:${receiver_port[loki]}" linger=100ms
ok "and after it was killed" live_wait has loki 60
is "each once, still" "$(arrived loki | uniq -d | wc -l)" 0
end_forward

# What was vacuumed before it was shipped is a gap, and said.
say 64 73
live_sync
kill -USR2 "$live_journald"
say 74 83
live_sync
journalctl -q --sync
find /run/log/journal -name '*@*.journal' -delete
: >"$tap_dir/said"
start loki "http://127.0.0.1:${receiver_port[loki]}" linger=100ms
ok "what is left after a vacuum comes" live_wait has loki 70
like "and that some is gone is said" "$(<"$tap_dir/said")" 'records are missing in between'
end_forward

# ---- several sinks, one of which is not there ----
live_stack telltale-forward <<-END
	source required journal since=1h
	filter required match [when=request_id > "r1" or message ~ "login"]
	sink required loki url=http://127.0.0.1:${receiver_port[loki]} name=first linger=100ms
	sink required loki url=http://127.0.0.1:${receiver_port[other]} name=second linger=100ms
END
receiver_ask loki reset >/dev/null
receiver_ask other down >/dev/null
printf 'MESSAGE=login ann pass%s=hunter2\nREQUEST_ID=r900\nTOK%s=abcdef\n' word EN | logger --journald
start
ok "one gets it" live_wait has loki 1
is "its secrets hidden" "$(receiver_ask loki dump | jq -r '.line + " " + .metadata.token' | tail -n 1)" \
	"login ann password=[REDACTED:pair] [REDACTED]"
is "the other does not" "$(arrived other)" ""
receiver_ask other up >/dev/null
ok "until it is there" live_wait has other 1
is "each has a position" "$(cd "$tap_dir/state" && ls first second | wc -l)" 2
is "they are two processes" "$(pgrep -P $forward | wc -l)" 2
kill -9 "$(pgrep -P $forward | head -n 1)"
live_wait [ "$(pgrep -P $forward | wc -l)" -eq 2 ]
printf 'MESSAGE=login bob\nREQUEST_ID=r901\n' | logger --journald
ok "one that broke is started again" live_wait has loki 2
ok "the other did not notice" live_wait has other 2
end_forward
is "all end with it" "$(pgrep -cf 'telltale forward -q --state='"$tap_dir")" 0

# ---- what it says itself, also of two processes the first, is in the journal and not shipped ----
for sinks in 1 2; do
	live_stack telltale-forward <<-END
		source required journal since=1h
		metric required publish every=1s
		sink required loki url=http://127.0.0.1:${receiver_port[loki]} name=own-$sinks-1 linger=100ms
		$([ $sinks = 1 ] || echo "sink required loki url=http://127.0.0.1:${receiver_port[other]} name=own-$sinks-2 linger=100ms")
	END
	receiver_ask loki reset >/dev/null
	start
	own() # its records that the journal has
	{
		live_sync
		[ "$(journalctl -q -o json _PID=$forward TELL_KIND=metric | wc -l)" -ge 1 ]
	}
	ok "$sinks: its metrics are published" live_wait own
	say $((900 + sinks)) $((900 + sinks))
	ok "$sinks: what comes behind them is shipped" live_wait eval '[[ $(arrived loki) == *r90'$sinks'* ]]'
	is "$sinks: its own are not" "$(receiver_ask loki dump | jq -r .metadata.pid | grep -c "^$forward$")" 0
	counted() # all but its own
	{
		live_sync
		[ "$("$TELLTALE" status telltale-forward --pid=$forward -o prometheus |
			grep '^telltale_forward_read_total' | sed 's/.* //' | head -n 1)" = \
			"$(journalctl -q -o json --since=-1h | jq -c "select(._PID != \"$forward\")" | wc -l)" ]
	}
	ok "$sinks: ... nor do they move its numbers" live_wait counted
	end_forward
done
done_testing
