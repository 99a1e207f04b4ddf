#!/bin/bash
# FAULTS row 31: a set-user-ID program ignores what its caller's environment says.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
need_root
need setpriv
helper=$top_builddir/tests/fault/setuid_helper
[ -x "$helper" ] || skip_all "tests/fault/setuid_helper was not built"
# Its rights are those of one nobody, its caller's those of another.
owner=65533 caller=65534
chmod 755 "$tap_dir"
mkdir "$tap_dir/stacks"
cp "$helper" "$tap_dir/plain"
cp "$helper" "$tap_dir/privileged"
chown $owner "$tap_dir/privileged"
chmod 4755 "$tap_dir/privileged"

# Stacks of the caller's own: they write where the owner may and the caller may not.
mkdir "$tap_dir/out"
chmod 777 "$tap_dir/out"
for service in honest evil; do
	printf '%s\n' 'filter required level min=debug' 'service required settings env=legacy' \
		"sink required file path=$tap_dir/out/$service.jsonl" >"$tap_dir/stacks/$service"
done
chown -R $caller "$tap_dir/stacks"
mkdir "$tap_dir/run"
chown $caller "$tap_dir/run"

as_caller() # PROGRAM: stdout and stderr of it
{
	setpriv --reuid=$caller --regid=$caller --clear-groups env \
		TELLTALE_CONFDIR="$tap_dir/stacks" TELLTALE_SERVICE=evil TELLTALE_LEVEL=debug \
		RUNTIME_DIRECTORY="$tap_dir/run" TELLTALE_FORMAT=text TELLTALE_DEBUG=1 LOG_LEVEL=debug DEBUG=1 "$1" 2>&1
}

said=$(as_caller "$tap_dir/privileged")
like "the program runs" "$said" "uid=$caller"
[[ $said == *"euid=$owner"* ]] || skip_all "the file system is mounted nosuid"
is "fault_31 TELLTALE_CONFDIR and TELLTALE_SERVICE are ignored" "$(ls "$tap_dir/out")" ""
is "fault_31 TELLTALE_LEVEL, LOG_LEVEL and DEBUG are ignored" \
	"$(grep -c 'a debug record' <<<"$said")" 0

like "fault_31 the stack's thread is there, without a control socket" "$said" 'thread=1 socket=0'

# A name that nobody said is the file's, whatever the caller calls it.
as_evil() # PROGRAM: its stdout and stderr, started as `evil` and without tell_init()
{
	setpriv --reuid=$caller --regid=$caller --clear-groups \
		bash -c 'exec -a evil "$1" unnamed' - "$1" 2>&1
}
said=$(as_evil "$tap_dir/privileged")
like "fault_31 a service without a name takes its file's, not argv[0]" "$said" \
	service=privileged
ln -s privileged "$tap_dir/evil"
said=$(as_evil "$tap_dir/evil")
like "fault_31 nor that of a link to it" "$said" service=privileged
said=$(as_evil "$tap_dir/plain")
like "without other rights argv[0] holds" "$said" service=evil

# What a program without rights of its own does with the same environment.
said=$(as_caller "$tap_dir/plain")
is "without other rights they hold" "$(ls "$tap_dir/out")" evil.jsonl
is "level and all" "$(grep -c 'a debug record' "$tap_dir/out/evil.jsonl")" 1
like "and the control socket" "$said" 'thread=1 socket=1'
done_testing
