#!/bin/bash
# FAULTS row 20: 8 processes write to one file that is rotated at 64 KiB, alone, killed, and
# beside the real logrotate(8). TELL_SECONDS=20 lets them run so long instead of to a number.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
writers=$top_builddir/tests/fault/writers
[ -x "$writers" ] || skip_all "tests/fault/writers was not built"
export TELLTALE_CONFDIR=$tap_dir/conf
mkdir "$TELLTALE_CONFDIR" "$tap_dir/log"
log=$tap_dir/log/shop.jsonl
seconds=${TELL_SECONDS-0}
records=10000
[ "$seconds" = 0 ] || records=0
# A library with a sanitizer is some ten times slower, and files what it has to say here.
case ${TELL_SANITIZE-} in
*-fsanitize*) [ "$records" = 0 ] || records=1000 ;;
esac

stack() # OPTIONS...
{
	printf 'sink required file path=%s %s\n' "$log" "$*" >"$TELLTALE_CONFDIR/shop"
	rm -rf "$tap_dir/log" "$tap_dir/tally"
	mkdir "$tap_dir/log"
}
number() # NAME
{
	local pair
	for pair in $counted; do
		[ "${pair%%=*}" = "$1" ] && echo "${pair#*=}"
	done
}
generations()
{
	local LC_ALL=C
	ls "$tap_dir/log/" | sed -n '/^shop\.jsonl\.[0-9]\{6\}\.[0-9T]*Z$/p'
}
count()
{
	local files
	mapfile -t files < <(generations | sed "s|^|$tap_dir/log/|")
	counted=$("$writers" read "$tap_dir/tally" "${files[@]}" "$log")
	echo "# ${#files[@]} generations; $counted"
}
# None smaller than the limit. Larger by more than a line a writer is one that had to wait for the
# rotating process to get a processor again: few.
sizes_hold()
{
	local name size large=0 n=0
	for name in $(generations); do
		size=$(stat -c %s "$tap_dir/log/$name")
		n=$((n + 1))
		[ "$size" -ge 65536 ] || { echo "$name: $size" && return 1; }
		[ "$size" -lt $((65536 + 8 * 21000)) ] || large=$((large + 1))
	done
	echo "$large of $n are large"
	[ $large -le $((1 + n / 10)) ]
}

stack rotate=64KiB
ok "fault_20: 8 processes write at full speed" \
	"$writers" write "$tap_dir/tally" shop 8 "$records" "$seconds" 0
count
like "fault_20: it was rotated often" "$(generations | wc -l)" '^[0-9]{2,}$'
is "fault_20: every line is in exactly one file" "$(number missing) $(number doubled)" "0 0"
is "fault_20: every line is whole" "$(number broken) $(number blank)" "0 0"
is "fault_20: what was offered is there" "$(number lines)" "$(number returned)"
is "fault_20: a process's later lines are in later files" "$(number misplaced)" 0
ok "fault_20: no generation is empty, small or much too large" sizes_hold
is "fault_20: nothing else is left behind" \
	"$(find "$tap_dir/log" -mindepth 1 ! -name 'shop.jsonl*' | wc -l)" 0

stack rotate=64KiB
ok "fault_1 with rotation: writers are killed" \
	"$writers" write "$tap_dir/tally" shop 8 $((records / 2)) "$seconds" 60
count
is "fault_1 with rotation: each call that returned is there, once" \
	"$(number missing) $(number doubled)" "0 0"
like "fault_1 with rotation: at most the one in flight beyond it" "$(number in_flight)" \
	'^[0-5]?[0-9]$'
is "fault_1 with rotation: in their order" "$(number misplaced)" 0
done_testing
