#!/bin/bash
# FAULTS rows 12, 13, 19, 21 and 22 under a rotating file: a disk that is full or fails, a clock
# that jumps, a directory that goes, no descriptors. Each ends with the ledger.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
disk=$tap_dir/disk
mkdir "$disk"
mount -t tmpfs -o size=1m tmpfs "$disk" || skip_all "cannot mount a tmpfs"
log=$disk/log.jsonl
other=$tap_dir/other.jsonl

files()
{
	find "$disk" -name 'log.jsonl*' ! -name '*.zst' | LC_ALL=C sort
}
generations()
{
	files | grep -c 'jsonl\.[0-9]\{6\}\.[0-9T]*Z$'
}
whole()
{
	files | xargs cat 2>/dev/null | grep -v '^ *$' | jq -s length
}
own() # the service's own, not what is said about the sink
{
	files | xargs cat | grep -v '^ *$' | jq -s 'map(select(.i != null)) | length'
}
torn()
{
	files | xargs cat 2>/dev/null | grep -v '^ *$' | jq -c . 2>&1 >/dev/null | wc -l
}
twice()
{
	files | xargs cat 2>/dev/null | grep -v '^ *$' | jq 'select(.i != null) | .i' | sort | uniq -d | wc -l
}
stack() # OPTIONS...
{
	rm -rf "${disk:?}"/* "$other"
	live_stack full <<-END
		redact required permit
		sink required file path=$log $*
		sink optional file path=$other
	END
}
file_holds() # NAME
{
	live_ledger "$1"
	is "$1: what counts as taken is there, once, and no more" \
		"$(whole) $(twice)" "$(live_number file.taken) 0"
	is "$1: no line is torn" "$(torn)" 0
}

# ---- row 12 ---------------------------------------------------------------------------------
stack rotate=64KiB
live_driver full
live_ask say 20000 "until the disk is full"
file_holds "fault_12 full while it rotates"
like "fault_12 full: it was rotated until then" "$(generations)" '^[1-9]'
like "fault_12 full: the channel says so" "$(<"$other")" 'No space left on device'
rm -f "$(files | sed -n 2p)" # an administrator makes room
before=$(own)
live_ask say 100 "space again"
is "fault_12 space again: delivery returned by itself" "$(($(own) - before))" 100
live_ledger "fault_12 space again"
live_driver_ends

stack rotate=64KiB max_size=512KiB
live_driver full
live_ask say 20000 "for ever"
live_ledger "fault_12 with max_size= the disk is never full"
is "fault_12 with max_size=: nothing is dropped" "$(live_number undelivered)" 0
like "fault_12 with max_size=: what is kept is below it" \
	"$(($(files | xargs cat | wc -c) <= 524288 + 66560))" 1
live_driver_ends

# ---- row 13 ---------------------------------------------------------------------------------
# Numbers of system calls differ with the machine; strace knows the names.
fault() # CALLS ERROR WHEN OPTIONS...
{
	local calls=$1 error=$2 when=$3
	shift 3
	stack "$@"
	live_driver full strace -qq -f -o "$tap_dir/trace" -e trace="$calls" \
		-e "inject=$calls:error=$error:when=$when"
}
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null; then
	for error in EIO EACCES EROFS ENOSPC; do
		fault renameat2 "$error" 1+2 rotate=64KiB
		live_ask say 1500 "$error"
		file_holds "fault_13 $error at every second renaming"
		is "fault_13 $error at a renaming: nothing is dropped" "$(live_number undelivered)" 0
		like "fault_13 $error at a renaming: it is said" "$(<"$other")" 'cannot rotate'
		live_driver_ends
	done
	fault fdatasync EIO 3+3 sync=always
	live_ask say 30 "EIO at fdatasync"
	live_ledger "fault_13 EIO at every third sync"
	is "fault_13 EIO at every third sync: those lines are not called delivered" \
		"$(live_number file.lost)" 10
	is "fault_13 EIO at a sync: no line is torn" "$(torn)" 0
	live_driver_ends
	fault fsync EIO 1+1 rotate=64KiB sync=always
	live_ask say 1000 "EIO at the directory"
	file_holds "fault_13 EIO at the directory's sync"
	live_driver_ends
	fault fcntl ENOLCK 8+1 rotate=64KiB
	live_ask say 1000 "no locks"
	file_holds "fault_13 a file system without locks"
	live_driver_ends
else
	skip "strace cannot trace here" "fault_13: calls that fail"
fi

# ---- row 19 ---------------------------------------------------------------------------------
faketime=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
if [ -n "$faketime" ]; then
	stack rotate=1h
	clock=$tap_dir/clock
	echo "+0" >"$clock"
	live_driver full env LD_PRELOAD="$faketime" FAKETIME_TIMESTAMP_FILE="$clock" \
		FAKETIME_NO_CACHE=1 NO_FAKE_STAT=1
	live_ask say 10 now
	echo "+3h" >"$clock"
	live_ask say 10 "three hours later"
	live_ask say 10 "and on"
	is "fault_19 a jump ahead rotates once" "$(generations)" 1
	echo "-2h" >"$clock"
	live_ask say 10 "set back"
	is "fault_19 a clock set back rotates nothing" "$(generations)" 1
	echo "+3h" >"$clock"
	live_ask say 10 "ahead again"
	is "fault_19 the same hour again rotates nothing" "$(generations)" 1
	echo "+110000h" >"$clock" # beyond 2038-01-19
	live_ask say 10 "beyond 2038"
	is "fault_19 2038 is an hour like others" "$(generations)" 2
	file_holds "fault_19 clock jumps"
	live_driver_ends
else
	skip "no libfaketime" "fault_19: clock jumps"
fi

# ---- row 21 ---------------------------------------------------------------------------------
stack rotate=64KiB
mkdir "$disk/sub"
sed -i "s|path=$log|path=$disk/sub/log.jsonl|" "$TELLTALE_CONFDIR/full"
live_driver full
live_ask say 400 there
mv "$disk/sub" "$disk/elsewhere"
sleep 1.2 # looked at once a second
live_ask say 400 lost
live_ledger "fault_21 the directory renamed"
mkdir "$disk/sub"
live_ask say 400 back
file_holds "fault_21 the directory back"
like "fault_21 the directory back: rotated there" \
	"$(find "$disk/sub" -name 'log.jsonl.*Z' | wc -l)" '^[1-9]'
live_driver_ends

if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	stack rotate=64KiB
	chmod 755 "$tap_dir" "$disk"
	install -m 600 -o 65534 -g 65534 /dev/null "$log"
	install -m 600 -o 65534 -g 65534 /dev/null "$other"
	live_driver full setpriv --reuid=65534 --regid=65534 --clear-groups
	live_ask say 1500 "no right to the directory"
	file_holds "fault_21 a directory that may not be written"
	is "fault_21 a directory that may not be written: the file grows on" \
		"$(generations) $(live_number undelivered)" "0 0"
	like "fault_21 a directory that may not be written: it is said" "$(<"$other")" \
		'cannot rotate .*Permission denied'
	live_driver_ends
else
	skip "no setpriv" "fault_21: a directory that may not be written"
fi
done_testing
