#!/bin/bash
# telltale forward logstash, and the lumberjack server of those who made the protocol: LUMBER= names
# the program that elastic/go-lumber's cmd/tst-lj makes. It reads, acknowledges and counts.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
. "$top_srcdir/tests/support/journals.sh"
[ -x "${LUMBER-}" ] || skip_all "LUMBER= names no program"
: "${TELLTALE:=$top_builddir/telltale}"
export TELLTALE_MODULEDIR=$top_builddir/.libs TELLTALE_CONFDIR=$tap_dir/conf
"$TELLTALE" forward --help | grep -q -- --catch-up || skip_all "built without libsystemd"
mkdir "$tap_dir/conf"
port=${LUMBER_PORT:-5199} pid=
trap '[ -z "$pid" ] || kill $pid; rm -rf "$tap_dir"' EXIT
journal=$tap_dir/journal n=${RELEASE_RECORDS:-10000}
make_journal "$journal" "$n" 7 --files 3 || exit 1

lumber() # [OPTION...]
{
	"$LUMBER" -bind "127.0.0.1:$port" -v2 "$@" >"$tap_dir/lumber" 2>&1 &
	pid=$!
	until grep -qs "server up" "$tap_dir/lumber"; do
		kill -0 $pid || exit 1
		sleep 0.1
	done
}

forward() # STATE [NAME=VALUE...]
{
	local state=$tap_dir/$1
	shift
	"$TELLTALE" forward --state="$state" -D "$journal" -S -4h --catch-up logstash 127.0.0.1 \
		port="$port" "$@" 2>&1
}

for compress in zlib none; do
	lumber -d
	like "$compress: all are acknowledged" "$(forward $compress compress=$compress)" ": $n sent, 0 filtered"
	kill $pid
	wait $pid
	is "$compress: all were read" "$(grep -c 'Received event' "$tap_dir/lumber")" "$n"
done

# It acknowledges slowly, then is killed, and back.
lumber -rate 2000
forward killed >"$tap_dir/said" &
last=$!
sleep 2
kill -9 $pid
wait $pid 2>/dev/null
lumber
wait $last
like "over its death all are acknowledged" "$(<"$tap_dir/said")" ": $n sent, 0 filtered"
done_testing
