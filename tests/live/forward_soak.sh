#!/bin/bash
# telltale forward beside a real systemd-journald while all goes on at once: three users write, each into
# a file of its own, journald rotates, ends and is killed, and the forwarder is killed at random. What was
# written arrives, each entry once; what is vacuumed before it was read is counted.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
. "$top_srcdir/tests/support/receivers.sh"
trap 'touch "$tap_dir/stop"; receivers_end; live_end' EXIT
need jq python3 flock logger
: "${TELLTALE:=$top_builddir/telltale}"
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
export TELLTALE_MODULEDIR=$top_builddir/.libs
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
RANDOM=${SOAK_SEED:-$$}
echo "# SOAK_SEED=${SOAK_SEED:-$$}"
mkdir -p /run/systemd/journald.conf.d
printf '[Journal]\n%s\n' Storage=persistent SystemMaxUse=900M SystemKeepFree=1M SystemMaxFiles=2000 \
	>/run/systemd/journald.conf.d/soak.conf
touch /run/systemd/journal/flushed
live_journald_start
receiver loki loki.py --limit rate=0 --limit burst=0 --limit stream_rate=0 --limit stream_burst=0
mkdir -m 700 "$tap_dir/state"
mkdir "$tap_dir/sent"
: >"$tap_dir/held"
chmod 711 "$tap_dir"

# What a writer says it has sent, journald has, or has in its socket. It waits while somebody holds the lock.
cat >"$tap_dir/writer.py" <<'END'
import fcntl, os, socket, sys, time
uid, dir, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
held, sent = os.open(dir + "/held", os.O_RDWR), open(f"{dir}/sent/u{uid}-{count}", "w")
os.setuid(uid)
to, i = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM), 0
while not os.path.exists(dir + "/stop") and i != count:
    i += 1
    fcntl.flock(held, fcntl.LOCK_SH)
    to.sendto(f"MESSAGE=order {i} of {uid}\nREQUEST_ID=u{uid}-{count}-{i}\nPRIORITY=6\n".encode(),
              "/run/systemd/journal/socket")
    sent.write(f"u{uid}-{count}-{i}\n")
    fcntl.flock(held, fcntl.LOCK_UN)
    if i % 4 == 0:
        time.sleep(0.004)
END

write_all() # COUNT: -1: until they are stopped
{
	local uid
	writers=()
	for uid in 0 1501 1502; do
		python3 "$tap_dir/writer.py" $uid "$tap_dir" "$1" &
		writers+=($!)
	done
}

end_writers()
{
	wait "${writers[@]}"
	live_sync
}

start() # [WORD...]: its pid is $forward
{
	"$TELLTALE" forward -q --state="$tap_dir/state" -S -1h loki "http://127.0.0.1:${receiver_port[loki]}" \
		linger=50ms entries=500 "$@" 2>>"$tap_dir/said" &
	forward=$!
	live_pids+=("$forward")
}

arrived() # into $tap_dir/came, sorted
{
	receiver_ask loki dump | jq -r '.metadata.request_id // empty' | sort >"$tap_dir/came"
	sort "$tap_dir"/sent/* >"$tap_dir/all"
}

has_word() # TEXT
{
	journalctl -q -n 20 -o cat | grep -qx "$1"
}

# Of journald, with nothing in its socket that would go with it. A file that was written since the sync
# is taken for damaged by the next one, which begins another and counts anew.
restart() # SIGNAL
{
	flock 9
	live_sync
	((restarts++))
	printf 'MESSAGE=word %d\n' $restarts | logger --journald
	live_wait has_word "word $restarts"
	live_journald_kill "$1"
	live_journald_start
	flock -u 9
}

exec 9<>"$tap_dir/held"
write_all -1
restarts=0
for ((turn = 0; turn < 14; turn++)); do
	start
	sleep 0.$((RANDOM % 9 + 1))
	case $((turn % 4)) in
	0 | 2) kill -USR2 "$live_journald" ;; # rotates
	1) restart TERM ;;
	3) restart KILL ;;
	esac
	sleep 0.$((RANDOM % 9 + 1))
	kill -KILL $forward
	wait $forward 2>/dev/null
done
touch "$tap_dir/stop"
end_writers
start --catch-up
wait $forward
is "the last run ends well" $? 0
arrived
ok "there was something to do ($(wc -l <"$tap_dir/all"))" [ "$(wc -l <"$tap_dir/all")" -gt 3000 ]
is "all that was written arrived" "$(comm -13 "$tap_dir/came" "$tap_dir/all" | head -n 5)" ""
is "and each once" "$(uniq -d "$tap_dir/came" | head -n 5)" ""

ok "a journal was begun anew" [ -n "$(find /var/log/journal -name '*.journal~')" ]
ok "that nothing is lost is seen" [ "$(sed -n 's/.*cannot be read: at most //p' "$tap_dir/said" | sort -n | tail -n 1 | grep . || echo 0)" -le 20 ]

# ---- vacuumed before it was read ----
# journald's own words are among what is gone: some more are counted than were written here.
counted() # NAME LEAST
{
	local lost came all
	lost=$(sed -n 's/.*cannot be read: at most //p' "$tap_dir/said" | tail -n 1)
	arrived
	came=$(wc -l <"$tap_dir/came") all=$(wc -l <"$tap_dir/all")
	is "$1: nothing comes twice" "$(uniq -d "$tap_dir/came" | head -n 5)" ""
	ok "at least $2 are lost" [ $((all - came)) -ge "$2" ]
	ok "none without being counted" [ $((all - came)) -le "${lost:-0}" ]
	ok "and little else" [ "${lost:-0}" -le $((all - came + 20)) ]
	rm "$tap_dir"/sent/*
	receiver_ask loki reset >/dev/null
	: >"$tap_dir/said"
}

rm "$tap_dir/stop" "$tap_dir"/sent/*
receiver_ask loki reset >/dev/null
: >"$tap_dir/said"
write_all 200
end_writers
kill -USR2 "$live_journald"
write_all 250
end_writers
kill -USR2 "$live_journald"
write_all 300
end_writers
find /var/log/journal -name '*@*.journal*' -delete
start --catch-up
wait $forward
counted "vacuumed while it did not run" 1350

# While it runs, and waits for its receiver: what it has in hand is not lost.
receiver_ask loki down >/dev/null
write_all 100
end_writers
start
live_wait grep -q 'again in' "$tap_dir/said"
for ((i = 0; i < 3; i++)); do
	write_all $((220 + i))
	end_writers
	kill -USR2 "$live_journald"
done
write_all 350
end_writers
find /var/log/journal -name '*@*.journal*' -delete
receiver_ask loki up >/dev/null
has_last()
{
	[ "$(receiver_ask loki dump | grep -c '"u[0-9]*-350-350"')" = 3 ]
}
live_wait has_last
kill $forward
wait $forward
counted "vacuumed while it waited" 1
done_testing
