#!/bin/bash
# FAULTS row 12, under telltale forward: the disk with its position and with what was refused is full.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/receivers.sh"
need jq mount
: "${TELLTALE:=$top_builddir/telltale}"
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
export TELLTALE_MODULEDIR=$top_builddir/.libs TELLTALE_CONFDIR=$tap_dir
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
disk=$tap_dir/disk
mkdir "$disk"
mount -t tmpfs -o size=1m tmpfs "$disk" || skip_all "cannot mount a tmpfs"
trap 'receivers_end; umount -l "$disk"; rm -rf "$tap_dir"' EXIT
mkdir -m 700 "$disk/state"
receiver hook logstash_http.py

long=$(printf '%3000s' '' | tr ' ' x)
for ((i = 0; i < 500; i++)); do echo "{\"message\":\"$long\",\"request_id\":\"$i\"}"; done >"$tap_dir/log"
forward()
{
	"$TELLTALE" forward --state="$disk/state" -S 2020-01-01 --catch-up --file="$tap_dir/log" \
		webhook "http://127.0.0.1:${receiver_port[hook]}" name=hook entries=1 >"$tap_dir/said" 2>&1
}
torn() # lines that are no JSON
{
	grep -v '^ *$' "$disk/state/hook.refused.jsonl" | jq -c . 2>&1 >/dev/null | wc -l
}

receiver_ask hook 'fault?do=400&next=2000' >/dev/null
forward
is "fault_12 forward: it ends" $? 0
refused=$(sed -n 's/.* \([0-9]*\) refused.*/\1/p' "$tap_dir/said")
is "fault_12 forward: all were refused" "$refused" 500
kept=$(wc -l <"$disk/state/hook.refused.jsonl")
ok "fault_12 forward: the disk is full: $kept are kept" [ "$kept" -gt 100 ]
ok "fault_12 forward: ... and not all" [ "$kept" -lt 500 ]
is "fault_12 forward: no line is torn" "$(torn)" 0
like "fault_12 forward: that the position could not be stored is said" "$(cat "$tap_dir/said")" 'cannot store the position: No space'

# Space returns; half a line was left by a power cut.
mount -o remount,size=8m "$disk"
printf '{"time":"2026' >>"$disk/state/hook.refused.jsonl"
rm -f "$disk/state/hook" "$disk/state/hook.old"
forward
is "fault_12 forward: space again: all that is refused is kept" "$(grep -c . "$disk/state/hook.refused.jsonl")" $((kept + 1 + 500))
is "fault_12 forward: ... and half a line spoils no other" "$(torn)" 1
done_testing
