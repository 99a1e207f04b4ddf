#!/bin/bash
# FAULTS rows 13 and 24, under telltale forward: a source that cannot be read on, and memory that is out
# for once: the exit code says which, nothing is missing, and of several ways only that one is held up.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/receivers.sh"
need jq "${CC:=cc}"
: "${TELLTALE:=$top_builddir/telltale}"
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
[ -z "${TELL_SANITIZE-}" ] || [ -n "${TELL_SANITIZE##*-fsanitize*}" ] || skip_all "a sanitizer is in front already"
export TELLTALE_MODULEDIR=$top_builddir/.libs TELLTALE_CONFDIR=$tap_dir/conf
[ -f "$TELLTALE_MODULEDIR/tell_forward_http.so" ] || skip_all "built without libcurl or zlib"
"$CC" -shared -fPIC -O1 -o "$tap_dir/broken.so" "$top_srcdir/tests/fault/forward_broken.c" -ldl ||
	skip_all "cannot build what breaks"
mkdir -m 755 "$tap_dir/conf"
mkdir -m 700 "$tap_dir/state"
receiver hook logstash_http.py
receiver other logstash_http.py
n=4000
for ((i = 1; i <= n; i++)); do printf '{"message":"%0200d","request_id":"%d"}\n' 0 "$i"; done >"$tap_dir/a.jsonl"

forward() # VARIABLE=VALUE... WORD...
{
	local values=()
	while [[ ${1-} == BROKEN_* ]]; do
		values+=("$1")
		shift
	done
	env "LD_PRELOAD=$tap_dir/broken.so" "${values[@]}" "$TELLTALE" forward --state="$tap_dir/state" \
		-S 2020-01-01 --catch-up "$@" >"$tap_dir/said" 2>&1
}
missing() # RECEIVER: how many
{
	receiver_ask "$1" dump | jq -r .event.request_id | sort -u | comm -13 - <(seq $n | sort) | wc -l
}
one=(--file="$tap_dir/a.jsonl" webhook "http://127.0.0.1:${receiver_port[hook]}")

# ---- the source ----
forward BROKEN_READ=400000 "${one[@]}"
is "a source that cannot be read on is 74" $? 74
like "... and said" "$(cat "$tap_dir/said")" 'source file cannot be read on: Input/output error'
got=$(missing hook)
ok "what had been read is shipped ($got are missing)" [ "$got" -lt $n ]
ok "... and no more" [ "$got" -gt 0 ]
forward "${one[@]}"
is "readable again it goes on where it was" "$?:$(missing hook):$(receiver_ask hook dump | wc -l)" "0:0:$n"

# ---- memory ----
rm -rf "$tap_dir/state"/*
receiver_ask hook reset >/dev/null
forward BROKEN_MEMORY="$tap_dir/once" "${one[@]}"
is "without memory for a position it is 71" "$?:$(missing hook)" "71:$n"
rm "$tap_dir/once"
forward BROKEN_MEMORY="$tap_dir/once" BROKEN_ABOVE=600000 "${one[@]}"
is "without memory for a batch as well" $? 71
like "... and said" "$(cat "$tap_dir/said")" 'out of memory; it begins again where it was'
forward BROKEN_MEMORY="$tap_dir/once" "${one[@]}"
is "a later run goes on where it was" "$?:$(missing hook):$(receiver_ask hook dump | wc -l)" "0:0:$n"

rm -rf "$tap_dir/state"/* "$tap_dir/once"
receiver_ask hook reset >/dev/null
cat >"$tap_dir/conf/telltale-forward" <<END
source required file path=$tap_dir/a.jsonl
sink required webhook url=http://127.0.0.1:${receiver_port[hook]} name=first
sink required webhook url=http://127.0.0.1:${receiver_port[other]} name=second
END
forward BROKEN_MEMORY="$tap_dir/once" BROKEN_ABOVE=600000
is "of two ways the one without memory is started again" "$?:$(grep -c 'it ended by want of memory and is started again' "$tap_dir/said")" 0:1
is "... and gets all" "$(missing hook):$(missing other)" 0:0
done_testing
