#!/bin/bash
# telltale forward: where it begins, and of what: nothing is left out before the first answer, by another
# narrowing of the same journal, or because an entry looks like its own.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/forward_rig.sh"
forward_http
has_journal_remote || skip_all "systemd-journal-remote is missing"
receiver hook logstash_http.py
url="http://127.0.0.1:${receiver_port[hook]}"

entry() # ID REALTIME_US [FIELD=VALUE...]: in the export format
{
	printf '__REALTIME_TIMESTAMP=%s\n__MONOTONIC_TIMESTAMP=%s\n' "$2" "${mono:-$2}"
	printf '%s\n' "_BOOT_ID=${boot:-11111111111111111111111111111111}" "MESSAGE=order $1" "REQUEST_ID=$1" "${@:3}" ''
}

journal() # NAME: of what comes
{
	mkdir -p "$tap_dir/journal"
	cat >"$tap_dir/export"
	"$journal_remote" --output="$tap_dir/journal/$1.journal" "$tap_dir/export" >"$tap_dir/said" 2>&1 ||
		cat "$tap_dir/said"
}

came() # in order
{
	receiver_ask hook dump | jq -r .event.request_id | sort | tr '\n' ' '
}

again() # RUN in the same state, without a word of where to begin
{
	"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" --catch-up "$@" >"$tap_dir/said" 2>&1
}

# ---- a first run that is ended before anything was acknowledged ----
now=$(date +%s%6N)
entry old $((now - 5000000)) | journal first
receiver_ask hook 'fault?do=503' >/dev/null
again webhook "$url"
is "a first run begins now" "$?:$(came)" "0:"
entry new "$(date +%s%6N)" | journal second
receiver_ask hook down >/dev/null
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" webhook "$url" 2>"$tap_dir/said" &
forward=$!
wait_for "$tap_dir/said" 1
kill -9 $forward
wait $forward 2>/dev/null
receiver_ask hook up >/dev/null
again webhook "$url"
is "what came since then waits for a receiver, over a kill" "$(came)" "new "
rm -rf "$tap_dir/state"
receiver_ask hook reset >/dev/null
again webhook "$url"
again -S 2020-01-01 webhook "$url"
is "an earlier begin is taken while nothing was sent" "$(came)" "new old "

# ---- another narrowing is another position ----
rm -rf "$tap_dir/journal"
{
	entry 1 1795000000000001 SYSLOG_IDENTIFIER=a PRIORITY=3
	entry 2 1795000000000002 SYSLOG_IDENTIFIER=b PRIORITY=6
	entry 3 1795000000000003 SYSLOG_IDENTIFIER=a PRIORITY=3
} | journal all
fresh hook
forward -t a webhook "$url"
forward -t b webhook "$url"
is "one service, then another" "$(came)" "1 2 3 "
fresh hook
forward -p err webhook "$url"
forward -p info webhook "$url"
is "levels as well" "$(came)" "1 1 2 3 3 "
for name in '' name=shop; do
	fresh hook
	stack telltale-forward <<-END
		source required journal directory=$tap_dir/journal identifier=a since=all
		source required journal directory=$tap_dir/journal identifier=b since=all
		sink required webhook url=$url $name
	END
	"$TELLTALE" forward -q --state="$tap_dir/state" --catch-up >"$tap_dir/said" 2>&1
	is "two sources of one journal to one sink ${name:-without a name}" "$?:$(came)$(<"$tap_dir/said")" "0:1 2 3 "
done
is "... the first has that name" "$(ls "$tap_dir/state/shop")" "$tap_dir/state/shop"

# ---- what becomes of the journal ----
rm -rf "$tap_dir/journal"
{
	entry 1 1795000001000001
	entry 2 1795000002000002
} | journal first
fresh hook
forward webhook "$url"
{
	mono=1795000003000003 entry 3 1795000000500003
	mono=1795000004000004 entry 4 1795000000600004
} | journal second
rm "$tap_dir/journal/first.journal"
forward webhook "$url"
is "vacuumed where the clock was set back: what is left comes" "$(came)" "1 2 3 4 "
like "... and that some is gone is said" "$(<"$tap_dir/said")" 'records are missing in between'

fresh hook
receiver_ask hook 'fault?do=hang' >/dev/null
"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 webhook "$url" linger=0s \
	2>"$tap_dir/said" &
forward=$!
receiver_hangs hook
mv "$tap_dir/journal/second.journal" "$tap_dir/"
receiver_ask hook release >/dev/null
for ((try = 0; try < 200; try++)); do
	! grep -qs '^cursor=[st]=' "$tap_dir"/state/webhook-*[0-9a-f][0-9a-f] || break
	sleep 0.05
done
kill $forward
wait $forward
is "a file deleted under it: what was shipped of it is stored all the same" \
	"$(grep -hc '^cursor=[st]=' "$tap_dir"/state/webhook-*[0-9a-f][0-9a-f]):$(<"$tap_dir/said")" "1:"

mv "$tap_dir/second.journal" "$tap_dir/journal/"

cp "$tap_dir/journal/second.journal" "$tap_dir/journal/good.journal"
head -c 5000 "$tap_dir/journal/good.journal" >"$tap_dir/journal/cut.journal"
: >"$tap_dir/journal/new.journal"
fresh hook
forward webhook "$url"
is "a file that cannot be read is named, the others come" "$(receiver_ask hook dump | wc -l):$(grep -c "left out: 1; $tap_dir/journal/cut.journal: it is cut off" "$tap_dir/said")" "2:1"
rm "$tap_dir"/journal/{cut,good,new}.journal

# ---- a way that cannot be started ----
if [ "$(id -u)" = 0 ] && command -v setpriv prlimit >/dev/null; then
	fresh hook
	chmod -R a+rX "$tap_dir/journal" "$tap_dir/modules" "$conf"
	cp "$TELLTALE" "$tap_dir/copied" # the tree may be below what nobody may enter
	install -d -m 700 -o nobody "$tap_dir/state"
	stack telltale-forward <<-END
		source required journal directory=$tap_dir/journal since=all
		sink required webhook url=$url name=one
		sink required webhook url=$url name=two
	END
	setpriv --reuid nobody --clear-groups --bounding-set=-all --inh-caps=-all bash -c 'ulimit -S -u 1; exec "$@"' - \
		"$tap_dir/copied" forward -q --state="$tap_dir/state" --catch-up 2>"$tap_dir/said" &
	forward=$!
	for ((i = 0; i < 400; i++)); do
		! grep -q 'cannot start a way' "$tap_dir/said" || break
		sleep 0.05
	done
	like "is said" "$(<"$tap_dir/said")" 'cannot start a way'
	setpriv --reuid nobody --clear-groups prlimit --pid $forward --nproc=64: || kill $forward
	wait $forward
	is "... and started when it can be" "$?:$(came)" "0:3 3 4 4 "
fi

# ---- whose entries are its own ----
fresh hook
boot_now=$(tr -d - </proc/sys/kernel/random/boot_id)
(
	own=$BASHPID
	rm -rf "$tap_dir/journal"
	{
		entry 1 1795000000000001 "SYSLOG_PID=$own" _PID=77 _COMM=telltale
		entry 2 1795000000000002 "_PID=$own" _COMM=systemd
		entry 3 1795000000000003 "_PID=$own" _COMM=telltale
		boot=$boot_now entry 4 1795000000000004 "_PID=$own" _COMM=shop _SYSTEMD_INVOCATION_ID=abc
		boot=$boot_now entry 5 1795000000000005 "_PID=$own" _COMM=telltale
		entry 6 1795000000000006 _PID=78 _COMM=telltale _SYSTEMD_INVOCATION_ID=abc
	} | journal all
	export INVOCATION_ID=abc
	exec "$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 --catch-up webhook "$url"
)
is "its own are left out, and none that only looks like them" "$(came)" "1 2 3 4 "

# ---- an entry that is too large ----
rm -rf "$tap_dir/journal"
mebibyte=$(head -c 1000000 /dev/zero | tr '\0' x)
entry 7 1795000000000007 "A=$mebibyte" "B=$mebibyte" "C=$mebibyte" | journal all
"$TELLTALE" forward -n -q -D "$tap_dir/journal" -S 2020-01-01 --catch-up webhook http://localhost \
	>"$tap_dir/large" 2>&1
is "of what is too large some fields are left out" "$(grep -oE '"[abc]":' "$tap_dir/large" | wc -l)" 2
is "which the record says" "$(grep -o '"cut":true' "$tap_dir/large")" '"cut":true'

# ---- when a record says it was made is believed as far as it can be ----
rm -rf "$tap_dir/journal"
at=$(date +%s)000000
ns=$((at * 1000)) day=$((86400 * 1000000000))
{
	entry forged "$at" TELL_TIME=18446744073709551615
	entry ancient "$at" TELL_TIME=1970-01-02T00:00:00Z
	entry ahead "$at" "TELL_TIME=$((ns + day))"
	entry late "$at" "TELL_TIME=$((ns - 3 * day))"
} | journal all
fresh hook
forward webhook "$url" max_age=10d
is "a forged time cannot hide a record" "$(came)" "ahead ancient forged late "
is "... nor put it elsewhere; one that is late is" "$(receiver_ask hook dump | jq -r '.event | .request_id + " " + .["@timestamp"]' |
	sort | sed 's/\..*//')" "$(for id in ahead ancient forged; do
	date -u -d "@${at%000000}" "+$id %Y-%m-%dT%H:%M:%S"
done; date -u -d "@$((${at%000000} - 3 * 86400))" '+late %Y-%m-%dT%H:%M:%S')"
done_testing
