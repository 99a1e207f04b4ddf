#!/bin/bash
# FAULTS rows 25 to 28: huge records; NUL, invalid UTF-8, control characters, directives of
# printf(3) and forged records in messages, names and values, through every sink, read back by
# a second parser: Python's json, journald, rsyslog.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
python=$(command -v python3) || skip_all "python3 is missing"
live_journald_start
live_rsyslog_start
hostile=("$python" "$top_srcdir/tests/fault/hostile.py")
inputs=$top_srcdir/tests/golden/hostile.in

live_stack hostile <<-END
	redact required permit
	sink required journald message=bare
	sink required syslog proto=tcp host=127.0.0.1 port=$live_port format=rfc5424
	sink required file path=$tap_dir/json format=json
	sink required file path=$tap_dir/logfmt format=logfmt
	sink required file path=$tap_dir/text format=text
END
live_driver hostile
"${hostile[@]}" commands "$inputs" >"$tap_dir/commands"
n=$(wc -l <"$tap_dir/commands")
ok "fault_26: there are at least 200 inputs" test "$n" -ge 200
while read -r command; do
	live_ask "$command"
done <"$tap_dir/commands"
arrived()
{
	[ "$(live_syslog | jq -s length)" -ge "$n" ]
}
live_wait arrived
live_journal -t hostile >"$tap_dir/journal"
live_syslog >"$tap_dir/syslog"
is "fault_26 fault_27 fault_28: a file's JSON is strict, each text as it came in" \
	"$("${hostile[@]}" read "$inputs" file "$tap_dir/json")" ""
is "fault_26 fault_27 fault_28: journald has a record a call, each value byte for byte" \
	"$("${hostile[@]}" read "$inputs" journal "$tap_dir/journal")" ""
is "fault_26 fault_27 fault_28: the server has a record a call, none of another's making" \
	"$("${hostile[@]}" read "$inputs" syslog "$tap_dir/syslog")" ""
for format in logfmt text; do
	is "fault_28: $format has a line a call" "$(wc -l <"$tap_dir/$format")" "$n"
	is "fault_26: $format moves no terminal: no C0, DEL, C1, bidi, U+2028" \
		"$(LC_ALL=C grep -cP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]' \
			"$tap_dir/$format")" 0
	ok "fault_26: $format is UTF-8" iconv -f UTF-8 -t UTF-8 -o /dev/null "$tap_dir/$format"
done
live_ledger "fault_26 fault_27 fault_28"
is "fault_28: nothing is lost" "$(live_number undelivered)" 0
live_driver_ends

# ---- row 25 ---------------------------------------------------------------------------------
live_stack large <<-END
	service required settings limit=16KiB
	redact required detect
	sink required file path=$tap_dir/large
END
live_driver large
live_ask big 1048576
live_ask fields 10000
# One of the two is cut in the middle of a character where nobody looks for that.
live_ask bytes value "$("$python" -c 'print(("é" * 12000).encode().hex())')"
live_ask bytes value "$("$python" -c 'print(("x" + "é" * 12000).encode().hex())')"
# Card numbers lie across the place of the cut, in one of the two at least: half a one is none that
# could be found.
card=4$(printf '1%.0s' {1..15})
for before in 8000 8004; do
	live_ask bytes value "$("$python" -c 'import sys
print(("a " * int(sys.argv[2]) + (sys.argv[1] + " ") * 100 + "b " * 4000).encode().hex())' "$card" $before)"
done
is "fault_25: six records, each marked as cut" \
	"$(jq -s 'map(select(.i != null or .cut)) | map(.cut != null) | [length, all]' -c \
		"$tap_dir/large")" "[6,true]"
ok "fault_25: none much longer than the limit" \
	test "$(wc -L <"$tap_dir/large")" -le $((3 * 16384))
is "fault_25: cut on a character" "$(iconv -f UTF-8 -t UTF-8 <"$tap_dir/large" |
	grep -c '\\ufffd\|�')" 0
is "fault_25: redacted before it is cut" "$(grep -c "${card:0:5}" "$tap_dir/large")" 0
is "fault_25: card numbers were there to be redacted" "$(grep -c REDACTED "$tap_dir/large")" 2
live_ledger "fault_25"
is "fault_25: nothing is lost" "$(live_number undelivered)" 0
done_testing
