#!/bin/bash
# Into a private journald, each `rounds` times, in turn: `telltale cat`, a raw native send loop
# with the same fields, systemd-cat. Prints a line each: the name and the seconds until journald
# had taken all; or "lost", with what is not there. For bench/cat.sh; needs root.
: "${top_srcdir:=$(cd "$(dirname "$0")/.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
. "$top_srcdir/tests/support/live.sh"
live_begin "$@"
live_journald_start >&2
n=$1 rounds=$2
live_stack bench-cat <<-'END'
	sink required journald
END
seq "$n" | awk '{ print "<6>line " $1 " of many path=/var/lib/shop n=" $1 }' >"$tap_dir/lines"

measure() # NAME COMMAND...: seconds, and whether all is there
{
	local name=$1 begin end before
	shift
	before=$(live_journal -t "$name" -o cat --output-fields=TELL_NONE | wc -l)
	begin=$(date +%s%N)
	"$@" <"$tap_dir/lines" >/dev/null || return
	live_sync
	end=$(date +%s%N)
	echo "$name $(((end - begin) / 1000))"
	[ $(($(live_journal -t "$name" -o cat | wc -l) - before)) -eq "$n" ] || echo "lost $name"
}
for ((i = 0; i < rounds; i++)); do
	measure bench-cat "$top_builddir/telltale" cat -t bench-cat
	measure bench-raw "$top_builddir/bench/raw" lines "$n"
	measure bench-sd systemd-cat -t bench-sd
	journalctl -D /run/log/journal --rotate --vacuum-size=1M >/dev/null 2>&1
done
trap - EXIT
live_end
