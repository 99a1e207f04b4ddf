#include "base/number.h"

#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

static const char *u64_text(uint64_t v)
{
	static char text[TELL_U64_MAX_CHARS + 1];
	*tell_put_u64(text, v) = '\0';
	return text;
}

static const char *i64_text(int64_t v)
{
	static char text[TELL_I64_MAX_CHARS + 1];
	*tell_put_i64(text, v) = '\0';
	return text;
}

static const char *hex_text(uint64_t v, int width)
{
	static char text[16 + 1];
	*tell_put_hex64(text, v, width) = '\0';
	return text;
}

static void expect_as_printf(uint64_t v)
{
	char want[32], want_signed[32];
	uint64_t u64;
	int64_t i64;
	(void)snprintf(want, sizeof(want), "%" PRIu64, v);
	(void)snprintf(want_signed, sizeof(want_signed), "%" PRId64, (int64_t)v);
	tell_unit_expect(strcmp(u64_text(v), want) == 0, "%s, not %s", u64_text(v), want);
	tell_unit_expect(
		strcmp(i64_text((int64_t)v), want_signed) == 0, "%s", want_signed);
	tell_unit_expect(
		tell_parse_u64(want, strlen(want), &u64) && u64 == v, "%s", want);
	tell_unit_expect(tell_parse_i64(want_signed, strlen(want_signed), &i64) &&
			i64 == (int64_t)v,
		"%s", want_signed);
}

START_TEST(integers_are_written_as_printf_does_and_read_back)
{
	uint64_t state = tell_unit_seed(), power = 1;
	for (uint64_t v = 0; v < 12000; v++)
		expect_as_printf(v);
	for (int i = 0; i < 20; i++, power *= 10) {
		expect_as_printf(power - 1);
		expect_as_printf(power);
		expect_as_printf(power + 1);
	}
	for (int bit = 0; bit < 64; bit++) {
		expect_as_printf((UINT64_C(1) << bit) - 1);
		expect_as_printf(UINT64_C(1) << bit);
	}
	expect_as_printf(UINT64_MAX);
	for (int i = 0; i < 100000; i++) {
		uint64_t v = tell_unit_random(&state);
		expect_as_printf(v >> (v % 64));
	}
}
END_TEST

START_TEST(hex_is_padded_to_its_width_and_never_cut)
{
	ck_assert_str_eq(hex_text(0, 0), "0");
	ck_assert_str_eq(hex_text(0, 4), "0000");
	ck_assert_str_eq(hex_text(0xbeef, 8), "0000beef");
	ck_assert_str_eq(hex_text(0x12345, 2), "12345");
	ck_assert_str_eq(hex_text(UINT64_MAX, 16), "ffffffffffffffff");
	ck_assert_str_eq(hex_text(0x10, 99), "0000000000000010");
	ck_assert_str_eq(hex_text(1, -1), "1");
}
END_TEST

START_TEST(integers_that_are_none_or_too_large_are_refused)
{
	static const char *const neither[] = { "", "-", "+1", " 1", "1 ", "1.0", "0x10",
		"--1", "1-", "1e5", "99999999999999999999", "18446744073709551616",
		"184467440737095516150" };
	uint64_t u64 = 7;
	int64_t i64 = 7;
	for (size_t i = 0; i < sizeof(neither) / sizeof(neither[0]); i++) {
		tell_unit_expect(!tell_parse_u64(neither[i], strlen(neither[i]), &u64),
			"%s", neither[i]);
		tell_unit_expect(!tell_parse_i64(neither[i], strlen(neither[i]), &i64),
			"%s", neither[i]);
	}
	ck_assert(!tell_parse_u64("-1", 2, &u64));
	ck_assert(!tell_parse_i64("9223372036854775808", 19, &i64));
	ck_assert(!tell_parse_i64("-9223372036854775809", 20, &i64));
	ck_assert(!tell_parse_u64("1\0", 2, &u64));
	ck_assert_uint_eq(u64, 7);
	ck_assert_int_eq(i64, 7);
}
END_TEST

START_TEST(a_text_is_a_number_only_if_it_reads_back_as_itself)
{
	static const struct {
		const char *text;
		enum tell_number_kind kind;
	} rows[] = {
		{ "3", TELL_NUMBER_I64 },
		{ "0", TELL_NUMBER_I64 },
		{ "-7", TELL_NUMBER_I64 },
		{ "9223372036854775807", TELL_NUMBER_I64 },
		{ "-9223372036854775808", TELL_NUMBER_I64 },
		{ "9223372036854775808", TELL_NUMBER_U64 },
		{ "18446744073709551615", TELL_NUMBER_U64 },
		{ "0.5", TELL_NUMBER_F64 },
		{ "-0.5", TELL_NUMBER_F64 },
		{ "1.0", TELL_NUMBER_F64 },
		{ "-0.0", TELL_NUMBER_F64 },
		{ "1e21", TELL_NUMBER_F64 },
		{ "1.5e-7", TELL_NUMBER_F64 },
		{ "0.1", TELL_NUMBER_F64 },
		{ "", TELL_NUMBER_NONE },
		{ "-", TELL_NUMBER_NONE },
		{ "007", TELL_NUMBER_NONE },
		{ "00", TELL_NUMBER_NONE },
		{ "-0", TELL_NUMBER_NONE },
		{ "-07", TELL_NUMBER_NONE },
		{ "+1", TELL_NUMBER_NONE },
		{ "1e5", TELL_NUMBER_NONE },
		{ "1E21", TELL_NUMBER_NONE },
		{ "1e+21", TELL_NUMBER_NONE },
		{ "1.50", TELL_NUMBER_NONE },
		{ "1.", TELL_NUMBER_NONE },
		{ ".5", TELL_NUMBER_NONE },
		{ "0x10", TELL_NUMBER_NONE },
		{ "nan", TELL_NUMBER_NONE },
		{ "inf", TELL_NUMBER_NONE },
		{ "-inf", TELL_NUMBER_NONE },
		{ "1e999", TELL_NUMBER_NONE },
		{ "1.2.3", TELL_NUMBER_NONE },
		{ "2026-11-21", TELL_NUMBER_NONE },
		{ "18446744073709551616", TELL_NUMBER_NONE },
		{ "0.1000000000000000055511151231257827", TELL_NUMBER_NONE },
	};
	struct tell_number n;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i].text);
		bool is = tell_number_canonical(rows[i].text, len, &n);
		tell_unit_expect(
			n.kind == rows[i].kind, "%s is %d", rows[i].text, (int)n.kind);
		ck_assert_int_eq(is, rows[i].kind != TELL_NUMBER_NONE);
	}
	ck_assert(tell_number_canonical("-7", 2, &n) && n.i64 == -7);
	ck_assert(tell_number_canonical("0.5", 3, &n) && n.f64 == 0.5);
	ck_assert(tell_number_canonical("9223372036854775808", 19, &n) &&
		n.u64 == UINT64_C(1) << 63);
}
END_TEST

static Suite *number_suite(void)
{
	Suite *s = suite_create("base/number");
	tell_check_add(s, "number", integers_are_written_as_printf_does_and_read_back,
		hex_is_padded_to_its_width_and_never_cut,
		integers_that_are_none_or_too_large_are_refused,
		a_text_is_a_number_only_if_it_reads_back_as_itself, NULL);
	return s;
}

TELL_CHECK_MAIN(number_suite)
