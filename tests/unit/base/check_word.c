#include "base/word.h"
#include <locale.h>
#include "support/check_main.h"

START_TEST(a_word_is_itself_in_any_case)
{
	ck_assert(tell_word_same("required", "required"));
	ck_assert(tell_word_same("required", "ReQuIrEd"));
	ck_assert(tell_word_same("KiB", "kib"));
	ck_assert(tell_word_same("", ""));
	ck_assert(tell_word_same("@include", "@INCLUDE"));
}
END_TEST

START_TEST(another_word_or_a_part_is_not)
{
	ck_assert(!tell_word_same("required", "require"));
	ck_assert(!tell_word_same("require", "required"));
	ck_assert(!tell_word_same("a", ""));
	ck_assert(!tell_word_same("", "a"));
	ck_assert(!tell_word_same("[", "{")); /* 0x20 apart, as letters' cases are */
	ck_assert(!tell_word_same("@", "`"));
}
END_TEST

START_TEST(only_n_bytes_are_looked_at)
{
	ck_assert(tell_word_is("and", "ANDROID", 3));
	ck_assert(!tell_word_is("and", "android", 4));
	ck_assert(!tell_word_is("and", "an", 2));
	ck_assert(!tell_word_is("and", "and\0x", 5));
}
END_TEST

/* In Turkish 'I' is no capital 'i'. The test means something where tr_TR is installed. */
START_TEST(the_locale_does_not_matter)
{
	(void)setlocale(LC_ALL, "tr_TR.ISO-8859-9");
	ck_assert(tell_word_same("info", "INFO"));
	ck_assert(!tell_word_same("\xfd", "\xdd"));
}
END_TEST

static Suite *word_suite(void)
{
	Suite *s = suite_create("base/word");
	tell_check_add(s, "word", a_word_is_itself_in_any_case,
		another_word_or_a_part_is_not, only_n_bytes_are_looked_at,
		the_locale_does_not_matter, NULL);
	return s;
}
TELL_CHECK_MAIN(word_suite)
