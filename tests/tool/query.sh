#!/bin/bash
# telltale query: journals and files of JSON lines, by journalctl's letters.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
"$TELLTALE" query --help | grep -q -- --since || skip_all "built without libsystemd"

file=$tap_dir/shop.jsonl
cat >"$file" <<'END'
{"timestamp":"2026-10-26T07:33:24.500000Z","level":"warning","service":"shop","logger":"shop.db","message":"slow","took":1.5,"request_id":"r1","big":123456789012345678901234567890,"o":{"a":[1,2]},"s":"a\"b\u001b[31m","nul":null,"pid":42,"seq":"0000abcd.1.1","caller":{"file":"db.c","line":7,"function":"q"}}
{"timestamp":"2026-10-26T07:33:26.000000Z","level":"info","service":"shop","message":"paid","user":"ann","cents":4200,"request_id":"r2","pid":42,"seq":"0000abcd.1.2"}
{"timestamp":"2026-10-26T07:33:29.000000Z","level":"error","service":"cart","message":"late","request_id":"r3","pid":43,"seq":"0000abcd.1.3"}
END
query()
{
	"$TELLTALE" query --utc "$@"
}
count()
{
	query --file="$file" "$@" | wc -l
}

is "json gives the lines of our file again" "$(query --file="$file" -o json)" "$(cat "$file")"
is "a pipe as well" "$(query --file=- -o json <"$file")" "$(cat "$file")"
is "short is journalctl's" "$(query --file="$file" -n 2)" \
'Oct 26 07:33:26 shop[42]: paid user=ann cents=4200 request_id=r2
Oct 26 07:33:29 cart[43]: late request_id=r3'
is "a terminal is not acted upon" "$(query --file="$file" --color=never | grep -c $'\033')" 0
is "a match in lower case" "$(count request_id=r1)" 1
is "a match in upper case" "$(count REQUEST_ID=r1)" 1
is "the same field is either" "$(count request_id=r1 request_id=r2)" 2
is "other fields are both" "$(count request_id=r1 service=cart)" 0
is "+ is either side" "$(count request_id=r1 + service=cart)" 2
is "-p is a level and worse" "$(count -p warning)" 2
is "-p is a range" "$(count -p info..warning)" 2
is "-t is the service" "$(count -t cart -t shop)" 3
is "-u for a file is the service" "$(count -u cart)" 1
is "-S and -U" "$(count -S '2026-10-26 07:33:25' -U '2026-10-26 07:33:28')" 1
is "-n is the newest" "$(query --file="$file" -n 1 -o cat)" late
is "-r is newest first" "$(query --file="$file" -r -o cat | tr '\n' ' ')" "late paid slow "
is "-w is an expression" "$(query --file="$file" -w 'cents >= 4200 or took > 1' -o cat | tr '\n' ' ')" "slow paid "
is "-g is a pattern" "$(count -g '^(LATE|slow)$')" 1
is "only these fields" "$(query --file="$file" -o logfmt --output-fields=cents,USER -n 2 | head -n 1)" \
	"timestamp=2026-10-26T07:33:26.000000Z user=ann cents=4200"
is "nothing found is no error" "$(query --file="$file" request_id=none; echo $?)" 0

like "but is said" "$(query --file="$file" request_id=none 2>&1 >/dev/null)" '^-- No entries --$'
is "unless -q" "$(query -q --file="$file" request_id=none 2>&1)" ""
fails "a pattern that matches nothing is grep's 1" 1 "$TELLTALE" query --file="$file" -g nowhere
mkdir "$tap_dir/empty" "$tap_dir/closed"
said=$(query -D "$tap_dir/empty" 2>&1)
is "no journal is no error, as in journalctl" "$?" 0
is "but is said" "$said" "telltale: query: there are no journal files in $tap_dir/empty"
is "unless -q" "$(query -q -D "$tap_dir/empty" 2>&1)" ""
like "the journal of a namespace that nobody has" "$(query --namespace=no-such-one 2>&1)" \
	'no journal files of namespace no-such-one in /var/log/journal or /run'

# Files that are there and closed to this user; root has to become another for that.
touch "$tap_dir/closed/system.journal"
chmod 000 "$tap_dir/closed/system.journal"
as_another=("$TELLTALE")
if [ "$(id -u)" -eq 0 ]; then
	as_another=(setpriv --reuid=65534 --regid=65534 --clear-groups "$tap_dir/telltale")
	cp "$TELLTALE" "$tap_dir/telltale"
	chmod 755 "$tap_dir"
fi
if [ "$(id -u)" -eq 0 ] && ! command -v setpriv >/dev/null; then
	skip "setpriv is missing" "journals that are closed"
else
	said=$("${as_another[@]}" query -D "$tap_dir/closed" 2>&1)
	is "a journal that is closed is an error" "$?" 77
	like "and is said" "$said" 'this user may not read the journal files in'
fi

# A file between others, and lines that are no JSON.
printf '%s\n' 'panic: no json' '{"timestamp":"2026-10-26T07:33:27Z","message":"between"}' >"$tap_dir/other.jsonl"
is "files are merged by time" \
	"$(query --file="$tap_dir/*.jsonl" -S 2026-10-26 -U '2026-10-27' -g 'paid|between|late' -o cat | tr '\n' ' ')" \
	"paid between late "
is "what is no JSON is shown as it is" "$(query --file="$tap_dir/other.jsonl" -o cat | head -n 1)" "panic: no json"

# ---- a journal, made without privileges ----
remote=/lib/systemd/systemd-journal-remote
journal=$tap_dir/shop.journal
# entry SECONDS NAME=VALUE...
entry()
{
	printf '__REALTIME_TIMESTAMP=%s000000\n__MONOTONIC_TIMESTAMP=%s000000\n' "$1" "$1"
	printf '_BOOT_ID=0123456789abcdef0123456789abcdef\n'
	shift
	printf '%s\n' "$@" ''
}
made=no
if [ -x $remote ]; then
	{
		entry 1793000000 'MESSAGE=paid user=ann cents=4200' TELL_TEXT=paid PRIORITY=6 \
			SYSLOG_IDENTIFIER=shop USER=ann CENTS=4200 X=007 REQUEST_ID=r1 \
			TELL_SEQ=0000abcd.0.1 _PID=42 _HOSTNAME=h1 _SYSTEMD_UNIT=shop.service \
			LOGGER=shop.cart CODE_FILE=cart.c CODE_LINE=12 CODE_FUNC=pay TAGS=new TAGS=eu
		entry 1793000002 'MESSAGE=Accepted key' PRIORITY=5 SYSLOG_IDENTIFIER=sshd _PID=7 \
			_HOSTNAME=h1 N=3 SYSLOG_TIMESTAMP=x
		entry 1793000004 'MESSAGE=gone' PRIORITY=3 SYSLOG_IDENTIFIER=shop \
			TELL_SEQ=0000abcd.0.2 _PID=42 _HOSTNAME=h1 REQUEST_ID=r2 \
			TELL_TIME=2026-10-26T07:33:21.250000Z
	} | $remote -o "$journal" - >/dev/null 2>&1 && made=yes
fi
if [ $made = no ]; then
	skip "no systemd-journal-remote here" "journals"
	done_testing
fi
from()
{
	query --file="$journal" "$@"
}
is "a record that came through journald is the line a file would have" "$(from -o json request_id=r1)" \
'{"timestamp":"2026-10-26T07:33:20.000000Z","level":"info","service":"shop","logger":"shop.cart","message":"paid","user":"ann","cents":4200,"x":"007","request_id":"r1","tags":["new","eu"],"pid":42,"seq":"0000abcd.0.1","caller":{"file":"cart.c","line":12,"function":"pay"}}'
is "others' values stay text" "$(from -o json -t sshd)" \
'{"timestamp":"2026-10-26T07:33:22.000000Z","level":"notice","service":"sshd","message":"Accepted key","n":"3","pid":7}'
like "a late record has its own time" "$(from -o json request_id=r2)" '"2026-10-26T07:33:21.250000Z"'
is "short" "$(from -n 3 -t sshd)" "Oct 26 07:33:22 h1 sshd[7]: Accepted key"
like "verbose shows all" "$(from -o verbose request_id=r1)" '_systemd_unit=shop.service'
is "matches by the index: trusted, upper, lower" \
	"$(from _SYSTEMD_UNIT=shop.service | wc -l) $(from -u shop | wc -l) $(from cents=4200 | wc -l)" "1 1 1"
is "matches that no index knows" "$(from message=paid | wc -l) $(from caller=cart.c:12 | wc -l)" "1 1"
is "an open side beside an indexed one" "$(from message=gone + request_id=r1 | wc -l)" 2
is "levels" "$(from -p notice | wc -l)" 2
is "a boot" "$(from -b 0123456789abcdef0123456789abcdef | wc -l) $(from -b | wc -l)" "3 3"
is "journalctl's export and ours are the same entry" \
	"$(from -o export request_id=r1 | grep -v '^__' | sort)" \
	"$(journalctl --file="$journal" -o export REQUEST_ID=r1 | grep -v '^__' | sort)"
is "journal and file as one stream" "$(query --file="$journal" --file="$file" -o cat | tr '\n' ' ')" \
	"paid Accepted key gone slow paid late "
is "backwards as well" "$(query --file="$journal" --file="$file" -r -o cat | tr '\n' ' ')" \
	"late paid slow gone Accepted key paid "
is "a directory of journals" "$(query -D "$tap_dir" -o cat | wc -l)" 3

# ---- following ----
live=$tap_dir/live.jsonl
echo '{"timestamp":"2026-10-26T07:33:20Z","message":"first"}' >"$live"
"$TELLTALE" query --file="$live" -f -o cat >"$tap_dir/seen" &
pid=$!
wait_for "$tap_dir/seen" 1
echo '{"timestamp":"2026-10-26T07:33:21Z","message":"second"}' >>"$live"
wait_for "$tap_dir/seen" 2
mv "$live" "$live.1"
echo '{"timestamp":"2026-10-26T07:33:22Z","message":"third"}' >"$live"
wait_for "$tap_dir/seen" 3
kill "$pid"
wait "$pid" 2>/dev/null
is "-f sees what comes, and a rotation" "$(tr '\n' ' ' <"$tap_dir/seen")" "first second third "

# ---- bad input ----
fails "an unknown option" 64 "$TELLTALE" query --siince=now
fails "a format that is none" 64 "$TELLTALE" query -o jsn
fails "a match that is none" 64 "$TELLTALE" query --file="$file" hello
fails "a time that is none" 64 "$TELLTALE" query -S soon
fails "a pattern that is none" 64 "$TELLTALE" query -g '('
fails "a range turned round in time" 64 "$TELLTALE" query -S now -U -1h
fails "a file that is not there" 66 "$TELLTALE" query --file="$tap_dir/none"
fails "a directory that is not there" 66 "$TELLTALE" query -D "$tap_dir/none"
said=$("$TELLTALE" query -w 'cents >=' 2>&1)
is "an expression that is none" "$?" 64
like "has its column and a mark" "$said" $'column 9: .*\n  cents >=\n          \\^'
gzip -c "$file" >"$file.gz"
is "a compressed file is read" "$(query --file="$file.gz" -o cat | wc -l)" "$(count)"
head -c 50 "$file.gz" >"$tap_dir/cut.gz"
fails "one that is cut off" 65 "$TELLTALE" query --file="$tap_dir/cut.gz"
done_testing
