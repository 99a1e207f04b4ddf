#include "redact/unicode.h"
#include <string.h>
#include "base/buf.h"
#include "redact/spans.h"
#include "support/check_main.h"

static struct tell_buf out;

static const char *plain(const char *s)
{
	ck_assert(tell_unicode_plain(&out, s, strlen(s)));
	return tell_buf_cstr(&out);
}

START_TEST(ascii_characters_become_what_they_are)
{
	ck_assert_str_eq(plain(""), "");
	ck_assert_str_eq(plain("ab\\n\\"), "ab\\n\\");
	ck_assert_str_eq(plain("a\\u003db\\u003A\\u0041"), "a=b:A");
	ck_assert_str_eq(plain("\\u000a\\u000D\\u0009"), "\\n\\r\\t");
	ck_assert_str_eq(plain("\\u005c"), "\\\\");
	ck_assert_str_eq(plain("x\\u0022y\\u0027"), "x\\\"y'");
}
END_TEST

START_TEST(other_escapes_stay)
{
	static const char *const texts[] = { "\\u00e9", "\\u0119", "\\u0000", "\\u001b",
		"\\u007f", "\\u00", "\\u002", "\\u00g2", "\\u002g", "u0022", "\\U0022",
		"\\\\", "\\u" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ck_assert_str_eq(plain(texts[i]), texts[i]);
}
END_TEST

START_TEST(a_quote_has_the_backslashes_of_its_depth)
{
	ck_assert_str_eq(plain("\\u0022"), "\\\"");
	ck_assert_str_eq(plain("\\\\u0022"), "\\\\\\\"");
	ck_assert_str_eq(plain("\\\\\\\\u0022"), "\\\\\\\\\\\\\\\"");
	ck_assert_str_eq(plain("\\\\\\u0022"), "\\\\\\\""); /* a backslash before it */
	ck_assert_str_eq(plain("\\\\u003d"), "=");
	char many[80];
	memset(many, '\\', 70);
	memcpy(many + 70, "u0022", 6);
	ck_assert_str_eq(plain(many), many);
}
END_TEST

START_TEST(spans_go_back_to_where_the_text_came_from)
{
	/* plain: ab=c\"d: here the bytes 2, 4 and 5 come from escapes */
	static const char s[] = "ab\\u003dc\\u0022d";
	static const struct {
		size_t from, to, was_from, was_to;
	} cases[] = { { 0, 2, 0, 2 }, { 2, 3, 2, 8 }, { 3, 4, 8, 9 }, { 0, 7, 0, 16 },
		{ 3, 6, 8, 15 }, { 4, 5, 9, 15 }, { 5, 6, 9, 15 }, { 6, 7, 15, 16 } };
	ck_assert_str_eq(plain(s), "ab=c\\\"d");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tell_spans spans;
		tell_spans_init(&spans);
		tell_spans_add(&spans,
			(struct tell_span){ .from = cases[i].from, .to = cases[i].to });
		tell_unicode_place(&spans, s, sizeof(s) - 1);
		ck_assert_uint_eq(spans.n, 1);
		ck_assert_uint_eq(spans.at[0].from, cases[i].was_from);
		ck_assert_uint_eq(spans.at[0].to, cases[i].was_to);
		tell_spans_done(&spans);
	}
}
END_TEST

START_TEST(spans_that_meet_in_an_escape_are_joined)
{
	static const char s[] = "a\\u0022b c";
	struct tell_spans spans;
	tell_spans_init(&spans);
	tell_spans_add(&spans, (struct tell_span){ .from = 0, .to = 2 });
	tell_spans_add(&spans, (struct tell_span){ .from = 2, .to = 4 });
	tell_spans_add(&spans, (struct tell_span){ .from = 5, .to = 6 });
	tell_unicode_place(&spans, s, sizeof(s) - 1);
	ck_assert_uint_eq(spans.n, 2);
	ck_assert_uint_eq(spans.at[0].from, 0);
	ck_assert_uint_eq(spans.at[0].to, 8);
	ck_assert_uint_eq(spans.at[1].from, 9);
	ck_assert_uint_eq(spans.at[1].to, 10);
	tell_spans_done(&spans);
}
END_TEST

START_TEST(without_room_it_says_so)
{
	struct tell_buf small;
	tell_buf_init(&small, 4);
	ck_assert(!tell_unicode_plain(&small, "\\u0041bcdefghijk", 16));
	tell_buf_done(&small);
	tell_buf_done(&out);
}
END_TEST

static Suite *unicode_suite(void)
{
	Suite *s = suite_create("redact/unicode");
	tell_check_add(s, "unicode", ascii_characters_become_what_they_are,
		other_escapes_stay, a_quote_has_the_backslashes_of_its_depth,
		spans_go_back_to_where_the_text_came_from,
		spans_that_meet_in_an_escape_are_joined, without_room_it_says_so, NULL);
	return s;
}
TELL_CHECK_MAIN(unicode_suite)
