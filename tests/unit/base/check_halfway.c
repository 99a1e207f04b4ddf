#include "base/halfway.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "support/check_main.h"
#include "support/unit.h"

static int compare(const char *text, int lead, uint64_t significand, int exponent)
{
	struct tell_decimal d = { text, text + strlen(text), lead };
	return tell_halfway_compare(&d, significand, exponent);
}

START_TEST(small_numbers_compare_as_on_paper)
{
	ck_assert_int_eq(compare("1", 0, 1, 0), 0);
	ck_assert_int_eq(compare("5", -1, 1, -1), 0);
	ck_assert_int_eq(compare("5.0000", -1, 1, -1), 0);
	ck_assert_int_gt(compare("5.0001", -1, 1, -1), 0);
	ck_assert_int_lt(compare("4.9999", -1, 1, -1), 0);
	ck_assert_int_eq(
		compare("9007199254740993", 15, UINT64_C(9007199254740993), 0), 0);
	ck_assert_int_gt(
		compare("9007199254740994", 15, UINT64_C(9007199254740993), 0), 0);
	ck_assert_int_eq(compare("18014398509481984", 16, 1, 54), 0);
}
END_TEST

/* The middle of two doubles, written out, is a tie; one digit more or less in the last
 * place of all decides. glibc's strtod and printf are the oracle. */
START_TEST(texts_next_to_a_middle_are_read_as_strtod_reads_them)
{
	uint64_t state = tell_unit_seed();
	for (int i = 0; i < 1200; i++) {
		uint64_t bits = tell_unit_random(&state) >> 1;
		char text[1300];
		double v, above, got;
		if (i % 3 == 0)
			bits &= (UINT64_C(1) << 53) - 1; /* subnormal, or just above */
		memcpy(&v, &bits, sizeof(v));
		above = nextafter(v, (double)INFINITY);
		if (!isfinite(above + v)) /* under Valgrind the sum below has 64 bits */
			continue;
		long double middle = ((long double)v + (long double)above) / 2;
		if (sizeof(middle) == sizeof(v))
			return; /* no type here holds the middle */
		int n = snprintf(text, sizeof(text), "%.1100Le", middle);
		ck_assert_int_lt(n, (int)sizeof(text));
		char *last = strchr(text, 'e') - 1;
		for (int variant = 0; variant < 3; variant++) {
			if (variant == 1)
				*last = '1';
			if (variant == 2) { /* the middle less one in the last place */
				for (*last = '0'; *last == '0'; last--)
					*last = '9';
				last -= *last == '.';
				(*last)--;
			}
			tell_unit_expect(
				tell_parse_f64(text, strlen(text), &got), "%s", text);
			double want = strtod(text, NULL);
			tell_unit_expect(memcmp(&got, &want, sizeof(got)) == 0, "%d: %s",
				variant, text);
		}
	}
}
END_TEST

START_TEST(a_digit_behind_thousands_of_zeros_still_counts)
{
	static char text[5000];
	double v;
	memset(text, '0', sizeof(text) - 1);
	memcpy(text, "9007199254740993.", 17);
	ck_assert(tell_parse_f64(text, strlen(text), &v) && v == 9007199254740992.0);
	text[sizeof(text) - 2] = '1';
	ck_assert(tell_parse_f64(text, strlen(text), &v) && v == 9007199254740994.0);
}
END_TEST

static Suite *halfway_suite(void)
{
	Suite *s = suite_create("base/halfway");
	tell_check_add(s, "halfway", small_numbers_compare_as_on_paper,
		texts_next_to_a_middle_are_read_as_strtod_reads_them,
		a_digit_behind_thousands_of_zeros_still_counts, NULL);
	return s;
}

TELL_CHECK_MAIN(halfway_suite)
