#!/bin/bash
# One record in journald, at a syslog server and in a file: the three agree on its names and
# values, and a secret is in none. doc/receivers.md states the settings of rsyslog.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
: "${TELLTALE:=$top_builddir/telltale}"
[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"
live_begin
live_journald_start
live_rsyslog_start
out=$tap_dir/out.jsonl

live_stack svc <<-END
	sink required journald
	sink required syslog proto=tcp host=127.0.0.1 port=$live_port format=rfc5424
	sink required file path=$out
END
arrived() # COUNT
{
	[ "$(live_syslog | jq -s 'map(select(.service == "svc")) | length')" -ge "$1" ]
}

# ---- the command of the manual ------------------------------------------------------------
value=abc
value+=-zq7kw9
ok "the record is delivered" \
	"$TELLTALE" log -t svc -p warning -F request_id=r1 -F password=$value 'hello'
live_wait arrived 1
live_journal REQUEST_ID=r1 >"$tap_dir/journal.json"
live_syslog | jq -c 'select(.service == "svc")' >"$tap_dir/server.json"
for file in "$tap_dir/journal.json" "$tap_dir/server.json" "$out"; do
	is "one record in ${file##*/}" "$(jq -s length "$file")" 1
done
is "journald has its parts" "$(jq -c '[.SYSLOG_IDENTIFIER, .PRIORITY, .TELL_TEXT,
	.REQUEST_ID, .PASSWORD]' "$tap_dir/journal.json")" \
	'["svc","4","hello","r1","[REDACTED]"]'
is "the server has its parts" "$(jq -c '.sd["telltale@32473"] as $p | [.service, .level,
	.message, $p.request_id, $p.password]' "$tap_dir/server.json")" \
	'["svc","4","hello","r1","[REDACTED]"]'
is "the file has its parts" \
	"$(jq -c '[.service, .level, .message, .request_id, .password]' "$out")" \
	'["svc","warning","hello","r1","[REDACTED]"]'
is "the three have the same number for it" "$(jq -rs 'unique | length' \
	<(jq .TELL_SEQ "$tap_dir/journal.json") \
	<(jq '.sd["telltale@32473"].seq' "$tap_dir/server.json") <(jq .seq "$out"))" 1

# ---- values of every kind -----------------------------------------------------------------
# What `telltale cat` reads, and the text of it that journald and the server must have.
long=$(printf 'x%.0s' {1..900})
very_long=$(printf '0123456789abcdé%.0s' {1..300})
cat >"$tap_dir/want.jsonl" <<END
{"v":"plain","journal":"plain"}
{"v":"","journal":""}
{"v":"say \"hi\" and 'bye'","journal":"say \"hi\" and 'bye'"}
{"v":"C:\\\\temp\\\\","journal":"C:\\\\temp\\\\"}
{"v":"a]b[c\"]","journal":"a]b[c\"]"}
{"v":"100%s %n %% %1\$s \${HOME} \$(id)","journal":"100%s %n %% %1\$s \${HOME} \$(id)"}
{"v":"Zürich → 東京 😀","journal":"Zürich → 東京 😀"}
{"v":"one\ntwo\n<13>three","journal":"one\ntwo\n<13>three","server":"one two <13>three"}
{"v":"a\tb","journal":"a\tb","server":"a b"}
{"v":" both ends ","journal":" both ends "}
{"v":"x=1 y=\"2\" ]","journal":"x=1 y=\"2\" ]"}
{"v":0,"journal":"0"}
{"v":-42,"journal":"-42"}
{"v":9007199254740991,"journal":"9007199254740991"}
{"v":0.1,"journal":"0.1"}
{"v":"007","journal":"007"}
{"v":true,"journal":"true"}
{"v":false,"journal":"false"}
{"v":null,"journal":"null"}
{"v":["new","eu",3],"journal":"[\"new\",\"eu\",3]"}
{"v":"$long","journal":"$long"}
{"v":"$very_long","journal":"$very_long","cut":1024}
END
jq -c '. + {case: input_line_number, server: (.server // .journal)}' "$tap_dir/want.jsonl" \
	>"$tap_dir/cases.jsonl"
total=$(jq -s length "$tap_dir/cases.jsonl")
name=a_name_of_more_than_thirty_two_characters
jq -c --arg name $name '{level: "info", message: "of every kind", case, v, ($name): .v}' \
	"$tap_dir/cases.jsonl" | "$TELLTALE" cat -t svc
live_wait arrived $((total + 1))

live_journal -t svc | jq -c 'select(.CASE)' >"$tap_dir/journal.json"
live_syslog | jq -c 'select(.sd["telltale@32473"].case) | .sd["telltale@32473"]' \
	>"$tap_dir/server.json"
jq -c 'select(.case)' "$out" >"$tap_dir/file.json"

# The cases whose value differs from what is wanted: WHERE is a filter over {want, got}.
differ() # GOT CASE-FILTER WHERE
{
	jq -nc --slurpfile want "$tap_dir/cases.jsonl" --slurpfile got "$1" --arg name "$name" \
		"\$want[] as \$w | [\$got[] | select(($2 | tostring) == (\$w.case | tostring))] as \$g |
		if (\$g | length) != 1 then {case: \$w.case, n: (\$g | length)} else
		{want: \$w, got: \$g[0]} | select($3 | not) |
		{case: .want.case, want: .want.v, got: [.got.v, .got.V]} end"
}
is "the file has each value with its type" \
	"$(differ "$tap_dir/file.json" .case '.got.v == .want.v and .got[$name] == .want.v')" ""
is "journald has each value's text" "$(differ "$tap_dir/journal.json" .CASE \
	'.got.V == .want.journal and .got[$name | ascii_upcase] == .want.journal')" ""
is "the server has each value's text" "$(differ "$tap_dir/server.json" .case \
	'if .want.cut then .got.cut == "1" and (.want.cut as $n | .got.v as $v |
		(.want.server | startswith($v)) and ($v | utf8bytelength) <= $n and
		($v | utf8bytelength) > $n - 4)
	else .got.v == .want.server and .got.cut == null end')" ""
is "a long name is its first 27 characters, _ and 4 digits" \
	"$(jq -r 'keys[] | select(startswith("a_name"))' "$tap_dir/server.json" | sort -u |
		sed -E 's/_[0-9a-f]{4}$/_HASH/')" "a_name_of_more_than_thirty__HASH"
is "and its value is the other's" "$(jq -c 'select(.v != (to_entries |
	map(select(.key | startswith("a_name"))) | .[0].value))' "$tap_dir/server.json")" ""

# Integers that a double cannot hold, written as they came.
"$TELLTALE" log -t svc -F big=18446744073709551615 -F low=-9223372036854775808 big
live_wait arrived $((total + 2))
like "the file has 64-bit integers exactly" "$(tail -n 1 "$out")" \
	'"big":18446744073709551615,"low":-9223372036854775808'
is "journald has them" "$(live_journal BIG=18446744073709551615 | jq -r .LOW)" \
	-9223372036854775808
is "the server has them" "$(live_syslog | jq -r '.sd["telltale@32473"] | select(.big) |
	.big + " " + .low')" "18446744073709551615 -9223372036854775808"

# A service's own list: the journal has a field for each element.
live_driver svc
live_ask list
live_wait arrived $((total + 3))
is "the file has a list" "$(jq -c 'select(.tags) | .tags' "$out")" '["new","eu",3,null,true]'
is "journald has its elements" "$(live_journal TAGS=eu | jq -c .TAGS)" \
	'["new","eu","3","null","true"]'
is "the server has it as JSON" \
	"$(live_syslog | jq -r '.sd["telltale@32473"].tags | select(.)')" \
	'["new","eu",3,null,true]'

# ---- a local syslog daemon's socket -------------------------------------------------------
cat >"$tap_dir/local.conf" <<-END
	global(workDirectory="$tap_dir" parser.escapeControlCharactersOnReceive="off")
	module(load="imuxsock" SysSock.Use="off")
	input(type="imuxsock" socket="$tap_dir/log" createPath="on" ruleset="all")
	template(name="all" type="list" option.jsonf="on") {
		property(outname="tag" name="syslogtag" format="jsonf")
		property(outname="service" name="programname" format="jsonf")
		property(outname="level" name="syslogseverity" format="jsonf")
		property(outname="message" name="msg" format="jsonf")
	}
	ruleset(name="all") { action(type="omfile" file="$tap_dir/local.json" template="all") }
END
rsyslogd -n -f "$tap_dir/local.conf" -i "$tap_dir/local.pid" >"$tap_dir/local.out" 2>&1 &
live_pids+=("$!")
live_wait test -S "$tap_dir/log"
live_stack local <<-END
	sink required syslog proto=unix path=$tap_dir/log
END
ok "a record for the local daemon" \
	"$TELLTALE" log -t local -p err --id=4711 -F password=$value -F n=3 'disk "full" 100%'
live_wait test -s "$tap_dir/local.json"
is "ident, pid, level and message arrive" \
	"$(jq -r '.tag, .service, .level, .message' "$tap_dir/local.json")" \
	"local[4711]:
local
3
 disk \"full\" 100% password=[REDACTED] n=3"

# ---- the secret is nowhere ----------------------------------------------------------------
live_sync
holders() # TEXT: files of journald, rsyslogd and ours that hold it
{
	grep -rlaF "$1" /run/log/journal "$live_syslog_out" "$out" "$tap_dir/local.json" | wc -l
}
is "the secret is in no file of journald, rsyslogd or ours" "$(holders "$value")" 0
is "which a search finds where it is" "$(holders "of every kind")" 3
done_testing
