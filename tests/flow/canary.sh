#!/bin/bash
# One secret through every door into the channel, and all bytes that come out searched for it:
# every sink and format, the capture, the queue and its recovery, the preload library, cat, log,
# what check and a broken stack say.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
need python3
canary=$top_builddir/tests/flow/canary
[ -x "$canary" ] || skip_all "tests/flow/canary was not built"
secret=kanarien
secret+=vogel7Q out="$tap_dir/out" rings="$tap_dir/run"
mkdir "$out"
mkdir -m 700 "$rings"

# The secret in any case, as a name's rule leaves it, and as base64 or hex of it begin.
patterns()
{
	echo "$secret"
	printf '%s' "$secret" | od -An -tx1 | tr -d ' \n' | cut -c1-24
	echo
	local i
	for i in '' x xx; do
		printf '%s%s' "$i" "$secret" | base64 | cut -c$((${#i} ? 5 : 1))-$((${#i} ? 16 : 12))
	done
}
patterns >"$tap_dir/patterns"
leaks() # PATH...
{
	grep -raioFf "$tap_dir/patterns" "$@" 2>/dev/null | sort | uniq -c
}
clean() # NAME FILE: it has the last record, and no secret
{
	if ! grep -qa 'the end' "$2" 2>/dev/null; then
		flunk "$1" "the records did not come: $(head -c 300 "$2" 2>&1)"
	else
		is "$1" "$(leaks "$2")" ""
	fi
}
is "the search finds it" "$(echo "a=$secret" >"$tap_dir/probe"
	printf 'password=%s' "$secret" | base64 -w0 >>"$tap_dir/probe"; leaks "$tap_dir/probe" | wc -l)" 2

# ---- sinks ----------------------------------------------------------------------------------
cat >"$tap_dir/receiver" <<'END'
import os, selectors, socket, sys
out = sys.argv[1]
select = selectors.DefaultSelector()
def take(s, name):
    select.register(s, selectors.EVENT_READ, name)
for name in ("journal", "devlog"):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(os.path.join(sys.argv[2], name))
    take(s, name)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
take(udp, "udp")
tcp = socket.socket()
tcp.bind(("127.0.0.1", 0))
tcp.listen()
take(tcp, "listen")
with open(sys.argv[3] + ".new", "w") as f:
    f.write("udp=%d tcp=%d\n" % (udp.getsockname()[1], tcp.getsockname()[1]))
os.rename(sys.argv[3] + ".new", sys.argv[3])
while True:
    for key, _ in select.select():
        if key.data == "listen":
            take(tcp.accept()[0], "tcp")
            continue
        data = key.fileobj.recv(1 << 20)
        if not data and key.data == "tcp":
            select.unregister(key.fileobj)
        with open(os.path.join(out, key.data), "ab") as f:
            f.write(data + b"\n")
END
python3 "$tap_dir/receiver" "$out" "$tap_dir" "$tap_dir/ports" &
receiver=$!
trap 'kill "$receiver" 2>/dev/null; wait "$receiver" 2>/dev/null; rm -rf "$tap_dir"' EXIT
wait_for "$tap_dir/ports" 1 || skip_all "no receiver"
read -r udp tcp <"$tap_dir/ports"

sinks()
{
	cat <<-END
		sink required file path=$out/json
		sink required file path=$out/json-all message=all
		sink required file path=$out/logfmt format=logfmt
		sink required file path=$out/text format=text
		sink required file path=$out/text-all format=text message=all
		sink required file path=$out/template format=text [template={time} {level} {message} {note} {password}]
		sink required journald socket=$tap_dir/journal message=all
		sink required syslog proto=unix path=$tap_dir/devlog message=all
		sink required syslog proto=udp host=127.0.0.1 port=${udp#*=} message=all
		sink required syslog proto=tcp host=127.0.0.1 port=${tcp#*=} message=all
		sink required stderr format=json
		sink required stdout format=text message=all
	END
}
await() # FILE: until the last record is there, as others write it
{
	local try
	for ((try = 0; try < 200; try++)); do
		grep -qa 'the end' "$1" 2>/dev/null && return
		sleep 0.05
	done
}
all_clean() # HOW
{
	local name
	for name in json json-all logfmt text text-all template stderr stdout journal devlog udp tcp; do
		await "$out/$name"
		clean "$1: $name" "$out/$name"
	done
	rm -f "$out"/*
}
{ echo 'redact requisite keys'; echo 'redact requisite detect'; sinks; } | stack canary
"$canary" log "$secret" >"$out/stdout" 2>"$out/stderr"
all_clean "a call"
sinks | stack canary
"$canary" log "$secret" >"$out/stdout" 2>"$out/stderr"
all_clean "without redact lines"
"$canary" name "$secret" >"$out/stdout" 2>"$out/stderr"
all_clean "a name"
{ echo 'redact requisite nosuch'; sinks; } | stack canary
"$canary" log "$secret" >"$out/stdout" 2>"$out/stderr"
is "a redact line that is wrong" "$(leaks "$out")" ""
rm -f "$out"/*

"$canary" capture "$secret" >"$out/capture" 2>&1
clean "the capture" "$out/capture"

# ---- the queue ------------------------------------------------------------------------------
export RUNTIME_DIRECTORY="$rings"
{ echo 'queue required ring'; sinks; } | stack canary
"$canary" log "$secret" >"$out/stdout" 2>"$out/stderr"
all_clean "through the queue"
{ echo 'queue required ring'; sinks | sed 's/^sink required stderr.*/sink required deny/'; } | stack canary
{ "$canary" die "$secret" >"$out/stdout" 2>"$out/stderr"; } 2>/dev/null
rm -f "$out"/*
{ echo 'queue required ring'; sinks; } | stack canary
"$TELLTALE" recover --service canary >"$out/stdout" 2>"$out/stderr"
if [ -s "$out/json" ]; then
	is "recovered" "$(leaks "$out")" ""
else
	skip "no tmpfs for the queue here" "recovered"
fi
rm -f "$out"/*
unset RUNTIME_DIRECTORY

# ---- the command ------------------------------------------------------------------------------
sinks | stack canary
{
	"$TELLTALE" log -t canary -F password="$secret" -F note="token=$secret" "fetched https://ann:$secret@host/"
	printf '%s\n' "login password=$secret" "{\"msg\":\"hi\",\"password\":\"$secret\",\"note\":\"token=$secret\"}" \
		"level=info msg=hi secret=$secret note=\"token=$secret\"" "-----BEGIN RSA PRIVATE"" KEY-----" "MIIEow${secret}AQ" \
		"-----END RSA PRIVATE"" KEY-----" \
		"the end" | "$TELLTALE" cat -t canary
	"$TELLTALE" log -t canary "the end"
} >"$out/stdout" 2>"$out/stderr"
all_clean "log and cat"
preload=$top_builddir/.libs/libtelltale-preload.so
case ${TELL_SANITIZE-} in
*-fsanitize*) preload= ;;
esac
if [ -f "$preload" ]; then
	TELLTALE_PRELOAD_LIBRARY=$preload "$TELLTALE" cat -t canary --preload -- \
		"$canary" syslog "$secret" >"$out/stdout" 2>"$out/stderr"
	all_clean "the preload library"
else
	skip "no preload library" "the preload library"
fi

# ---- what is said about a stack -----------------------------------------------------------------
stack canary <<-END
	enrich required set api_key=$secret region=eu [dsn=postgres://app:$secret@db/shop]
	sink required file path=$tap_dir/none/password=$secret/log
	sink required file path=$out/json
	sink required syslg host=log.example.net token=$secret
END
"$TELLTALE" check canary >"$out/check" 2>&1
ok "check says what is wrong" grep -q syslg "$out/check"
is "and no secret of the stack" "$(leaks "$out/check")" ""
"$TELLTALE" log -t canary hello >"$out/said" 2>&1
"$TELLTALE" redact --service canary </dev/null >>"$out/said" 2>&1
ok "the log says what is wrong" grep -q syslg "$out/json"
is "and no secret, nor does the command" "$(leaks "$out")" ""
rm -f "$out"/*
sed -i '/syslg/d; /none/d' "$conf/canary"
"$TELLTALE" check canary --explain -F password="$secret" -F note="token=$secret" \
	"fetched https://ann:$secret@host/" >"$out/check" 2>&1
like "a walk is explained" "$(cat "$out/check")" 'as sinks get it'
is "without it" "$(leaks "$out")" ""
printf 'login password=%s\n{"pin":"%s"}\n' "$secret" "$secret" >"$tap_dir/old"
"$TELLTALE" redact "$tap_dir/old" >"$out/old" 2>&1
"$TELLTALE" redact --count "$tap_dir/old" >"$out/count" 2>&1
is "telltale redact" "$(leaks "$out")" ""
done_testing
