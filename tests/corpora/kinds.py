"""Kinds of secrets: how their issuers document the format. Values are made here, from parts, with
checksums that hold; none stands in the source. Written apart from src/redact/, as its adversary.

A kind is (name, names, make): names are what such a value is called where it has a name; a kind
whose name begins with '-' cannot be known without one."""
import base64
import binascii
import json
import string

LOWER, UPPER, DIGIT = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALNUM = UPPER + LOWER + DIGIT
URL64 = ALNUM + "-_"
HEX = DIGIT + "abcdef"
LOWNUM = LOWER + DIGIT
B32 = UPPER + "234567"
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def some(r, alphabet, n):
    return "".join(r.choice(alphabet) for _ in range(n))


def b64(data):
    return base64.b64encode(data).decode()


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def raw(r, n):
    return bytes(r.randrange(256) for _ in range(n))


def uuid(r):
    h = some(r, HEX, 32)
    return "-".join((h[:8], h[8:12], "4" + h[13:16], r.choice("89ab") + h[17:20], h[20:]))


# ---- checksums ------------------------------------------------------------------------------
def base62(n, width):
    digits = DIGIT + UPPER + LOWER
    out = ""
    while n:
        n, d = divmod(n, 62)
        out = digits[d] + out
    return out.rjust(width, "0")


def crc_token(r, prefix, n=30):
    """GitHub's and npm's: 30 characters and a CRC-32 of them in base 62."""
    body = some(r, ALNUM, n)
    return prefix + body + base62(binascii.crc32(body.encode()), 6)


def luhn(digits):
    total = 0
    for i, d in enumerate(reversed(digits)):
        d = int(d)
        if i % 2 == 0:
            d = d * 2 - 9 if d > 4 else d * 2
        total += d
    return str(-total % 10)


def card(r, gap=""):
    prefix, n = r.choice([("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("34", 15), ("37", 15),
                          ("6011", 16), ("65", 16), ("3528", 16), ("36", 14), ("62", 16)])
    body = prefix + some(r, DIGIT, n - len(prefix) - 1)
    number = body + luhn(body)
    if not gap:
        return number
    if n == 16:
        return gap.join(number[i:i + 4] for i in range(0, 16, 4))
    return gap.join((number[:4], number[4:10], number[10:]))


IBAN = {"DE": "n18", "GB": "a4n14", "FR": "n10c11n2", "NL": "a4n10", "ES": "n20", "CH": "n5c12",
        "AT": "n16", "BE": "n12", "PL": "n24", "SE": "n20", "IT": "a1n10c12", "NO": "n11"}


def iban(r, gap=""):
    country = r.choice(sorted(IBAN))
    body, spec = "", IBAN[country]
    while spec:
        kind, spec = spec[0], spec[1:]
        n = ""
        while spec and spec[0].isdigit():
            n, spec = n + spec[0], spec[1:]
        body += some(r, {"n": DIGIT, "a": UPPER, "c": UPPER + DIGIT}[kind], int(n))
    number = "".join(str(int(c, 36)) for c in body + country + "00")
    whole = country + "%02d" % (98 - int(number) % 97) + body
    return gap.join(whole[i:i + 4] for i in range(0, len(whole), 4)) if gap else whole


def b58check(r, prefix, n):
    return prefix + some(r, B58, n)


# ---- structured values ------------------------------------------------------------------------
def jwt(r):
    head = {"alg": r.choice(["HS256", "RS256", "ES256", "EdDSA"]), "typ": "JWT"}
    if r.random() < .4:
        head = {"kid": some(r, URL64, 12), **head}
    body = {"sub": some(r, DIGIT, 6), "iat": r.randrange(1700000000, 1800000000),
            "iss": "https://id.example.net"}
    parts = [b64url(json.dumps(p, separators=(",", ":")).encode()) for p in (head, body)]
    return ".".join(parts + [b64url(raw(r, r.choice([32, 64, 256])))])


def jwe(r):
    head = b64url(json.dumps({"alg": "RSA-OAEP", "enc": "A256GCM"}).encode())
    return ".".join((head, b64url(raw(r, 256)), b64url(raw(r, 12)), b64url(raw(r, 90)),
                     b64url(raw(r, 16))))


def pem(r, label=None):
    label = label or r.choice(["RSA ", "EC ", "DSA ", "OPENSSH ", "", "ENCRYPTED "]) + "PRIVATE KEY"
    body = b64(raw(r, r.choice([118, 300, 610])))
    width = 70 if "OPENSSH" in label else 64
    lines = [body[i:i + width] for i in range(0, len(body), width)]
    dashes = "-" * 5
    return "\n".join([f"{dashes}BEGIN {label}{dashes}"] + lines + [f"{dashes}END {label}{dashes}"])


def pgp(r):
    text = pem(r, "PGP " + "PRIVATE KEY BLOCK").split("\n")
    return "\n".join([text[0], "Version: GnuPG v2", ""] + text[1:])


def phrase(r):
    """What people choose: mixed, with signs that end words elsewhere."""
    shape = r.randrange(6)
    word = r.choice(["Winter", "tiger", "Hafen", "Sommer", "orange", "pelican", "Passau", "kermit"])
    if shape == 0:
        return word + some(r, DIGIT, 4) + r.choice("!#$%*?")
    if shape == 1:
        return some(r, ALNUM, 12)
    if shape == 2:
        return "-".join(some(r, LOWER, 5) for _ in range(4))
    if shape == 3:
        return some(r, ALNUM + "!#$%*+./:@^_~", 18)
    if shape == 4:
        return some(r, LOWNUM, 9)
    return word.lower() + r.choice("._@") + some(r, ALNUM, 6)


def words(r):
    return " ".join(some(r, LOWER, r.randrange(4, 8)) for _ in range(12))


PASSWORD = ["password", "passwd", "db_password", "PGPASSWORD", "DB_PASS", "dbPassword",
            "user_pwd", "smtp-password", "admin_password", "POSTGRES_PASSWORD", "keystorePassword"]
KEY = ["api_key", "apikey", "apiKey", "X-Api-Key", "API_KEY", "service_api_key"]
TOKEN = ["token", "access_token", "accessToken", "auth_token", "AUTH_TOKEN", "bearer_token"]
SECRET = ["secret", "client_secret", "clientSecret", "CLIENT_SECRET", "app_secret", "signing_secret"]


def simple(prefix, alphabet, *sizes, tail=""):
    """prefix, then parts of these lengths with the signs between them."""
    def make(r):
        out = prefix
        for size in sizes:
            out += size if isinstance(size, str) else some(r, alphabet, size)
        return out + tail
    return make


KINDS = [
    # clouds
    ("aws-key-id", ["AWS_ACCESS_KEY_ID", "aws_access_key_id"], lambda r:
        r.choice(["AK", "AS"]) + "IA" + some(r, B32, 16)),
    ("-aws-secret", ["AWS_SECRET_ACCESS_KEY", "aws_secret_access_key", "secretAccessKey"],
        simple("", ALNUM + "+/", 40)),
    ("-aws-session", ["AWS_SESSION_TOKEN", "sessionToken", "X-Amz-Security-Token"], lambda r:
        "IQoJ" + some(r, ALNUM + "+/", 300)),
    ("google-api-key", KEY + ["GOOGLE_API_KEY"], simple("AI" + "za", URL64, 35)),
    ("google-oauth-secret", SECRET, simple("GO" + "CSPX-", URL64, 28)),
    ("google-access-token", TOKEN, simple("ya29" + ".", URL64, 120)),
    ("google-refresh-token", ["refresh_token"], simple("1/" + "/0", URL64, 62)),
    ("-azure-storage", ["AccountKey", "AZURE_STORAGE_KEY", "account_key"], lambda r: b64(raw(r, 64))),
    ("azure-client-secret", ["AZURE_CLIENT_SECRET", "client_secret"], lambda r:
        some(r, ALNUM, 3) + r.choice("78") + "Q~" + some(r, URL64 + ".~", 34)),
    ("azure-devops-pat", ["AZURE_DEVOPS_EXT_PAT", "pat_token"], lambda r:
        some(r, ALNUM, 76) + "AZDO" + some(r, ALNUM, 4)),
    ("digitalocean", TOKEN, lambda r: r.choice(["dop", "doo", "dor"]) + "_v1_" + some(r, HEX, 64)),
    ("heroku", ["HEROKU_API_KEY"], simple("HR" + "KU-AA", URL64, 58)),
    ("alibaba-key-id", ["ALIBABA_CLOUD_ACCESS_KEY_ID"], simple("LT" + "AI", ALNUM, 20)),
    ("yandex-iam", TOKEN, simple("t1" + ".", URL64, 90, ".", 86)),
    ("fly", ["FLY_API_TOKEN"], simple("fm2" + "_", ALNUM + "+/", 120)),
    ("-cloudflare", ["CF_API_TOKEN", "CLOUDFLARE_API_TOKEN"], simple("", URL64, 40)),
    # code and packages
    ("github-pat", TOKEN + ["GITHUB_TOKEN", "GH_TOKEN"], lambda r: crc_token(r, "gh" + "p_")),
    ("github-app", TOKEN + ["GITHUB_TOKEN"], lambda r: crc_token(r, r.choice(["gho", "ghu", "ghs"]) + "_")),
    ("github-fine", ["GITHUB_TOKEN"], simple("github" + "_pat_", ALNUM, 22, "_", 59)),
    ("gitlab-pat", ["GITLAB_TOKEN", "PRIVATE-TOKEN"], simple("gl" + "pat-", URL64, 20)),
    ("gitlab-other", ["CI_JOB_TOKEN", "deploy_token"], lambda r:
        r.choice(["gldt", "glrt", "glptt", "glft", "glsoat"]) + "-" + some(r, URL64, 22)),
    ("bitbucket", ["BITBUCKET_APP_PASSWORD"], simple("AT" + "BB", ALNUM, 24, 8)),
    ("atlassian", ["JIRA_API_TOKEN", "api_token"], lambda r:
        "ATATT3" + "xFfGF0" + some(r, URL64, 171) + "=" + some(r, DIGIT + "ABCDEF", 8)),
    ("npm", ["NPM_TOKEN", "_authToken"], lambda r: crc_token(r, "np" + "m_")),
    ("pypi", ["PYPI_TOKEN", "TWINE_PASSWORD"], simple("pypi" + "-AgEIcHlwaS5vcmc", URL64, 150)),
    ("rubygems", ["GEM_HOST_API_KEY"], simple("ruby" + "gems_", HEX, 48)),
    ("crates", ["CARGO_REGISTRY_TOKEN"], simple("ci" + "o", ALNUM, 32)),
    ("nuget", ["NUGET_API_KEY"], simple("oy" + "2", LOWNUM, 43)),
    ("docker", ["DOCKER_TOKEN", "DOCKERHUB_PASSWORD"], simple("dckr" + "_pat_", URL64, 27)),
    ("circleci", ["CIRCLE_TOKEN"], simple("CCI" + "PAT_", ALNUM, 22, "_", 40)),
    ("buildkite", ["BUILDKITE_API_TOKEN"], simple("bk" + "ua_", HEX, 40)),
    ("sonar", ["SONAR_TOKEN"], lambda r: r.choice(["sqp", "squ", "sqa"]) + "_" + some(r, HEX, 40)),
    ("artifactory", ["ARTIFACTORY_API_KEY"], simple("AK" + "Cp", ALNUM, 69)),
    ("sourcegraph", ["SRC_ACCESS_TOKEN"], simple("sg" + "p_", HEX, 16, "_", 40)),
    # talk and mail
    ("slack-bot", ["SLACK_BOT_TOKEN", "slack_token"], lambda r: "xo" + "xb-" + some(r, DIGIT, 12) +
        "-" + some(r, DIGIT, 13) + "-" + some(r, ALNUM, 24)),
    ("slack-app", ["SLACK_APP_TOKEN"], lambda r: "xa" + "pp-1-A" + some(r, UPPER + DIGIT, 10) + "-" +
        some(r, DIGIT, 13) + "-" + some(r, HEX, 64)),
    ("slack-webhook", ["SLACK_WEBHOOK_URL", "webhook"], lambda r: "https://hooks.sl" + "ack.com/services/T" +
        some(r, UPPER + DIGIT, 8) + "/B" + some(r, UPPER + DIGIT, 8) + "/" + some(r, ALNUM, 24)),
    ("discord-bot", ["DISCORD_TOKEN"], lambda r: "M" + some(r, ALNUM, 25) + "." + some(r, URL64, 6) +
        "." + some(r, URL64, 38)),
    ("discord-webhook", ["webhook"], lambda r: "https://dis" + "cord.com/api/webhooks/" +
        some(r, DIGIT, 19) + "/" + some(r, URL64, 68)),
    ("telegram", ["TELEGRAM_BOT_TOKEN"], lambda r: r.choice("123456789") + some(r, DIGIT, 9) + ":AA" +
        some(r, URL64, 33)),
    ("sendgrid", ["SENDGRID_API_KEY"], simple("SG" + ".", URL64, 22, ".", 43)),
    ("mailgun", ["MAILGUN_API_KEY"], simple("key" + "-", HEX, 32)),
    ("mailchimp", ["MAILCHIMP_API_KEY"], lambda r: some(r, HEX, 32) + "-us" + str(r.randrange(1, 22))),
    ("brevo", ["BREVO_API_KEY"], simple("xkey" + "sib-", HEX, 64, "-", 16)),
    ("twilio-key", ["TWILIO_API_KEY"], simple("S" + "K", HEX, 32)),
    ("-twilio-auth", ["TWILIO_AUTH_TOKEN"], simple("", HEX, 32)),
    ("-postmark", ["X-Postmark-Server-Token", "POSTMARK_TOKEN"], uuid),
    # money
    ("stripe", ["STRIPE_SECRET_KEY", "stripe_api_key"], lambda r:
        r.choice(["sk", "rk"]) + r.choice(["_live_", "_test_"]) + some(r, ALNUM, r.choice([24, 99]))),
    ("stripe-webhook", ["STRIPE_WEBHOOK_SECRET"], simple("wh" + "sec_", ALNUM, 32)),
    ("square", ["SQUARE_ACCESS_TOKEN"], lambda r: r.choice(["sq0atp-" + some(r, URL64, 22),
        "sq0csp-" + some(r, URL64, 43), "EAAA" + some(r, URL64, 60)])),
    ("shopify", ["SHOPIFY_TOKEN", "X-Shopify-Access-Token"], lambda r:
        r.choice(["shpat", "shpss", "shpca", "shppa"]) + "_" + some(r, HEX, 32)),
    ("braintree", TOKEN, simple("access" + "_token$production$", LOWNUM, 16, "$", 32)),
    ("plaid", TOKEN, lambda r: "access-" + r.choice(["production", "sandbox"]) + "-" + uuid(r)),
    ("flutterwave", ["FLW_SECRET_KEY"], simple("FLW" + "SECK-", HEX, 32, "-X")),
    ("card", ["card_number", "pan", "cardNumber"], lambda r: card(r, r.choice(["", "", " ", "-"]))),
    ("iban", ["iban", "account"], lambda r: iban(r, r.choice(["", "", " "]))),
    ("-cvv", ["cvv", "cvc", "card_cvv"], simple("", DIGIT, 3)),
    ("-pin", ["pin", "card_pin", "PIN"], simple("", DIGIT, 4)),
    # models
    ("openai", ["OPENAI_API_KEY"], lambda r: "sk-" + r.choice(["proj-", "svcacct-", ""]) + some(r, ALNUM, 20) +
        "T3Blb" + "kFJ" + some(r, ALNUM, 20)),
    ("anthropic", ["ANTHROPIC_API_KEY", "x-api-key"], simple("sk-" + "ant-api03-", URL64, 93, tail="AA")),
    ("huggingface", ["HF_TOKEN"], simple("h" + "f_", ALNUM, 34)),
    ("replicate", ["REPLICATE_API_TOKEN"], simple("r" + "8_", ALNUM, 37)),
    ("groq", ["GROQ_API_KEY"], simple("gs" + "k_", ALNUM, 52)),
    ("perplexity", ["PPLX_API_KEY"], simple("pp" + "lx-", ALNUM, 48)),
    # watching
    ("grafana", ["GRAFANA_TOKEN"], lambda r: "gl" + "sa_" + some(r, ALNUM, 32) + "_" + some(r, HEX, 8)),
    ("newrelic", ["NEW_RELIC_API_KEY"], simple("NR" + "AK-", UPPER + DIGIT, 27)),
    ("-datadog", ["DD_API_KEY", "DD-API-KEY"], simple("", HEX, 32)),
    ("sentry", ["SENTRY_AUTH_TOKEN"], simple("sn" + "tryu_", HEX, 64)),
    ("dynatrace", ["DT_API_TOKEN"], simple("dt0" + "c01.", UPPER + DIGIT, 24, ".", 64)),
    ("launchdarkly", ["LD_SDK_KEY", "sdk_key"], lambda r: r.choice(["sdk", "api"]) + "-" + uuid(r)),
    # work
    ("notion", ["NOTION_TOKEN"], simple("nt" + "n_", ALNUM, 46)),
    ("linear", ["LINEAR_API_KEY"], simple("lin" + "_api_", ALNUM, 40)),
    ("figma", ["FIGMA_TOKEN"], simple("fi" + "gd_", URL64, 40)),
    ("airtable", ["AIRTABLE_TOKEN"], lambda r: "pat" + some(r, ALNUM, 14) + "." + some(r, HEX, 64)),
    ("postman", ["POSTMAN_API_KEY"], lambda r: "PM" + "AK-" + some(r, HEX, 24) + "-" + some(r, HEX, 34)),
    ("databricks", ["DATABRICKS_TOKEN"], simple("da" + "pi", HEX, 32)),
    ("dropbox", TOKEN, simple("sl" + ".", URL64, 135)),
    ("facebook", ["FB_ACCESS_TOKEN"], simple("EAAC" + "EdEose0cBA", ALNUM, 120)),
    ("-okta", ["OKTA_API_TOKEN"], simple("00", URL64, 40)),
    # vaults and keys
    ("vault", ["VAULT_TOKEN", "X-Vault-Token"], lambda r: r.choice(["hvs", "hvb"]) + "." + some(r, URL64, 95)),
    ("terraform", ["TF_TOKEN", "TFE_TOKEN"], simple("", ALNUM, 14, ".atlas" + "v1.", 67)),
    ("doppler", ["DOPPLER_TOKEN"], lambda r: "dp." + r.choice(["pt", "ct", "st.prd"]) + "." + some(r, ALNUM, 43)),
    ("pulumi", ["PULUMI_ACCESS_TOKEN"], simple("pu" + "l-", HEX, 40)),
    ("onepassword", ["OP_SERVICE_ACCOUNT_TOKEN"], lambda r: "ops_" + b64url(
        json.dumps({"email": "a@example.net", "muk": {"alg": "A256GCM", "k": some(r, URL64, 43)}}).encode())),
    ("age", ["AGE_KEY", "SOPS_AGE_KEY"], simple("AGE-" + "SECRET-KEY-1", BECH32, 58)),
    ("supabase", ["SUPABASE_ACCESS_TOKEN"], simple("sb" + "p_", HEX, 40)),
    ("planetscale", ["PLANETSCALE_TOKEN", "db_password"], lambda r: "pscale_" + r.choice(["tkn", "pw"]) + "_" +
        some(r, URL64, 43)),
    ("netlify", ["NETLIFY_AUTH_TOKEN"], simple("nf" + "p_", ALNUM, 40)),
    ("jwt", TOKEN + ["id_token", "jwt"], jwt),
    ("jwe", ["id_token", "access_token"], jwe),
    ("-session", ["session_id", "sessionid", "JSESSIONID", "PHPSESSID", "connect.sid"], simple("", ALNUM, 32)),
    ("-csrf", ["csrf_token", "X-CSRF-Token", "_csrf"], simple("", URL64, 43)),
    ("-generic-key", KEY, simple("", HEX, 40)),
    ("-generic-token", TOKEN, simple("", URL64, 48)),
    ("-generic-secret", SECRET, simple("", ALNUM, 32)),
    ("-password", PASSWORD, phrase),
    ("-password-2", ["passphrase", "passcode", "Passwort", "contraseña", "mot_de_passe", "senha", "wachtwoord"],
        phrase),
    ("-hash", ["password_hash", "passwordHash"], lambda r: r.choice([
        "$2b$12$" + some(r, ALNUM + "./", 53), "$6$" + some(r, ALNUM, 16) + "$" + some(r, ALNUM + "./", 86)])),
    ("-encryption-key", ["encryption_key", "private_key", "SECRET_KEY_BASE", "master_key", "APP_KEY"], lambda r:
        r.choice([b64(raw(r, 32)), some(r, HEX, 64)])),
    ("-totp", ["totp_secret", "otp_secret", "mfa_secret"], simple("", B32, 32)),
    ("-otp", ["otp", "otp_code", "verification_code", "mfa_code"], simple("", DIGIT, 6)),
    ("-snmp", ["snmp_community", "psk", "wpa_passphrase", "pre_shared_key"], phrase),
    ("-mnemonic", ["mnemonic", "seed_phrase", "recovery_phrase"], words),
    ("wallet-xprv", ["xprv", "wallet_key"], simple("xp" + "rv9s21ZrQH143K", B58, 97)),
    ("pem", ["private_key", "ssl_key"], pem),
    ("pgp", ["private_key"], pgp),
]

# Personal data: with --profile=pii only.
PII = [
    ("email", ["email", "user_email", "to"], lambda r: some(r, LOWER, 6) + r.choice(["", ".", "+"]) + some(r, LOWER, 4)
        + "@" + some(r, LOWER, 7) + r.choice([".com", ".de", ".co.uk", ".org"])),
    ("phone", ["phone", "mobile", "msisdn"], lambda r: r.choice(
        ["+49 151 ", "+44 7700 ", "+1 415 555 ", "+33 6 12 "]) + some(r, DIGIT, 4) + some(r, DIGIT, 3)),
]


def is_bare(kind):
    """Can it be known without a name?"""
    return not kind[0].startswith("-")
