#!/bin/bash
# FAULTS row 20 with the real logrotate(8): 8 processes write while it renames their file, and
# while it copies and cuts it off. The shipped snippet is what it runs with.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
PATH=$PATH:/usr/sbin:/sbin
need logrotate jq
writers=$top_builddir/tests/fault/writers
[ -x "$writers" ] || skip_all "tests/fault/writers was not built"
snippet=$top_srcdir/packaging/logrotate/telltale
export TELLTALE_CONFDIR=$tap_dir/conf
mkdir "$TELLTALE_CONFDIR"
log=$tap_dir/log/shop.jsonl
echo "sink required file path=$log" >"$TELLTALE_CONFDIR/shop"
seconds=${TELL_SECONDS:-3}
kills=${TELL_KILLS:-0} # row_20_killed.sh
me=$(id -un) group=$(id -gn)

begin() # SED PROGRAM on the snippet
{
	rm -rf "$tap_dir/log" "$tap_dir/tally" "$tap_dir/state"
	mkdir -m 755 "$tap_dir/log"
	# Where, whose, and all files kept as they are, for the reader.
	sed -e "s|^/var/log/checkout/[*].jsonl|$log|" -e "s|checkout checkout|$me $group|" \
		-e 's/rotate 10/rotate 1000/' -e '/compress$/d' -e "$1" "$snippet" >"$tap_dir/rotate.conf"
	chmod 644 "$tap_dir/rotate.conf"
}
rotate()
{
	logrotate -f -s "$tap_dir/state" "$tap_dir/rotate.conf" 2>>"$tap_dir/said"
}
# Rotations while they write, a second apart as a process looks once a second.
run_beside()
{
	"$writers" write "$tap_dir/tally" shop 8 0 "$seconds" "$kills" &
	local pid=$! n=0
	while kill -0 $pid 2>/dev/null; do
		sleep 0.7
		[ -s "$log" ] && rotate && n=$((n + 1))
	done
	wait $pid || return 1
	[ $n -ge 1 ]
}
# Files that logrotate(8) found where it wanted to make its own: it would lose them in the end.
backups()
{
	find "$tap_dir/log" -name '*.backup' | wc -l
}
number() # NAME
{
	local pair
	for pair in $counted; do
		[ "${pair%%=*}" = "$1" ] && echo "${pair#*=}"
	done
}
count()
{
	local files
	mapfile -t files < <(ls -v "$log".* 2>/dev/null | tac)
	counted=$("$writers" read "$tap_dir/tally" "${files[@]}" "$log")
	grep -h '"logger":"telltale"' "${files[@]}" "$log" >"$tap_dir/notes"
	said=$(count_said <"$tap_dir/notes")
	missing=$(number missing)
	unsaid=$((missing > said ? missing - said : 0))
	echo "# ${#files[@]} rotated; $counted said=$said"
	[ "$missing" = 0 ] || tail -n 5 "$tap_dir/notes" | cut -c1-300 | sed 's/^/# /'
}
# What each process said of its own losses: their sum at its end, or, where it was killed before,
# what did not get through while its file did not take records.
count_said()
{
	jq -s 'group_by(.seq | split(".")[0]) | map([
		(map(.lost // 0) | add),
		([.[].message | capture("; (?<n>[0-9]+) did not get through").n | tonumber] | add)
	] | max) | add // 0'
}

ok "the snippet is one that logrotate(8) takes" \
	sh -c "sed 's/checkout checkout/$me $group/' '$snippet' >'$tap_dir/check.conf' &&
		logrotate -d '$tap_dir/check.conf' 2>&1 | { ! grep -i error; }"

if [ "$kills" != 0 ]; then
	begin ''
	ok "fault_20 logrotate renames: writers are killed meanwhile" run_beside
	touch "$log"
	count
	is "fault_20 logrotate and kill -9: each call that returned is there, once, or was said to be lost" \
		"$unsaid $(number doubled)" "0 0"
	ok "fault_20 logrotate and kill -9: at most the one in flight beyond it" \
		test "$(number in_flight)" -le "$kills"
	is "fault_20 logrotate and kill -9: in its process's order" "$(number misplaced)" 0
	is "fault_20 logrotate and kill -9: no file of a process was in its way" "$(backups)" 0
	done_testing
fi

begin ''
ok "fault_20 logrotate renames: 8 processes write meanwhile" run_beside
touch "$log"
count
is "fault_20 logrotate renames: every line is in exactly one file, or was said to be lost" \
	"$unsaid $(number doubled)" "0 0"
is "fault_20 logrotate renames: every line is whole" "$(number broken) $(number blank)" "0 0"
is "fault_20 logrotate renames: in its process's order" "$(number misplaced)" 0
is "fault_20 logrotate renames: no file of a process was in its way" "$(backups)" 0
like "fault_20 logrotate renames: the snippet leaves it to the processes to make the new one" \
	"$(<"$tap_dir/rotate.conf")" 'nocreate'

# What is written between the copy and the cut is lost to logrotate itself: logrotate(8) says so.
begin 's/nocreate/copytruncate/'
ok "fault_20 logrotate copies and cuts: 8 processes write meanwhile" run_beside
count
is "fault_20 logrotate copies and cuts: no line is there twice" "$(number doubled)" 0
copies=$(find "$tap_dir/log" -name "${log##*/}.*" | wc -l)
ok "fault_20 logrotate copies and cuts: at most a line a copy is cut" \
	test "$(number broken)" -le "$copies"
holes=$(cat "$log"* | tr -dc '\0' | wc -c)
is "fault_20 logrotate copies and cuts: the file begins anew, without a hole" "$holes" 0
like "fault_20 logrotate copies and cuts: lines go on" "$(number lines)" '^[1-9][0-9]{3,}$'
done_testing
