#include "base/glob.h"

#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

START_TEST(known_patterns_match_known_texts)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} rows[] = {
		{ "", "", true },
		{ "", "a", false },
		{ "*", "", true },
		{ "***", "", true },
		{ "?", "", false },
		{ "cart.c", "cart.c", true },
		{ "cart.c", "cart.cc", false },
		{ "cart.c", "cart_c", false },
		{ "*.c", "src/cart.c", true },
		{ "*/cart.c", "cart.c", false },
		{ "src/*", "src/cart/cart.c", true },
		{ "c?rt.*", "cart.c", true },
		{ "*a*b", "aab", true },
		{ "*a*b", "aaba", false },
		{ "a*?", "a", false },
		{ "a*?", "ab", true },
		{ "*ab", "aaaab", true },
		{ "a**b", "ab", true },
		{ "[ab]", "a", false },
		{ "[ab]", "[ab]", true },
		{ "\\*", "\\x", true },
		{ "?", "\xff", true },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tell_unit_expect(
			tell_glob(rows[i].pattern, rows[i].text) == rows[i].matches,
			"'%s' '%s'", rows[i].pattern, rows[i].text);
}
END_TEST

static bool naive(const char *p, const char *t)
{
	if (*p == '*')
		return naive(p + 1, t) || (*t && naive(p, t + 1));
	if (*t == '\0' || *p == '\0')
		return *t == *p;
	return (*p == '?' || *p == *t) && naive(p + 1, t + 1);
}

START_TEST(random_patterns_match_as_the_definition_says)
{
	uint64_t state = tell_unit_seed();
	for (int i = 0; i < 300000; i++) {
		char pattern[8] = "", text[10] = "";
		for (uint64_t n = tell_unit_random(&state) % 8; n-- > 0;)
			pattern[n] = "ab?*a*b*"[tell_unit_random(&state) % 8];
		for (uint64_t n = tell_unit_random(&state) % 10; n-- > 0;)
			text[n] = "ab"[tell_unit_random(&state) % 2];
		tell_unit_expect(tell_glob(pattern, text) == naive(pattern, text),
			"'%s' '%s'", pattern, text);
	}
}
END_TEST

/* The naive way takes longer than the universe has; the test's time limit decides. */
START_TEST(many_stars_cost_no_more_than_length_times_length)
{
	static char text[20001], pattern[201];
	memset(text, 'a', sizeof(text) - 1);
	for (size_t i = 0; i + 1 < sizeof(pattern); i += 2)
		memcpy(pattern + i, "*a", 2);
	pattern[sizeof(pattern) - 2] = 'b';
	ck_assert(!tell_glob(pattern, text));
}
END_TEST

static Suite *glob_suite(void)
{
	Suite *s = suite_create("base/glob");
	tell_check_add(s, "glob", known_patterns_match_known_texts,
		random_patterns_match_as_the_definition_says,
		many_stars_cost_no_more_than_length_times_length, NULL);
	return s;
}

TELL_CHECK_MAIN(glob_suite)
