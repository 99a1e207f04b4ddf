#include <string.h>
#include "redact/gap.h"
#include "support/check_main.h"
#include "support/unit.h"

static size_t asked;

static bool is_dot(const void *s, size_t i)
{
	asked++;
	return ((const char *)s)[i] == '.';
}

static size_t plain(const char *s, size_t at, size_t stop)
{
	while (at < stop && s[at] != '.')
		at++;
	return at;
}

START_TEST(it_says_what_a_walk_says_in_any_order)
{
	static const char s[] = "aa.aaaaaaa.aa..aaaaaaaaa.a";
	size_t n = sizeof(s) - 1, seed = 7;
	struct tell_gap gap = { 0, 0 };
	for (int i = 0; i < 20000; i++) {
		seed = seed * 1103515245 + 12345;
		size_t at = seed / 65536 % n, stop = at + seed / 7 % (n - at + 1);
		ck_assert_uint_eq(
			tell_gap_walk(&gap, at, stop, is_dot, s), plain(s, at, stop));
	}
}
END_TEST

START_TEST(what_was_walked_is_not_walked_again)
{
	char s[1000];
	memset(s, 'a', sizeof(s));
	struct tell_gap gap = { 0, 0 };
	asked = 0;
	for (size_t at = 0; at < sizeof(s); at++)
		(void)tell_gap_walk(&gap, at, sizeof(s), is_dot, s); /* counted */
	ck_assert_uint_le(asked, sizeof(s));
	struct tell_gap back = { 0, 0 };
	asked = 0;
	for (size_t at = sizeof(s); at-- > 1;)
		(void)tell_gap_walk(&back, at, sizeof(s), is_dot, s); /* counted */
	ck_assert_uint_le(asked, sizeof(s));
}
END_TEST

static Suite *gap_suite(void)
{
	Suite *s = suite_create("redact/gap");
	tell_check_add(s, "gap", it_says_what_a_walk_says_in_any_order,
		what_was_walked_is_not_walked_again, NULL);
	return s;
}
TELL_CHECK_MAIN(gap_suite)
