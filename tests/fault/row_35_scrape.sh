#!/bin/bash
# FAULTS row 35: 1,000 connections, slow ones, heads of 64 KiB and readers that do not read come to a
# service's metrics port: every record arrives, its descriptors stay few, and a scrape is answered.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
object=$top_builddir/.libs/tell_metric_expose.so
[ -f "$object" ] || skip_all "tell_metric_expose.so was not built (libmicrohttpd-dev)"
need curl python3
mkdir "$tap_dir/modules"
cp "$object" "$tap_dir/modules/"
export TELLTALE_MODULEDIR=$tap_dir/modules
log=$tap_dir/log.jsonl
port=$((20000 + RANDOM % 10000))
live_stack scraped <<-END
	redact required permit
	sink required file path=$log
	metric required expose listen=127.0.0.1:$port every=200ms timeout=3s
END
live_driver scraped
said=0
say() # N: and all of them arrive
{
	live_ask say "$1" hello
	said=$((said + $1))
}

scrape() # prints the code
{
	curl -s -m 20 -o "$tap_dir/text" -w '%{http_code}' "http://127.0.0.1:$port/metrics"
}
scrapes()
{
	[ "$(scrape)" = 200 ]
}

descriptors()
{
	find "/proc/$live_driver_pid/fd" -mindepth 1 2>/dev/null | wc -l
}

mkfifo "$tap_dir/orders" "$tap_dir/answers"
python3 "$top_srcdir/tests/fault/scrape.py" "$port" <"$tap_dir/orders" >"$tap_dir/answers" &
live_pids+=($!)
exec {client_in}>"$tap_dir/orders" {client_out}<"$tap_dir/answers"
client() # ORDER...: its answer is in $answer
{
	answer=none
	echo "$*" >&"$client_in"
	read -r -t 120 answer <&"$client_out"
}
few_are_open()
{
	client open
	[ "$answer" -le 64 ]
}
none_is_open()
{
	client open
	[ "$answer" -eq 0 ]
}

say 1
ok "fault_35: it is scraped" live_wait scrapes
before=$(descriptors)
most=$((before + 100)) # 96 connections, and what a scrape opens
attack() # NAME ORDER N
{
	client "$2" "$3"
	is "fault_35: $1: they come" "$answer" "$3"
	say 2000
	is "fault_35: $1: a scrape is answered meanwhile" "$(scrape)" 200
	local now
	now=$(descriptors)
	ok "fault_35: $1: $now descriptors, $before before" [ "$now" -le "$most" ]
}
attack "1,000 that say nothing" many 1000
ok "fault_35: few of them are left" live_wait few_are_open
ok "fault_35: all come to their end" live_wait none_is_open
client close
client slow 1000
say 2000
is "fault_35: slow ones: a scrape is answered meanwhile" "$(scrape)" 200
now=$(descriptors)
ok "fault_35: slow ones: $now descriptors, $before before" [ "$now" -le "$most" ]
ok "fault_35: slow ones: a byte now and then is no life" live_wait none_is_open
client close
attack "200 that read nothing" unread 200
client close
client head 65536
like "fault_35: a head of 64 KiB is refused" "$answer" '431|closed'
say 100
client close
gone()
{
	[ "$(descriptors)" -le "$before" ]
}
ok "fault_35: afterwards it has no more descriptors than before" live_wait gone
is "fault_35: and is scraped" "$(scrape)" 200
like "fault_35: what it ended is counted" "$(cat "$tap_dir/text")" \
	'telltale_expose_dropped_total\{reason="timeout"\} [1-9]'
like "fault_35: by both causes" "$(cat "$tap_dir/text")" \
	'telltale_expose_dropped_total\{reason="limit"\} [1-9]'
live_ask flush 5000
is "fault_35: every record arrived" "$(grep -c '"message":"hello"' "$log")" "$said"
live_ledger "fault_35"
done_testing
