#!/bin/bash
# libtelltale-preload.so: it exports what src/preload/preload.map says and nothing else, needs
# libc only, and never asks the host's allocator.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/tap.sh"
library=$top_builddir/.libs/libtelltale-preload.so
[ -f "$library" ] || skip_all "no libtelltale-preload.so in this build"
case ${TELL_SANITIZE-} in
*-fsanitize*) skip_all "a sanitizer build" ;;
esac
need nm readelf

exported=$(nm -D --defined-only "$library" | awk '{ print $3 }' | sort)
is "exports are those of preload.map" "$exported" \
	"$(sed -n 's/^\t\([a-z_]*\);$/\1/p' "$top_srcdir/src/preload/preload.map" | sort)"
is "and these are" "$(tr '\n' ' ' <<<"$exported")" "__syslog_chk __vsyslog_chk closelog \
connect openlog sd_journal_perror sd_journal_perror_with_location sd_journal_print \
sd_journal_print_with_location sd_journal_printv sd_journal_printv_with_location \
sd_journal_send sd_journal_send_with_location sd_journal_sendv \
sd_journal_sendv_with_location send sendmsg sendto setlogmask syslog vsyslog write writev "
is "without a version: they answer for any" \
	"$(readelf -VW "$library" | grep -c 'Version definition section')" 0
is "it needs libc and its loader only" \
	"$(readelf -dW "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
		grep -vE '^(libc\.so|ld-linux|ld64)')" ""
wanted=$(nm -D --undefined-only "$library" | awk '{ sub(/@.*/, "", $2); print $2 }')
is "no call of an allocator" "$(grep -xE \
	'(malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|strn?dup)' \
	<<<"$wanted")" ""
is "nor of what allocates for the caller" "$(grep -xE '(getline|v?asprintf|__v?asprintf_chk)' \
	<<<"$wanted")" ""
is "no thread memory that is made on demand" "$(grep -x '__tls_get_addr' <<<"$wanted")" ""
like "it stays loaded (NODELETE)" "$(readelf -dW "$library")" 'NODELETE'
like "BIND_NOW: no look-up of symbols in a handler" "$(readelf -dW "$library")" \
	'BIND_NOW|Flags: .*NOW'
done_testing
