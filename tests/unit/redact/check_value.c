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
		{ "password=\"[REDACTED] token=x1 y\"",
			"password=\"[REDACTED] token=" M " y\"" },
		{ "pwd=\"/home/ann token=x1 y\"", "pwd=\"/home/ann token=" M " y\"" },
		{ "password=x[REDACTED:jwt]y z", "password=" M " z" },
		{ "password=[REDACTEDx]", "password=" M },
		{ "Cookie: [REDACTED:pair]\r\nx", NULL },
		{ "postgres://a:[REDACTED:url]@h", NULL },
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
		a_value_within_an_unquoted_one_is_seen_to_its_end, NULL);
	return s;
}
TELL_CHECK_MAIN(value_suite)
