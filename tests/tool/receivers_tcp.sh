#!/bin/bash
# The fake receivers over TCP do what tests of forwarding take them to do: Logstash's lines of JSON,
# lumberjack, the cable between; and the journals that are made for such tests hold what they list.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/receivers.sh"
. "$top_srcdir/tests/support/certificates.sh"
need jq

# ---- lines of JSON ------------------------------------------------------------------------------
receiver lines logstash_tcp.py
tell() # TEXT FOR PRINTF; in $events what became of it
{
	receiver_ask lines reset >/dev/null
	# shellcheck disable=SC2059
	printf "$1" >"/dev/tcp/127.0.0.1/${receiver_port[lines]}"
	receiver_idle lines
	events=$(receiver_ask lines dump | jq -cS '.event |= del(."@timestamp", ."@version") | del(.connection)' | tr '\n' ' ')
}

tell '{"message":"one"}\n\n{"message":"two"}\n'
is "lines: an event each" "$events" '{"event":{"message":"one"}} {"event":{"message":"two"}} '
tell '[{"message":"one"},{"message":"two"}]\n'
is "lines: an array is several" "$events" '{"event":{"message":"one"}} {"event":{"message":"two"}} '
tell '{"message":\n17\n[1]\n'
is "lines: what is no object is text with a tag" "$(jq -c '[.event.message, .event.tags[0]]' <<<"$events" | tr '\n' ' ')" \
	'["{\"message\":","_jsonparsefailure"] ["17","_jsonparsefailure"] ["[1]","_jsonparsefailure"] '
tell '{"message":"one"}'
is "lines: one without its LF counts at the end" "$events" '{"event":{"message":"one"},"unterminated":true} '
tell '{"@timestamp":1795000000.5}\n'
is "lines: a time that is a number" "$events" '{"event":{"_@timestamp":1795000000.5,"tags":["_timestampparsefailure"]}} '
tell '{"@timestamp":"27 Nov 2026"}\n'
is "lines: a time of another form" "$(jq -c .event.tags <<<"$events")" '["_timestampparsefailure"]'
tell '{"@timestamp":"2026-11-27T14:00:00.123456789Z"}\n'
is "lines: a time is kept to the nanosecond" "$(receiver_ask lines dump | jq -c '[.event."@timestamp", .event."@version"]')" \
	'["2026-11-27T14:00:00.123456789Z","1"]'
tell '{"tags":{"a":1}}\n'
is "lines: tags that are none" "$events" '{"event":{"_tags":{"a":1},"tags":["_tagsparsefailure"]}} '
tell '{"tags":"one"}\n'
is "lines: a tag" "$events" '{"event":{"tags":["one"]}} '
tell '{"a[0]":1,"b":1,"b":2,"c":"\xff"}\n'
is "lines: what is odd is told" "$(jq -c .odd <<<"$events")" '["duplicate key","invalid UTF-8","key cannot be referenced"]'
receiver_ask lines 'limits?line=50' >/dev/null
tell "{\"message\":\"one\"}\n{\"message\":\"$(printf 'x%.0s' {1..200})\"}"
is "lines: one that is too long ends the connection" "$events" '{"event":{"message":"one"}} '
receiver_ask lines 'limits?line=0' >/dev/null
receiver_ask lines 'fault?do=close&lines=1' >/dev/null
printf '{"n":1}\n{"n":2}\n' >"/dev/tcp/127.0.0.1/${receiver_port[lines]}"
receiver_idle lines
is "lines: closed after the first" "$(receiver_ask lines dump | jq .event.n | tail -n 1)" 1
receiver_ask lines reset >/dev/null
receiver_ask lines 'fault?do=stall&lines=1' >/dev/null
printf '{"n":1}\n{"n":2}\n' >"/dev/tcp/127.0.0.1/${receiver_port[lines]}"
receiver_hangs lines
is "lines: the first is there meanwhile" "$(receiver_ask lines dump | jq .event.n)" 1
receiver_ask lines release >/dev/null
receiver_idle lines
is "lines: read no further until released" "$(receiver_ask lines dump | jq .event.n | tr '\n' ' ')" "1 2 "
is "lines: what came is kept, a connection each" "$(receiver_ask lines requests | jq -c '[.lines, .fault, .wire]')" '[2,"stall",16]'

# ---- lumberjack ---------------------------------------------------------------------------------
# Frames by words; prints the sequences that are acknowledged, and how the connection ended.
cat >"$tap_dir/beat.py" <<'PY'
import json, os, socket, ssl, struct, sys, zlib
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
peer.settimeout(10)
if "CA" in os.environ:
    peer = ssl.create_default_context(cafile=os.environ["CA"]).wrap_socket(peer, server_hostname="127.0.0.1")
def event(n, text=None):
    data = text.encode() if text else json.dumps({"n": n}).encode()
    return struct.pack(">2sII", b"2J", n, len(data)) + data
def packed(data):
    data = zlib.compress(data)
    return struct.pack(">2sI", b"2C", len(data)) + data
wait, answers = 0, peer.makefile("rb")
try:
    for word in sys.argv[2:]:
        name, _, value = word.partition(":")
        if name == "window":
            wait = int(value)
            peer.sendall(struct.pack(">2sI", b"2W", wait))
        elif name == "events":
            first, last = map(int, value.split("-"))
            peer.sendall(b"".join(event(n) for n in range(first, last + 1)))
        elif name == "packed":
            first, last = map(int, value.split("-"))
            peer.sendall(packed(b"".join(event(n) for n in range(first, last + 1))))
        elif name == "text":
            peer.sendall(event(1, value))
        elif name == "raw":
            peer.sendall(value.encode())
        elif name == "acks":
            got = None
            while got != wait:
                head = answers.read(6)
                if len(head) < 6:
                    print(f"closed:{len(head)}", end=" ")
                    break
                got = struct.unpack(">2sI", head)[1]
                print(got, end=" ")
except ConnectionError:
    print("closed:0", end=" ")
PY
beat() # WORD...: acknowledgements in $acks, numbers of the events in $events
{
	receiver_ask beats reset >/dev/null
	[ -z "${fault-}" ] || receiver_ask beats "fault?$fault" >/dev/null
	acks=$(python3 "$tap_dir/beat.py" "${receiver_port[beats]}" "$@")
	receiver_idle beats
	events=$(receiver_ask beats dump | jq .event.n | tr '\n' ' ')
	error=$(receiver_ask beats requests | jq -r '.error // empty')
}

receiver beats lumberjack.py
beat window:3 events:1-3 acks window:2 events:1-2 acks
is "lumberjack: the last of each window is acknowledged" "$acks" "3 2 "
is "lumberjack: all is stored" "$events" "1 2 3 1 2 "
beat window:3 packed:1-3 acks
is "lumberjack: compressed" "$acks$events" "3 1 2 3 "
beat window:3 packed:1-2 events:3-3 acks
is "lumberjack: some of them compressed" "$acks$events" "3 1 2 3 "
beat window:3 events:1-2
is "lumberjack: half a window is nothing" "$acks$events$error" "the connection ended inside a window"
beat window:2 events:2-3 acks
is "lumberjack: a sequence that does not begin at 1" "$acks$events$error" "closed:0 sequence 2 where 1 is next"
beat window:1 packed:1-2 acks
is "lumberjack: more than the window" "$acks$events$error" "closed:0 more events than the window's 1"
beat window:1 text:17 acks
is "lumberjack: an event that is no object" "$acks$events$error" "closed:0 event 1 is no JSON object"
beat events:1-1 acks
like "lumberjack: no window" "$acks$events$error" 'where a window is due'
beat window:1 raw:1D acks
like "lumberjack: version 1" "$acks$events$error" "version '1'"
fault=do=noack beat window:2 events:1-2 acks
is "lumberjack: stored, not acknowledged" "$acks$events" "closed:0 1 2 "
fault='do=first&k=2' beat window:3 events:1-3 acks
is "lumberjack: only the first two" "$acks$events" "2 closed:0 1 2 "
fault=do=half beat window:2 events:1-2 acks
is "lumberjack: half an acknowledgement" "$acks$events" "closed:3 1 2 "
fault=do=close beat window:2 acks
is "lumberjack: closed at the window" "$acks$events" "closed:0 "
is "lumberjack: ... is listed" "$(receiver_ask beats requests | jq -c '[.window, .stored, .fault]')" '[2,0,"close"]'
(receiver_hangs beats && receiver_ask beats release >/dev/null) &
fault='do=hang&busy=yes' beat window:2 events:1-2 acks
wait $!
like "lumberjack: busy until released" "$acks" '^(0 )*2 $'
receiver_end beats
receiver beats lumberjack.py --partial 2 --busy 2
beat window:5 events:1-5 acks
is "lumberjack: busy, and acknowledged in parts" "$acks" "0 0 2 4 5 "


# ---- TLS ----------------------------------------------------------------------------------------
if command -v certtool >/dev/null; then
	certificates_begin "$tap_dir/made"
	certificate server server
	certificate client client
	receiver secure logstash_tcp.py --cert "$certificates/server.pem" --key "$certificates/server.key" \
		--ca "$certificates/ca.pem"
	cat >"$tap_dir/tls.py" <<-'PY'
		import socket, ssl, sys
		context = ssl.create_default_context(cafile=sys.argv[2])
		if sys.argv[3:]:
		    context.load_cert_chain(*sys.argv[3:])
		try:
		    peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
		    with context.wrap_socket(peer, server_hostname="127.0.0.1") as secure:
		        secure.sendall(b'{"n":1}\n')
		        secure.unwrap()
		except (OSError, ssl.SSLError):
		    pass
	PY
	python3 "$tap_dir/tls.py" "${receiver_port[secure]}" "$certificates/ca.pem" "$certificates"/client.{pem,key}
	receiver_idle secure
	is "TLS: a client of the CA" "$(receiver_ask secure dump | jq .event.n)" 1
	python3 "$tap_dir/tls.py" "${receiver_port[secure]}" "$certificates/ca.pem"
	receiver_wait secure eval '[ "$(receiver_ask secure connections | jq .refused)" = 1 ]'
	is "TLS: one without a certificate is not served" "$(receiver_ask secure dump | wc -l)" 1
	receiver_end beats
	receiver beats lumberjack.py --cert "$certificates/server.pem" --key "$certificates/server.key"
	CA=$certificates/ca.pem beat window:2 events:1-2 acks
	is "TLS: lumberjack" "$acks$events" "2 1 2 "
	receiver https logstash_http.py --cert "$certificates/server.pem" --key "$certificates/server.key"
	is "TLS: HTTP" "$(curl -s --cacert "$certificates/ca.pem" -H 'Content-Type: application/json' -d '{"n":1}' \
		"https://127.0.0.1:${receiver_port[https]}/")$(receiver_ask https dump | jq .event.n)" ok1
else
	skip "certtool is missing" "TLS: a client of the CA"
	skip "certtool is missing" "TLS: lumberjack"
	skip "certtool is missing" "TLS: HTTP"
	skip "certtool is missing" "TLS: one without a certificate is not served"
fi

# ---- the cable ----------------------------------------------------------------------------------
receiver cable proxy.py --to "${receiver_port[lines]}"
through() # FAULT: two lines through the cable; in $events those that came
{
	receiver_ask lines reset >/dev/null
	receiver_ask cable reset >/dev/null
	[ -z "$1" ] || receiver_ask cable "fault?$1" >/dev/null
	(printf '{"n":1}\n{"n":2}\n' >"/dev/tcp/127.0.0.1/${receiver_port[cable]}") 2>/dev/null
	receiver_idle cable
	receiver_idle lines
	events=$(receiver_ask lines dump | jq -c '[.event.n, .unterminated]' | tr '\n' ' ')
}

through ''
is "cable: forwards" "$events" '[1,null] [2,null] '
is "cable: counts" "$(receiver_ask cable requests | jq -c '[.up, .down]')" '[16,0]'
through 'do=cut&after=8'
is "cable: cut after the first line" "$events" '[1,null] '
through 'do=cut&after=15'
is "cable: cut inside the second line" "$events" '[1,null] [2,true] '
through 'do=cut&after=12&reset=yes'
is "cable: reset" "$(jq -c '.[0] // empty' <<<"$events" | head -n 1)$(receiver_ask cable requests | jq .up)" 112
through 'do=refuse'
is "cable: refused" "$events" ''
through 'do=delay&ms=5'
is "cable: slow" "$events" '[1,null] [2,null] '
receiver_ask lines reset >/dev/null
receiver_ask cable 'fault?do=hold&after=8' >/dev/null
printf '{"n":1}\n{"n":2}\n' >"/dev/tcp/127.0.0.1/${receiver_port[cable]}"
receiver_hangs cable
is "cable: held after the first line" "$(receiver_ask cable connections | jq .open)" 1
receiver_ask cable release >/dev/null
receiver_idle cable
receiver_idle lines
is "cable: ... and all comes when it is released" "$(receiver_ask lines dump | jq .event.n | tr '\n' ' ')" "1 2 "
receiver_ask cable down >/dev/null
through ''
is "cable: down" "$events" ""
receiver_ask cable up >/dev/null
through ''
is "cable: up again" "$events" '[1,null] [2,null] '

# ---- journals -----------------------------------------------------------------------------------
if ! command -v journalctl >/dev/null || ! has_journal_remote; then
	skip "systemd-journal-remote or journalctl is missing" "journals"
	done_testing
fi
ids() # journalctl's options
{
	journalctl -q --no-pager -o json --all --output-fields=REQUEST_ID "$@" | jq -r '.REQUEST_ID // empty' | sort
}

fields() # JQ: of each entry
{
	journalctl -q --no-pager -o json --all -D "$tap_dir/plain" | jq -r "$1"
}

make_journal "$tap_dir/plain" 400 7 --plain --start 1795000000
is "journal: it has what is listed" "$(ids -D "$tap_dir/plain")" "$(sort "$tap_dir/plain/request_ids")"
is "journal: no id comes twice" "$(sort "$tap_dir/plain/request_ids" | uniq -d)" ""
is "journal: ours are those with a number" "$(fields 'select(.TELL_SEQ).REQUEST_ID' | sort)" "$(sort "$tap_dir/plain/own_ids")"
is "journal: ours have 25 fields and more" "$(fields 'select(.TELL_SEQ) | [keys[] | select(startswith("__") | not)] |
	length >= 25' | sort -u)" true
is "journal: foreign ones are of each kind" "$(fields 'select(.TELL_SEQ | not)._TRANSPORT' | sort -u | tr '\n' ' ')" \
	"journal kernel stdout syslog "
make_journal "$tap_dir/same" 400 7 --plain --start 1795000000
is "journal: the same seed gives the same" "$(journalctl -q --no-pager -o export -D "$tap_dir/same" | grep -av ^__CURSOR= | sha256sum)" \
	"$(journalctl -q --no-pager -o export -D "$tap_dir/plain" | grep -av ^__CURSOR= | sha256sum)"
make_journal "$tap_dir/strange" 600 8 --files 3 --boots 2 --jumps 2 --long 1 --foreign 0
is "journal: strange ones have what is listed" "$(ids -D "$tap_dir/strange")" "$(sort "$tap_dir/strange/request_ids")"
is "journal: in as many files" "$(find "$tap_dir/strange" -name '*.journal' | wc -l)" 3
is "journal: as many boots" "$(journalctl -q -D "$tap_dir/strange" -F _BOOT_ID | wc -l)" 2
is "journal: the clock was set back" "$(journalctl -q --no-pager -o json -D "$tap_dir/strange" --output-fields=X |
	jq -r .__REALTIME_TIMESTAMP | awk '$1 < last { n++ } { last = $1 } END { print n + 0 }')" 2
is "journal: no entry is foreign" "$(cat "$tap_dir/strange/own_ids")" "$(cat "$tap_dir/strange/request_ids")"
strange=$(journalctl -q --no-pager -o json --all -D "$tap_dir/strange" | jq -c '[
	if (.MESSAGE | type) == "array" then "bytes" elif (.MESSAGE | length) > 1000000 then "long"
	elif .MESSAGE | test("\n") then "lines" else empty end,
	if (.TAG | type) == "array" then "twice" else empty end, if .BLOB then "blob" else empty end,
	if .NOTE == "" then "empty" elif (.NOTE // "" | tostring | test("a=b=c")) then "equals" else empty end][]' | sort -u | tr '\n' ' ')
is "journal: each strange thing is there" "$strange" '"blob" "bytes" "empty" "equals" "lines" "long" "twice" '
make_journal "$tap_dir/twins" 100 9 --foreign 0 --twins 20
is "journal: twins differ by their ids alone" "$(journalctl -q --no-pager -o json -D "$tap_dir/twins" |
	jq -r '[.__REALTIME_TIMESTAMP, .SYSLOG_IDENTIFIER, .PRIORITY, .MESSAGE] | tostring' | sort | uniq -d | wc -l)" 20
is "journal: ... and all are there" "$(ids -D "$tap_dir/twins")" "$(sort "$tap_dir/twins/request_ids")"
for part in '--last 100' '--first 100 --last 250' '--first 250'; do
	# shellcheck disable=SC2086 # options
	make_journal "$tap_dir/grown" 400 7 --plain --start 1795000000 $part
done
is "journal: one that grew is the same" "$(journalctl -q --no-pager -o export -D "$tap_dir/grown" | grep -av ^__CURSOR= | sha256sum)" \
	"$(journalctl -q --no-pager -o export -D "$tap_dir/plain" | grep -av ^__CURSOR= | sha256sum)"
is "journal: ... and lists the same" "$(cat "$tap_dir/grown/request_ids")" "$(cat "$tap_dir/plain/request_ids")"
is "journal: ... in one file" "$(find "$tap_dir/grown" -name '*.journal' | wc -l)" 1
make_journal "$tap_dir/none" 0 1
is "journal: of nothing" "$(find "$tap_dir/none" -name '*.journal' | wc -l)" 0
receiver_remote far "$tap_dir/far"
journalctl -q -o export --all -D "$tap_dir/strange" | curl -s -o /dev/null -H 'Content-Type: application/vnd.fdo.journal' \
	--data-binary @- "http://127.0.0.1:${receiver_port[far]}/upload"
is "journal-remote: takes all over HTTP" "$(ids --file="$tap_dir/far/remote.journal")" "$(sort "$tap_dir/strange/request_ids")"
done_testing
