#!/bin/bash
# FAULTS row 29: stack files and modules that others may write, of other owners, in directories of
# others, or that are no files: 16 cases of each; a refused stack leaves the old one in force.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
live_begin
need gcc
case ${TELL_SANITIZE-} in
*-fsanitize*) skip_all "a sanitizer build" ;;
esac
: "${TELLTALE:=$top_builddir/telltale}"
conf=$TELLTALE_CONFDIR
modules=$tap_dir/modules
mkdir "$modules"
chmod 755 "$tap_dir" "$conf"
export TELLTALE_MODULEDIR=$modules
gcc -std=c11 -fPIC -shared -I"$top_srcdir/include" -o "$tap_dir/site.so" \
	"$top_srcdir/examples/module/enrich_site.c" || skip_all "no compiler"

# what, mode and owner of the file, mode and owner of its directory, fine or refused
cases="0644 0 0755 0 fine|0600 0 0700 0 fine|0444 0 0555 0 fine|0640 0 0750 0 fine
0664 0 0755 0 refused|0646 0 0755 0 refused|0666 0 0755 0 refused|0644 0 0775 0 refused
0644 0 0757 0 refused|0644 0 1777 0 refused|0644 12345 0755 0 refused|0444 12345 0755 0 refused
0644 0 0755 12345 refused|0644 12345 0755 12345 refused|0666 12345 0777 0 refused
0600 12345 0700 12345 refused"
matrix() # NAME DIRECTORY FILE
{
	local mode owner dir_mode dir_owner want said got
	while read -r mode owner dir_mode dir_owner want; do
		chown "$owner:0" "$3" && chmod "$mode" "$3"
		chown "$dir_owner:0" "$2" && chmod "$dir_mode" "$2"
		said=$("$TELLTALE" check trust 2>&1)
		got=fine
		grep -qE 'error: .*(others may write|belongs to user)' <<<"$said" && got=refused
		is "fault_29 $1 $mode of $owner in a directory $dir_mode of $dir_owner" \
			"$got" "$want"
	done < <(tr '|' '\n' <<<"$cases")
	chown 0:0 "$2" "$3" && chmod 755 "$2" && chmod 644 "$3"
}
printf '%s\n' 'enrich optional site name=a' "sink required file path=$tap_dir/out" >"$conf/trust"
cp "$tap_dir/site.so" "$modules/tell_enrich_site.so"
matrix "a stack" "$conf" "$conf/trust"
matrix "a module" "$modules" "$modules/tell_enrich_site.so"

mkdir -m 777 "$tap_dir/open"
cp "$conf/trust" "$tap_dir/open/trust"
ln -sf "$tap_dir/open/trust" "$conf/trust"
like "fault_29 a link into a directory of others" "$("$TELLTALE" check trust 2>&1)" \
	'error: .*others may write in directory'
rm "$conf/trust"
mkfifo "$conf/trust"
like "fault_29 a FIFO is not waited for" "$(timeout 10 "$TELLTALE" check trust 2>&1)" \
	'not a regular file'
rm "$conf/trust"

# At reload the old one stays in force, and a refused module is one line less at a start.
live_stack trust <<<"sink required file path=$tap_dir/out"
live_driver trust
live_ask say 5 before
live_stack trust <<<"sink required file path=$tap_dir/evil"
chmod 666 "$conf/trust"
live_ask reload
like "fault_29 a reload of a stack others may write is refused" "$live_answer" '^-'
live_ask say 5 after
is "fault_29 the old stack stays in force" \
	"$(jq -s 'map(select(.i != null)) | length' "$tap_dir/out") $(ls "$tap_dir/evil" 2>/dev/null)" "10 "
live_ledger "fault_29"
is "fault_29 nothing is lost" "$(live_number undelivered)" 0
done_testing
