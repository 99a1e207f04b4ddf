# What tests of the command share: `. "$top_srcdir/tests/tool/rig.sh"` instead of tap.sh.
# $TELLTALE is the command; $TELLTALE_CONFDIR a fresh directory of stacks.
# shellcheck shell=bash
. "$top_srcdir/tests/support/tap.sh"
: "${TELLTALE:=$top_builddir/telltale}"
export TELLTALE
[ -x "$TELLTALE" ] || {
	echo "Bail out! there is no $TELLTALE"
	exit 1
}
conf=$tap_dir/conf
mkdir -m 755 "$conf"
export TELLTALE_CONFDIR=$conf
unset TELLTALE_LEVEL TELLTALE_FORMAT TELLTALE_SERVICE TELLTALE_PAGER PAGER

# stack NAME: its lines from stdin
stack()
{
	cat >"$conf/$1"
	chmod 644 "$conf/$1"
}

# free_port: one of loopback that nobody listens at now
free_port()
{
	local port
	for ((;;)); do
		port=$((20000 + RANDOM % 10000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# without a time, a process and a number, which differ from run to run
settled()
{
	sed -E 's/"timestamp":"[^"]*"/"timestamp":"T"/; s/,"pid":[0-9]+/,"pid":P/
		s/"seq":"[0-9a-f]{8}\./"seq":"R./'
}

# wait_for FILE N: until it has N lines, as the reader behind a command may still be at work
wait_for()
{
	local try
	for ((try = 0; try < 200; try++)); do
		[ -f "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ] && return 0
		sleep 0.05
	done
	return 1
}
