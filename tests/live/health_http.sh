#!/bin/bash
# health http of a real nginx: up, down, slow, another status, another body, by a socket, and TLS
# with a CA that is known, one that is not, and another host's certificate.
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
. "$top_srcdir/tests/tool/rig.sh"
. "$top_srcdir/tests/tool/asked.sh"
. "$top_srcdir/tests/support/nginx.sh"
need jq nginx openssl
object=$top_builddir/.libs/tell_health_http.so
[ -f "$object" ] || skip_all "tell_health_http.so was not built (libcurl)"
install -d -m 755 "$tap_dir/modules"
install -m 644 "$object" "$tap_dir/modules"
export TELLTALE_MODULEDIR=$tap_dir/modules

port=$(free_port) tls_port=$(free_port) other_port=$(free_port)
word=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n') # a password of this run
certificate() # NAME HOST
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-subj "/CN=$2" -addext "subjectAltName=DNS:$2" \
		-keyout "$tap_dir/$1.key" -out "$tap_dir/$1.pem" 2>/dev/null
}
certificate web localhost
certificate other elsewhere.example
printf 'me:%s\n' "$(openssl passwd -apr1 "$word")" >"$tap_dir/words"
nginx_conf <<-END
	server {
		listen 127.0.0.1:$port;
		listen unix:$tap_dir/nginx/socket;
		location /ready { return 200 "is ready"; }
		location /broken { return 503 "secret words"; }
		location /moved { return 302 /ready; }
		location /private {
			auth_basic here;
			auth_basic_user_file $tap_dir/words;
			alias $tap_dir/words;
		}
	}
	server {
		listen 127.0.0.1:$tls_port ssl;
		ssl_certificate $tap_dir/web.pem;
		ssl_certificate_key $tap_dir/web.key;
		location / { return 200 "is ready"; }
	}
	server {
		listen 127.0.0.1:$other_port ssl;
		ssl_certificate $tap_dir/other.pem;
		ssl_certificate_key $tap_dir/other.key;
		location / { return 200 "is ready"; }
	}
END
web_start

often="every=100ms timeout=500ms"
web=http://127.0.0.1:$port
stack shop <<-END
	health optional http name=up url=$web/ready $often
	health optional http name=says url=$web/ready body=ready $often
	health optional http name=otherwise url=$web/ready body=steady $often
	health optional http name=broken url=$web/broken $often
	health optional http name=expected url=$web/broken status=200,500-599 $often
	health optional http name=moved url=$web/moved $often
	health optional http name=followed url=$web/moved redirects=yes body=ready $often
	health optional http name=private url=http://me:$word@127.0.0.1:$port/private $often
	health optional http name=strange url=http://me:wrong$word@127.0.0.1:$port/private?key=$word $often
	health optional http name=socket url=http://web/ready socket=$tap_dir/nginx/socket $often
	health optional http name=tls url=https://localhost:$tls_port/ ca=$tap_dir/web.pem $often
	health optional http name=unknown url=https://localhost:$tls_port/ $often
	health optional http name=host url=https://localhost:$other_port/ ca=$tap_dir/other.pem $often
	health optional http name=plain url=https://127.0.0.1:$port/ready $often
	health optional http name=nofile url=https://localhost:$tls_port/ ca=$tap_dir/none $often
	health required permit
	sink required file path=$tap_dir/log
END
start shop shop
. "$top_srcdir/tests/support/checks.sh"

becomes up '^healthy $'
becomes says '^healthy $'
becomes otherwise "^unhealthy $web/ready answered 200 without \"steady\"\$"
becomes broken "^unhealthy $web/broken answered 503, wanted 200-299\$"
becomes expected '^healthy $'
becomes moved 'answered 302, wanted 200-299'
becomes followed '^healthy $'
becomes private '^healthy $'
becomes strange "^unhealthy $web/private answered 401, wanted 200-299\$"
becomes socket '^healthy $'
becomes tls '^healthy $'
becomes unknown '^unhealthy https://localhost:[0-9]+/: .*certificate'
becomes host '^unhealthy https://localhost:[0-9]+/: .*(certificate|host name)'
becomes plain '^unhealthy '
becomes nofile "^unhealthy cannot read certificates of $tap_dir/none\$"
like "how long it took" "$("$TELLTALE" status -o json shop |
	jq -r '.health.checks.up | "\(.latency_ms) \(.details.http_status)"')" '^[0-9.]+ 200$'
kill -STOP "$web_pid"
becomes up "^unhealthy $web/ready: no answer in time\$"
becomes tls '^unhealthy .*no answer in time'
kill -CONT "$web_pid"
becomes up '^healthy'
becomes tls '^healthy'
kill "$web_pid"
becomes up "^unhealthy cannot connect to $web/ready: Connection refused\$"
becomes socket '^unhealthy cannot connect to .*/socket: (No such file|Connection refused)'
rm -f "$tap_dir/nginx/socket"
web_start
becomes up '^healthy'
tell_it shop "go 3"
is "logging went on" "$(grep -c '"served"' "$tap_dir/log")" 3
like "each change is a record" "$(grep '"check":"broken"' "$tap_dir/log")" \
	'"reason":"[^"]*answered 503.*"health":"unhealthy"'
is "without a password" "$(grep -c "$word" "$tap_dir/log")" 0
is "and without what was sent" "$(grep -c "secret words" "$tap_dir/log")" 0
stop shop
kill "$web_pid"
wait "$web_pid" 2>/dev/null
done_testing
