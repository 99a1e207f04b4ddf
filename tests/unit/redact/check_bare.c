#include <string.h>
#include "redact/pair.h"
#include "support/check_main.h"

static struct tell_search on(const char *text)
{
	struct tell_search x;
	tell_search_init(&x, text, strlen(text), NULL);
	return x;
}

START_TEST(a_bare_value_ends_where_something_new_begins)
{
	static const struct {
		const char *text;
		char around;
		size_t end;
	} cases[] = { { "abc def", 0, 3 }, { "abc", 0, 3 }, { "a,b", 0, 3 },
		{ "a,b=c", 0, 1 }, { "a, b", 0, 1 }, { "a;\"b\":1", 0, 1 },
		{ "a'b'", 0, 3 }, { "a'b'", '\'', 1 }, { "a\\nb", 0, 4 },
		{ "a\\nb: c", 0, 1 }, { "a\\r\\nB: c", 0, 1 }, { "a\\\"}", 0, 1 },
		{ "a</b>", 0, 1 }, { "a<b>", 0, 4 }, { "a)].", 0, 1 }, { "(a)", 0, 3 },
		{ "", 0, 0 }, { ")))", 0, 0 }, { "a&b&c=d", 0, 3 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tell_search x = on(cases[i].text);
		struct tell_pair p = { .around = cases[i].around };
		size_t end = tell_bare_end(&x, &p, 0);
		ck_assert_msg(end == cases[i].end, "%s: %zu", cases[i].text, end);
	}
}
END_TEST

START_TEST(a_line_ends_also_where_it_is_written_out)
{
	static const struct {
		const char *text;
		char around;
		size_t end;
	} cases[] = { { "a b\r\nc", 0, 3 }, { "a b\\r\\nC: d", 0, 3 },
		{ "a b\",\"c", 0, 3 }, { "a=\"b\"; c=\"d\" e", 0, 14 },
		{ "a=\\\"b\\\"\",x", 0, 7 }, { "a b' c", '\'', 3 }, { "a", 0, 1 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tell_search x = on(cases[i].text);
		struct tell_pair p = { .around = cases[i].around };
		size_t end = tell_line_end(&x, &p, 0);
		ck_assert_msg(end == cases[i].end, "%s: %zu", cases[i].text, end);
	}
}
END_TEST

START_TEST(a_pair_is_told_from_other_text)
{
	static const char *const yes[] = { "a=", " a: b", "\"a\":1", "\\\"a\\\": 1",
		"a_b-c.d = 1" };
	static const char *const no[] = { "", " ", "a", "a b", "=", "\"a\"", "{a=1" };
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		struct tell_search x = on(yes[i]);
		ck_assert_msg(tell_pair_begins(&x, 0), "%s", yes[i]);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		struct tell_search x = on(no[i]);
		ck_assert_msg(!tell_pair_begins(&x, 0), "%s", no[i]);
	}
}
END_TEST

static Suite *bare_suite(void)
{
	Suite *s = suite_create("redact/bare");
	tell_check_add(s, "bare", a_bare_value_ends_where_something_new_begins,
		a_line_ends_also_where_it_is_written_out, a_pair_is_told_from_other_text,
		NULL);
	return s;
}
TELL_CHECK_MAIN(bare_suite)
