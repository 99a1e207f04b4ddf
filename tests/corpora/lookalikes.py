"""Records without a secret, of what looks like one. They must come out byte for byte."""
import json
import uuid as _uuid
from kinds import b64, b64url, card, raw, some, uuid, ALNUM, DIGIT, HEX, LOWER, LOWNUM, UPPER, URL64

CROCK = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALL = []


def clean(f):
    ALL.append((f.__name__.strip("_").replace("_", "-"), f))
    return f


def pick(r, *of):
    return r.choice(of)


def not_a_card(r):
    """Sixteen digits with a card's beginning whose last is wrong."""
    n = card(r)
    return n[:-1] + str((int(n[-1]) + r.randrange(1, 10)) % 10)


@clean
def ids(r):
    return "job %s of trace %s finished on web-%d after %d ms" % (uuid(r), some(r, HEX, 32), r.randrange(99),
                                                                 r.randrange(9999))


@clean
def ids_json(r):
    return '{"request_id":"%s","trace_id":"%s","span_id":"%s","session":null,"n":%d}' % (
        uuid(r), some(r, HEX, 32), some(r, HEX, 16), r.randrange(10**12))


@clean
def ulid_and_others(r):
    return "message %s acked, object %s, snowflake %s, nano %s" % (some(r, CROCK, 26), some(r, HEX, 24),
                                                                  some(r, "123456789", 19), some(r, URL64, 21))


@clean
def traceparent(r):
    return "traceparent=00-%s-%s-01 tracestate=vendor=%s" % (some(r, HEX, 32), some(r, HEX, 16), some(r, LOWNUM, 8))


@clean
def git(r):
    return pick(r, "HEAD is now at %s Fix the cart", "checkout %s for shop", '{"commit":"%s","dirty":false}') % some(
        r, HEX, pick(r, 7, 10, 40))


@clean
def digests(r):
    return pick(r, "pulled shop@sha256:%s", "sha256 of bundle.tar is %s", '{"digest":"sha256:%s"}',
                "integrity: %s") % some(r, HEX, 64)


@clean
def integrity(r):
    return '"integrity": "sha512-%s=="' % some(r, ALNUM + "+/", 86)


@clean
def etag(r):
    return '> If-None-Match: "%s"\n< ETag: W/"%s"\n< X-Cache: HIT' % (some(r, HEX, 32), some(r, HEX, 16))


@clean
def orders(r):
    return pick(r, "order %s shipped", "invoice %s paid", '{"order_id":%s}', "order_id=%s state=done") % some(
        r, "123456789", pick(r, 10, 12, 15, 18))


@clean
def near_cards(r):
    return pick(r, "parcel %s handed over", '{"tracking":"%s"}', "ref=%s ok") % not_a_card(r)


@clean
def digits_in_a_run(r):
    return "batch %s%s%s" % (some(r, DIGIT, 6), card(r), some(r, DIGIT, 5))


@clean
def times(r):
    n = r.randrange(1700000000, 1800000000)
    return '{"ts":%d,"ms":%d%03d,"ns":%d%09d,"iso":"2026-11-26T10:00:00.%06d+01:00"}' % (
        n, n, r.randrange(1000), n, r.randrange(10**9), r.randrange(10**6))


@clean
def network(r):
    return "peer %d.%d.0.%d:%d fe80::%s:%s mac %s" % (
        r.randrange(1, 223), r.randrange(255), r.randrange(255), r.randrange(1024, 65535), some(r, HEX, 4),
        some(r, HEX, 4), ":".join(some(r, HEX, 2) for _ in range(6)))


@clean
def versions(r):
    return "upgraded search 1.%d.%d-rc.%d+build.%s on 6.1.0-%d-amd64, go1.22.%d" % (
        r.randrange(30), r.randrange(99), r.randrange(9), some(r, DIGIT, 8), r.randrange(40), r.randrange(9))


@clean
def addresses(r):
    return "segfault at 0x%s ip %s sp %s error 4 in libc.so.6[%s+195000]" % (
        some(r, HEX, 12), some(r, HEX, 16), some(r, HEX, 16), some(r, HEX, 12))


@clean
def counts(r):
    return '{"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"max_tokens":4096,"token_count":%d}' % (
        r.randrange(9999), r.randrange(9999), r.randrange(9999), r.randrange(99))


@clean
def counts_in_text(r):
    return "tokens=%d max_tokens=2048 tokens_per_second=%d.5 cost_per_token=0.00%d password_count=%d" % (
        r.randrange(9999), r.randrange(99), r.randrange(9), r.randrange(9))


@clean
def about_secrets(r):
    return pick(r, "password changed for ann", "invalid password for user ann", "token expired, refreshing",
                "secret shop/db mounted at /run/secrets/db", "the API key is missing", "no credentials provided",
                "session started", "session closed for user root", "authentication failed for ann",
                "Failed password for ann from 10.0.0.%d port %d ssh2" % (r.randrange(255), r.randrange(1024, 65535)),
                "pam_unix(sshd:session): session opened for user ann(uid=%d)" % r.randrange(1000, 9999),
                "Accepted publickey for ann from 10.0.0.7 port 22 ssh2: ED25519 SHA256:%s" % some(r, ALNUM + "+/", 43),
                "rotating secrets of 3 services", "password must be at least 12 characters long",
                "bearer authentication is off", "basic plan, paid by card", "key not found in cache")


@clean
def names_of_secrets(r):
    return "%s %s is required, %s is optional" % (
        pick(r, "validation:", "config:", "form:"), pick(r, "password", "api_key", "token", "client_secret"),
        pick(r, "passphrase", "otp", "secret"))


@clean
def flags(r):
    return '{"password_set":true,"has_token":false,"password_changed_at":"2026-11-%02d","token_type":"Bearer",' \
        '"auth_method":"publickey","secret_version":%d,"api_key_id":"key_%d"}' % (
            r.randrange(1, 28), r.randrange(9), r.randrange(999))


@clean
def flags_in_text(r):
    return "auth=ok authenticated=true token_ttl=%ds session_timeout=30m author=ann authority=eu secretary=bob" % (
        r.randrange(9999))


@clean
def expiry(r):
    return '{"token_expires_in":%d,"password_age_days":%d,"session_count":%d,"cookie_consent":true}' % (
        r.randrange(9999), r.randrange(99), r.randrange(99))


@clean
def other_keys(r):
    return pick(r, "cache get key=user:%d:profile hit=true", '{"primary_key":"id","partition_key":"eu#%d"}',
                "routing_key=orders.%d.created foreign_key=fk_orders", "keyspace=shop keys=%d key_count=3",
                "PUBLIC_KEY_ID=%d sort_key=date") % r.randrange(9999)


@clean
def placeholders(r):
    return pick(r, "password=${DB_PASSWORD} host=db", "api_key: {{ .Values.apiKey }}", '{"token":"%s"}' % "null",
                'password: "****"', "secret=<hidden> user=ann", "token=%(token)s n=1", "password=$1 AND id=$2",
                'DB_PASSWORD=$DB_PASSWORD', "client_secret: [REDACTED]", "password: xxxxxxxx",
                "pass=%s user=%s", "token = os.environ['TOKEN']"
                ) if r.random() < .9 else "password="


@clean
def code(r):
    return pick(r, "if (token == NULL) return -%d;", "const password = await prompt(); // line %d",
                "def login(self, user, password=None):  # %d", "token := r.Header.Get(\"X\") // %d",
                "assert secret is not None, line %d", "for key, value in items[:%d]:",
                "this.password = password; // %d", "let apiKey = getKey(); /* %d */") % r.randrange(999)


@clean
def sql(r):
    return pick(r, "SELECT id, password_hash_updated_at FROM users WHERE id = %d AND api_key_id IS NOT NULL",
                "ALTER TABLE users ADD COLUMN password_hash text -- %d", "SELECT token FROM sessions WHERE id = $%d",
                "UPDATE users SET password = $1 WHERE id = %d", "CREATE INDEX ON tokens (user_id) -- took %d ms"
                ) % r.randrange(1, 9999)


@clean
def public_keys(r):
    dashes = "-" * 5
    label = pick(r, "CERTIFICATE", "PUBLIC KEY", "CERTIFICATE REQUEST")
    body = b64(raw(r, 200))
    return "\n".join([dashes + "BEGIN " + label + dashes] + [body[i:i + 64] for i in range(0, len(body), 64)] +
                     [dashes + "END " + label + dashes])


@clean
def ssh_public(r):
    return pick(r, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI%s ann@web" % some(r, ALNUM + "+/", 43),
                "fingerprint SHA256:%s" % some(r, ALNUM + "+/", 43), "pin-sha256=\"%s=\"" % some(r, ALNUM + "+/", 43))


@clean
def jwk_public(r):
    return '{"kty":"EC","crv":"P-256","kid":"%s","x":"%s","y":"%s"}' % (some(r, URL64, 12), some(r, URL64, 43),
                                                                      some(r, URL64, 43))


@clean
def published(r):
    """Keys that issuers say may be public."""
    return pick(r, '{"publishable_key":"pk_live_%s"}' % some(r, ALNUM, 24),
                "client_id=%s-%s.apps.googleusercontent.com" % (some(r, DIGIT, 12), some(r, LOWNUM, 32)),
                "charge ch_%s of cus_%s, intent pi_%s" % (some(r, ALNUM, 24), some(r, ALNUM, 14), some(r, ALNUM, 24)),
                "channel C%s user U%s" % (some(r, UPPER + DIGIT, 10), some(r, UPPER + DIGIT, 10)),
                '{"client_id":"%s"}' % some(r, HEX, 20))


@clean
def arns(r):
    return "arn:aws:secretsmanager:eu-central-1:%s:secret:shop/db-%s" % (some(r, DIGIT, 12), some(r, ALNUM, 6))


@clean
def kubernetes(r):
    return "pod/shop-%s-%s Started, secret/default-token-%s mounted, node ip-10-0-%d-%d" % (
        some(r, "bcdfghjklmnpqrstvwxz2456789", 10), some(r, "bcdfghjklmnpqrstvwxz2456789", 5),
        some(r, "bcdfghjklmnpqrstvwxz2456789", 5), r.randrange(255), r.randrange(255))


@clean
def urls(r):
    return pick(r, "GET https://cdn.example.net:8443/npm/vue@3.4.%d/dist/vue.js 200", "git clone git@example.net:a/b%d",
                "GET /search?q=how+to+reset+password&page=%d", "see https://example.net/docs/token?id=%d#key",
                "open http://[2001:db8::1]:8080/a@b/%d", "https://ann@example.net/p/%d",
                "GET /login?return=%%2Faccount%%3Ftab%%3Dpassword&n=%d") % r.randrange(999)


@clean
def access_log(r):
    return '10.0.0.%d - ann [26/Nov/2026:10:00:%02d +0000] "GET /cart/%d HTTP/2" 200 %d "-" "Mozilla/5.0 (X11)"' % (
        r.randrange(255), r.randrange(60), r.randrange(9999), r.randrange(99999))


@clean
def data(r):
    return pick(r, '{"image":"data:image/png;base64,%s"}' % b64(raw(r, 180)), "cursor=%s page=2" % b64(raw(r, 18)),
                '{"next_page_token":"%s"}' % b64url(raw(r, 24)), "payload %s" % some(r, HEX, 128))


@clean
def traces(r):
    return ("java.lang.IllegalStateException: cart %d is empty\n\tat com.example.auth.TokenFilter.doFilter"
            "(TokenFilter.java:%d)\n\tat com.example.SecretStore.read(SecretStore.java:7)") % (
                r.randrange(999), r.randrange(999))


@clean
def python_trace(r):
    return ('Traceback (most recent call last):\n  File "auth/token.py", line %d, in refresh\n'
            "    raise TokenExpired(user)\nauth.TokenExpired: 17") % r.randrange(999)


@clean
def kernel(r):
    return "[%d.%06d] usb 1-%d: New USB device found, idVendor=%s, idProduct=%s" % (
        r.randrange(99999), r.randrange(10**6), r.randrange(9), some(r, HEX, 4), some(r, HEX, 4))


@clean
def sudo(r):
    return "ann : TTY=pts/%d ; PWD=/home/ann/%s ; USER=root ; COMMAND=/usr/bin/systemctl restart shop" % (
        r.randrange(9), some(r, LOWER, 6))


@clean
def pins(r):
    return "gpio pin=%d pin: %d pins=40 mode=out; pass=%d fail=%d skipped=0" % (
        r.randrange(40), r.randrange(40), r.randrange(900), r.randrange(9))


@clean
def paths(r):
    return "reading /etc/shop/secrets/%s.yaml, /var/lib/tokens/%d.db and C:\\keys\\pub.pem" % (
        some(r, LOWER, 6), r.randrange(99))


@clean
def html(r):
    return '<label for="p%d">Password</label><input type="password" name="p" autocomplete="new-password"/>' % (
        r.randrange(99))


@clean
def schema(r):
    return '{"properties":{"id":{"type":"integer","maximum":%d}},"required":["password","email"]}' % r.randrange(9999)


@clean
def books(r):
    return "isbn 978-3-%s-%s-%d ean %s sku XNY-%s" % (some(r, DIGIT, 4), some(r, DIGIT, 4), r.randrange(9),
                                                     some(r, DIGIT, 13), some(r, DIGIT, 4))


@clean
def prose_json(r):
    return json.dumps({"level": pick(r, "info", "warn"), "msg": pick(
        r, "user asked to reset the password", "the token bucket is full", "secret santa draw done",
        "key rotation finished", "cookie banner shown"), "took": r.random(), "id": str(_uuid.UUID(int=r.getrandbits(128)))})


@clean
def floats(r):
    return '{"lat":%.6f,"lon":%.6f,"score":%.12f,"big":1e%d,"neg":-0.0}' % (
        r.random() * 90, r.random() * 180, r.random(), r.randrange(20))


@clean
def containers(r):
    return '{"container_id":"%s","image":"shop:2.%d","restarts":%d}' % (some(r, HEX, 64), r.randrange(99), r.randrange(9))


@clean
def packages(r):
    return "2026-11-26 10:00:%02d %s %s %d.%d-%d <none>" % (
        r.randrange(60), pick(r, "install", "upgrade", "configure", "status unpacked"),
        pick(r, "python3-jwt:all", "libsecret-1-0:amd64", "libpam-modules:amd64", "golang-github-x-token:all",
             "ruby-bcrypt:arm64", "node-cookie:all"), r.randrange(9), r.randrange(30), r.randrange(1, 5))


@clean
def test_results(r):
    return pick(r, "PASS: tests/cart_%d.sh", "PASS: CartTest::testAdd%d (0.02 s)", "ok %d - adds up",
                "--- PASS: TestCart%d (0.00s)", "PASS %d of 900: login form") % r.randrange(900)


@clean
def usage(r):
    return pick(r, "usage: tool [--password PASSWORD] [--token TOKEN] [-n %d] FILE", "  --retry N   again N times [%d]",
                "  --password TEXT   the database's password [%d]", "  -t, --token=TOKEN   ask for %d tokens"
                ) % r.randrange(9, 99)


@clean
def build(r):
    return "  CC       src/auth/token.o\n  LD       shop\nbuild-id %s" % some(r, HEX, 40)
