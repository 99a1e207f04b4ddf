#!/bin/bash
# Levels: of a sink line, of the stack, of the environment, and who wins.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
: "${TELLTALE:=$top_builddir/telltale}"
[ -x "$TELLTALE" ] || skip_all "no telltale command in this build"
mkdir "$tap_dir/stacks"
export TELLTALE_CONFDIR=$tap_dir/stacks

levels() # SERVICE: a record of every level
{
	local level
	for level in emerg alert crit error warning notice info debug; do
		"$TELLTALE" log -t "$1" -p "$level" "$level"
	done
}

lines() # FILE: how many records it holds
{
	[ ! -e "$1" ] && echo 0 && return
	wc -l <"$1"
}

cat >"$tap_dir/stacks/three" <<STACK
filter  required  level  min=debug
sink    required  file   path=$tap_dir/error.log min=error
sink    required  file   path=$tap_dir/combined.log min=info format=text
sink    required  file   path=$tap_dir/all.jsonl
STACK
levels three
is "error.log has what is error or worse" "$(lines "$tap_dir/error.log")" 4
is "combined.log has what is info or worse" "$(lines "$tap_dir/combined.log")" 7
is "the third has all" "$(lines "$tap_dir/all.jsonl")" 8

echo "sink sufficient file path=$tap_dir/few.log min=crit" >"$tap_dir/stacks/few"
ok "a record that no sink wanted is no loss" "$TELLTALE" log -t few -p info x
is "and is nowhere" "$(lines "$tap_dir/few.log")" 0

echo "sink required file path=$tap_dir/env.log" >"$tap_dir/stacks/env"
levels env
is "info is what is kept without a word" "$(lines "$tap_dir/env.log")" 7
rm "$tap_dir/env.log"
TELLTALE_LEVEL=warning levels env
is "TELLTALE_LEVEL=warning keeps five" "$(lines "$tap_dir/env.log")" 5
rm "$tap_dir/env.log"
TELLTALE_LEVEL=debug levels env
is "TELLTALE_LEVEL=debug goes past the filter" "$(lines "$tap_dir/env.log")" 8
rm "$tap_dir/env.log"
TELLTALE_DEBUG=1 levels env
is "TELLTALE_DEBUG=1 is the same" "$(lines "$tap_dir/env.log")" 8
rm "$tap_dir/env.log"
LOG_LEVEL=debug DEBUG=true levels env
is "LOG_LEVEL is another's" "$(lines "$tap_dir/env.log")" 7

printf '%s\n' "service required settings env=legacy" \
	"sink required file path=$tap_dir/legacy.log" >"$tap_dir/stacks/legacy"
LOG_LEVEL=debug levels legacy
is "unless the stack says env=legacy" "$(lines "$tap_dir/legacy.log")" 8
rm "$tap_dir/legacy.log"
LOG_LEVEL=ERROR levels legacy
is "in any case" "$(lines "$tap_dir/legacy.log")" 4
rm "$tap_dir/legacy.log"
LOG_LEVEL=ERROR TELLTALE_LEVEL=info levels legacy
is "and TELLTALE_LEVEL is the stronger" "$(lines "$tap_dir/legacy.log")" 7

# ---- what cannot be understood ---------------------------------------------------------------
said() # FILE: what logger telltale says in it
{
	sed -n 's/.*"logger":"telltale","message":"\(.*\)","pid".*/\1/p' "$1"
}
rm -f "$tap_dir/env.log"
TELLTALE_LEVEL=info,wurst,file:x.c "$TELLTALE" log -t env -p info x
is "a record goes its way all the same" "$(grep -c '"message":"x"' "$tap_dir/env.log")" 1
is "a level that is none is said once" "$(said "$tap_dir/env.log" | wc -l)" 1
like "with the piece and what holds" "$(said "$tap_dir/env.log")" \
	'^\$TELLTALE_LEVEL: warning: \\"wurst\\" is no level and no rule: the stack.s levels hold; write emerg alert'
rm "$tap_dir/env.log"
TELLTALE_LEVEL='' TELLTALE_DEBUG=no "$TELLTALE" log -t env -p debug x
TELLTALE_LEVEL='' "$TELLTALE" log -t env -p info x
is "an empty variable is one that is not set, no is no" "$(lines "$tap_dir/env.log")" 1
rm "$tap_dir/legacy.log"
LOG_LEVEL=verbose "$TELLTALE" log -t legacy -p info x
like "LOG_LEVEL that is none" "$(said "$tap_dir/legacy.log")" '^\$LOG_LEVEL: warning: \\"verbose\\"'

printf '%s\n' "sink required file path=$tap_dir/format.log" \
	"sink required stdout format=logfmt" "sink required stderr" >"$tap_dir/stacks/format"
out=$(TELLTALE_FORMAT=wurst "$TELLTALE" log -t format x 2>/dev/null)
like "a format that is none: the line's own" "$out" 'message=x'
is "and is said once" "$(said "$tap_dir/format.log" | wc -l)" 1
like "with what to write" "$(said "$tap_dir/format.log")" \
	'^\$TELLTALE_FORMAT: warning: \\"wurst\\" is no format: .*write one of: auto text json logfmt'
like "telltale check says it, too" "$(TELLTALE_FORMAT=wurst "$TELLTALE" check format)" \
	'TELLTALE_FORMAT: warning: "wurst" is no format'
like "and the doctor all of them" "$(TELLTALE_FORMAT=txt TELLTALE_LEVEL=wurst TELLTALE_SERVICE=a/b \
	"$TELLTALE" check)" 'LEVEL=wurst cannot.*FORMAT=txt cannot.*SERVICE=a/b cannot'

hello=$top_builddir/examples/hello
echo "sink required file path=$tap_dir/name.log" >"$tap_dir/stacks/a_b"
TELLTALE_SERVICE=a/b "$hello" >/dev/null
like "a service's name that is none" "$(said "$tap_dir/name.log")" \
	'^\$TELLTALE_SERVICE: warning: \\"a/b\\" is no service: its name is a_b; write'

# ---- a broken line beside a good one ---------------------------------------------------------
printf '%s\n' "sink required journal" "sink required file path=$tap_dir/good.log" \
	>"$tap_dir/stacks/broken"
ok "a broken line beside a good one is no loss" "$TELLTALE" log -t broken x
is "the good one has the record" "$(grep -c '"message":"x"' "$tap_dir/good.log")" 1
like "and the reason" "$(cat "$tap_dir/good.log")" "broken:1:15: error: .*did you mean 'journald'"
echo "sink required journal" >"$tap_dir/stacks/broken"
like "with no good one the built-in sinks have it" \
	"$("$TELLTALE" log -t broken x 2>&1)" '"message":"x"'
done_testing
