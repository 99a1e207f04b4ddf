#!/bin/bash
# telltale query --audit: which records did not arrive, in files, journals and what Loki has of them.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
"$TELLTALE" query --help | grep -q -- --since || skip_all "built without libsystemd"
need jq
export TZ=UTC

# line SECOND SERVICE PID SEQ [MEMBERS]
line()
{
	printf '{"timestamp":"2026-10-26T07:%02d:%02d.000000Z","level":"info","service":"%s","message":"x",%s"pid":%d,"seq":"%s"}\n' \
		$(($1 / 60)) $(($1 % 60)) "$2" "${5-}" "$3" "$4"
}
loss='"kind":"loss","logger":"telltale","lost":3,"lost_total":3,"records_total":7,'
file=$tap_dir/shop.jsonl
{
	for n in 1 2 6; do
		line $n shop 42 "0000abcd.1.$n"
	done
	line 7 shop 42 0000abcd.1.6
	line 8 shop 42 0000abcd.1.7
	line 9 shop 42 0000abcd.0.1 "$loss"
	line 10 cart 43 0000abce.0.5
	line 11 cart 43 0000abce.0.6
	line 12 other 44 0000abce.0.7 # passed on by cart under another name
	echo '{"timestamp":"2026-10-26T07:01:00Z","message":"of another program"}'
} >"$file"
audit() # OPTION...
{
	"$TELLTALE" query --audit "$@" 2>&1
}

is "a table of lanes" "$(audit --file="$file")" \
'service  pid       run  lane  first..last  found  missing  said lost  twice  gaps
cart      43  0000abce     0         5..7      3        0                 0
shop      42  0000abcd     0         1..1      1        0          3      0
shop      42  0000abcd     1         1..7      4        3                 1  3-5
3 of 11 records are missing, of 2 runs; 3 were said to be lost, 1 came twice'
fails "something is missing" 1 "$TELLTALE" query --audit --file="$file"
ok "nothing is missing" "$TELLTALE" query --audit --file="$file" -t cart
is "lines for programs" "$(audit --file="$file" -o json -t shop | jq -c '[.run,.lane,.first,.last,.found,.missing,.said_lost,.twice,.gaps]')" \
'["0000abcd",0,1,1,1,0,3,0,[]]
["0000abcd",1,1,7,4,3,null,1,[[3,5]]]'
is "what chooses records chooses whole runs" "$(audit --file="$file" -t other -o json | jq -c '[.service,.found,.missing]')" \
	'["cart",3,0]'
is "an expression does, too" "$(audit --file="$file" -w 'pid = 42' -o json | jq -c .found | xargs)" "1 4"
is "a unit is a service in a file" "$(audit --file="$file" -u cart -o json | jq -c .found)" 3
is "the edges of a range of time are no gaps" \
	"$(audit --utc --file="$file" -S '2026-10-26 07:00:06' -t shop -o json | jq -c '[.lane,.first,.missing]' | xargs)" \
	'[0,1,0] [1,6,0]'
is "records without a number are not audited" \
	"$(echo '{"message":"x"}' | audit --file=-; echo $?)" "-- No records with a number --
0"
fails "one that leaves records out is refused" 64 "$TELLTALE" query --audit --file="$file" -n 5
fails "and a follower" 64 "$TELLTALE" query --audit --file="$file" -f
fails "and a format that is none" 64 "$TELLTALE" query --audit --file="$file" -o export

# ---- a service's own file: lines taken out, doubled, in another order ----
stack shop <<END
sink required file path=$tap_dir/own.jsonl
END
seq 500 | "$TELLTALE" cat -t shop >/dev/null 2>&1
is "all have arrived" "$(audit --file="$tap_dir/own.jsonl" -t shop | tail -n 1)" \
	"0 of 500 records are missing, of 1 run; 0 were said to be lost, 0 came twice"
sed -e '100,109d;250d' -e '300,304{p}' "$tap_dir/own.jsonl" | tac >"$tap_dir/cut.jsonl"
is "what was taken out is missing, what was doubled came twice" \
	"$(audit --file="$tap_dir/cut.jsonl" | tail -n 2 | tr -s ' ' | cut -d' ' -f4-)" \
'0 1..500 489 11 5 100-109 250
records are missing, of 1 run; 0 were said to be lost, 5 came twice'
for ((i = 0; i < 20; i++)); do
	line $i shop 9 0000beef.0.$((2 * i + 1))
done >"$tap_dir/many.jsonl"
is "of many gaps some are named" "$(audit --file="$tap_dir/many.jsonl" | sed -n 2p | sed 's/.*  //')" \
	"2 4 6 8 10 and 14 more"

# ---- a queue that is too small: what arrived, what is missing and what was said add up ----
stack lossy <<END
queue required ring size=16KiB full=drop
sink required file path=$tap_dir/lossy.jsonl
END
"$top_builddir/tests/tool/lossy" 2>/dev/null
arrived=$(jq -r 'select(.message == "paid") | .seq' "$tap_dir/lossy.jsonl" | sort -u | wc -l)
said=$(audit --file="$tap_dir/lossy.jsonl" | tail -n 2 | tr '\n' ' ')
missing=$(sed -n 's/.*\(^\| \)\([0-9]*\) of [0-9]* records are missing.*/\2/p' <<<"$said")
beyond=$(sed -n 's/.*twice \([0-9]*\) more.*/\1/p' <<<"$said")
is "accepted is arrived, missing and lost beyond" "$((arrived + missing + ${beyond:-0}))" 30000
lost=$(jq -s 'map(select(.records_total)) | last | .lost_total // 0' "$tap_dir/lossy.jsonl")
is "and the service said as much" "$((missing + ${beyond:-0}))" "$lost"
ok "some were lost, so that this tells something" test "$lost" -gt 0

# ---- what was rotated is one with its log ----
head -n 4 "$file" >"$file.000001.20261026T070100Z"
tail -n +5 "$file" >"$tap_dir/new" && mv "$tap_dir/new" "$file"
is "a log and its generations" "$(audit --file="$file" | tail -n 1)" \
	"3 of 11 records are missing, of 2 runs; 3 were said to be lost, 1 came twice"
cat "$file.000001.20261026T070100Z" "$file" >"$tap_dir/whole.jsonl"

# ---- Loki: metadata is text, the service a label, and no kind ----
jq -c 'select(.seq) | {stream:({service_name:.service,level,pid:(.pid|tostring),seq} +
		if .kind then {logger,lost:(.lost|tostring),lost_total:(.lost_total|tostring),
			records_total:(.records_total|tostring)} else {} end),
	values:[["1793000000000000000",.message]]}' "$tap_dir/whole.jsonl" | jq -s '{data:{result:.}}' >"$tap_dir/loki.json"
is "an export of Loki" "$(jq -c '.data.result[].stream' "$tap_dir/loki.json" | audit --file=- | tr -s ' ' | tail -n +2)" \
'cart 43 0000abce 0 5..7 3 0 0
shop 42 0000abcd 0 1..1 1 0 3 0
shop 42 0000abcd 1 1..7 4 3 1 3-5
3 of 11 records are missing, of 2 runs; 3 were said to be lost, 1 came twice'

# ---- a journal ----
remote=/lib/systemd/systemd-journal-remote
entry() # SECONDS NAME=VALUE...
{
	printf '__REALTIME_TIMESTAMP=%s000000\n__MONOTONIC_TIMESTAMP=%s000000\n' "$1" "$1"
	shift
	printf '%s\n' "$@" ''
}
one=_BOOT_ID=0123456789abcdef0123456789abcdef
two=_BOOT_ID=1123456789abcdef0123456789abcdef
made=no
if [ -x $remote ]; then
	{
		for n in 1 2 4; do
			entry 179300000$n $one MESSAGE=x PRIORITY=6 SYSLOG_IDENTIFIER=shop _PID=42 \
				_SYSTEMD_UNIT=shop.service TELL_SEQ=0000abcd.1.$n
		done
		entry 1793000008 $one MESSAGE=lost PRIORITY=4 SYSLOG_IDENTIFIER=shop _PID=42 TELL_KIND=loss \
			LOGGER=telltale LOST=2 LOST_TOTAL=2 RECORDS_TOTAL=9 _SYSTEMD_UNIT=shop.service TELL_SEQ=0000abcd.0.1
		# Recovered after the next start, by another process.
		entry 1793000100 $two MESSAGE=x PRIORITY=6 SYSLOG_IDENTIFIER=shop _PID=7 SYSLOG_PID=42 \
			_SYSTEMD_UNIT=telltale-recover.service TELL_RECOVERED=1 TELL_SEQ=0000abcd.1.5
		entry 1793000101 $two MESSAGE=x PRIORITY=6 SYSLOG_IDENTIFIER=cart _PID=8 \
			_SYSTEMD_UNIT=cart.service TELL_SEQ=0000abce.0.1
	} | $remote -o "$tap_dir/a.journal" - >/dev/null 2>&1 && made=yes
fi
if [ $made = no ]; then
	skip "no systemd-journal-remote here" "journals"
	done_testing
fi
is "a journal, and what was recovered in another boot belongs to its run" \
	"$(audit --file="$tap_dir/a.journal" -u shop | tr -s ' ' | tail -n +2)" \
'shop 42 0000abcd 0 1..1 1 0 2 0
shop 42 0000abcd 1 1..5 4 1 0 3
1 of 6 records are missing, of 1 run; 2 were said to be lost, 0 came twice
1 more were said to be lost than are missing: beyond first..last, or elsewhere'
is "a boot chooses the runs that have a record in it" \
	"$(audit --file="$tap_dir/a.journal" -b -1 -o json | jq -r '.service + " " + .boot' | sort -u)" \
	"shop ${one#*=}"
is "a journal and a file together" \
	"$(line 3 shop 42 0000abcd.1.3 >"$tap_dir/third.jsonl"
	audit --file="$tap_dir/a.journal" --file="$tap_dir/third.jsonl" -t shop | tail -n 2 | head -n 1)" \
	"0 of 6 records are missing, of 1 run; 2 were said to be lost, 0 came twice"
fails "what was lost beyond the numbers is missing, too" 1 \
	"$TELLTALE" query --audit --file="$tap_dir/a.journal" --file="$tap_dir/third.jsonl" -t shop
ok "a run that says nothing and misses nothing" "$TELLTALE" query --audit --file="$tap_dir/a.journal" -t cart

done_testing
