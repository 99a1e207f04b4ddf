# Certificates made for a test, all good ones by one CA: `. "$top_srcdir/tests/support/certificates.sh"`
#
#	certificates_begin DIR                    # needs certtool; makes DIR/ca.pem
#	certificate good server                   # DIR/good.pem and DIR/good.key, for logs.example.test
#	certificate late server 'expiration_date = "2021-01-01 00:00:00"'
#	certificate us client
#
# Lines behind the kind are those of certtool(1)'s templates and replace the usual ones.
# shellcheck shell=bash

certificates_begin() # DIR
{
	need certtool
	certificates=$1
	mkdir -p "$certificates"
	authority ca
}

authority() # NAME
{
	certificate_key "$1"
	printf '%s\n' 'cn = "Test CA '"$1"'"' ca cert_signing_key crl_signing_key \
		'activation_date = "2020-01-01 00:00:00"' 'expiration_date = "2050-01-01 00:00:00"' \
		>"$certificates/$1.template"
	certtool --generate-self-signed --load-privkey "$certificates/$1.key" \
		--template "$certificates/$1.template" --outfile "$certificates/$1.pem" 2>/dev/null
}

certificate_key() # NAME
{
	(umask 077 && certtool --generate-privkey --key-type ecdsa --curve secp256r1 \
		--outfile "$certificates/$1.key" 2>/dev/null)
}

certificate() # NAME server|client [TEMPLATE LINE...]
{
	local name=$1 kind=$2 line by=${certificate_by:-ca}
	shift 2
	certificate_key "$name"
	{
		echo "cn = \"$name\""
		echo signing_key
		[ "$kind" = server ] && [[ $* != *purpose* ]] && echo tls_www_server
		[ "$kind" = client ] && echo tls_www_client
		[ "$kind" = server ] && [[ $* != *dns_name* ]] &&
			printf '%s\n' 'dns_name = "logs.example.test"' 'ip_address = "127.0.0.1"'
		[[ $* == *activation_date* ]] || echo 'activation_date = "2020-01-01 00:00:00"'
		[[ $* == *expiration_date* ]] || echo 'expiration_date = "2050-01-01 00:00:00"'
		for line; do
			[ "$line" = purpose ] || echo "$line"
		done
	} >"$certificates/$name.template"
	if [ "$by" = self ]; then
		certtool --generate-self-signed --load-privkey "$certificates/$name.key" \
			--template "$certificates/$name.template" \
			--outfile "$certificates/$name.pem" 2>/dev/null
	else
		certtool --generate-certificate --load-privkey "$certificates/$name.key" \
			--load-ca-certificate "$certificates/$by.pem" \
			--load-ca-privkey "$certificates/$by.key" \
			--template "$certificates/$name.template" \
			--outfile "$certificates/$name.pem" 2>/dev/null
	fi
}

# DIR/NAME.crl: what the CA revoked.
revoked() # NAME CERTIFICATE
{
	printf '%s\n' 'crl_next_update = 9000' 'crl_number = 1' >"$certificates/$1.template"
	certtool --generate-crl --load-ca-privkey "$certificates/ca.key" \
		--load-ca-certificate "$certificates/ca.pem" \
		--load-certificate "$certificates/$2.pem" \
		--template "$certificates/$1.template" --outfile "$certificates/$1.crl" 2>/dev/null
}

# sha-256:HEX
fingerprint() # NAME
{
	certtool --fingerprint --hash sha256 --infile "$certificates/$1.pem" |
		sed -n 's/^/sha-256:/p' | head -n1
}
