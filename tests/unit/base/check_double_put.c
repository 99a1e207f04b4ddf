#include <math.h>
#include <string.h>

#include "base/number.h"
#include "support/check_main.h"
#include "support/unit.h"

static const char *text_of(double v)
{
	static char text[TELL_F64_MAX_CHARS + 1];
	memset(text, '#', sizeof(text));
	char *end = tell_put_f64(text, v);
	tell_unit_expect(end <= text + TELL_F64_MAX_CHARS, "%.17g is too long", v);
	tell_unit_expect(text[TELL_F64_MAX_CHARS] == '#', "%.17g wrote too far", v);
	*end = '\0';
	return text;
}

/* Digits from the first to the last that is not 0. */
static int significant_digits(const char *text)
{
	int n = 0, zeros = 0;
	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9' || (n == 0 && *text == '0'))
			continue;
		zeros = *text == '0' ? zeros + 1 : 0;
		n++;
	}
	return n - zeros;
}

/* printf gives the closest decimal of each length. The first that reads back is it, but
 * above a power of two a farther one can be shorter still (Schubfach, section 5). */
static void expect_shortest(double v)
{
	char want[40];
	const char *text = text_of(v);
	int n = 0;
	tell_unit_expect(strtod(text, NULL) == v, "%s for %.17g", text, v);
	do
		(void)snprintf(want, sizeof(want), "%.*e", n++, v);
	while (strtod(want, NULL) != v);
	tell_unit_expect(significant_digits(text) <= n, "%s is not the shortest, %s is",
		text, want);
	if (significant_digits(text) < n)
		return;
	long double off = (long double)v - strtold(text, NULL);
	long double least = (long double)v - strtold(want, NULL);
	tell_unit_expect(fabsl(off) <= fabsl(least), "%s is farther than %s", text, want);
}

static double from_bits(uint64_t bits)
{
	double v;
	memcpy(&v, &bits, sizeof(v));
	return v;
}

START_TEST(doubles_have_one_known_form)
{
	static const struct {
		double v;
		const char *text;
	} rows[] = {
		{ 0.0, "0.0" },
		{ -0.0, "-0.0" },
		{ 1.0, "1.0" },
		{ -1.0, "-1.0" },
		{ 100.0, "100.0" },
		{ 12.345, "12.345" },
		{ 0.1, "0.1" },
		{ 0.3, "0.3" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 999999999.999999, "999999999.999999" },
		{ 1e9, "1000000000.0" },
		{ 9007199254740992.0, "9007199254740992.0" },
		{ 9007199254740993e3, "9007199254740993000.0" },
		{ 1e20, "100000000000000000000.0" },
		{ 999999999999999868928.0, "999999999999999900000.0" },
		{ 1e21, "1e21" },
		{ 1.5e300, "1.5e300" },
		{ 1e-6, "0.000001" },
		{ 1.25e-6, "0.00000125" },
		{ 9.99e-7, "9.99e-7" },
		{ 1.5e-7, "1.5e-7" },
		{ 5e-324, "5e-324" },
		{ 2.2250738585072014e-308, "2.2250738585072014e-308" },
		{ 1.7976931348623157e308, "1.7976931348623157e308" },
		{ 2e23, "2e23" },
		{ 0x1p-44,
			"5.684341886080802e-14" }, /* 801 is as near, but reads lower */
		{ 1125899906842624.75,
			"1125899906842624.8" }, /* .7 is as near: even wins */
		{ 9.5367431640625e-7, "9.5367431640625e-7" },
		{ -1.2345678901234567e-6, "-0.0000012345678901234567" },
		{ -2.2250738585072014e-308, "-2.2250738585072014e-308" },
		{ (double)INFINITY, "inf" },
		{ -(double)INFINITY, "-inf" },
		{ (double)NAN, "nan" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_str_eq(text_of(rows[i].v), rows[i].text);
	ck_assert_str_eq(text_of(from_bits(UINT64_C(0xfff8000000000001))), "nan");
}
END_TEST

START_TEST(any_double_is_written_shortest)
{
	uint64_t state = tell_unit_seed();
	for (int i = 0; i < 6000; i++) {
		double v = from_bits(tell_unit_random(&state));
		if (isfinite(v))
			expect_shortest(v);
		expect_shortest(exp((double)(int64_t)tell_unit_random(&state) * 4e-18));
		expect_shortest((double)(tell_unit_random(&state) >> 8) / 1e6);
	}
}
END_TEST

START_TEST(powers_of_two_and_ten_and_their_neighbours_are_written_shortest)
{
	for (int e = -1074; e < 1024; e++) {
		double v = ldexp(1.0, e);
		expect_shortest(v);
		expect_shortest(nextafter(v, 0.0) > 0 ? nextafter(v, 0.0) : v);
		expect_shortest(nextafter(v, 1e308));
	}
	for (int k = -323; k <= 308; k++) {
		char text[16];
		(void)snprintf(text, sizeof(text), "1e%d", k);
		expect_shortest(strtod(text, NULL));
		expect_shortest(nextafter(strtod(text, NULL), 1.0));
	}
	for (uint64_t bits = 1; bits < 3000; bits++)
		expect_shortest(from_bits(bits));
}
END_TEST

START_TEST(what_has_few_decimals_keeps_them)
{
	for (uint32_t i = 1; i < 60000; i += 7) {
		char want[32];
		(void)snprintf(want, sizeof(want), "%u.%03u", i / 1000, i % 1000);
		for (size_t n = strlen(want); want[n - 1] == '0' && want[n - 2] != '.';
			n--)
			want[n - 1] = '\0';
		tell_unit_expect(
			strcmp(text_of((double)i / 1000), want) == 0, "%s", want);
	}
}
END_TEST

static Suite *double_put_suite(void)
{
	Suite *s = suite_create("base/double_put");
	tell_check_add(s, "double_put", doubles_have_one_known_form,
		any_double_is_written_shortest,
		powers_of_two_and_ten_and_their_neighbours_are_written_shortest,
		what_has_few_decimals_keeps_them, NULL);
	return s;
}

TELL_CHECK_MAIN(double_put_suite)
