# What tests of `telltale forward` share: source it behind rig.sh. The journal is $tap_dir/journal, what
# should arrive $tap_dir/all, sorted.
# shellcheck shell=bash
"$TELLTALE" forward --help 2>/dev/null | grep -q -- --catch-up || skip_all "built without libsystemd"
. "$top_srcdir/tests/support/receivers.sh"
need jq journalctl

# Who asks for all that runs on this host, as the test of status does, finds none of these.
mkdir "$tap_dir/run"
export RUNTIME_DIRECTORY=$tap_dir/run

# Objects of ours are loaded from where nobody else may write.
forward_object() # NAME
{
	[ -f "$top_builddir/.libs/$1.so" ] || return 1
	chmod 755 "$tap_dir"
	mkdir -p "$tap_dir/modules"
	cp "$top_builddir/.libs/$1.so" "$tap_dir/modules/"
	export TELLTALE_MODULEDIR=$tap_dir/modules
}

forward_http() # or skips all
{
	forward_object tell_forward_http || skip_all "built without libcurl or zlib"
}

# All of the journal, from where the last one ended.
forward() # WORD...
{
	"$TELLTALE" forward -q --state="$tap_dir/state" -D "$tap_dir/journal" -S 2020-01-01 --catch-up "$@" \
		>"$tap_dir/said" 2>&1
}

# The receiver and the position are empty again.
fresh() # RECEIVER
{
	receiver_ask "$1" reset >/dev/null
	rm -rf "$tap_dir/state"
}

ids() # RECEIVER JQ: into $tap_dir/came
{
	receiver_ask "$1" dump | jq -r "$2" | sort >"$tap_dir/came"
}

all_came() # NAME: each once, and nothing else
{
	is "$1" "$(diff "$tap_dir/came" "$tap_dir/all" | head -n 5)" ""
}

all_came_at_least_once() # NAME
{
	is "$1" "$(sort -u "$tap_dir/came" | diff - "$tap_dir/all" | head -n 5)" ""
}
