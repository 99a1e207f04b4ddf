#include <string.h>
#include "redact/text.h"
#include "support/check_main.h"

START_TEST(a_mask_of_ours_is_known)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = { { "[REDACTED]", 10 }, { "[REDACTED:pair] x", 15 },
		{ "[REDACTED", 0 }, { "[REDACTED:", 0 }, { "[REDACTED:Pair]", 0 },
		{ "[REDACTED]]", 10 }, { "", 0 },
		{ "[REDACTED:abcdefghijklmnopqrstuvwxyzabcdefghij]", 0 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_uint_eq(tell_text_mask(cases[i].text, strlen(cases[i].text), 0),
			cases[i].len);
}
END_TEST

START_TEST(quotes_end_by_their_depth_of_escaping)
{
	static const struct {
		const char *text;
		size_t k, end;
	} cases[] = { { "ab\"", 0, 2 }, { "a\\\"b\"", 0, 4 }, { "a\\\\\"b", 0, 3 },
		{ "ab\\\",", 1, 2 }, { "a\\\\\\\"b\\\"", 1, 6 },
		{ "a\\\\\\\\\\\"b", 1, 5 }, { "ab\"c", 1, 2 }, { "ab", 0, 2 },
		{ "a\\\\\\\"", 3, 1 }, { "", 0, 0 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t end = tell_text_quote_end(
			cases[i].text, strlen(cases[i].text), 0, '"', cases[i].k);
		ck_assert_msg(end == cases[i].end, "%s: %zu", cases[i].text, end);
	}
}
END_TEST

START_TEST(backslashes_tell_whether_a_quote_ends)
{
	ck_assert(tell_text_quote_ends(0, 0) && !tell_text_quote_ends(1, 0));
	ck_assert(tell_text_quote_ends(2, 0) && !tell_text_quote_ends(3, 0));
	ck_assert(tell_text_quote_ends(0, 1) && tell_text_quote_ends(1, 1));
	ck_assert(!tell_text_quote_ends(3, 1) && tell_text_quote_ends(5, 1));
}
END_TEST

START_TEST(literals_are_found_or_not)
{
	const char *s = "a----- -----END x";
	ck_assert_uint_eq(tell_text_find(s, strlen(s), 0, "-----END "), 7);
	ck_assert_uint_eq(tell_text_find(s, strlen(s), 8, "-----END "), strlen(s));
	ck_assert_uint_eq(tell_text_find(s, 4, 0, "-----END "), 4);
	ck_assert(tell_text_starts_with("xBEARER", 7, 1, "bearer"));
	ck_assert(!tell_text_starts_with("xBEARE", 6, 1, "bearer"));
}
END_TEST

START_TEST(words_begin_behind_signs_and_written_out_line_ends)
{
	ck_assert(tell_text_begins_word("abc", 0));
	ck_assert(!tell_text_begins_word("abc", 1));
	ck_assert(tell_text_begins_word("-bc", 1));
	ck_assert(!tell_text_begins_word("_bc", 1));
	ck_assert(tell_text_begins_word("\\nbc", 2));
	ck_assert(!tell_text_begins_word("\\xbc", 2));
}
END_TEST

static Suite *text_suite(void)
{
	Suite *s = suite_create("redact/text");
	tell_check_add(s, "text", a_mask_of_ours_is_known,
		quotes_end_by_their_depth_of_escaping,
		backslashes_tell_whether_a_quote_ends, literals_are_found_or_not,
		words_begin_behind_signs_and_written_out_line_ends, NULL);
	return s;
}
TELL_CHECK_MAIN(text_suite)
