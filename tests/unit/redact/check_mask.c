#include <stdio.h>
#include <string.h>
#include "redact/mask.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

/* A corpus of our own, made anew each time: secrets of all kinds in many settings, and
 * things that only look like them. */

/* Where a secret stands; what must still be there afterwards. */
static const struct {
	const char *text, *keep;
	int depth; /* how deep in JSON strings: line ends and quotes are escaped so often */
} settings[] = {
	{ "%s", "", 0 },
	{ "request failed: %s", "request failed: ", 0 },
	{ "sent %s to peer 10.0.0.7 in 31 ms", " to peer 10.0.0.7 in 31 ms", 0 },
	{ "[%s]", "[", 0 },
	{ "(%s) again", ") again", 0 },
	{ "<%s>", "<", 0 },
	{ "'%s'", "'", 0 },
	{ "got '%s', retrying 3 of 5", "', retrying 3 of 5", 0 },
	{ "level=info %s status=200", " status=200", 0 },
	{ "user=ann, %s", "user=ann, ", 0 },
	{ "line one\nx %s\nline three", "\nline three", 0 },
	{ "\t%s\r\n", "\r\n", 0 },
	{ "za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87 %s \xe2\x82\xac 5", " \xe2\x82\xac 5", 0 },
	{ "{\"svc\":\"cart\",\"v\":\"%s\",\"n\":655}", "\",\"n\":655}", 1 },
	{ "{\"v\": \"x %s\", \"ok\": true}", "\", \"ok\": true}", 1 },
	{ "[\"a\",\"%s\",\"b\"]", "\",\"b\"]", 1 },
	{ "{\"w\":\"{\\\"v\\\":\\\"%s\\\",\\\"n\\\":6}\"}", "\\\",\\\"n\\\":6}\"}", 2 },
	{ "body={\"a\":{\"b\":[\"%s\"]},\"c\":1.50}", "\"]},\"c\":1.50}", 1 },
};
#define N_SETTINGS (sizeof(settings) / sizeof(settings[0]))

/* As JSON would write the secret, depth strings deep: only line ends need it. */
static void escape(char *ret, const char *s, int depth)
{
	for (; *s; s++) {
		if (*s != '\n' || !depth) {
			*ret++ = *s;
			continue;
		}
		for (int i = 0; i < (depth == 1 ? 1 : 2); i++)
			*ret++ = '\\';
		*ret++ = 'n';
	}
	*ret = '\0';
}

static bool leaks(const char *text, const char *secret)
{
	size_t len = strlen(secret), run = len < 12 ? len : 12;
	char part[16];
	for (size_t i = 0; i + run <= len; i++) {
		memcpy(part, secret + i, run);
		part[run] = '\0';
		if (strstr(text, part))
			return true;
	}
	return false;
}

START_TEST(secrets_of_all_kinds_go_in_all_settings)
{
	uint64_t seed = tell_unit_seed();
	struct made m;
	int n = 0;
	for (size_t s = 0; s < N_SETTINGS; s++)
		for (int k = 0; k < 3 * MADE_KINDS; k++, n++) {
			char escaped[2 * MADE_MAX], text[3 * MADE_MAX], mask[32];
			made_secret(&m, (enum made_kind)(k % MADE_KINDS), &seed);
			escape(escaped, m.whole, settings[s].depth);
			const char *at = strstr(settings[s].text, "%s");
			(void)snprintf(text, sizeof(text), "%.*s%s%s",
				(int)(at - settings[s].text), settings[s].text, escaped,
				at + 2);
			(void)snprintf(mask, sizeof(mask), "[REDACTED:%s]", m.mask);
			const char *got = masked(text);
			ck_assert_msg(!leaks(got, m.secret), "%s\nbecame %s", text, got);
			ck_assert_msg(
				strstr(got, mask) != NULL, "%s\nbecame %s", text, got);
			ck_assert_msg(strstr(got, settings[s].keep) != NULL,
				"%s\nbecame %s", text, got);
			ck_assert_str_eq(masked(got), got);
		}
	ck_assert_int_ge(n, 200);
}
END_TEST

/* # a digit, ~ a hex digit, X a capital, ? a letter or digit. */
static const char *const likenesses[] = { "order ################ shipped",
	"ts_ns=17################# mono=8############",
	"tick at 17######## (17###########)",
	"job ~~~~~~~~-~~~~-4~~~-8~~~-~~~~~~~~~~~~ finished",
	"trace 00-~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~-~~~~~~~~~~~~~~~~-01",
	"commit ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ (was ~~~~~~~)",
	"sha256:~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ pulled",
	"Accepted publickey for ann from 10.#.#.# port #####: ED25519 SHA256:???????????????",
	"GET /api/v1/cart/#####?page=##&sort=created HTTP/1.1 200 #####",
	"https://h-##.example.org:8443/npm/vue@3.#.##/dist/vue.js", "git@h:a/b-##.git",
	"segfault at 0~~~~~~~~~~~~~ ip 0000~~~~~~~~~~~~ error 4 in libc.so.6[7f~~~~~~~~~~+19000]",
	"SELECT id, password_hash_updated_at, token_count FROM u WHERE id = ##### AND api_key_id IS NOT NULL",
	"cache get key=user:####:profile hit=true", "prompt_tokens=### max_tokens=####",
	"at com.example.TokenService.validate(TokenService.java:###)",
	"ann : TTY=pts/# ; PWD=/home/ann/x-## ; USER=root ; COMMAND=/bin/ls",
	"gc pause ##.######ms heap 5#########->8#########",
	"diff +##### -### lines, tz +0#00", "ticket ###-###-####-## closed",
	"01J???????????????????????", "1ZXX#X#X############",
	"arn:aws:iam::############:role/x-deploy",
	"arn:aws:secretsmanager:eu-west-1:############:secret:db-??????",
	"upgraded cart 1.##.##-rc.#+build.########",
	"peer 2001:db8:~~~~:~~~~:~~~~:~~~~:~~~~:~~~~",
	"etag W/\"~~~~~~~~-???????????????????????????\"",
	"next_page_token=????????????????",
	"{\"id\":\"~~~~~~~~\",\"authenticated\":true,\"auth_method\":\"publickey\",\"cursor\":\"????????????????????????\"}",
	"basic authentication is off since ####", "ring bearer no. ## of ##",
	"pod cart-~~~~~~~~~-????? secret_name: x-db-credentials", "pin=## of chip ####",
	"has_password=true password_length=## password_changed_at=17########",
	"token: expired ### s ago", "password=****",
	"-----BEGIN CERTIFICATE-----\nMII????????????" };
#define N_LIKENESSES (sizeof(likenesses) / sizeof(likenesses[0]))

static void fill(char *ret, const char *pattern, uint64_t *seed)
{
	static const char any[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	for (; *pattern; pattern++) {
		uint64_t r = tell_unit_random(seed);
		*ret++ = *pattern == '#'  ? any[r % 10]
			: *pattern == '~' ? any[r % 16]
			: *pattern == 'X' ? any[36 + r % 26]
			: *pattern == '?' ? any[r % 62]
					  : *pattern;
	}
	*ret = '\0';
}

START_TEST(what_only_looks_like_a_secret_stays)
{
	uint64_t seed = tell_unit_seed();
	char text[512];
	for (int i = 0; i < 30; i++)
		for (size_t k = 0; k < N_LIKENESSES; k++) {
			fill(text, likenesses[k], &seed);
			if (k == 0)
				text[6] =
					'1'; /* no issuer's: one in thirty others were a card */
			const char *got = masked(text);
			ck_assert_msg(strcmp(got, text) == 0, "%s\nbecame %s", text, got);
		}
	ck_assert_int_ge(30 * (int)N_LIKENESSES, 200);
}
END_TEST

START_TEST(json_that_a_mask_would_break_goes_whole)
{
	char text[256];
	(void)snprintf(text, sizeof(text),
		"{\"a\":\"-----%s RSA %s-----\",\"b\":\"c-----%s X-----\"}", "BEGIN",
		"PRIVATE KEY", "END");
	ck_assert_str_eq(masked(text), "{\"a\":\"[REDACTED:pem]\"}");
	(void)snprintf(text, sizeof(text),
		"{\"a\":\"-----%s RSA %s-----\",\"b-----%s X-----\":1}", "BEGIN",
		"PRIVATE KEY", "END");
	ck_assert_str_eq(masked(text), "[REDACTED:pem]");
}
END_TEST

/* RFC 8259 lets half a surrogate pair be, and so must we. */
START_TEST(json_with_lone_surrogates_is_json_too)
{
	char text[256];
	(void)snprintf(text, sizeof(text),
		"{\"c\":\"\\ud800\",\"a\":\"-----%s RSA %s-----\",\"b-----%s X-----\":1}",
		"BEGIN", "PRIVATE KEY", "END");
	ck_assert_str_eq(masked(text), "[REDACTED:pem]");
}
END_TEST

START_TEST(what_json_writers_escape_is_read)
{
	static const char *const cases[][2] = {
		{ "{\"b\":\"{\\u0022password\\u0022:\\u0022hunter2\\u0022,\\u0022n\\u0022:1}\"}",
			"{\"b\":\"{\\u0022password\\u0022:\\u0022[REDACTED:pair]\\u0022,"
			"\\u0022n\\u0022:1}\"}" },
		{ "{\"b\":\"{\\u0022pin\\u0022: 123456}\"}",
			"{\"b\":\"{\\u0022pin\\u0022: \\\"[REDACTED:pair]\\\"}\"}" },
		{ "{\"m\":\"x password\\u003dhunter2 y\"}",
			"{\"m\":\"x password\\u003d[REDACTED:pair] y\"}" },
		{ "{\"u\":\"/x?token\\u003Dhunter2\\u0026a=b\"}",
			"{\"u\":\"/x?token\\u003D[REDACTED:pair]\\u0026a=b\"}" },
		{ "{\"m\":\"a\\u000apin\\u003a 123456\\u000ab: c\"}",
			"{\"m\":\"a\\u000apin\\u003a [REDACTED:pair]\\u000ab: c\"}" },
		{ "{\"pass\\u0077ord\":\"hunter2\"}",
			"{\"pass\\u0077ord\":\"[REDACTED:pair]\"}" },
		{ "{\"m\":\"Bearer abc123\\u002bdef456\\u003d x\"}",
			"{\"m\":\"Bearer [REDACTED:bearer] x\"}" },
		{ "{\"m\":\"password=a\\u0020b c\"}",
			"{\"m\":\"password=[REDACTED:pair] c\"}" },
		{ "{\"m\":\"caf\\u00e9 \\u0119 \\u0041 ok\",\"a\\u0062\":1}", NULL },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_masked(cases[i][0], "", cases[i][1]);
}
END_TEST

START_TEST(finds_are_counted_by_kind_and_failures_told)
{
	struct tell_buf out, work;
	struct tell_mask m;
	bool whole;
	tell_buf_init(&out, 0);
	tell_buf_init(&work, 0);
	tell_mask_init(&m, &out, &work);
	const char *text = "password=abc1, token=def2 http://a:b@c";
	ck_assert_int_eq(tell_mask_text(&m, text, strlen(text), &whole), 1);
	ck_assert(!whole);
	ck_assert_uint_eq(m.found[TELL_SPAN_PAIR], 2);
	ck_assert_uint_eq(m.found[TELL_SPAN_URL], 1);
	ck_assert_int_eq(tell_mask_text(&m, "nothing", 7, &whole), 0);

	struct tell_buf small; /* the mask does not fit */
	tell_buf_init(&small, 8);
	tell_mask_init(&m, &small, &work);
	ck_assert_int_lt(tell_mask_text(&m, text, strlen(text), &whole), 0);
	tell_mask_done(&m);
	tell_buf_done(&small);
	tell_buf_done(&out);
	tell_buf_done(&work);
}
END_TEST

static Suite *mask_suite(void)
{
	Suite *s = suite_create("redact/mask");
	tell_check_add(s, "mask", secrets_of_all_kinds_go_in_all_settings,
		what_only_looks_like_a_secret_stays,
		json_that_a_mask_would_break_goes_whole,
		json_with_lone_surrogates_is_json_too, what_json_writers_escape_is_read,
		finds_are_counted_by_kind_and_failures_told, NULL);
	return s;
}
TELL_CHECK_MAIN(mask_suite)
