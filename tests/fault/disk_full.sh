#!/bin/bash
# FAULTS rows 12, 13 and 21: a file system that is full, failing, read-only, under sink file.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
disk=$tap_dir/disk
mkdir "$disk"
mount -t tmpfs -o size=1m tmpfs "$disk" || skip_all "cannot mount a tmpfs"
log=$disk/log.jsonl
other=$tap_dir/other.jsonl

# Lines that are not whole records; empty ones are what an undone line leaves.
torn()
{
	grep -v '^ *$' "$log" | jq -c . 2>&1 >/dev/null | wc -l
}
whole()
{
	grep -v '^ *$' "$log" | jq -s length
}
# Whole records of the service's own, not the notes about the sink.
own() # FILE...
{
	cat "$@" | grep -v '^ *$' | jq -s 'map(select(.i != null)) | length'
}

# ---- row 12: full -------------------------------------------------------------------------
live_stack full <<-END
	redact required permit
	sink required file path=$log
	sink optional file path=$other
END
live_driver full
live_ask say 20000 "until the disk is full"
live_ledger "fault_12 full"
is "fault_12 full: no line is torn" "$(torn)" 0
like "fault_12 full: records were dropped, and counted" "$(live_number undelivered)" '^[1-9]'
kept=$(own "$log")
like "fault_12 full: the channel says so" "$(cat "$other")" 'No space left on device'
said=$(grep -c 'No space left on device' "$other")
is "fault_12 full: once" "$said" 1

# Another process, too: its lines are safe.
full=$(stat -c %s "$log")
: >"$tap_dir/ballast"
head -c 4096 /dev/zero >>"$log" 2>/dev/null # nothing is left for anybody
truncate -s "$full" "$log"

# Space returns.
mount -o remount,size=2m "$disk"
live_ask say 100 "space again"
live_ledger "fault_12 space again"
is "fault_12 space again: delivery returned by itself" "$(own "$log")" "$((kept + 100))"
is "fault_12 space again: no line is torn" "$(torn)" 0
is "fault_12: what was taken is there, and no more" "$(whole)" "$(live_number file.taken)"

# ---- row 21: read-only, removed -------------------------------------------------------------
# A file that is open for writing keeps its file system writable.
live_ask flush 1000
rm -f "$log"
live_driver_ends
mount -o remount,ro "$disk"
live_driver full
live_ask say 10 "read-only"
live_ledger "fault_21 read-only"
is "fault_21 read-only: dropped" "$(own "$log" 2>/dev/null)" 0
mount -o remount,rw "$disk"
live_ask say 10 "writable"
is "fault_21 writable: delivery returned by itself" "$(own "$log")" 10
live_driver_ends

rm -f "$log" "$other"
mkdir "$disk/sub"
live_stack dir <<-END
	redact required permit
	sink required file path=$disk/sub/log.jsonl
END
live_driver dir
live_ask say 10 there
mv "$disk/sub" "$disk/elsewhere"
sleep 1.2 # looked at once a second
live_ask say 10 lost
live_ledger "fault_21 directory renamed"
like "fault_21 directory renamed: dropped and counted" "$(live_number undelivered)" '^1[0-2]$' # notes, too
mkdir "$disk/sub"
live_ask say 10 back
is "fault_21 directory back: delivery returned by itself, in the new file" \
	"$(own "$disk/sub/log.jsonl")" 10
live_driver_ends

# ---- row 13: the n-th write fails ------------------------------------------------------------
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null; then
	live_stack fail <<-END
		redact required permit
		sink required file path=$disk/fail.jsonl
	END
	for fault in error=ENOSPC error=EIO error=EINTR error=EDQUOT error=EBADF; do
		rm -f "$disk/fail.jsonl"
		log=$disk/fail.jsonl
		live_driver fail strace -qq -f -o "$tap_dir/trace" -P "$disk/fail.jsonl" \
			-e trace=write -e "inject=write:$fault:when=3+2"
		live_ask say 50 "$fault"
		live_ask ledger
		is "fault_13 $fault at every second write: the ledger is what is in the file" \
			"$(whole)" "$(live_number file.taken)"
		is "fault_13 $fault: no line is torn" "$(torn)" 0
		live_driver_ends
	done
else
	skip "strace cannot trace here" "fault_13: writes that fail"
fi
done_testing
