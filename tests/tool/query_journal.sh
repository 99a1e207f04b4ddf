#!/bin/bash
# telltale query beside journalctl on the same journal files: the same records, in the same order.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/support/journals.sh"
"$TELLTALE" query --help | grep -q -- --since || skip_all "built without libsystemd"
need journalctl
export TZ=UTC LC_ALL=C.UTF-8

dir=$tap_dir/journal
start=1793000000 # 2026-10-26 07:33:20
make_journal "$dir" 600 11 --start $start --files 4 --boots 3 --long 1 || exit 1

# The entries of an export by what no other entry has, in their order.
ids()
{
	grep -a '^REQUEST_ID=[rf]-' | cut -d= -f2
}
# same NAME OPTIONS...: and there are some
same()
{
	local name=$1 want got
	shift
	journalctl -q "$@" -o export --no-pager 2>/dev/null </dev/null | ids >"$tap_dir/want"
	"$TELLTALE" query -q "$@" -o export --no-pager </dev/null 2>"$tap_dir/said" | ids >"$tap_dir/got"
	want=$(wc -l <"$tap_dir/want")
	got=$(wc -l <"$tap_dir/got")
	if cmp -s "$tap_dir/want" "$tap_dir/got" && [ "$want" -gt 0 ]; then
		pass "$name ($want)"
	else
		flunk "$name" "got $got, want $want of: $*" "$(cat "$tap_dir/said")" \
			"$(diff "$tap_dir/want" "$tap_dir/got" | head -n 5)"
	fi
}
boot_of() # the boot of entry number N of all
{
	journalctl -q -D "$dir" -o export --no-pager | grep -a '^_BOOT_ID=' | sed -n "$1s/.*=//p"
}
first=$(boot_of 1) second=$(boot_of 300)
isnt=$([ "$first" != "$second" ] && echo different)
is "the journals have several boots" "$isnt" different

same "all of them" -D "$dir"
same "files that are named" --file="$dir/part000.journal" --file="$dir/part002.journal"
same "files by a pattern" --file="$dir/part00[13].journal"
same "a unit" -D "$dir" -u shop.service
same "a unit without its type" -D "$dir" -u shop
same "several units" -D "$dir" -u shop -u web
same "an identifier" -D "$dir" -t cart
same "several identifiers" -D "$dir" -t cart -t kernel
same "an identifier and a unit" -D "$dir" -t shop -u shop
same "a level and worse" -D "$dir" -p warning
same "a level by its number" -D "$dir" -p 3
same "a range of levels" -D "$dir" -p err..notice
same "a range of levels, turned round" -D "$dir" -p notice..err
same "a field" -D "$dir" USER=ann
same "the same field twice" -D "$dir" USER=ann USER=bob
same "different fields" -D "$dir" USER=ann SYSLOG_IDENTIFIER=pay
same "different fields, one twice" -D "$dir" USER=ann USER=bob TENANT_ID=t3
same "either side of +" -D "$dir" USER=ann SYSLOG_IDENTIFIER=pay + _PID=77
same "three sides" -D "$dir" TENANT_ID=t1 + TENANT_ID=t2 USER=cid + _TRANSPORT=kernel
same "journald's own field" -D "$dir" _TRANSPORT=syslog
same "a field and an option" -D "$dir" -p warning USER=bob
same "+ and an option" -D "$dir" -t pay USER=bob + USER=cid
same "a value with = in it" -D "$dir" "NOTE=a=b=c"
same "an empty value" -D "$dir" "NOTE="
same "a value with lines" -D "$dir" $'NOTE=two\nlines\n'
same "a field that comes three times" -D "$dir" TAG=two
same "from a time on" -D "$dir" -S "@$((start + 1))"
same "up to a time" -D "$dir" -U "2026-10-26 07:35:00"
same "between two times" -D "$dir" -S "2026-10-26 07:34:00" -U "2026-10-26 07:36:00"
same "from a day on" -D "$dir" -S 2026-10-26
same "a boot" -D "$dir" -b "$first"
same "the last boot" -D "$dir" -b
same "the boot before" -D "$dir" -b -1
same "the first boot, from the end" -D "$dir" -b -2 -t cart
same "the second boot, with its option long" -D "$dir" --boot=2
same "the last boot of a file" --file="$dir/part001.journal" -b 0
fails "there are not so many boots" 66 "$TELLTALE" query -D "$dir" -b -3
same "a boot and a unit" -D "$dir" -b "$second" -u shop
same "the newest" -D "$dir" -n 7
same "all with a word" -D "$dir" -n all -t web
same "the newest of a unit" -D "$dir" -n 7 -u shop
same "newest first" -D "$dir" -r
same "the newest, newest first" -D "$dir" -n 7 -r
same "newest first, of a level" -D "$dir" -r -p err
same "newest first, up to a time" -D "$dir" -r -U "2026-10-26 07:35:00"
same "the newest up to a time" -D "$dir" -n 200 -S "2026-10-26 07:36:00"
same "a pattern" -D "$dir" -g 'payment [0-9]*7 '
same "a pattern in lower case, of a message in upper case" -D "$dir" -g '\(root\) cmd'
same "a pattern in upper case" -D "$dir" -g 'CMD'
same "a pattern behind a line feed" -D "$dir" -g 'second line'
same "a pattern and a unit" -D "$dir" -u shop -g 'taken in 1'
same "a pattern, newest first" -D "$dir" -g GET -r

# Where ours differs: telltale-query(1) says so.
export_of()
{
	"$TELLTALE" query -q -D "$dir" -o export "$@" | ids
}
is "-n with -g keeps the order; journalctl turns it round" "$(export_of -g order -n 5)" \
	"$(journalctl -q -D "$dir" -g order -n 5 -r -o export | ids | tac)"
is "-n with -U is the newest up to then; some journalctls look among the newest of all" \
	"$(export_of -n 7 -U '2026-10-26 07:35:00')" \
	"$(journalctl -q -D "$dir" -U '2026-10-26 07:35:00' -o export | ids | tail -n 7)"

# The clock was set back: the same records still, though a range of time may end at another one.
jumped=$tap_dir/jumped
make_journal "$jumped" 300 12 --start $start --jumps 2 --plain || exit 1
same "all, of a clock that was set back" -D "$jumped"
same "backwards, of a clock that was set back" -D "$jumped" -r
same "a unit, of a clock that was set back" -D "$jumped" -u cart
same "the newest, of a clock that was set back" -D "$jumped" -n 200

fields=REQUEST_ID,MESSAGE,_PID
is "only some fields, the same of each" \
	"$("$TELLTALE" query -q -D "$dir" -o export --output-fields=$fields | LC_ALL=C sort | cksum)" \
	"$(journalctl -q -D "$dir" -o export --output-fields=$fields | LC_ALL=C sort | cksum)"
is "whole entries, byte by byte" \
	"$("$TELLTALE" query -q -D "$dir" -o export | LC_ALL=C sort | cksum)" \
	"$(journalctl -q -D "$dir" -o export | LC_ALL=C sort | cksum)"

# Control characters beyond ASCII: U+0085 is a line's end to some; U+00A0 is none.
mkdir "$tap_dir/control"
for value in $'next\u0085line' $'no\u00a0break' $'del\x7f' $'tab\t'; do
	printf '__REALTIME_TIMESTAMP=%s000000\n_BOOT_ID=%s\nMESSAGE=%s\n\n' $start "$first" "$value"
done | "$journal_remote" -o "$tap_dir/control/a.journal" - >/dev/null 2>&1
is "control characters have their length before them" \
	"$("$TELLTALE" query -q -D "$tap_dir/control" -o export | grep -a MESSAGE | sort)" \
	"$(printf 'MESSAGE\nMESSAGE\nMESSAGE=no\u00a0break\nMESSAGE=tab\t')"
is "as journalctl's" "$("$TELLTALE" query -q -D "$tap_dir/control" -o export | LC_ALL=C sort | cksum)" \
	"$(journalctl -q -D "$tap_dir/control" -o export | LC_ALL=C sort | cksum)"

done_testing
