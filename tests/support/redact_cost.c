#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "redact/mask.h"

/* redact_cost: texts for tests/tool/redact_cost.sh, which counts instructions by call of
 * tell_mask_text(): first clean messages, then hostile ones in two sizes each, then the worst
 * that redact_worst found, in three. */
#define SMALL 4096
#define TIMES 4 /* the larger size: so many times the smaller */
#define WORST ((size_t)8 << 10)
#define SIZES 3

static const char clean[] =
	"order accepted after the payment service answered in time, the "
	"customer gets a mail and the parcel leaves tomorrow..";
static const char with_ids[] =
	"job 6dea13dd-831a-4b4e-8254-f0f4a03f9837 of trace "
	"05bc86a912e54e39e4058ec8f05f8639 finished on web-14 after "
	"4593 ms with 3 retries.";

static const char *const hostile[] = { "4", "4111 ", "4111-1111 ", "eyJ", "eyJ.",
	"eyJabcdefghi.", "-", "-----BEGIN ", "password=\"",
	"password: ", "\\\"token\\\":\\\"", "token=", "token=;", "token=a,b", "token=)",
	"token=[", "token=\\n", "&token=a", "pwd=/a/",
	"api key: ", "{\"secret\":", "\"secret\":[\"", "secret={",
	"cookie: ", "authorization: x ", "authorization: digest a=\"", "bearer ",
	"http://", "http://a:", "http://a:b/", "a://b:c@", "'", "\\\\\\\"", "--token ",
	"arn:secret:x", "token=\"[REDACTED] ", "token=[REDACTED]", "token=[REDACTED]x ",
	"cookie=[REDACTED]; ", "\\u0022", "token\\u003d", "\\u0022token\\u0022:\\u0022",
	"\\u0022", "1 4444 ", "token:\\n ", "\"token=\\\"", "<token>", "<token><![CDATA[",
	"<a name=\"token\" ", "%3D", "token%3D", "token%253Da", "ghp_", "ghp_a", "AAAA",
	"AKIA", "s.", "a.", "sk-", "xoxb-a", " -p", "mysql -p ", "mysql -p",
	"curl -u a:", "identified by ", "password is ", "password \"", "DE89 3704 ",
	"DE893704", "A-", "_", "-password ", "token a", "token \",\"",
	"name=\"token\" value=", "token: |\\n  ", "password: |\\n", "('token','",
	"%3A%2F%2F", "cookies: ", "https://a1a1a1a1a1a1a1a1",
	"jdbc:oracle:thin:", "password for a: ", "(password)values",
	"(password) values ('a'),", "(password," };

/* One for each way to be slow: prefixes in one long run, names in escapes, columns,
 * hashes, escaped XML without an end, Oracle's addresses, options of no command, account
 * numbers, capitals, SQL's users. */
static const char *const worst[] = { "A-sl.sl.ya29.sl.",
	"\\u003d-:=sby -password sk=v -password n -token ",
	"api key:api key:\\u0022=", "(password, token,", "=$6$&password&gt;",
	"jdbc:oracle:thin:a/", "ssn \\u003dmlm -p ", "XX99 9999 XX99 ", "AAAA",
	"identified by by ", "cookie: sig=", "a://b:c@\\u0022" };

static void look_at(const char *name, const char *text, size_t n)
{
	struct tell_buf out, work;
	struct tell_mask m;
	bool whole;
	tell_buf_init(&out, 0);
	tell_buf_init(&work, 0);
	tell_mask_init(&m, &out, &work);
	if (tell_mask_text(&m, text, n, &whole) < 0)
		exit(EXIT_FAILURE);
	tell_mask_done(&m);
	tell_buf_done(&out);
	tell_buf_done(&work);
	printf("%zu %s\n", n, name);
}

static void look_at_many(const char *piece, size_t n)
{
	static char text[WORST * TIMES * TIMES];
	for (size_t i = 0, len = strlen(piece); i < n; i++)
		text[i] = piece[i % len];
	look_at(piece, text, n);
}

int main(void)
{
	look_at("first", clean, 120); /* what is bound at the first call is bound */
	look_at("clean", clean, 120);
	look_at("with-ids", with_ids, sizeof(with_ids) - 1);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		look_at_many(hostile[i], SMALL);
		look_at_many(hostile[i], (size_t)SMALL * TIMES);
	}
	for (size_t i = 0; i < sizeof(worst) / sizeof(worst[0]); i++)
		for (size_t k = 0, n = WORST; k < SIZES; k++, n *= TIMES)
			look_at_many(worst[i], n);
	return 0;
}
