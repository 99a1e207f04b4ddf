#include "base/power10.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/check_main.h"

/* power10.py has proved all of it with whole numbers; here a second opinion on what was
 * committed: the upper 64 bits against long double, or 53 of them. */
START_TEST(each_power_is_what_the_header_says)
{
	for (int k = -307; k <= 308; k++) {
		char text[16];
		struct tell_power10 t = tell_power10(k);
		(void)snprintf(text, sizeof(text), "1e%d", k);
		double got = ldexp((double)t.high, tell_floor_log2_pow10(k) - 63);
		double want = strtod(text, NULL);
		ck_assert_msg(t.high >> 63 == 1, "10^%d has no top bit", k);
		ck_assert_msg(fabs(got - want) <= want * 0x1p-51, "10^%d", k);
	}
	ck_assert_uint_eq(tell_power10(0).high, UINT64_C(1) << 63);
	ck_assert_uint_eq(tell_power10(0).low, 0);
	/* 5^55 is odd and has just 128 bits. */
	ck_assert_uint_eq(tell_power10(TELL_POWER10_EXACT_MAX).low & 1, 1);
}
END_TEST

/* An error in one entry breaks two links of the chain. From 10^-1, which is cut, to 10^0,
 * which is not, there is none: the product lies just below. */
START_TEST(each_power_is_ten_times_the_one_before)
{
	for (int k = TELL_POWER10_MIN; k < TELL_POWER10_MAX; k++) {
		if (k == -1)
			continue;
		struct tell_power10 a = tell_power10(k), b = tell_power10(k + 1);
		/* a * 10 in 32-bit pieces, top of it shifted into place */
		uint32_t part[5] = { (uint32_t)a.low, (uint32_t)(a.low >> 32),
			(uint32_t)a.high, (uint32_t)(a.high >> 32), 0 };
		uint64_t carry = 0;
		for (int i = 0; i < 5; i++) {
			carry += (uint64_t)part[i] * 10;
			part[i] = (uint32_t)carry;
			carry >>= 32;
		}
		int shift = part[4] >= 8 ? 4 : 3;
		uint64_t high = (uint64_t)part[4] << (64 - shift) |
			(uint64_t)part[3] << (32 - shift) | part[2] >> shift;
		uint64_t low = (uint64_t)(part[2] & ((1u << shift) - 1)) << (64 - shift) |
			(uint64_t)part[1] << (32 - shift) | part[0] >> shift;
		ck_assert_int_eq(
			tell_floor_log2_pow10(k + 1) - tell_floor_log2_pow10(k), shift);
		ck_assert_msg(high == b.high && b.low - low <= 2, "10^%d", k + 1);
	}
}
END_TEST

START_TEST(logarithms_agree_with_libm)
{
	for (int e = -1100; e <= 1100; e++) {
		ck_assert_int_eq(tell_floor_log10_pow2(e), (int)floor(e * log10(2.0)));
		ck_assert_int_eq(tell_floor_log10_three_quarters_pow2(e),
			(int)floor(e * log10(2.0) + log10(0.75)));
	}
}
END_TEST

static Suite *power10_suite(void)
{
	Suite *s = suite_create("base/power10");
	tell_check_add(s, "power10", each_power_is_what_the_header_says,
		each_power_is_ten_times_the_one_before, logarithms_agree_with_libm, NULL);
	return s;
}

TELL_CHECK_MAIN(power10_suite)
