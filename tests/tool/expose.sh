#!/bin/bash
# metric expose, a module of its own, from the build directory: what is answered, where it listens,
# and what becomes of the socket over reloads, forks and ends.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/asked.sh"
object=$top_builddir/.libs/tell_metric_expose.so
[ -f "$object" ] || skip_all "tell_metric_expose.so was not built (libmicrohttpd-dev)"
need curl jq python3 prlimit
mkdir "$tap_dir/modules" "$tap_dir/at"
cp "$object" "$tap_dir/modules/"
export TELLTALE_MODULEDIR=$tap_dir/modules
path=$tap_dir/at/metrics log=$tap_dir/log.jsonl
awk_faults()
{
	awk -f "$top_srcdir/tests/support/exposition.awk"
}


lines() # SERVICE LINE...
{
	printf '%s\n' "sink required file path=$log" "${@:2}" | stack "$1"
}

get() # PATH [CURL-OPTION...]: over the socket
{
	curl -s -m 30 --unix-socket "$path" "${@:2}" "http://shop$1"
}

code() # PATH [CURL-OPTION...]
{
	get "$@" -o /dev/null -w '%{http_code}'
}

until_is() # WANT COMMAND...: within 30 s
{
	local i
	for ((i = 0; i < 300; i++)); do
		[ "$("${@:2}")" = "$1" ] && return
		sleep 0.1
	done
	return 1
}

port_code() # PORT
{
	curl -s -m 30 -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/metrics"
}

# ---- answers ------------------------------------------------------------------------------
lines shop "metric required expose listen=unix:$path every=200ms" \
	'health required disk path=/ free=0%'
start shop shop
tell_it shop 'go 3'
ok "it serves once the service has logged" until_is 200 code /metrics
ok "the check has answered" until_is 200 code /health/ready
is "the socket is the group's, too" "$(stat -c %a "$path")" 660
text=$(get /metrics)
like "the service's numbers are there" "$text" \
	'requests_total\{path="GET \\"/\\"\\\\",status="200"\} 3'
like "and the library's" "$text" 'telltale_records_total\{outcome="delivered"\}'
like "it counts its own requests" "$text" 'telltale_expose_requests_total\{code="200"\} [1-9]'
is "nothing is wrong with the text" "$(awk_faults <<<"$text")" ""
type_of() # ACCEPT
{
	get /metrics -o /dev/null -w '%{content_type}' -H "Accept: $1"
}
prometheus='text/plain; version=0.0.4; charset=utf-8'
openmetrics='application/openmetrics-text; version=1.0.0; charset=utf-8'
is "who says nothing gets Prometheus text" "$(get /metrics -o /dev/null -w '%{content_type}' \
	-H Accept:)" "$prometheus"
is "who asks for OpenMetrics gets that" "$(type_of \
	'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1')" \
	"$openmetrics"
open=$(get /metrics -H 'Accept: application/openmetrics-text')
is "it has its end" "$(tail -n1 <<<"$open")" '# EOF'
is "nothing is wrong with that" "$(awk_faults <<<"$open")" ""
is "who asks for JSON gets that" "$(type_of application/json)" application/json
is "it is JSON" "$(get /metrics -H 'Accept: application/json' |
	jq -r '.metrics[] | select(.name == "requests").samples[0].value')" 3
promtool=${PROMTOOL:-$(command -v promtool)}
if [ -n "$promtool" ]; then
	is "promtool finds nothing" "$("$promtool" check metrics <<<"$text" 2>&1)" ""
else
	skip "promtool is missing" "promtool finds nothing"
fi
head=$(get /metrics -I)
like "HEAD has the length" "$head" 'Content-Length: [1-9]'
like "each answer ends its connection" "$head" 'Connection: close'
is "HEAD has no text" "$(get /metrics -X HEAD -m 2 --ignore-content-length -w '%{size_download}')" 0
is "another path is not there" "$(code /)" 404
like "and says which are" "$(get /x)" '/metrics /health /health/live /health/ready'
like "other methods are refused, and named" "$(get /metrics -i -d x=1)" \
	'405 .*Allow: GET, HEAD'
is "a body changes nothing" "$(head -c 100000 /dev/zero | code /metrics -X GET --data-binary @-)" 200
is "a head of 64 KiB is refused" \
	"$(code /metrics -H "X-Long: $(head -c 65536 /dev/zero | tr '\0' x)")" 431
dropped_is() # REASON N: soon
{
	local try
	for ((try = 0; try < 100; try++)); do
		! grep -qx "telltale_expose_dropped_total{reason=\"$1\"} $2" <<<"$(get /metrics)" || return 0
		sleep 0.1
	done
	get /metrics | grep telltale_expose_dropped_total
	return 1
}
ok "and counted" dropped_is broken 1

# ---- health -------------------------------------------------------------------------------
is "healthy is 200" "$(code /health) $(code /health/ready) $(code /health/live)" "200 200 200"
is "the checks are there" "$(get /health | jq -r '.checks.disk.status')" healthy
like "alive, in short" "$(get /health/live)" '^\{"status":"alive"\}$'
is "health+json for who asks" "$(get /health -H 'Accept: application/health+json' | jq -r .status)" pass
is "which has a type of its own" "$(get /health -H 'Accept: application/health+json' -o /dev/null \
	-w '%{content_type}')" application/health+json
now() # LINES OF HEALTH...
{
	lines shop "metric required expose listen=unix:$path every=200ms layout=components" "$@"
	"$TELLTALE" ctl shop reload >/dev/null
}
status()
{
	get /health | jq -r .status
}
now 'health required disk path=/ free=0%' 'health optional disk name=small path=/ free=100%'
ok "a reload changes what is asked" until_is degraded status
is "and the layout" "$(get /health | jq -r '.components.small.status')" unhealthy
is "degraded is 200" "$(code /health) $(code /health/ready) $(code /health/live)" "200 200 200"
now 'health required disk path=/ free=100%'
ok "what fails is unhealthy" until_is unhealthy status
is "unhealthy is 503, and lives" "$(code /health) $(code /health/ready) $(code /health/live)" "503 503 200"
now 'health required disk path=/ free=100% live=yes'
ok "unless it says otherwise" until_is 503 code /health/live
lines shop "metric required expose listen=unix:$path every=200ms"
"$TELLTALE" ctl shop reload >/dev/null
ok "without health lines nothing is known" until_is unknown status
is "and it is ready" "$(code /health/ready) $(code /health/live)" "200 200"

# ---- the socket ---------------------------------------------------------------------------
kill -0 "$shop" && stop shop
is "the socket goes with the service" "$(find "$tap_dir/at" -mindepth 1)" ""

said() # PATTERN: how many records say so
{
	[ ! -f "$log" ] || grep -c "$1" "$log"
}
end_now() # NAME: others that were started later have its stdin
{
	tell_it "$1" end
	wait "${!1}"
}
begin() # NAME LISTEN [ARGUMENT...]: a service that is to serve there
{
	lines "$1" "metric required expose listen=$2 every=200ms ${*:3}"
	start "$1" "$1"
}
python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$path"
begin stale "unix:$path" mode=0600
ok "a socket that nobody serves is replaced" until_is 200 code /metrics
is "mode= is its mode" "$(stat -c %a "$path")" 600
rm -f "$log"
begin second "unix:$path"
ok "one that somebody serves is left alone" until_is 1 said \
	"cannot serve metrics at unix:$path: a process serves there already"
is "and goes on" "$(code /metrics)" 200
end_now stale
ok "the other takes it when that has ended" until_is 200 code /metrics
kill -9 "$second"
wait "$second" 2>/dev/null
begin third "unix:$path"
ok "also when it was killed" until_is 200 code /metrics
stop third
echo precious >"$path"
begin fourth "unix:$path"
ok "a file is left alone" until_is 1 said 'what stands there is no socket'
is "as it was" "$(cat "$path")" precious
stop fourth
rm "$path"

port=$(free_port)
python3 -c 'import socket, sys, time
s = socket.socket()
s.bind(("127.0.0.1", int(sys.argv[1])))
s.listen()
print("up", flush=True)
time.sleep(600)' "$port" >"$tap_dir/holder" 2>&1 &
holder=$!
service_pids+=("$holder")
wait_for "$tap_dir/holder" 1
rm -f "$log"
begin taken "127.0.0.1:$port"
ok "a port in use is said" until_is 1 said \
	"cannot serve metrics at 127.0.0.1:$port: a process serves there already"
is "the service goes on" "$(said '"message":"ready"')" 1
kill "$holder"
wait "$holder" 2>/dev/null
ok "and the port is taken when it is free" until_is 200 port_code "$port"
"$TELLTALE" log -t taken beside
is "a tool that loads the stack leaves the port alone" "$(port_code "$port")" 200

# ---- reload -------------------------------------------------------------------------------
while [ ! -e "$tap_dir/enough" ]; do
	port_code "$port"
	echo
done >"$tap_dir/codes" &
scraper=$!
for ((i = 0; i < 20; i++)); do
	"$TELLTALE" ctl taken reload >/dev/null
done
touch "$tap_dir/enough"
wait "$scraper"
is "no scrape is refused while the stack is loaded anew 20 times" \
	"$(sort "$tap_dir/codes" | uniq -c | awk '{ print $2 }')" 200
other=$(free_port)
lines taken "metric required expose listen=127.0.0.1:$other every=200ms"
"$TELLTALE" ctl taken reload >/dev/null
ok "another port is taken at a reload" until_is 200 port_code "$other"
ok "and the first is left" until_is 000 port_code "$port"
lines taken 'metric optional process'
"$TELLTALE" ctl taken reload >/dev/null
ok "without the line nothing is served" until_is 000 port_code "$other"
is "and the thread is gone" "$(cat /proc/"$taken"/task/*/comm | grep -c telltale-http)" 0
stop taken

# ---- without descriptors ------------------------------------------------------------------
ticks() # PID: processor time of its server's thread
{
	awk '$2 == "(telltale-http)" { print $14 + $15 }' /proc/"$1"/task/*/stat
}
begin starved "127.0.0.1:$port"
ok "another serves" until_is 200 port_code "$port"
limit=$(prlimit --pid "$starved" --nofile --raw --noheadings -o SOFT)
prlimit --pid "$starved" --nofile=3:
port_code "$port" >"$tap_dir/code" &
asking=$!
before=$(ticks "$starved")
sleep 2
spent=$(($(ticks "$starved") - before))
ok "who cannot take a client does not spin: $spent ticks of $((2 * $(getconf CLK_TCK)))" \
	[ "$spent" -lt "$(getconf CLK_TCK)" ]
prlimit --pid "$starved" --nofile="$limit":
wait "$asking"
is "and takes it when it can" "$(cat "$tap_dir/code")" 200
tell_it starved closeall
ok "a host that closes all has it back" until_is 200 port_code "$port"
is "and lives" "$(kill -0 "$starved"; echo $?)" 0
tell_it starved hang
port_code "$port" >"$tap_dir/code" &
asking=$!
sleep 0.5 # it is in the function by then, or will never be
tell_it starved end
ended()
{
	kill -0 "$starved" 2>/dev/null
	echo $?
}
ok "a function of the host that hangs does not hold up its end" until_is 1 ended
wait "$starved" "$asking"

# ---- children -----------------------------------------------------------------------------
sockets() # PID: the listening sockets among its descriptors
{
	local fd
	for fd in /proc/"$1"/fd/*; do
		readlink "$fd"
	done | sed -n 's/^socket:\[\(.*\)\]$/\1/p' | sort >"$tap_dir/inodes"
	awk '$4 == "0A" { print $10 }' /proc/net/tcp | sort | comm -12 - "$tap_dir/inodes" | wc -l
}
begin parent "127.0.0.1:$port"
ok "a parent serves" until_is 200 port_code "$port"
is "its socket is seen here" "$(sockets "$parent")" 1
tell_it parent mute
mute=$answer
is "a child that never logs has no copy" "$(sockets "$mute")" 0
tell_it parent fork
sleep 1 # its helper has asked the line some times by then
is "nor has one that logs" "$(sockets "$answer")" 0
is "which serves nothing" "$(cat /proc/"$answer"/task/*/comm | grep -c telltale-http)" 0
is "the parent does" "$(port_code "$port")" 200
is "and nobody complains" "$(said 'cannot serve metrics at 127')" 1 # that of the port in use
tell_it parent daemon
ok "who goes on in its place serves there" until_is 200 port_code "$port"
is "by a thread of its own" "$(kill -0 "$parent" 2>/dev/null; echo $?)" 1
stop parent
ok "until it ends" until_is 000 port_code "$port"

# ---- slow readers -------------------------------------------------------------------------
lines large "metric required expose listen=unix:$path every=200ms"
value=$(printf 'v%.0s' {1..110})
for ((family = 0; family < 40; family++)); do
	for ((i = 0; i < 1000; i++)); do
		echo "counter large_${family}_total 1 a=$value$i"
	done
done >"$tap_dir/large"
mkfifo "$tap_dir/large.in"
"$top_builddir/tests/live/counts" large <"$tap_dir/large.in" >"$tap_dir/large.out" &
large=$!
service_pids+=("$large")
exec {large_in}>"$tap_dir/large.in"
cat "$tap_dir/large" >&"$large_in"
wait_for "$tap_dir/large.out" 40000
like "a text of some MiB is served" "$(get /metrics -o /dev/null -w '%{http_code} %{size_download}')" \
	'^200 [0-9]{7}$'
like "who does not read holds no more than 64 MiB" "$(python3 -c 'import socket, sys
readers = []
for i in range(40):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
    readers.append(s.makefile("rb"))
codes = [r.readline().split()[1].decode() for r in readers]
print(codes.count("200"), codes.count("503"))' "$path")" '^(8|9|1[0-9]) (2[1-9]|3[0-9])$'
is "and when they have gone" "$(code /metrics)" 200
exec {large_in}>&-
wait "$large"

# ---- systemd's ----------------------------------------------------------------------------
lines given 'metric required expose listen=fd:metrics every=200ms'
mkfifo "$tap_dir/given"
rm -f "$log"
python3 -c 'import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
t = socket.socket()
t.listen()
os.dup2(t.fileno(), 3) if s.fileno() != 3 else None
os.dup2(s.fileno(), 10)
os.dup2(t.fileno(), 3)
os.dup2(10, 4)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="other:metrics")
os.execv(sys.argv[2], [sys.argv[2], "given"])' "$path" "$program" \
	<"$tap_dir/given" >/dev/null &
given=$!
service_pids+=("$given")
exec {given_in}>"$tap_dir/given"
ok "a descriptor of systemd's is served, by its name" until_is 200 code /metrics
lines given 'metric required expose listen=fd:nobody every=200ms'
"$TELLTALE" ctl given reload >/dev/null
ok "a name that is none is said" until_is 1 said 'systemd gave no descriptor of that name'
lines given 'metric required expose listen=fd:metrics every=200ms'
"$TELLTALE" ctl given reload >/dev/null
ok "the first is there again" until_is 200 code /metrics
exec {given_in}>&-
wait "$given"
rm -f "$path"

# ---- what is refused before ---------------------------------------------------------------
refused() # NAME ARGUMENTS PATTERN
{
	lines wrong "metric required expose $2"
	like "$1" "$("$TELLTALE" check wrong 2>&1)" "$3"
}
refused "an address for all" listen=0.0.0.0:9464 \
	'wrong:2:24: error: .*can be reached from other machines.*public=yes'
refused "one of another machine" listen=192.0.2.1:9464 'can be reached from other machines'
refused "all of IPv6" 'listen=[::]:9464' 'can be reached from other machines'
refused "a name" listen=example.net:9464 'no place to listen at.*127.0.0.1:9464'
refused "no port" listen=127.0.0.1 'no place to listen at'
refused "port 0" listen=127.0.0.1:0 'no place to listen at'
refused "a port that is too high" listen=127.0.0.1:65536 'no place to listen at'
refused "half a path" listen=unix:metrics 'is no path of a socket'
refused "a mode of a port" 'listen=127.0.0.1:9464 mode=0600' 'only a socket at a path has a mode'
refused "no time at all" timeout=0s 'a connection must come to an end'
refused "a path of a file" "listen=unix:$log" 'on this host, what stands at .* is no socket'
refused "a path without its directory" "listen=unix:$tap_dir/none/at" \
	'on this host, there is no directory .*/none'
rm -f "$log"
lines wrong 'metric required expose listen=0.0.0.0:9464'
"$TELLTALE" log -t wrong hello
like "the service says it, too" "$(cat "$log")" 'wrong:2:24: .*can be reached from other machines'
fine() # NAME ARGUMENTS
{
	lines fine "metric required expose $2"
	ok "$1" "$TELLTALE" check fine
}
fine "public=yes allows it" 'listen=0.0.0.0:9464 public=yes'
fine "loopback is allowed" 'listen=127.1.2.3:9464'
fine "by its name" 'listen=localhost:9464'
fine "and IPv6's" 'listen=[::1]:9464'
done_testing
