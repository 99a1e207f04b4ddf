#include "redact/keyed.h"
#include "redact/pair.h"
#include "redact/text.h"

/* Words that stand where a secret would and say something about it. Whoever uses one of
 * them as a password has none. */
/* clang-format off */
#define WORDS(X) \
	X("true") X("false") X("null") X("nil") X("none") X("undefined") X("yes") X("no") \
	X("on") X("off") X("ok") X("set") X("unset") X("empty") X("missing") X("present") \
	X("absent") X("required") X("optional") X("expired") X("invalid") X("valid") \
	X("revoked") X("denied") X("failed") X("granted") X("changed") X("updated") \
	X("rotated") X("refreshed") X("success") X("unknown") X("enabled") X("disabled") \
	X("redacted") X("hidden") X("masked") X("filtered") X("removed") X("scrubbed") \
	X("omitted") X("sensitive") X("secured") X("ro") X("rw") X("await") X("new") \
	X("include") X("omit") X("undef") X("nan") X("%s") X("%d") X("?") X("<nil>") \
	X("<null>") X("(null)") X("all") X("any") X("native") X("noarch") X("amd64") \
	X("arm64") X("armhf") X("armel") X("i386") X("x86_64") X("ppc64el") X("riscv64") \
	X("s390x")
/* clang-format on */
#define TEXT(text) text,
#define KEY(text)  TELL_KEYED(text),
static const char words[][10] = { WORDS(TEXT) };
static const uint8_t word_keys[] = { WORDS(KEY) };

/* What usage texts have in place of a value: --password TEXT. */
/* clang-format off */
#define USAGE(X) \
	X("TEXT") X("STRING") X("STR") X("VALUE") X("FILE") X("PATH") X("NAME") X("USER") \
	X("ARG") X("ID") X("PASSWORD") X("PASS") X("TOKEN") X("SECRET") X("KEY") \
	X("API_KEY") X("API_TOKEN") X("ACCESS_TOKEN")
/* clang-format on */
static const char usage[][13] = { USAGE(TEXT) };
static const uint8_t usage_keys[] = { USAGE(KEY) };

/* Code that has the value from elsewhere: os.environ['TOKEN'], self.password. */
static const char *const elsewhere[] = { "os.environ", "process.env", "self.", "this.",
	"args.", "opts.", "options.", "config.", "settings.", NULL };

static bool is_word(const char *s, size_t len)
{
	size_t n = sizeof(word_keys), i = 0;
	char first = tell_char_lower(s[0]);
	while ((i = tell_keyed_next(word_keys, n, i, first, len)) < n) {
		if (strlen(words[i]) == len && tell_text_starts_with(s, len, 0, words[i]))
			return true;
		i++;
	}
	return false;
}

static size_t run_of(const char *s, size_t from, size_t to, int classes)
{
	while (from < to && (tell_char_is(s[from], classes) || s[from] == '_'))
		from++;
	return from;
}

static bool is_usage(const char *s, size_t len)
{
	size_t n = sizeof(usage_keys), i = 0;
	while ((i = tell_keyed_next(usage_keys, n, i, s[0], len)) < n) {
		if (strlen(usage[i]) == len && memcmp(usage[i], s, len) == 0)
			return true;
		i++;
	}
	return false;
}

/* A name in dots, perhaps with an index, and nothing else. */
static bool is_elsewhere(const char *s, size_t len)
{
	if (!memchr("opstac", s[0], 6)) /* what they begin with */
		return false;
	for (size_t i = 0; elsewhere[i]; i++) {
		size_t at = strlen(elsewhere[i]);
		if (len <= at || memcmp(elsewhere[i], s, at) != 0)
			continue;
		while (at < len &&
			(tell_char_is(s[at], TELL_CHAR_ALPHA) ||
				strchr("_.['\"]);,", s[at])))
			at++;
		return at == len;
	}
	return false;
}

/* ****, xxxx, ...: somebody masked it before. */
static bool is_one_sign(const char *s, size_t len)
{
	if (!strchr("*xX.-#", s[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (s[i] != s[0])
			return false;
	return true;
}

/* ${DB_PASSWORD} {{token}} <hidden> $1 $2: to be filled in, or left out. */
static bool is_placeholder(const char *s, size_t len)
{
	if (len < 2)
		return false;
	if (s[0] == '$' && len <= 3)
		return run_of(s, 1, len, TELL_CHAR_DIGIT) == len;
	size_t from = s[0] == '$' ? 1 : 0;
	char open = s[from], close = open == '{' ? '}' : open == '<' ? '>' : '\0';
	if (!close || s[len - 1] != close || (open == '<' && from))
		return false;
	if (s[from + 1] == '{')
		from++;
	if (len > from + 2 && s[len - 2] == '}' && open == '{')
		len--;
	return from + 1 < len - 1 &&
		run_of(s, from + 1, len - 1, TELL_CHAR_ALPHA) == len - 1;
}

/* $DB_PASSWORD :password @token {{: a variable of a shell, a bind of SQL, a template. */
static bool is_variable(const char *s, size_t len)
{
	if (len < 2)
		return false;
	if ((s[0] == '{' || s[0] == '<') && s[1] == (s[0] == '{' ? '{' : '%'))
		return len == 2;
	for (size_t i = 1; i < len; i++) {
		bool upper = s[i] >= 'A' && s[i] <= 'Z',
		     lower = s[i] >= 'a' && s[i] <= 'z';
		if (s[i] != '_' && !(s[0] == '$' ? upper : lower))
			return false;
	}
	return s[0] == '$' || s[0] == ':' || s[0] == '@';
}

/* os.getenv("X, getToken(: code that makes the value, and not Some("x"), which is one. */
static bool is_call(const char *s, size_t len)
{
	static const char wrappers[][12] = { "Some", "Just", "Optional", "Secret",
		"SecretStr", "String", "Password", "Sensitive", "bytes", "str" };
	size_t i = 0;
	while (i < len &&
		(tell_char_is(s[i], TELL_CHAR_ALPHA) || s[i] == '.' || s[i] == '_'))
		i++;
	if (i < 3 || i >= len || s[i] != '(')
		return false;
	for (size_t k = 0; k < sizeof(wrappers) / sizeof(wrappers[0]); k++)
		if (strlen(wrappers[k]) == i && memcmp(wrappers[k], s, i) == 0)
			return false;
	return i + 1 == len || strchr(")\"'", s[i + 1]);
}

/* ***REDACTED***, [FILTERED], (hidden), None):, %(token)s: a word in signs. */
static bool is_word_in_signs(const char *s, size_t len)
{
	if (len > 4 && s[0] == '%' && s[1] == '(' && s[len - 2] == ')' &&
		s[len - 1] == 's')
		return run_of(s, 2, len - 2, TELL_CHAR_ALPHA) == len - 2;
	while (len && strchr("*[(<{", s[0]))
		s++, len--;
	while (len && strchr("*])>}:;,", s[len - 1]))
		len--;
	return len && (is_word(s, len) || is_usage(s, len));
}

bool tell_value_harmless(const char *s, size_t len)
{
	if (len == 0)
		return true;
	if (len > 64)
		return is_one_sign(s, len);
	return is_word_in_signs(s, len) || is_one_sign(s, len) ||
		is_placeholder(s, len) || is_variable(s, len) || is_call(s, len) ||
		is_elsewhere(s, len);
}

/* RFC 9110 section 16.4.1 (the registry) and what is common beside it. */
static const struct {
	const char *name;
	bool parameters;
} schemes[] = { { "bearer", false }, { "basic", false }, { "token", false },
	{ "apikey", false }, { "negotiate", false }, { "ntlm", false }, { "dpop", false },
	{ "key", false }, { "jwt", false }, { "digest", true }, { "oauth", true },
	{ "hawk", true }, { "mac", true }, { "gnap", true }, { "vapid", true },
	{ "signature", true }, { "aws4-hmac-sha256", true } };

size_t tell_scheme_end(const char *s, size_t from, size_t to, bool *ret_parameters)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t end = from + strlen(schemes[i].name);
		if (!tell_text_starts_with(s, to, from, schemes[i].name) || end >= to ||
			(s[end] != ' ' && s[end] != '\t'))
			continue;
		while (end < to && (s[end] == ' ' || s[end] == '\t'))
			end++;
		*ret_parameters = schemes[i].parameters;
		return end;
	}
	*ret_parameters = false;
	return from;
}
