#!/bin/bash
# What a line with proto=tls names: files that cannot be used are refused with place and fix, also by
# check, which connects nowhere; ends of certificates are a metric and a warning; new files are taken
# by a reopen.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
. "$top_srcdir/tests/support/certificates.sh"
object=$top_builddir/.libs/tell_sink_tls.so
[ -f "$object" ] || skip_all "tell_sink_tls.so was not built (libgnutls28-dev)"
[ -z "${TELL_SANITIZE##*-fsanitize*}" ] && [ -n "${TELL_SANITIZE-}" ] &&
	skip_all "a sanitizer build"
need certtool openssl jq
trap live_end EXIT
chmod 755 "$tap_dir"
mkdir "$tap_dir/stacks" "$tap_dir/modules" "$tap_dir/runtime"
cp "$object" "$tap_dir/modules/"
export TELLTALE_CONFDIR=$tap_dir/stacks TELLTALE_MODULEDIR=$tap_dir/modules
certificates_begin "$tap_dir/made"
made=$tap_dir/made
certificate us client
certificate them client
certificate ended client 'expiration_date = "2021-01-01 00:00:00"'
certificate soon client "expiration_date = \"$(date -u -d '+5 days' '+%F %T')\""
echo nonsense >"$made/nonsense.pem"
line="host=127.0.0.1 port=9 ca=$made/ca.pem"

check() # ARGUMENTS
{
	printf '%s\n' 'redact required permit' "sink required syslog proto=tls $1" \
		>"$TELLTALE_CONFDIR/shop"
	"$TELLTALE" check shop 2>&1
}
says() # NAME ARGUMENTS PATTERN
{
	like "$1" "$(check "$2")" "$3"
}

# ---- what fits together ------------------------------------------------------------------
like "good files, and nobody is asked" "$(check "$line cert=$made/us.pem key=$made/us.key")" \
	'nothing wrong'
says "tls needs a host" "ca=$made/ca.pem" 'shop:2:22: error: .* needs host=; add host=NAME'
says "a key alone" "$line key=$made/us.key" 'error: a key without its certificate; add cert=FILE'
says "frames are counted" "$line framing=lf" 'error: framing= .* TLS always counts octets'
says "a list of revoked ones needs its CA" \
	"host=127.0.0.1 fingerprint=$(fingerprint us) crl=$made/ca.pem" 'error: .* without their CA'
printf '%s\n' 'sink required syslog proto=tcp host=a ca=/b' >"$TELLTALE_CONFDIR/shop"
like "tls's words are not for tcp" "$("$TELLTALE" check shop 2>&1)" \
	'shop:1:39: error: ca= is for proto=tls alone; write proto=tls'
for pin in 'sha-256:AB' 'AB:CD' "md5:$(printf 'AB%.0s' {1..16})" \
	"sha-256:$(printf 'AB%.0s' {1..33})" "sha-256:$(printf 'XY%.0s' {1..32})" ''; do
	says "no fingerprint: '$pin'" "host=127.0.0.1 fingerprint=$pin" \
		'error: .*(is no fingerprint|it is empty); write sha-256:HEX'
done
for pin in "sha1:$(printf 'aB%.0s' {1..20})" "SHA-512:$(printf 'AB:%.0s' {1..63})AB"; do
	says "a fingerprint: ${pin%%:*}" "host=127.0.0.1 fingerprint=$pin" 'nothing wrong'
done

# ---- files -------------------------------------------------------------------------------
says "a file that is missing here is a warning" "$line cert=$made/none.pem" \
	"shop:2:[0-9]+: warning: on this host, $made/none.pem: No such file"
says "what is no certificate" "host=127.0.0.1 ca=$made/nonsense.pem" \
	'shop:2:[0-9]+: error: .*nonsense.pem has no certificate of a CA'
says "what is no list" "$line crl=$made/ca.pem" 'error: .*has no list of revoked certificates'
says "another's key" "$line cert=$made/us.pem key=$made/them.key" \
	'error: .*them.key is not the key of the certificate in .*us.pem'
says "our own has expired" "$line cert=$made/ended.pem key=$made/ended.key" \
	'warning: on this host, our own certificate has expired, on 2021-01-01; renew it'
openssl pkey -in "$made/us.key" -aes128 -passout "pass:$RANDOM$RANDOM" -out "$made/locked.key"
chmod 600 "$made/locked.key"
says "a key with a pass phrase" "$line cert=$made/us.pem key=$made/locked.key" \
	'error: .*locked.key has a pass phrase; write it without: openssl pkey'
chmod 644 "$made/us.key"
says "a key that others may read" "$line cert=$made/us.pem key=$made/us.key" \
	'shop:2:[0-9]+: error: others may read the key in .*us.key .mode 0644.; chmod 600 it'
cat "$made/us.pem" "$made/us.key" >"$made/both.pem"
chmod 644 "$made/both.pem"
says "the same in cert='s file" "$line cert=$made/both.pem" 'error: others may read the key in'
chmod 600 "$made/us.key" "$made/both.pem"
chmod 666 "$made/ca.pem"
says "a CA that others may write" "$line" 'error: others may write to .*ca.pem .* chmod go-w it'
chmod 644 "$made/ca.pem"
mkdir "$made/dir.pem"
says "a directory" "host=127.0.0.1 ca=$made/dir.pem" 'error: .* is no regular file'
chmod 644 "$made/us.key"
printf '%s\n' 'redact required permit' "sink required file path=$tap_dir/one.jsonl" \
	"sink required syslog proto=tls $line cert=$made/us.pem key=$made/us.key" \
	>"$TELLTALE_CONFDIR/shop"
"$TELLTALE" log -t shop hello 2>/dev/null
like "a service goes on without the line" "$(cat "$tap_dir/one.jsonl")" '"message":"hello"'
like "and says why" "$(cat "$tap_dir/one.jsonl")" 'others may read the key in .*chmod 600 it'
chmod 600 "$made/us.key"

# ---- credentials of the unit ---------------------------------------------------------------
says "a name alone is the unit's, elsewhere a warning" "host=127.0.0.1 ca=ca.pem" \
	'warning: on this host, ca.pem is looked for in .CREDENTIALS_DIRECTORY, which is not set'
export CREDENTIALS_DIRECTORY=$made
says "and there it is found" "host=127.0.0.1 ca=ca.pem cert=us.pem key=us.key" 'nothing wrong'
unset CREDENTIALS_DIRECTORY

# ---- the object --------------------------------------------------------------------------
mv "$tap_dir/modules/tell_sink_tls.so" "$tap_dir/tls.so"
says "without it the line is no use here" "$line" \
	"warning: on this host, there is no $tap_dir/modules/tell_sink_tls.so; install"
cp "$tap_dir/tls.so" "$tap_dir/modules/tell_sink_tls.so"
chmod g+w "$tap_dir/modules/tell_sink_tls.so"
says "one that others may write is not loaded" "$line" 'others may write to it'
chmod g-w "$tap_dir/modules/tell_sink_tls.so"
printf '%s\n' 'sink required tls' >"$TELLTALE_CONFDIR/shop"
like "it is no module of its own" "$("$TELLTALE" check shop 2>&1)" \
	'shop:1:15: error: .*tell_sink_tls.so: is no module'
loads() # how many files of GnuTLS a record costs
{
	strace -f -e trace=openat "$TELLTALE" log -t shop hi 2>&1 | grep -c 'libgnutls.* = [0-9]'
}
printf '%s\n' 'redact required permit' 'sink required stdout' >"$TELLTALE_CONFDIR/shop"
if command -v strace >/dev/null; then
	is "a program without such a line does not load it" "$(loads)" 0
	echo "sink required syslog proto=tls $line" >>"$TELLTALE_CONFDIR/shop"
	is "one with it does" "$(loads)" 1
fi
is "libtelltale needs libc only" "$(readelf -d "$top_builddir/.libs/libtelltale.so" |
	grep NEEDED | grep -vc libc.so)" 0

# ---- ends of certificates ----------------------------------------------------------------
[ -x "$live_driver_program" ] || { done_testing; }
export XDG_RUNTIME_DIR=$tap_dir/runtime
chmod 700 "$XDG_RUNTIME_DIR"
cp "$made/soon.pem" "$made/now.pem"
cp "$made/soon.key" "$made/now.key"
live_stack shop <<-END
	service optional settings control=yes
	redact required permit
	sink sufficient syslog proto=tls $line cert=$made/now.pem key=$made/now.key
	sink required file path=$tap_dir/out.jsonl
END
live_driver shop
gauge()
{
	"$TELLTALE" status shop --format=prometheus 2>/dev/null |
		sed -n 's/^telltale_certificate_expiry_timestamp_seconds{\(.*\)} /\1 /p'
}
ends() # CERTIFICATE
{
	date -u -d "$(openssl x509 -noout -enddate -in "$made/$1.pem" | sed 's/.*=//')" +%s
}
gauge_is() # SECONDS
{
	gauge | awk -v want="$1" '/certificate="own"/ && /peer="127.0.0.1:9"/ &&
		$NF + 0 == want { found = 1 } END { exit !found }'
}
live_ask say 1 hello
live_wait gauge_is "$(ends soon)" && pass "when ours ends is a gauge" ||
	flunk "when ours ends is a gauge" "$(gauge)"
live_ask say 1 hello
like "and a warning in time" "$(cat "$tap_dir/out.jsonl")" \
	'syslog server 127.0.0.1:9: our certificate ends in [45] days, on .*; renew it'
cp "$made/us.pem" "$made/now.pem"
cp "$made/us.key" "$made/now.key"
live_ask reopen
is "a reopen reads the files again" "$live_answer" ok
live_ask say 1 hello
live_wait gauge_is "$(ends us)" && pass "the new one is in use" ||
	flunk "the new one is in use" "$(gauge)"
echo nonsense >"$made/now.pem"
live_ask reopen
is "a reopen that cannot says so" "$live_answer" -22
live_ask say 1 hello
live_wait gauge_is "$(ends us)" && pass "and the one before stays" ||
	flunk "and the one before stays" "$(gauge)"
done_testing
