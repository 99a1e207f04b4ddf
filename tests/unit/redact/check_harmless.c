#include <string.h>
#include "redact/pair.h"
#include "support/check_main.h"

START_TEST(what_stands_for_a_value_is_no_secret)
{
	static const char *const yes[] = { "", "null", "None", "TRUE", "expired", "****",
		"xxxx", "$1", "$23", "${DB_PASSWORD}", "{{token}}", "{token}", "<hidden>",
		"%s", "?", "<nil>", "-", "{{", "$DB_PASSWORD", ":password", "@token",
		"***REDACTED***", "[FILTERED]", "(hidden)", "os.getenv(\"X", "getToken()",
		"None):", "%(token)s", "TEXT", "PASSWORD]", "amd64",
		"os.environ['TOKEN']", "process.env.TOKEN", "self.password" };
	static const char *const no[] = { "hunter2", "nullx", "*a*", "$123x", "$ecret",
		"${a b}", "<h1dden>", "{", "{}", "<>", "$", "{{a", "secret", ":pass1",
		"ab(cd", "[hunter]", "1234", "true1", "a", "xX", "password", "Text",
		"%(a b)s", "self.", "self.x!1", "os.environment1", "amd65" };
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		ck_assert_msg(tell_value_harmless(yes[i], strlen(yes[i])), "%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		ck_assert_msg(!tell_value_harmless(no[i], strlen(no[i])), "%s", no[i]);
}
END_TEST

/* The keys of two words of different lengths may be one. */
START_TEST(words_are_compared_with_their_lengths)
{
	char value[300];
	for (char first = 'A'; first <= 'Z'; first++)
		for (size_t n = 2; n < sizeof(value); n++) {
			memset(value, 'Q', n);
			value[0] = first;
			ck_assert(!tell_value_harmless(value, n));
		}
}
END_TEST

START_TEST(schemes_are_told_from_credentials)
{
	bool parameters;
	ck_assert_uint_eq(tell_scheme_end("Bearer x", 0, 8, &parameters), 7);
	ck_assert(!parameters);
	ck_assert_uint_eq(tell_scheme_end("x DIGEST  a=b", 2, 13, &parameters), 10);
	ck_assert(parameters);
	ck_assert_uint_eq(tell_scheme_end("bearerx y", 0, 9, &parameters), 0);
	ck_assert_uint_eq(tell_scheme_end("bearer", 0, 6, &parameters), 0);
	ck_assert_uint_eq(tell_scheme_end("abc def", 0, 7, &parameters), 0);
}
END_TEST

static Suite *harmless_suite(void)
{
	Suite *s = suite_create("redact/harmless");
	tell_check_add(s, "harmless", what_stands_for_a_value_is_no_secret,
		words_are_compared_with_their_lengths, schemes_are_told_from_credentials,
		NULL);
	return s;
}
TELL_CHECK_MAIN(harmless_suite)
