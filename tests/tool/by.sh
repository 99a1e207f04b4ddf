#!/bin/bash
# telltale query --by: records and metrics as numbers, for people and for programs.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
"$TELLTALE" query --help | grep -q -- --since || skip_all "built without libsystemd"
export COLUMNS=60
unset LC_ALL LANG LC_CTYPE NO_COLOR CLICOLOR_FORCE

file=$tap_dir/shop.jsonl
# line MINUTE LEVEL ENDPOINT DURATION
line()
{
	printf '{"timestamp":"2026-10-26T07:%02d:30Z","level":"%s","service":"shop","message":"served","endpoint":"%s","duration":%s,"seq":"0000abcd.1.1"}\n' "$@"
}
{
	line 0 info /cart 0.1
	line 0 info /cart 0.1
	line 1 error /cärt 2.0
	line 2 info /cart 0.1
	line 7 warning $'/\\u001b[31m' 0.1
} >"$file"
printf '%s\n' '{"timestamp":"2026-10-26T07:08:00Z","level":"info","service":"shop","message":"no fields"}' >>"$file"
by() # LIST [OPTION...]
{
	local list=$1
	shift
	"$TELLTALE" query --utc --file="$file" --by="$list" "$@"
}

is "a field is a group a line, the greatest first" "$(LC_ALL=C.UTF-8 by endpoint)" \
'2026-10-26 07:00:30 to 2026-10-26 07:08:00; p50, p95, p99 of duration
endpoint   records    per s  p50  p95  p99
/cart            3  0.00667  0.1  0.1  0.1  ████████████████
-                1  0.00222                 █████▍
/\x1b[31m        1  0.00222  0.1  0.1  0.1  █████▍
/cärt            1  0.00222    2    2    2  █████▍'
is "time is a span a line" "$(LC_ALL=C.UTF-8 by 1m --of=none)" \
'07:00 to 07:08, 1m a bar
time   records   per s
07:00        2  0.0333  ████████████████████████████████████
07:01        1  0.0167  ██████████████████
07:02        1  0.0167  ██████████████████
… 4 spans with nothing
07:07        1  0.0167  ██████████████████
07:08        1  0.0167  ██████████████████'
is "both are a row of small bars, in ASCII where nothing else can be read" "$(LC_ALL=C by level,1m --of=none)" \
'07:00 to 07:08, 1m a bar
level    records    per s
info           4  0.00889  @ =     =
error          1  0.00222   @
warning        1  0.00222         @'
is "spans that do not fit are drawn together" "$(LC_ALL=C COLUMNS=43 by level,1s --of=none | sed -n '1s/.*, \(.*\) a.*/\1/p; 3s/info .*[0-9]  //p' | xargs)" \
	"29s @ = ="
is "the width is ours with the word time" "$(by time | sed -n '1s/.*, \(.*\) a bar.*/\1/p')" 10s
is "-n is the greatest, and the others together" "$(LC_ALL=C by endpoint -n 1 --of=none | sed 's/ *#*$//')" \
'2026-10-26 07:00:30 to 2026-10-26 07:08:00
endpoint  records    per s
/cart           3  0.00667
(other)         3  0.00667'
is "-n of spans is the newest" "$(by 1m -n 2 | tail -n +3 | cut -d' ' -f1 | xargs)" "07:07 07:08"
is "-r turns it round" "$(by level -r | tail -n +3 | cut -d' ' -f1 | xargs)" "warning error info"
is "all that chooses records goes with it" \
	"$(by level -w 'duration > 0.05' -p warning -S '2026-10-26 07:01' -U '2026-10-26 07:02' service=shop -o json)" \
	'{"seconds":60,"by":{"level":"error"},"count":1,"per_sec":0.016666666666666666,"of":"duration","p50":2,"p95":2,"p99":2}'
is "json is a line a number" "$(by level,endpoint,5m -o json | head -n 2)" \
'{"timestamp":"2026-10-26T07:00:00.000000Z","seconds":300,"by":{"level":"info","endpoint":"/cart"},"count":3,"per_sec":0.01,"of":"duration","p50":0.1,"p95":0.1,"p99":0.1}
{"timestamp":"2026-10-26T07:00:00.000000Z","seconds":300,"by":{"level":"error","endpoint":"/cärt"},"count":1,"per_sec":0.0033333333333333335,"of":"duration","p50":2,"p95":2,"p99":2}'
like "what is missing is null" "$(by endpoint -o json | head -n 2 | tail -n 1)" '"by":\{"endpoint":null\},"count":1'
is "no colours in a pipe" "$(by level | grep -c $'\033')" 0
like "but when asked for" "$(by level --color=always)" $'\033'
is "names of the head are names, too" "$(by service,logger,host,kind,message,pid,caller -o json | head -n 1 | cut -d'{' -f3 | cut -d'}' -f1)" \
	'"service":"shop","logger":null,"host":null,"kind":"log","message":"served","pid":null,"caller":null'
is "days are local ones" "$(TZ=UTC-5 "$TELLTALE" query --file="$file" --by=1d -o json | cut -d, -f1)" \
	'{"timestamp":"2026-10-25T19:00:00.000000Z"'
is "nothing is no table" "$(by level request_id=none 2>&1)" "-- No entries --"

# ---- names that are not there ----
is "a name that no record has: those near it are said" "$(by endpiont -o json 2>&1 >/dev/null)" \
	'telltale: query: no record has "endpiont"; there are endpoint'
is "or where none is near what there is" "$(by xyzxyz -o json 2>&1 >/dev/null)" \
	'telltale: query: no record has "xyzxyz"; there are caller, duration, endpoint, host, kind'
is "not with -q" "$(by endpiont -q 2>&1 >/dev/null)" ""
is "nor of what some record has" "$(by endpoint,level,5m 2>&1 >/dev/null)" ""

# ---- limits ----
seq 1 1005 | awk '{ printf "{\"timestamp\":\"2026-10-26T07:00:00Z\",\"level\":\"info\",\"message\":\"m\",\"user\":\"u%s\"}\n", $1 }' >"$tap_dir/many.jsonl"
said=$("$TELLTALE" query --file="$tap_dir/many.jsonl" --by=user -o json 2>&1 >"$tap_dir/many")
is "more than 1000 groups: the rest is other" "$(tail -n 1 "$tap_dir/many")" \
	'{"seconds":0,"by":{"user":null},"other":true,"count":5}'
like "and is said" "$said" 'more than 1000 groups'
is "but not with -q" "$("$TELLTALE" query -q --file="$tap_dir/many.jsonl" --by=user -o json 2>&1 >/dev/null)" ""
seq 1 20001 | awk '{ printf "{\"timestamp\":\"2026-10-26T%02d:%02d:%02dZ\",\"level\":\"info\",\"message\":\"m\"}\n", $1 / 3600, $1 / 60 % 60, $1 % 60 }' >"$tap_dir/long.jsonl"
said=$("$TELLTALE" query --file="$tap_dir/long.jsonl" --by=1s -o json 2>&1 >"$tap_dir/long")
is "more than 20000 numbers: spans are longer" "$(head -n 1 "$tap_dir/long" | cut -d, -f2) $(wc -l <"$tap_dir/long")" '"seconds":2 10001'
like "and is said" "$said" 'spans are longer than asked for'

# ---- a metric ----
publish() # MINUTE WHOLE METRICS
{
	printf '{"timestamp":"2026-10-26T07:%02d:00Z","level":"info","service":"shop","message":"m","kind":"metric","metrics":[%s],"every":60,"whole":%s,"pid":42,"seq":"0000abcd.1.1"}\n' "$1" "$3" "$2"
}
hits() # VALUE-OF-a VALUE-OF-b
{
	printf '{"name":"hits","type":"counter","help":"h","samples":[{"labels":{"path":"/a"},"value":%s},{"labels":{"path":"/b"},"value":%s}]}' "$1" "$2"
}
{
	publish 1 true "$(hits 100 50)"
	publish 2 false "$(hits 220 50),"'{"name":"waiting","type":"gauge","help":"h","samples":[{"labels":{},"value":-2.5}]}'
	publish 3 false "$(hits 280 56)"
} >"$file"
is "a counter is how it grew" "$(LC_ALL=C by hits_total,1m)" \
'hits_total, a counter: 07:00 to 07:02, 1m a bar
time   added  per s
07:00      0      0
07:01    120      2  #######################################
07:02     66    1.1  ######################'
is "its labels are names" "$(LC_ALL=C by hits,path,1m | tail -n +2)" \
'path  added  per s
/a      180    1.5   @=
/b        6   0.05    @'
is "json has them as well" "$(by path,hits,1m -o json | tail -n 1)" \
	'{"timestamp":"2026-10-26T07:02:00.000000Z","seconds":60,"metric":"hits","by":{"path":"/b"},"added":6,"per_sec":0.1}'
is "a gauge is what it is" "$(by waiting,1m -o json)" \
'{"timestamp":"2026-10-26T07:02:00.000000Z","seconds":60,"metric":"waiting","value":-2.5}'

is "a metric that is none" "$(by hist_total,path -o json 2>&1 >/dev/null | head -n 1)" \
	'telltale: query: no record has "hist_total"; there are hits_total'
like "or half of its name" "$(by hit -o json 2>&1 >/dev/null)" 'there are hits_total'
is "a label that it has not" "$(by hits,paht,1m -o json 2>&1 >/dev/null)" \
	'telltale: query: no record has "paht"; there are path'
is "one that it has" "$(by hits,path,1m -o json 2>&1 >/dev/null)" ""

# ---- from a journal ----
remote=/lib/systemd/systemd-journal-remote
journal=$tap_dir/shop.journal
made=no
if [ -x $remote ]; then
	n=0
	while read -r text; do
		n=$((n + 60))
		printf '%s\n' "__REALTIME_TIMESTAMP=$((1793000000 + n))000000" "__MONOTONIC_TIMESTAMP=$n" \
			_BOOT_ID=0123456789abcdef0123456789abcdef MESSAGE=m PRIORITY=6 SYSLOG_IDENTIFIER=shop \
			TELL_SEQ=0000abcd.0.1 TELL_KIND=metric EVERY=60 WHOLE=true _SYSTEMD_UNIT=shop.service \
			"METRICS=[$text]" ''
	done < <(hits 1 1; echo; hits 4 1; echo) | $remote -o "$journal" - >/dev/null 2>&1 && made=yes
fi
if [ $made = yes ]; then
	is "a journal's metric" "$("$TELLTALE" query --file="$journal" --by=hits_total,path,_systemd_unit,1h -o json | head -n 1 | cut -d, -f3-)" \
		'"metric":"hits_total","by":{"path":"/a","_systemd_unit":"shop.service"},"added":3,"per_sec":0.0008333333333333334}'
	is "its index finds the records" "$("$TELLTALE" query --file="$journal" --by=kind -o json TELL_KIND=metric | cut -d, -f2-3)" \
		'"by":{"kind":"metric"},"count":2'
else
	skip "no systemd-journal-remote here" "a journal's metric"
fi

# ---- bad input ----
for list in "" "," "level," "5m,1h" "5q" "0s" "time,time" "a b" "a=b" "a,b,c,d,e,f,g,h,i"; do
	fails "no list: '$list'" 64 "$TELLTALE" query --file="$file" --by="$list"
done
fails "nothing to follow" 64 "$TELLTALE" query --file="$file" --by=level -f
fails "a form that has no numbers" 64 "$TELLTALE" query --file="$file" --by=level -o export
fails "nor fields" 64 "$TELLTALE" query --file="$file" --by=level --output-fields=a
done_testing
