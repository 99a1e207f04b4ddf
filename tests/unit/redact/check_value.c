#include <string.h>
#include "redact/pair.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

#define M "[REDACTED:pair]"

static void expect_all(const char *const cases[][2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_masked(cases[i][0], "", cases[i][1]);
}
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof((cases)[0]))

START_TEST(a_bare_value_may_hold_signs_that_end_others)
{
	static const char *const cases[][2] = {
		{ "password=a,b;c&d|e f", "password=" M " f" },
		{ "password=it's x", "password=" M " x" },
		{ "password=a\"b x", "password=" M " x" },
		{ "password=dom\\n4me x", "password=" M " x" },
		{ "password=f(x), y=1", "password=" M ", y=1" },
		{ "password=a<b>c, y=1", "password=" M ", y=1" },
		{ "password=(a", "password=" M },
		{ "password=a;user=b", "password=" M ";user=b" },
		{ "password=a, user: b", "password=" M ", user: b" },
		{ "password=a.", "password=" M "." },
		{ "(password=a)", "(password=" M ")" },
		{ "password=a\xc3\xa9\xe2\x82\xac x", "password=" M " x" },
	};
	EXPECT_ALL(cases);
}
END_TEST

START_TEST(a_quoted_value_ends_at_its_own_quote)
{
	static const char *const cases[][2] = {
		{ "password=\"a b\" c", "password=\"" M "\" c" },
		{ "password='it''s' c", "password='" M "' c" },
		{ "password=\"a\\\"b\" c", "password=\"" M "\" c" },
		{ "password=\"a\\\\\" c", "password=\"" M "\" c" },
		{ "password='a\"b' c", "password='" M "' c" },
		{ "password=`a b` c", "password=`" M "` c" },
		{ "password=\"a b", "password=\"" M },
		{ "\"password\":\"a,b\",\"c\":\"d\"",
			"\"password\":\"" M "\",\"c\":\"d\"" },
	};
	EXPECT_ALL(cases);
}
END_TEST

START_TEST(what_was_masked_before_stays_and_a_likeness_does_not)
{
	static const char *const cases[][2] = {
		{ "password=[REDACTED]", NULL },
		{ "password=[REDACTED:pair], a=b", NULL },
		{ "password=\"[REDACTED:jwt]\"", NULL },
		{ "pwd=\"/home/ann token=x1 y\"", "pwd=\"/home/ann token=" M " y\"" },
		{ "password=x[REDACTED:jwt]y z", "password=" M " z" },
		{ "password=[REDACTEDx]", "password=" M },
		{ "Cookie: [REDACTED:pair]\r\nx", NULL },
		{ "postgres://a:[REDACTED:url]@h", NULL },
	};
	EXPECT_ALL(cases);
}
END_TEST

/* Whoever can write into a value can write a mask in front of it. */
START_TEST(a_mask_in_front_of_a_secret_hides_nothing)
{
	static const char *const cases[][2] = {
		{ "password=[REDACTED:x]hunter2 a=b", "password=" M " a=b" },
		{ "password=[REDACTED:pair]-hunter2, a=b", "password=" M ", a=b" },
		{ "password: \"[REDACTED] hunter2\" x", "password: \"" M "\" x" },
		{ "\"password\":\"[REDACTED:pair]hunter2\",\"a\":1",
			"\"password\":\"" M "\",\"a\":1" },
		{ "\"password\":[REDACTED:pair]hunter2, \"a\":1",
			"\"password\":" M ", \"a\":1" },
		{ "password=\"[REDACTED] token=x1 y\"", "password=\"" M "\"" },
		{ "Cookie: [REDACTED:pair]; sid=hunter2\nx", "Cookie: " M "\nx" },
		{ "cookie=[REDACTED]; sid=hunter2 x", "cookie=" M " x" },
		{ "postgres://a:[REDACTED:url]hunter2@h",
			"postgres://a:[REDACTED:url]@h" },
		{ "[password=[REDACTED:pair]].", NULL },
		{ "x(password=[REDACTED:pair]), [token=[REDACTED]]", NULL },
		{ "\"secret\":[REDACTED:pair], \"a\":1", NULL },
	};
	EXPECT_ALL(cases);
}
END_TEST

START_TEST(the_quote_around_ends_a_value_by_its_depth)
{
	static const char *const cases[][2] = {
		{ "\"password=a\\\"REST\"", "\"password=" M "\"" },
		{ "\"password=a\\\", REST\"", "\"password=" M ", REST\"" },
		{ "\"password=a\\\\\" x", "\"password=" M "\\\\\" x" },
		{ "{\"a\":\"{\\\"password=a\\\\\\\"REST\\\"}\"}",
			"{\"a\":\"{\\\"password=" M "\\\"}\"}" },
		{ "-d 'password=a' x", "-d 'password=" M "' x" },
		{ "{\"h\":\"Cookie: a=\\\"b\\\"; c=REST\"}",
			"{\"h\":\"Cookie: " M "\"}" },
		{ "{\"h\":\"{\\\"Cookie: a=b\\\":1}\"}",
			"{\"h\":\"{\\\"Cookie: " M "\\\":1}\"}" },
		{ "\"Cookie: a=\\\"b\\\"; c=REST\" x", "\"Cookie: " M "\" x" },
	};
	EXPECT_ALL(cases);
}
END_TEST

START_TEST(a_value_may_be_on_the_next_line)
{
	static const char *const cases[][2] = {
		{ "password:\n value\nx", "password:\n " M "\nx" },
		{ "password: \r\n\tvalue", "password: \r\n\t" M },
		{ "password:\n  \"a b\"\n", "password:\n  \"" M "\"\n" },
		{ "passwords:\n  - value\n", "passwords:\n  - " M "\n" },
		{ "x: \"password:\\n value\"", "x: \"password:\\n " M "\"" },
		{ "password:\nLast login: today", NULL },
		{ "password=\n value", NULL },
		{ "credentials:\n  user: ann\n  pass: value",
			"credentials:\n  user: ann\n  pass: " M },
		{ "password:\n ", NULL },
		{ "password:\n  - ", NULL },
		{ "password:\n \n value", NULL },
	};
	EXPECT_ALL(cases);
}
END_TEST

START_TEST(a_value_within_an_unquoted_one_is_seen_to_its_end)
{
	static const char *const cases[][2] = {
		{ "secret={\"password\":\"a b\"}", "secret={\"password\":\"" M "\"}" },
		{ "token=x\"password\":\"a b\" c", "token=" M "\":\"" M "\" c" },
		{ "token=password=a b", "token=" M " b" },
		{ "\"secret\":[1 token=a]b c", "\"secret\":\"" M "\" c" },
		{ "\"secret\":[1 token=a]b, \"c\":1", "\"secret\":\"" M "\", \"c\":1" },
		{ "\\\\\\\"secret\\\\\\\":[\"a\"],\\\\\\\"b\\\\\\\":1",
			"\\\\\\\"secret\\\\\\\":\\\\\\\"" M
			"\\\\\\\",\\\\\\\"b\\\\\\\":1" },
	};
	EXPECT_ALL(cases);
}
END_TEST

static Suite *value_suite(void)
{
	Suite *s = suite_create("redact/value");
	tell_check_add(s, "value", a_bare_value_may_hold_signs_that_end_others,
		a_quoted_value_ends_at_its_own_quote,
		what_was_masked_before_stays_and_a_likeness_does_not,
		a_mask_in_front_of_a_secret_hides_nothing,
		the_quote_around_ends_a_value_by_its_depth,
		a_value_may_be_on_the_next_line,
		a_value_within_an_unquoted_one_is_seen_to_its_end, NULL);
	return s;
}
TELL_CHECK_MAIN(value_suite)
