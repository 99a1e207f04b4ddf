"""Settings: where logs have a secret. Each is a function of a scene that gives the text of one
record; what must survive beside the secret goes to scene.keep. NAMED ones say the secret's name,
BARE ones do not, so they get only kinds that are known by their shape."""
import json
import re
import urllib.parse
from kinds import b64, jwt, phrase, some, ALNUM, DIGIT, HEX, LOWER, LOWNUM

NAMED, BARE = [], []


def named(f):
    NAMED.append((f.__name__.strip("_").replace("_", "-"), f))
    return f


def bare(f):
    BARE.append((f.__name__.strip("_").replace("_", "-"), f))
    return f


class Scene:
    def __init__(self, r, name, value):
        self.r, self.name, self.value = r, name, value
        self.keep, self.forms = [], []

    def pick(self, *choices):
        return self.r.choice(choices)

    def near(self, text=None):
        """A word of the context, which has to stay."""
        text = text or some(self.r, LOWER, 5) + self.pick("-", "") + some(self.r, DIGIT, 3)
        self.keep.append(text)
        return text

    def num(self):
        return self.r.randrange(2, 900)

    # ---- the name as a language spells it ----
    def words(self):
        text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", self.name)
        return re.sub(r"[^\w]+", "_", text).strip("_").lower()

    def env(self):
        return self.words().upper()

    def kebab(self):
        return self.words().replace("_", "-")

    def camel(self):
        first, *rest = self.words().split("_")
        return first + "".join(w.capitalize() for w in rest)

    def pascal(self):
        return self.camel()[:1].upper() + self.camel()[1:]

    def header(self):
        return "-".join(w.capitalize() for w in self.words().split("_"))

    # ---- the value as a format spells it; each form that was written is remembered ----
    def form(self, text):
        self.forms.append(text)
        return text

    def plain(self):
        return self.form(self.value)

    def line(self):
        """On one line, whatever it has."""
        return self.form(self.value.replace("\n", "\\n"))

    def json(self):
        return self.form(json.dumps(self.value, ensure_ascii=False)[1:-1])

    def json2(self):
        return self.form(json.dumps(json.dumps(self.value))[3:-3])

    def single(self):
        return self.form(self.value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n"))

    def sql(self):
        return self.form(self.value.replace("'", "''"))

    def url(self):
        return self.form(urllib.parse.quote(self.value, safe="-._~"))

    def url2(self):
        return self.form(urllib.parse.quote(urllib.parse.quote(self.value, safe="-._~"), safe="-._~"))

    def xml(self):
        text = self.value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return self.form(text.replace('"', "&quot;"))

    def token(self):
        """Without quotes where there is no need of them."""
        text = self.value.replace("\n", "\\n")
        return self.form(text) if re.fullmatch(r"[^\s\"',;&()\[\]{}]+", text) else '"' + self.json() + '"'


def stamp(s):
    r = s.r
    return s.pick(
        "2026-11-%02dT%02d:%02d:%02d.%03dZ " % (r.randrange(1, 29), r.randrange(24), r.randrange(60),
                                               r.randrange(60), r.randrange(1000)),
        "Nov %2d %02d:%02d:%02d web-%02d shop[%d]: " % (r.randrange(1, 29), r.randrange(24), r.randrange(60),
                                                       r.randrange(60), r.randrange(20), r.randrange(400, 32000)),
        "%02d:%02d:%02d.%03d [main] INFO  c.example.Shop - " % (r.randrange(24), r.randrange(60), r.randrange(60),
                                                               r.randrange(1000)),
        "")


# ---- JSON -----------------------------------------------------------------------------------
@named
def json_flat(s):
    return '{"level":"info","user":"%s","%s":"%s","took":%d.50}' % (s.near(), s.name, s.json(), s.num())


@named
def json_blanks(s):
    return '{ "msg" : "%s", "%s" : "%s" , "n" : %d }' % (s.near(), s.name, s.json(), s.num())


@named
def json_nested(s):
    return '{"ts":%d,"req":{"id":"%s","body":{"items":[1,2],"auth":{"%s":"%s"}}},"ok":true}' % (
        s.num(), s.near(), s.name, s.json())


@named
def json_array(s):
    return '{"event":"%s","%s":["%s"]}' % (s.near(), s.name, s.json())


@named
def json_in_string(s):
    inner = '{"user":"%s","%s":"%s","n":%d}' % (s.near(), s.name, json.dumps(s.value)[1:-1], s.num())
    s.json2()
    return '{"msg":"request","body":%s}' % json.dumps(inner)


@named
def json_twice_in_string(s):
    inner = json.dumps({"user": s.near(), s.name: s.value})
    s.form(json.dumps(json.dumps(json.dumps(s.value)))[7:-7])
    return '{"msg":%s}' % json.dumps(json.dumps({"body": inner}))


@named
def json_in_text(s):
    return stamp(s) + 'POST /%s body={"%s":"%s","n":%d} status=200' % (s.near(), s.name, s.json(), s.num())


@named
def json_name_value(s):
    return '{"pod":"%s","env":[{"name":"HOME","value":"/root"},{"name":"%s","value":"%s"}]}' % (
        s.near(), s.env(), s.json())


@named
def json_otlp(s):
    return '{"name":"%s","attributes":[{"key":"http.request.%s","value":{"stringValue":"%s"}}]}' % (
        s.near(), s.words(), s.json())


@named
def json_argv(s):
    return '{"cmd":"%s","argv":["/usr/bin/tool","--%s","%s","--verbose"]}' % (s.near(), s.kebab(), s.json())


@named
def json_unicode_escapes(s):
    text = "".join("\\u%04x" % ord(c) if s.r.random() < .2 else json.dumps(c)[1:-1] for c in s.value)
    s.form(text)
    return '{"user":"%s","message":"%s=%s"}' % (s.near(), s.words(), text.replace(" ", "_"))


@bare
def json_message(s):
    return '{"level":"error","msg":"upstream refused %s","id":"%s"}' % (s.json(), s.near())


@bare
def json_list(s):
    return '{"args":["run","%s","%s"],"n":%d}' % (s.near(), s.json(), s.num())


@bare
def json_key(s):
    return '{"seen":{"%s":%d},"host":"%s"}' % (s.json(), s.num(), s.near())


# ---- pairs ------------------------------------------------------------------------------------
@named
def logfmt(s):
    return stamp(s) + 'msg="%s done" %s=%s took=%dms' % (s.near(), s.words(), s.token(), s.num())


@named
def logfmt_quoted(s):
    return stamp(s) + 'level=info %s="%s" path=/%s' % (s.name, s.json(), s.near())


@named
def logfmt_coloured(s):
    return "\x1b[36mINFO\x1b[0m[0%d] login \x1b[36m%s\x1b[0m=%s \x1b[36muser\x1b[0m=%s" % (
        s.num(), s.words(), s.token(), s.near())


@named
def colon(s):
    return stamp(s) + "%s: %s" % (s.words().replace("_", " "), s.line())


@named
def colon_listed(s):
    return stamp(s) + "user: %s, %s: %s, retries: %d" % (s.near(), s.words(), s.token(), s.num())


@named
def semicolons(s):
    return stamp(s) + "host=%s;%s=%s;n=%d" % (s.near(), s.words(), s.token(), s.num())


@named
def arrow(s):
    return stamp(s) + "params: user => %s, %s => %s" % (s.near(), s.words(), s.token())


@named
def columns(s):
    return "%-24s %s\n%-24s : %s" % ("region", s.near(), s.words(), s.line())


@named
def table(s):
    return "| %-20s | %s |" % (s.words(), s.line())


# ---- HTTP -------------------------------------------------------------------------------------
@named
def header(s):
    return "> GET /%s HTTP/1.1\n> Host: shop.example.net\n> %s: %s\n> Accept: */*" % (s.near(), s.header(), s.line())


@bare
def authorization(s):
    return stamp(s) + "Authorization: %s %s" % (s.pick("Bearer", "Token", "token", "ApiKey"), s.line())


@bare
def bearer_in_text(s):
    return stamp(s) + "calling /%s with bearer %s" % (s.near(), s.line())


@named
def go_headers(s):
    return stamp(s) + "headers=map[Accept:[*/*] %s:[%s] X-Request-Id:[%s]]" % (s.header(), s.line(), s.near())


@named
def curl(s):
    return "+ curl -sS -H '%s: %s' https://api.example.net/%s" % (s.header(), s.single(), s.near())


@named
def query(s):
    return '10.0.0.%d - - "GET /%s?page=2&%s=%s HTTP/1.1" 200 %d' % (s.num() % 250, s.near(), s.words(), s.url(),
                                                                    s.num())


@named
def query_encoded_twice(s):
    return stamp(s) + "redirect to /%s?next=%%2Fcb%%3F%s%%3D%s%%26x%%3D1" % (s.near(), s.words(), s.url2())


@named
def fragment(s):
    return stamp(s) + "callback https://app.example.net/%s#state=1&%s=%s" % (s.near(), s.words(), s.url())


@named
def form(s):
    return stamp(s) + "body: user=%s&%s=%s&remember=on" % (s.near(), s.words(), s.url())


@named
def multipart(s):
    return '--xYz\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n--xYz--' % (s.words(), s.line())


@bare
def url_path(s):
    return stamp(s) + "GET https://api.example.net/v1/%s/%s failed" % (s.near(), s.url())


@named
def url_user(s):
    return stamp(s) + "connecting to %s://app:%s@db.example.net:5432/%s" % (
        s.pick("postgres", "mysql", "amqp", "redis", "mongodb+srv", "https"), s.url(), s.near())


# ---- cookies -----------------------------------------------------------------------------------
@named
def cookie(s):
    return stamp(s) + "Cookie: theme=dark; %s=%s; lang=en" % (s.words(), s.url())


@named
def set_cookie(s):
    return "< HTTP/1.1 200 OK\n< Set-Cookie: %s=%s; Path=/; HttpOnly\n< X-Request-Id: %s" % (
        s.words(), s.url(), s.near())


# ---- shells ------------------------------------------------------------------------------------
@named
def option_equals(s):
    return stamp(s) + "exec: /usr/bin/tool --%s=%s --region %s" % (s.kebab(), s.token(), s.near())


@named
def option_blank(s):
    return stamp(s) + "exec: tool --region %s --%s %s -v" % (s.near(), s.kebab(), s.token())


@named
def option_quoted(s):
    return stamp(s) + "$ tool --%s '%s' --region=%s" % (s.kebab(), s.single(), s.near())


@named
def environment(s):
    return "HOME=/root\n%s=%s\nREGION=%s" % (s.env(), s.line(), s.near())


@named
def export(s):
    return "+ export %s='%s'\n+ make %s" % (s.env(), s.single(), s.near())


@named
def systemd(s):
    return 'Environment="REGION=%s" "%s=%s"' % (s.near(), s.env(), s.json())


@named
def audit(s):
    return 'type=EXECVE msg=audit(17%08d.123:%d): argc=3 a0="tool" a1="--%s" a2="%s" key="%s"' % (
        s.num(), s.num(), s.kebab(), s.json(), s.near())


@named
def docker_env(s):
    return "docker run -e %s=%s --name %s shop:2" % (s.env(), s.token(), s.near())


@bare
def prose(s):
    return stamp(s) + s.pick("cannot use %s for order %s", "key %s was refused by %s", "got %s, expected none (%s)",
                             '"%s" is not valid in %s', "leaked: %s. see %s") % (s.line(), s.near())


@bare
def in_brackets(s):
    return stamp(s) + "worker[%s] retry (%s), attempt %d" % (s.near(), s.line(), s.num())


# ---- data ------------------------------------------------------------------------------------
@named
def sql_update(s):
    return stamp(s) + "UPDATE users SET %s = '%s' WHERE id = %s" % (s.words(), s.sql(), s.near(str(s.num())))


@named
def sql_create_user(s):
    return stamp(s) + "CREATE USER %s WITH PASSWORD '%s'" % (s.near(), s.sql())


@named
def xml_element(s):
    return "<request><user>%s</user><%s>%s</%s></request>" % (s.near(), s.camel(), s.xml(), s.camel())


@named
def xml_attribute(s):
    return '<db host="%s" %s="%s" port="5432"/>' % (s.near(), s.camel(), s.xml())


@named
def xml_key_value(s):
    return '<appSettings><add key="%s" value="%s"/><add key="region" value="%s"/></appSettings>' % (
        s.pascal(), s.xml(), s.near())


@named
def ini(s):
    return "[%s]\n%s = %s\nport = 5432" % (s.near(), s.words(), s.line())


@named
def properties(s):
    return "spring.datasource.url=jdbc:x\nspring.datasource.%s=%s\nserver.port=%s" % (
        s.kebab(), s.line(), s.near("8443"))


@named
def yaml(s):
    return "db:\n  host: %s\n  %s: %s\n  port: 5432" % (s.near(), s.words(), s.token())


@named
def yaml_quoted(s):
    return "  %s: '%s'\n  region: %s" % (s.camel(), s.form(s.value.replace("'", "''").replace("\n", " ")), s.near())


@named
def yaml_block(s):
    body = "".join("\n      " + line for line in s.value.split("\n"))
    s.plain()
    return "  %s: |%s\n  region: %s" % (s.words(), body, s.near())


@named
def yaml_list(s):
    return "env:\n  - name: %s\n    value: %s\n  - name: REGION\n    value: %s" % (s.env(), s.token(), s.near())


@named
def toml(s):
    return '[deploy]\nregion = "%s"\n%s = "%s"' % (s.near(), s.words(), s.json())


@named
def connection_string(s):
    return stamp(s) + "Server=%s;Database=shop;User Id=sa;%s=%s;Encrypt=true" % (
        s.near(), s.pick("Password", "Pwd", "AccountKey", "SharedAccessKey"), s.token())


@named
def libpq(s):
    return stamp(s) + "connecting: host=%s user=app %s=%s dbname=shop" % (s.near(), s.pick("password", "passwd"),
                                                                         s.token())


@named
def jaas(s):
    return 'sasl.jaas.config=org.apache.kafka.PlainLoginModule required username="%s" password="%s";' % (
        s.near(), s.json())


@named
def diff(s):
    return "@@ -1,2 +1,2 @@\n region: %s\n-%s: old\n+%s: %s" % (s.near(), s.words(), s.words(), s.token())


# ---- languages ----------------------------------------------------------------------------------
@named
def python_dict(s):
    return stamp(s) + "config={'region': '%s', '%s': '%s', 'n': %d}" % (s.near(), s.words(), s.single(), s.num())


@named
def python_object(s):
    return stamp(s) + "Settings(region='%s', %s='%s', debug=True)" % (s.near(), s.words(), s.single())


@named
def python_bytes(s):
    return stamp(s) + "{b'%s': b'%s', b'x': b'%s'}" % (s.words(), s.single(), s.near())


@named
def python_trace(s):
    return ('Traceback (most recent call last):\n  File "app.py", line %d, in connect\n    client = Client('
            "%s='%s')\nValueError: %s refused") % (s.num(), s.words(), s.single(), s.near())


@named
def ruby_hash(s):
    return stamp(s) + 'Parameters: {"user"=>"%s", "%s"=>"%s"}' % (s.near(), s.words(), s.json())


@named
def ruby_inspect(s):
    return stamp(s) + '#<Client:0x00007f8a @region="%s", @%s="%s", @n=%d>' % (s.near(), s.words(), s.json(), s.num())


@named
def ruby_symbols(s):
    return stamp(s) + '{:region=>"%s", :%s=>"%s"}' % (s.near(), s.words(), s.json())


@named
def go_struct(s):
    return stamp(s) + "cfg={Region:%s %s:%s Port:5432}" % (s.near(), s.pascal(), s.token())


@named
def go_syntax(s):
    return stamp(s) + 'main.Config{Region:"%s", %s:"%s", Port:5432}' % (s.near(), s.pascal(), s.json())


@named
def java_object(s):
    return stamp(s) + "Config{region='%s', %s='%s', port=5432}" % (s.near(), s.camel(), s.single())


@named
def java_record(s):
    return stamp(s) + "Config[region=%s, %s=%s, port=5432]" % (s.near(), s.camel(), s.token())


@named
def java_trace(s):
    return ("java.lang.IllegalStateException: %s=%s rejected\n\tat com.example.Shop.pay(Shop.java:%d)\n"
            "\tat com.example.%s.run(Main.java:7)") % (s.camel(), s.token(), s.num(), s.near())


@named
def js_inspect(s):
    return "{\n  region: '%s',\n  %s: '%s',\n  port: 5432\n}" % (s.near(), s.camel(), s.single())


@named
def rust_debug(s):
    return stamp(s) + 'Config { region: "%s", %s: "%s", port: 5432 }' % (s.near(), s.words(), s.json())


@named
def rust_some(s):
    return stamp(s) + 'Config { region: "%s", %s: Some("%s") }' % (s.near(), s.words(), s.json())


@named
def csharp_record(s):
    return stamp(s) + "Config { Region = %s, %s = %s, Port = 5432 }" % (s.near(), s.pascal(), s.token())


@named
def php_print(s):
    return "Array\n(\n    [region] => %s\n    [%s] => %s\n)" % (s.near(), s.words(), s.line())


@named
def php_dump(s):
    return 'array(2) {\n  ["region"]=>\n  string(8) "%s"\n  ["%s"]=>\n  string(%d) "%s"\n}' % (
        s.near(), s.words(), len(s.value), s.json())


@named
def elixir(s):
    return stamp(s) + '%%{region: "%s", %s: "%s"}' % (s.near(), s.words(), s.json())


@named
def clojure(s):
    return stamp(s) + '{:region "%s", :%s "%s"}' % (s.near(), s.kebab(), s.json())


@named
def protobuf(s):
    return stamp(s) + 'region:"%s" %s:"%s" port:5432' % (s.near(), s.words(), s.json())


@named
def terraform(s):
    return '+ resource "db" "%s" {\n    + %s = "%s"\n  }' % (s.near(), s.words(), s.json())


@named
def c_debug(s):
    return stamp(s) + "%s:%d: %s = \"%s\", n = %d" % (s.near("cart.c"), s.num(), s.words(), s.json(), s.num())


@named
def sentence(s):
    return stamp(s) + s.pick('user %s set %s to "%s"', "for %s the %s is %s", "%s: new %s = %s") % (
        s.near(), s.words().replace("_", " "), s.json())


# ---- whole records of their own --------------------------------------------------------------------
def basic_header(r):
    s = Scene(r, "", "ann:" + phrase(r))
    s.form(b64(s.value.encode()))
    return s, "Authorization: Basic " + s.forms[0]


def netrc(r):
    s = Scene(r, "", phrase(r))
    return s, "machine %s login ann password %s" % (s.near(), s.plain())


def docker_auth(r):
    s = Scene(r, "", "ann:" + phrase(r))
    s.form(b64(s.value.encode()))
    return s, '{"auths":{"%s":{"auth":"%s"}}}' % (s.near(), s.forms[0])


def mysql_short(r):
    s = Scene(r, "", some(r, ALNUM, 14))
    return s, "exec: mysql -u root -p%s -h %s" % (s.plain(), s.near())


def curl_user(r):
    s = Scene(r, "", some(r, ALNUM, 14))
    return s, "$ curl -u ann:%s https://%s.example.net/" % (s.plain(), s.near())


def sshpass(r):
    s = Scene(r, "", some(r, ALNUM, 14))
    return s, "+ sshpass -p %s ssh root@%s" % (s.plain(), s.near())


def redis_auth(r):
    s = Scene(r, "", some(r, ALNUM, 20))
    return s, '17%08d.1 [0 127.0.0.1:%d] "AUTH" "%s"' % (r.randrange(10**8), r.randrange(9999), s.plain())


def pgpass(r):
    s = Scene(r, "", some(r, ALNUM, 20))
    return s, "%s.example.net:5432:shop:app:%s" % (s.near(), s.plain())


def sas_url(r):
    s = Scene(r, "", b64(bytes(r.randrange(256) for _ in range(32))))
    return s, "GET https://%s.blob.core.windows.net/c/b?sv=2022-11-02&se=2026-12-01&sp=r&sig=%s" % (s.near(), s.url())


def presigned(r):
    s = Scene(r, "", some(r, HEX, 64))
    return s, "GET https://%s.s3.amazonaws.com/k?X-Amz-Date=20261126T000000Z&X-Amz-Signature=%s" % (
        s.near(), s.plain())


def otpauth(r):
    s = Scene(r, "", some(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32))
    return s, "enrolled otpauth://totp/Shop:%s?secret=%s&issuer=Shop" % (s.near(), s.plain())


def wireguard(r):
    s = Scene(r, "", b64(bytes(r.randrange(256) for _ in range(32))))
    return s, "[Interface]\nPrivateKey = %s\nAddress = %s" % (s.plain(), s.near("10.0.0.2/32"))


def k8s_bootstrap(r):
    s = Scene(r, "", some(r, LOWNUM, 6) + "." + some(r, LOWNUM, 16))
    return s, "kubeadm join %s:6443 --token %s" % (s.near(), s.plain())


def shadow(r):
    s = Scene(r, "", "$6$" + some(r, ALNUM, 16) + "$" + some(r, ALNUM + "./", 86))
    return s, "%s:%s:19700:0:99999:7:::" % (s.near(), s.plain())


def json_number(r):
    s = Scene(r, "", some(r, "123456789", 6))
    return s, '{"user":"%s","pin":%s,"n":1}' % (s.near(), s.plain())


def pem_lines(r):
    from kinds import pem
    s = Scene(r, "", pem(r))
    at = "Nov 26 10:00:00 web app[%d]: " % r.randrange(999)
    s.plain()
    return s, "\n".join(at + line for line in s.value.split("\n")) + "\n" + at + "order " + s.near()


def pem_without_end(r):
    from kinds import pem
    s = Scene(r, "", pem(r).rsplit("\n", 2)[0])
    return s, "reading key for %s\n%s" % (s.near(), s.plain())


def digest_header(r):
    s = Scene(r, "", some(r, HEX, 32))
    return s, 'Authorization: Digest username="ann", realm="%s", nonce="%s", response="%s"' % (
        "shop", some(r, HEX, 16), s.plain())


def aws_v4(r):
    s = Scene(r, "", some(r, HEX, 64))
    return s, ("Authorization: AWS4-HMAC-SHA256 Credential=AK" + "IA%s/20261126/eu/s3/aws4_request, "
               "SignedHeaders=host, Signature=%s") % (some(r, "ABCDEFGHIJKLMNOP234567", 16), s.plain())


def websocket_jwt(r):
    s = Scene(r, "", jwt(r))
    return s, "GET /socket.io/?EIO=4&sid=%s HTTP/1.1 Sec-WebSocket-Protocol: %s" % (s.near(), s.plain())


WHOLE = [(f.__name__.replace("_", "-"), f) for f in (
    basic_header, netrc, docker_auth, mysql_short, curl_user, sshpass, redis_auth, pgpass, sas_url, presigned,
    otpauth, wireguard, k8s_bootstrap, shadow, json_number, pem_lines, pem_without_end, digest_header, aws_v4,
    websocket_jwt)]
