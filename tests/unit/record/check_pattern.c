#include "record/pattern.h"
#include <errno.h>
#include <locale.h>
#include <string.h>
#include "support/check_main.h"

static bool matches(const char *ere, const char *text, size_t len)
{
	struct tell_pattern *p;
	char why[100];
	int r = tell_pattern_new(&p, ere, why, sizeof(why));
	ck_assert_msg(r == 0, "%s: %d", ere, r);
	bool yes = tell_pattern_match(p, text, len);
	ck_assert_ptr_null(tell_pattern_free(p));
	return yes;
}

struct row {
	const char *ere, *text;
	bool matches;
};

static void check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ck_assert_msg(matches(rows[i].ere, rows[i].text, strlen(rows[i].text)) ==
				rows[i].matches,
			"%s on %s", rows[i].ere, rows[i].text);
}

START_TEST(text_with_ends_is_compared)
{
	static const struct row rows[] = { { "", "", true }, { "", "a", true },
		{ "^", "a", true }, { "$", "a", true }, { "^$", "", true },
		{ "^$", "a", false }, { "b", "abc", true }, { "b", "ac", false },
		{ "^a", "abc", true }, { "^b", "abc", false }, { "c$", "abc", true },
		{ "b$", "abc", false }, { "^abc$", "abc", true },
		{ "^abc$", "abcd", false }, { "^abc$", "ab", false },
		{ "^abcd", "abc", false }, { "\\.js$", "a.js", true },
		{ "\\.js$", "ajs", false }, { "a\\$b", "a$b", true },
		{ "a\\\\b", "a\\b", true }, { "aab", "aaab", true },
		{ "/a-b\"", "x/a-b\"", true } };
	check(rows, sizeof(rows) / sizeof(rows[0]));
}
END_TEST

START_TEST(expressions_are_posix_extended_ones)
{
	static const struct row rows[] = { { "a.c", "xabcx", true },
		{ "^a.c$", "abcd", false }, { "^(a|b)+$", "abba", true },
		{ "^(a|b)+$", "abca", false }, { "[[:digit:]]{3}", "ab123", true },
		{ "[[:digit:]]{3}", "ab12", false }, { "[]^-]", "a]", true },
		{ "[^]]", "]", false }, { "a$b", "a$b", false },
		{ "colou?r", "color", true }, { "a|^b", "cb", false },
		{ "[.]js$", "a.js", true }, { "[{]", "{", true },
		{ "x{2}", "xx", true } };
	check(rows, sizeof(rows) / sizeof(rows[0]));
}
END_TEST

START_TEST(text_has_a_length_not_an_end)
{
	ck_assert(matches("b$", "abc", 2));
	ck_assert(!matches("c", "abc", 2));
	ck_assert(matches("a[^x]b", "a\0b", 3));
	ck_assert(!matches("a.b", "a\0b", 3)); /* as POSIX has it */
	ck_assert(matches("^.b$", "abc", 2));
	ck_assert(!matches("[c]", "abc", 2));
	ck_assert(matches("b", "\0b", 2));
	ck_assert(!matches("a", NULL, 0));
}
END_TEST

START_TEST(the_programs_locale_changes_nothing)
{
	(void)setlocale(LC_ALL, "C.UTF-8"); /* where there is none, nothing changes */
	ck_assert(matches("^..$", "\xc3\xa4", 2));
	ck_assert(!matches("^.$", "\xc3\xa4", 2));
	ck_assert(matches("^..$", "\xff\xfe", 2));
	(void)setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(what_is_wrong_or_boundless_is_refused)
{
	static const char *const wrong[] = { "(", "[a", "a{2", "a{3,2}", "*{", "a\\",
		"(a)\\1", "x{1002}", "(x{40}){40}", "(x{10,}){200}", "((x{20}){20}){20}",
		"ab**", "a***b", "a??b", "a*+", "^%++++*+++*++1", "(a*|b)*", "((a|)b?)+",
		"x(^|a)+",
		"((b*|$)(b*|$)(b*|$)(b*|$)(b*|$)(b*|$)(b*|$)(b*|$)(b*|$)(b*|$))+",
		"(\\b){2,}", "+a", "(*a)", "a|?b", "))+++++", "(a{,3})*" };
	char deep[120];
	memset(deep, '(', 51);
	deep[51] = 'a';
	memset(deep + 52, ')', 51);
	deep[103] = '\0';
	for (size_t i = 0; i <= sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *ere = i < sizeof(wrong) / sizeof(wrong[0]) ? wrong[i] : deep;
		struct tell_pattern *p;
		char why[100] = "";
		ck_assert_msg(tell_pattern_new(&p, ere, why, sizeof(why)) == -EINVAL,
			"%s", ere);
		ck_assert_msg(*why, "%s: no reason", ere);
	}
	ck_assert(matches("[\\1]", "1", 1));
	ck_assert(matches("^a\\**b", "a**b", 4));
	ck_assert(matches("^[*]*$", "**", 2));
	ck_assert(matches("^a.*?b$", "axb", 3)); /* as Perl has it */
	ck_assert(matches("(x{10}){10}|a", "a", 1));
	ck_assert(matches("a+b+c+d+e+f+g+h+i+j+k+l+", "abcdefghijkl", 12));
	ck_assert(matches("x{0}a{1000}|b", "b", 1));
	ck_assert(matches("^((a*b)+c*)+(d|)e?(^|f)?$", "aabbcd", 6));
	ck_assert(matches("^(a|b*c)+$", "abbc", 4));
	ck_assert(matches("^a)+b", "a))b", 4)); /* one that closes nothing is text */
	ck_assert_ptr_null(tell_pattern_free(NULL));
}
END_TEST

static Suite *pattern_suite(void)
{
	Suite *s = suite_create("record/pattern");
	tell_check_add(s, "pattern", text_with_ends_is_compared,
		expressions_are_posix_extended_ones, text_has_a_length_not_an_end,
		the_programs_locale_changes_nothing,
		what_is_wrong_or_boundless_is_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(pattern_suite)
