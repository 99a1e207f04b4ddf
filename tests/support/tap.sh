# TAP for shell tests: `. "$top_srcdir/tests/support/tap.sh"`, then
#
#	is "adds up" "$((1 + 1))" 2                # equal texts
#	like "names the file" "$output" 'line [0-9]+'
#	ok "exits 0" telltale --version           # a command that must succeed
#	fails "refuses" 64 telltale nonsense      # a command with its exit status
#	skip "no journald here" "reads it back"   # one test that cannot run
#	done_testing                              # the last line
#
# skip_all "why" ends a script none of whose tests can run. $tap_dir is a fresh directory,
# removed at the end. Diagnostics are lines with a leading "# ".
# shellcheck shell=bash
set -u
: "${top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
export top_srcdir top_builddir
tap_n=0
tap_failed=0
tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/telltale-test.XXXXXX") || exit 1
trap 'rm -rf "$tap_dir"' EXIT

pass()
{
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1"
}

flunk() # NAME [DIAGNOSTIC...]
{
	tap_n=$((tap_n + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_n - $1"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/# /'
}

skip() # WHY NAME
{
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $2 # SKIP $1"
}

todo() # WHY NAME [DIAGNOSTIC...]: known to be missing; not a failure
{
	tap_n=$((tap_n + 1))
	echo "not ok $tap_n - $2 # TODO $1"
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/# /'
}

skip_all()
{
	echo "1..0 # SKIP $1"
	exit 0
}

need_root()
{
	[ "$(id -u)" -eq 0 ] || skip_all "needs root"
}

# May nobody start what was built? Not where the tree is below a directory of root's alone.
open_to_all()
{
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$top_builddir/libtool"
}

need() # PROGRAM...
{
	local program
	for program; do
		command -v "$program" >/dev/null || skip_all "$program is missing"
	done
}

is() # NAME GOT WANT
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		flunk "$1" "got:  $2" "want: $3"
	fi
}

like() # NAME GOT EXTENDED-REGEX
{
	if [[ $2 =~ $3 ]]; then
		pass "$1"
	else
		flunk "$1" "got:  $2" "want: /$3/"
	fi
}

ok() # NAME COMMAND...
{
	local name=$1 said status
	shift
	said=$("$@" 2>&1)
	status=$?
	if [ $status -eq 0 ]; then
		pass "$name"
	else
		flunk "$name" "exit status $status of: $*" "$said"
	fi
}

fails() # NAME STATUS COMMAND...
{
	local name=$1 want=$2 said status
	shift 2
	said=$("$@" 2>&1)
	status=$?
	if [ $status -eq "$want" ]; then
		pass "$name"
	else
		flunk "$name" "exit status $status, not $want, of: $*" "$said"
	fi
}

done_testing()
{
	echo "1..$tap_n"
	[ $tap_failed -eq 0 ]
	exit
}
