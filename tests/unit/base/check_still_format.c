#include "base/still_format.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"

static char text[64];
static bool whole;

/* With libc's as the oracle, of which the formats here allocate nothing. */
__attribute__((format(printf, 1, 2))) static void same(const char *fmt, ...)
{
	char expected[64];
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	errno = ENOENT;
	int n = vsnprintf(expected, sizeof(expected), fmt, again);
	va_end(again);
	errno = ENOENT;
	size_t len = tell_still_format(text, sizeof(text), &whole, fmt, ap);
	va_end(ap);
	ck_assert_str_eq(text, expected);
	ck_assert_uint_eq(len, strlen(expected));
	ck_assert_int_eq(whole, n < (int)sizeof(expected));
}

/* What libc would make something else of. */
static void gives(const char *expected, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)tell_still_format(text, sizeof(text), &whole, fmt, ap);
#pragma GCC diagnostic pop
	va_end(ap);
	ck_assert_str_eq(text, expected);
	ck_assert(!whole);
}

#pragma GCC diagnostic ignored "-Wformat" /* flags that do nothing are part of it */

START_TEST(numbers_are_as_libc_has_them)
{
	const long values[] = { 0, 1, -1, 7, 42, -42, 123456789, INT32_MIN, INT32_MAX,
		INT64_MIN, INT64_MAX };
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		long v = values[i];
		same("%d|%i|%u|%x", (int)v, (int)v, (unsigned)v, (unsigned)v);
		same("%ld|%lld|%zu", v, (long long)v, (size_t)v);
		same("%hhd|%hd|%hhu|%hu", (signed char)v, (short)v, (unsigned char)v,
			(unsigned short)v);
		same("%#o|%o|%#x|%X|%#lX", (unsigned)v, (unsigned)v, (unsigned)v,
			(unsigned)v, (unsigned long)v);
		same("%8d|%-8d|%08d|%+d|% d", (int)v, (int)v, (int)v, (int)v, (int)v);
		same("%.5d|%12.5d|%-12.5d|%012.5d", (int)v, (int)v, (int)v, (int)v);
		same("%*d|%.*d|%-*d", 9, (int)v, 4, (int)v, -9, (int)v);
		same("%.0d|%.0x|%#.0o|%jd|%td", (int)v, (unsigned)v, (unsigned)v,
			(intmax_t)v, (ptrdiff_t)v);
		same("%#10x|%-#10x|%#010x|%+08d", (unsigned)v, (unsigned)v, (unsigned)v,
			(int)v);
		same("%p", (void *)v);
	}
}
END_TEST

START_TEST(text_is_as_libc_has_it)
{
	char none[] = "%s";
	same("plain");
	same("100%%");
	same("%s %c %m", "text", 'x');
	same("%10s|%-10s|%.3s|%5.2s", "text", "text", "text", "text");
	same("%.*s", 2, "not ended by NUL"); /* nor read beyond */
	same("%p", NULL);
	gives("(null) %.1f", "%s %.1f", (char *)NULL, 1.0);
	same("%s", none); /* what is data is no format */
}
END_TEST

START_TEST(what_could_allocate_stays_as_it_is_typed)
{
	gives("%.2f of 7", "%.2f of %d", 0.5, 7);
	gives("%Lg and 7", "%Lg and %d", (long double)1, 7);
	gives("%ls and 7", "%ls and %d", L"wide", 7);
	gives("7 %1$d %s", "%d %1$d %s", 7, 8);
	gives("7 %", "%d %", 7);
}
END_TEST

START_TEST(what_is_too_long_is_cut_on_a_character)
{
	va_list none;
	memset(&none, 0, sizeof(none));
	char small[8];
	ck_assert_uint_eq(
		tell_still_format(small, sizeof(small), &whole, "123456\xc3\xa4", none),
		6);
	ck_assert_str_eq(small, "123456");
	ck_assert(!whole);
	ck_assert_uint_eq(
		tell_still_format(small, sizeof(small), &whole, "1234\xe2\x82\xac", none),
		7);
	ck_assert(whole);
	ck_assert_uint_eq(tell_still_format(small, sizeof(small), &whole,
				  "12345\xe2\x82\xac", none),
		5);
	gives("                                                               ", "%200d",
		1);
}
END_TEST

static Suite *still_format_suite(void)
{
	Suite *s = suite_create("base/still_format");
	tell_check_add(s, "format", numbers_are_as_libc_has_them, text_is_as_libc_has_it,
		what_could_allocate_stays_as_it_is_typed,
		what_is_too_long_is_cut_on_a_character, NULL);
	return s;
}
TELL_CHECK_MAIN(still_format_suite)
