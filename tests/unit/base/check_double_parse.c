#include <math.h>
#include <string.h>

#include "base/number.h"
#include "support/check_main.h"
#include "support/unit.h"

static void expect_as_strtod(const char *text)
{
	double want = strtod(text, NULL), got = 7;
	bool fits = tell_parse_f64(text, strlen(text), &got);
	tell_unit_expect(fits == isfinite(want), "%s: %d", text, fits);
	if (fits)
		tell_unit_expect(memcmp(&got, &want, sizeof(got)) == 0, "%s: %a, not %a",
			text, got, want);
}

START_TEST(known_texts_give_known_doubles)
{
	static const char *const texts[] = { "0", "-0", "0.0", "-0.0", "1", "-1",
		"12.345", ".5", "-.5", "5.", "1e5", "1E5", "1e+5", "1e-5", "007",
		"0e999999999999999999999", "0.1", "9007199254740992", "9007199254740993",
		"9007199254740993.0000000000001", "9007199254740995", "36028797018963972",
		"1e22", "1e23", "8.5e-323", "4.9406564584124654e-324",
		"2.4703282292062327e-324", "2.4703282292062328e-324",
		"2.2250738585072011e-308", "2.2250738585072012e-308",
		"1.7976931348623157e308", "1.7976931348623158e308",
		"1.7976931348623159e308", "1e308", "1e309", "1e400", "-1e400", "1e-323",
		"1e-324", "1e-400", "1e99999999999999999999", "1e-99999999999999999999",
		"18446744073709551615", "18446744073709551616",
		"123456789012345678901234567890", "0.000000000000000000000000000000001",
		"6.02214076e23", "1.6e-19" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_as_strtod(texts[i]);
}
END_TEST

START_TEST(texts_that_are_no_decimal_numbers_are_refused)
{
	static const char *const texts[] = { "", "-", ".", "-.", "+1", "1e", "1e+", "1e-",
		"e5", ".e5", "1.2.3", "1,5", " 1", "1 ", "0x10", "nan", "inf", "infinity",
		"1_000", "--1", "1e5.", "1e5e5", "1f", "\xd9\xa1" };
	double v = 7;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		tell_unit_expect(
			!tell_parse_f64(texts[i], strlen(texts[i]), &v), "%s", texts[i]);
	ck_assert(!tell_parse_f64("1\0", 2, &v));
	ck_assert(v == 7);
	ck_assert(tell_parse_f64("12", 1, &v) && v == 1);
}
END_TEST

START_TEST(random_decimals_are_read_as_strtod_reads_them)
{
	uint64_t state = tell_unit_seed();
	char text[1200];
	for (int i = 0; i < 200000; i++) {
		unsigned n = 1 +
			(unsigned)(tell_unit_random(&state) % (i % 50 ? 25 : 1000));
		unsigned point = (unsigned)(tell_unit_random(&state) % (n + 1));
		char *p = text;
		for (unsigned k = 0; k < n; k++) {
			if (k == point)
				*p++ = '.';
			*p++ = (char)('0' + tell_unit_random(&state) % 10);
		}
		int exponent = (int)(tell_unit_random(&state) % 700) - 350;
		(void)snprintf(p, 16, "e%d", exponent);
		expect_as_strtod(text);
	}
}
END_TEST

START_TEST(every_double_is_read_back_from_its_own_text)
{
	uint64_t state = tell_unit_seed();
	for (int i = 0; i < 400000; i++) {
		uint64_t bits = tell_unit_random(&state);
		char text[TELL_F64_MAX_CHARS];
		double v, again;
		memcpy(&v, &bits, sizeof(v));
		if (!isfinite(v))
			continue;
		if (!tell_parse_f64(text, (size_t)(tell_put_f64(text, v) - text), &again))
			ck_abort_msg("%a is not read", v);
		tell_unit_expect(
			memcmp(&v, &again, sizeof(v)) == 0, "%a became %a", v, again);
	}
}
END_TEST

START_TEST(leading_and_trailing_zeros_may_outweigh_the_exponent)
{
	enum { ZEROS = 2000 };
	static char text[ZEROS + 32];
	double v;
	memset(text, '0', sizeof(text));
	text[1] = '.';
	(void)snprintf(text + 2 + ZEROS, 24, "5e%d", ZEROS + 1);
	ck_assert(tell_parse_f64(text, strlen(text), &v) && v == 5);
	memset(text, '0', sizeof(text));
	text[0] = '5';
	(void)snprintf(text + 1 + ZEROS, 24, "e-%d", ZEROS);
	ck_assert(tell_parse_f64(text, strlen(text), &v) && v == 5);
}
END_TEST

static Suite *double_parse_suite(void)
{
	Suite *s = suite_create("base/double_parse");
	tell_check_add(s, "double_parse", known_texts_give_known_doubles,
		texts_that_are_no_decimal_numbers_are_refused,
		random_decimals_are_read_as_strtod_reads_them,
		every_double_is_read_back_from_its_own_text,
		leading_and_trailing_zeros_may_outweigh_the_exponent, NULL);
	return s;
}

TELL_CHECK_MAIN(double_parse_suite)
