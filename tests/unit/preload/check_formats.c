#include "preload/formats.h"
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include "support/check_main.h"

static char text[1 << 16];
static struct iovec iov[32];
static size_t bytes;

/* Both passes; how many texts came of it. */
static int make(size_t size, int most, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	int n = tell_formats_measure(format, ap, &bytes);
	va_end(ap);
	if (n < 0)
		return n;
	va_start(ap, format);
	int made = tell_formats_make(format, ap, text, size ? size : bytes, iov, most);
	va_end(ap);
	ck_assert_int_le(made, n);
	return made;
}

static void expect(int i, const char *want)
{
	ck_assert_uint_eq(iov[i].iov_len, strlen(want));
	ck_assert_mem_eq(iov[i].iov_base, want, strlen(want));
}

START_TEST(each_format_takes_its_own_arguments)
{
	ck_assert_int_eq(
		make(0, 32, "A=%s %d", "x", 1, "B=%ld %lld %zu", 2L, 3LL, (size_t)4,
			"C=", "D=%c%%%5.2f", 'c', 1.5, "E=%s", "end", NULL),
		5);
	expect(0, "A=x 1");
	expect(1, "B=2 3 4");
	expect(2, "C=");
	expect(3, "D=c% 1.50");
	expect(4, "E=end");
}
END_TEST

START_TEST(every_kind_of_argument_is_stepped_over)
{
	ck_assert_int_eq(make(0, 32, "A=%hhd %hd %jd %td %Lf %p %*d %.*s", 1, 2,
				 (intmax_t)3, (ptrdiff_t)4, (long double)5, (void *)0, 3,
				 6, 2, "abc", "B=%2$s %1$s", "one", "two", "C=%ls %lc",
				 L"wide", (wint_t)L'w', "D=%s", "end", NULL),
		4);
	expect(0, "A=1 2 3 4 5.000000 (nil)   6 ab");
	expect(1, "B=two one");
	expect(2, "C=wide w");
	expect(3, "D=end");
}
END_TEST

START_TEST(white_space_at_the_end_goes)
{
	ck_assert_int_eq(make(0, 32, "A= x \n", "B=\t", NULL), 2);
	expect(0, "A= x");
	expect(1, "B=");
}
END_TEST

START_TEST(what_does_not_fit_is_left_out)
{
	ck_assert_int_eq(
		make(12, 32, "A=1", "B=%s", "much too long for it", "C=3", NULL), 2);
	expect(0, "A=1");
	expect(1, "C=3");
	ck_assert_int_eq(make(0, 2, "A=1", "B=2", "C=3", NULL), 2);
}
END_TEST

START_TEST(no_format_is_none)
{
	ck_assert_int_eq(make(0, 32, NULL), 0);
}
END_TEST

static Suite *formats_suite(void)
{
	Suite *s = suite_create("preload/formats");
	tell_check_add(s, "formats", each_format_takes_its_own_arguments,
		every_kind_of_argument_is_stepped_over, white_space_at_the_end_goes,
		what_does_not_fit_is_left_out, no_format_is_none, NULL);
	return s;
}
TELL_CHECK_MAIN(formats_suite)
