#!/bin/bash
# FAULTS row 21: the log's directory is removed, renamed, made read-only, remounted read-only, or
# another file system comes over it, while a service writes into it.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
disk=$tap_dir/disk
mkdir "$disk"
mount -t tmpfs -o size=4m,mode=755 tmpfs "$disk" || skip_all "cannot mount a tmpfs"
log=$disk/sub/log.jsonl
other=$tap_dir/other.jsonl

own() # FILE...
{
	cat "$@" 2>/dev/null | jq -s 'map(select(.i != null)) | length'
}
looked() # a path is looked at once a second
{
	sleep 1.2
}
begin()
{
	rm -rf "$disk/sub" "$other"
	mkdir "$disk/sub"
	live_driver dir
	live_ask say 10 before
}
live_stack dir <<-END
	redact required permit
	sink sufficient file path=$log
	sink required file path=$other
END

begin
rm -rf "$disk/sub"
looked
live_ask say 10 removed
is "fault_21 removed: they are in the second sink's file" "$(own "$other")" 10
mkdir "$disk/sub"
looked
live_ask say 10 back
is "fault_21 removed and back: delivery returned by itself" "$(own "$log")" 10
live_ledger "fault_21 removed"
is "fault_21 removed: nothing was lost" "$(live_number undelivered)" 0
live_driver_ends

begin
mv "$disk/sub" "$disk/away"
looked
live_ask say 10 renamed
mv "$disk/away" "$disk/sub"
looked
live_ask say 10 back
is "fault_21 renamed and back: each is in one of the two" "$(own "$log" "$other")" 30
is "fault_21 renamed: delivery returned by itself" "$(own "$log")" 20
live_ledger "fault_21 renamed"
live_driver_ends

# A file that is open for writing keeps its file system writable: another mount of it comes over
# it, which is read-only, and the service looks from there.
begin
held=$(cat "$log")
if mount --bind "$disk" "$disk" && mount -o remount,ro,bind "$disk"; then
	live_ask reopen
	live_ask say 10 "read-only"
	is "fault_21 remounted read-only: the old lines are as they were" "$(cat "$log")" "$held"
	is "fault_21 remounted read-only: they are in the second sink's file" "$(own "$other")" 10
	umount "$disk"
	looked
	live_ask say 10 writable
	is "fault_21 writable again: delivery returned by itself" "$(own "$log")" 20
	live_ledger "fault_21 remounted read-only"
	is "fault_21 remounted read-only: nothing was lost" "$(live_number undelivered)" 0
else
	skip "cannot remount" "fault_21: remounted read-only"
fi
live_driver_ends

# Another file system comes over the directory: the log is made anew in it.
begin
mount -t tmpfs -o size=1m,mode=755 tmpfs "$disk/sub"
looked
live_ask say 10 over
is "fault_21 another file system over it: lines go there" "$(own "$log")" 10
umount -l "$disk/sub"
looked
live_ask say 10 under
is "fault_21 and away: back in the first file" "$(own "$log")" 20
live_ledger "fault_21 mounted over"
live_driver_ends

if setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	chmod 755 "$tap_dir"
	rm -rf "$disk/sub" "$other"
	install -d -o 65534 -g 65534 "$disk/sub"
	install -m 600 -o 65534 -g 65534 /dev/null "$other"
	live_driver dir setpriv --reuid=65534 --regid=65534 --clear-groups
	live_ask say 10 before
	rm "$log"
	chmod 555 "$disk/sub"
	looked
	live_ask say 10 "no right to make files"
	is "fault_21 made read-only: they are in the second sink's file" "$(own "$other")" 10
	chmod 755 "$disk/sub"
	looked
	live_ask say 10 again
	is "fault_21 made writable: delivery returned by itself" "$(own "$log")" 10
	live_ledger "fault_21 made read-only"
	is "fault_21 made read-only: nothing was lost" "$(live_number undelivered)" 0
	live_driver_ends
else
	skip "no setpriv" "fault_21: a directory made read-only"
fi
done_testing
