#include "record/level.h"
#include <errno.h>
#include <string.h>
#include "support/check_main.h"

static int parse(const char *word)
{
	return tell_level_parse(word, strlen(word));
}

START_TEST(every_level_reads_back_from_its_word)
{
	for (int level = TELL_EMERG; level <= TELL_DEBUG; level++)
		ck_assert_int_eq(parse(tell_level_word(level)), level);
}
END_TEST

START_TEST(synonyms_numbers_and_case_are_understood)
{
	ck_assert_int_eq(parse("err"), TELL_ERROR);
	ck_assert_int_eq(parse("Warn"), TELL_WARNING);
	ck_assert_int_eq(parse("CRITICAL"), TELL_CRIT);
	ck_assert_int_eq(parse("trace"), TELL_DEBUG);
	ck_assert_int_eq(parse("0"), TELL_EMERG);
	ck_assert_int_eq(parse("7"), TELL_DEBUG);
}
END_TEST

START_TEST(other_words_are_refused)
{
	ck_assert_int_eq(parse(""), -EINVAL);
	ck_assert_int_eq(parse("8"), -EINVAL);
	ck_assert_int_eq(parse("inf"), -EINVAL);
	ck_assert_int_eq(parse("information!"), -EINVAL);
	ck_assert_str_eq(tell_level_word(-1), "?");
	ck_assert_str_eq(tell_level_word(8), "?");
}
END_TEST

static Suite *level_suite(void)
{
	Suite *s = suite_create("record/level");
	tell_check_add(s, "words", every_level_reads_back_from_its_word,
		synonyms_numbers_and_case_are_understood, other_words_are_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(level_suite)
