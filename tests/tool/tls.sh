#!/bin/bash
# sink syslog proto=tls, against openssl s_server and gnutls-serv on the loopback: good certificates
# are taken, each bad one is refused with words of its own, and never a byte in plain text.
# FAULTS row 18.
. "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/support/live.sh"
. "$top_srcdir/tests/support/certificates.sh"
object=$top_builddir/.libs/tell_sink_tls.so
[ -f "$object" ] || skip_all "tell_sink_tls.so was not built (libgnutls28-dev)"
[ -z "${TELL_SANITIZE##*-fsanitize*}" ] && [ -n "${TELL_SANITIZE-}" ] &&
	skip_all "a sanitizer build"
need certtool gnutls-serv openssl jq python3
[ -x "$live_driver_program" ] || skip_all "tests/live/driver was not built"
trap live_end EXIT
chmod 755 "$tap_dir"
mkdir "$tap_dir/stacks" "$tap_dir/modules"
cp "$object" "$tap_dir/modules/"
export TELLTALE_CONFDIR=$tap_dir/stacks TELLTALE_MODULEDIR=$tap_dir/modules
certificates_begin "$tap_dir/made"
made=$tap_dir/made
out=$tap_dir/out.jsonl heard=$tap_dir/heard tapped=$tap_dir/tapped
secret='the words that only the server reads'

certificate good server
certificate expired server 'expiration_date = "2021-01-01 00:00:00"'
certificate early server 'activation_date = "2049-01-01 00:00:00"'
certificate other server 'dns_name = "mail.example.test"'
certificate wrong_usage server purpose tls_www_client
certificate_by=self certificate alone server
authority stranger
certificate_by=stranger certificate strange server
certificate us client
certificate_by=stranger certificate nobody client
certificate ours_ended client 'expiration_date = "2021-01-01 00:00:00"'
revoked gone good

# ---- servers: each says its port in $port ------------------------------------------------
mkfifo "$tap_dir/stdin" # s_server ends with its standard input
sleep infinity >"$tap_dir/stdin" &
live_pids+=($!)
server=''

listens() # PORT
{
	(: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
serve() # COMMAND... with PORT for the port
{
	local try i
	for try in 1 2 3 4 5; do
		port=$((20000 + RANDOM % 10000))
		"${@//PORT/$port}" <"$tap_dir/stdin" >"$heard" 2>&1 &
		server=$!
		live_pids+=("$server")
		for i in {1..100}; do
			kill -0 "$server" 2>/dev/null || break
			listens $port && return
			sleep 0.05
		done
	done
	flunk "a server starts, $try times tried: $*" "$(cat "$heard")"
	done_testing
}
stop()
{
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
}
openssl_server() # NAME [OPTION...]
{
	local name=$1
	shift
	serve openssl s_server -accept PORT -quiet -cert "$made/$name.pem" \
		-key "$made/$name.key" "$@"
}
gnutls_server() # NAME [OPTION...]
{
	local name=$1
	shift
	serve gnutls-serv --port PORT --echo --nodb --x509certfile "$made/$name.pem" \
		--x509keyfile "$made/$name.key" "$@"
}
tapped() # what goes to $port, by way of a new $port
{
	wiretap "$port"
}
wiretap() # TARGET
{
	rm -f "$tapped" "$tap_dir/port"
	: >"$tapped"
	python3 "$top_srcdir/tests/support/wiretap.py" "$1" "$tapped" >"$tap_dir/port" &
	tap_pid=$!
	live_pids+=("$tap_pid")
	live_wait test -s "$tap_dir/port"
	read -r port <"$tap_dir/port"
}
wiretap_ends()
{
	kill "$tap_pid" 2>/dev/null
	wait "$tap_pid" 2>/dev/null
}

# ---- a service ---------------------------------------------------------------------------
stack() # ARGUMENTS OF THE SYSLOG LINE
{
	live_stack shop <<-END
		redact required permit
		sink sufficient syslog proto=tls port=$port $*
		sink required file path=$out
	END
}
driver_ends()
{
	exec {live_in}>&-
	wait "$live_driver_pid" 2>/dev/null
}
# The ledger's identity, and that what syslog did not take the file did.
ledger_holds() # NAME
{
	live_ask ledger
	is "$1: offered = delivered + dropped" \
		"$(live_number records) $(live_number syslog.offered)" \
		"$(($(live_number delivered) + $(live_number undelivered))) $(($(
		)$(live_number syslog.taken) + $(live_number syslog.lost)))"
	is "$1: what syslog lost, the file took" "$(live_number syslog.lost)" \
		"$(live_number file.taken)"
}
# Log until a command says that it is enough: a handshake may take longer than one record waits.
log_until() # COMMAND...
{
	local i
	for ((i = 0; i < 300; i++)); do
		live_ask say 1 "$secret"
		"$@" && return
		sleep 0.1
	done
	return 1
}
server_heard()
{
	grep -qa "$secret" "$heard"
}
channel_says() # PATTERN
{
	[[ $(cat "$out" 2>/dev/null) =~ $1 ]]
}

taken() # NAME ARGUMENTS
{
	stack "$2"
	rm -f "$out"
	live_driver shop
	if log_until server_heard; then
		pass "$1"
	else
		flunk "$1" "$(tail -n 3 "$out")"
	fi
	ledger_holds "$1"
	driver_ends
}
refused() # NAME ARGUMENTS PATTERN
{
	stack "$2"
	rm -f "$out"
	live_driver shop
	if log_until channel_says "does not take records: $3"; then
		pass "fault_18 $1: refused, with the reason"
	else
		flunk "fault_18 $1: refused, with the reason" "want: $3" "$(tail -n 3 "$out")"
	fi
	ledger_holds "fault_18 $1"
	# With TLS 1.3 a server may refuse us when records are on their way: then they are taken
	# back, and said when the service ends.
	local before
	before=$(live_number syslog.taken)
	driver_ends
	is "fault_18 $1: nothing counts as delivered" "$before" "$(jq -rs 'map(.message |
		capture("tls[)]: (?<n>[0-9]+) records? w.* taken already").n | tonumber) | add // 0' \
		"$out")"
	is "fault_18 $1: the server read nothing" "$(grep -ca "$secret" "$heard")" 0
	is "fault_18 $1: nothing went in plain text" "$(grep -ca "$secret" "$tapped")" 0
}
ca="host=127.0.0.1 ca=$made/ca.pem"

# Does each begin as many bytes before the next as it says?
frames()
{
	python3 - "$heard" <<-'END'
		import re, sys
		bytes = open(sys.argv[1], "rb").read()
		at = re.search(rb"[1-9][0-9]* <[0-9]+>1 ", bytes).start()
		n = 0
		while frame := re.compile(rb"([1-9][0-9]*) (?=<[0-9]+>1 )").match(bytes, at):
		    at, n = frame.end() + int(frame[1]), n + 1
		print("right" if n and at == len(bytes) else f"{n} frames, then {bytes[at:at + 40]}")
	END
}

# ---- good ones ---------------------------------------------------------------------------
openssl_server good
tapped
taken "openssl: a certificate of the CA, by address" "$ca"
is "a frame has its length in front, RFC 5425" \
	"$(frames)" right
is "the wire has none of it" "$(grep -ca "$secret" "$tapped")" 0
is "and what it has begins as TLS does" \
	"$(head -c 2 "$tapped" | od -An -tx1 | tr -d ' ')" 1603
wiretap_ends
stop
openssl_server good
taken "openssl: by name" "host=localhost ca=$made/ca.pem servername=logs.example.test"
stop
openssl_server good -tls1_2
taken "openssl: TLS 1.2" "$ca"
stop
openssl_server alone
taken "openssl: self-signed, but pinned" "host=127.0.0.1 fingerprint=$(fingerprint alone)"
stop
openssl_server good
taken "openssl: one of two pinned, as openssl writes them, and of the CA" \
	"$ca fingerprint=$(fingerprint alone),SHA256:$(openssl x509 -noout -fingerprint -sha256 \
		-in "$made/good.pem" | sed 's/.*=//')"
stop
openssl_server good -Verify 1 -CAfile "$made/ca.pem" -verify_return_error
taken "openssl: with a certificate of ours" "$ca cert=$made/us.pem key=$made/us.key"
stop
openssl_server good -Verify 1 -CAfile "$made/ca.pem" -verify_return_error -tls1_2
taken "openssl: with a certificate of ours, TLS 1.2" "$ca cert=$made/us.pem key=$made/us.key"
stop
# gnutls-serv shows lines, so the message has one.
one_line() # NAME ARGUMENTS
{
	local i
	stack "$2"
	for ((i = 0; i < 100; i++)); do
		"$TELLTALE" log -t shop "$secret"$'\n' and more
		server_heard && pass "$1" && return
		sleep 0.1
	done
	flunk "$1" "$(tail -n 3 "$out")" "$(tail -n 3 "$heard")"
}
gnutls_server good
one_line "gnutls: a certificate of the CA, by telltale log" "$ca"
stop
gnutls_server good --require-client-cert --verify-client-cert --x509cafile "$made/ca.pem"
cat "$made/us.pem" "$made/us.key" >"$made/both.pem"
chmod 600 "$made/both.pem"
one_line "gnutls: with a certificate of ours, its key in the same file" "$ca cert=$made/both.pem"
stop

# ---- bad ones ----------------------------------------------------------------------------
against() # SERVER'S CERTIFICATE NAME ARGUMENTS PATTERN
{
	openssl_server "$1"
	tapped
	refused "$2" "$3" "$4"
	wiretap_ends
	stop
}
against expired "expired" "$ca" "the server's certificate has expired, on 2021-01-01"
against early "not yet valid" "$ca" \
	"the server's certificate is not yet valid, before 2049-01-01"
against other "the wrong name" "host=localhost servername=logs.example.test ca=$made/ca.pem" \
	"the server's certificate is for mail.example.test, not for logs.example.test"
against other "the wrong address" "$ca" "the server's certificate is for .*, not for 127.0.0.1"
against strange "an unknown CA" "$ca" \
	"the server's certificate is by CN=Test CA stranger, which is none of the CAs of ca="
# A system without the package ca-certificates has none.
against strange "no CA of the system" "host=127.0.0.1" \
	"(the server's certificate is by CN=Test CA stranger, which is none of the CAs of this|this system has no certificates of CAs)"
against alone "self-signed" "$ca" "the server's certificate is self-signed"
against wrong_usage "not for servers" "$ca" "the server's certificate is not for servers"
against good "revoked" "$ca crl=$made/gone.crl" "the server's certificate is revoked"
against good "another fingerprint" "host=127.0.0.1 fingerprint=$(fingerprint alone)" \
	"the server's certificate is none of fingerprint=: it has sha-256:([0-9A-F]{2}:){31}"
against expired "pinned, but expired" "host=127.0.0.1 fingerprint=$(fingerprint expired)" \
	"the server's certificate has expired"
against alone "pinned, and the name asked for" \
	"host=127.0.0.1 servername=mail.example.test fingerprint=$(fingerprint alone)" \
	"the server's certificate is for logs.example.test, not for mail.example.test"

for version in tls1_3 tls1_2; do
	openssl_server good -Verify 1 -CAfile "$made/ca.pem" -verify_return_error -$version
	tapped
	refused "no certificate of ours, $version" "$ca" \
		"the server wants a certificate of ours, cert="
	refused "a certificate that it does not know, $version" \
		"$ca cert=$made/nobody.pem key=$made/nobody.key" \
		"the server refuses our certificate, cert="
	refused "a certificate of ours that ended, $version" \
		"$ca cert=$made/ours_ended.pem key=$made/ours_ended.key" \
		"the server refuses our certificate, cert=: .*expired"
	like "fault_18 $version: the channel warns of it, too" "$(cat "$out")" \
		'our certificate has expired, on 2021-01-01'
	wiretap_ends
	stop
done
for old in tls1 tls1_1; do
	openssl_server good -$old -cipher 'ALL:@SECLEVEL=0'
	tapped
	refused "a server of $old alone" "$ca" "the server speaks no TLS 1.2 or later"
	wiretap_ends
	stop
done
wiretap plain
refused "a server of another kind" "$ca" "what answers at this port is not TLS"
wiretap_ends
wiretap close
refused "a handshake that is cut" "$ca" "the server closed the connection in the handshake"
wiretap_ends
wiretap half
refused "a handshake that is reset" "$ca" "the server closed the connection in the handshake"
wiretap_ends
done_testing
