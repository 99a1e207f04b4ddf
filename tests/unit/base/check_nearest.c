#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

#include "support/check_main.h"

START_TEST(steps_are_those_of_the_definition)
{
	static const struct {
		const char *a, *b;
		size_t steps;
	} rows[] = { { "", "", 0 }, { "", "abc", 3 }, { "abc", "abc", 0 },
		{ "abc", "ABC", 0 }, { "kitten", "sitting", 3 }, { "form", "from", 1 },
		{ "ca", "abc", 3 }, { "path", "pth", 1 }, { "a", "b", 1 } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_uint_eq(
			tell_nearest_steps(rows[i].a, rows[i].b), rows[i].steps);
		ck_assert_uint_eq(
			tell_nearest_steps(rows[i].b, rows[i].a), rows[i].steps);
	}
}
END_TEST

START_TEST(the_nearest_word_is_found_and_a_far_one_is_not)
{
	static const char *const words[] = { "query", "show", "status", "stats", NULL };
	ck_assert_str_eq(tell_nearest_of("qurey", words), "query");
	ck_assert_str_eq(tell_nearest_of("Stat", words), "stats");
	ck_assert_str_eq(tell_nearest_of("statu", words), "status");
	ck_assert_ptr_null(tell_nearest_of("help", words));
	ck_assert_ptr_null(tell_nearest_of("", words));
	ck_assert_ptr_null(tell_nearest_of("x", words));
}
END_TEST

START_TEST(very_long_words_match_nobody)
{
	char word[80];
	static const char *const words[] = { "query", NULL };
	memset(word, 'q', sizeof(word));
	word[79] = '\0';
	ck_assert_ptr_null(tell_nearest_of(word, words));
	ck_assert(tell_nearest_steps(word, word) == SIZE_MAX);
}
END_TEST

static Suite *nearest_suite(void)
{
	Suite *s = suite_create("base/nearest");
	tell_check_add(s, "nearest", steps_are_those_of_the_definition,
		the_nearest_word_is_found_and_a_far_one_is_not,
		very_long_words_match_nobody, NULL);
	return s;
}
TELL_CHECK_MAIN(nearest_suite)
