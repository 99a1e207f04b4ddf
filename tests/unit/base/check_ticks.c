#include "base/ticks.h"
#include "base/clock.h"
#include "support/check_main.h"

#define S TELL_NS_PER_SEC

static uint64_t at(uint64_t ticks)
{
	const struct tell_tick_pair a = { 1000, 100 * S }, b = { 3001000, 101 * S };
	return tell_ticks_ns(&a, &b, ticks);
}

START_TEST(the_line_goes_through_both_pairs_and_on)
{
	ck_assert_uint_eq(at(1000), 100 * S);
	ck_assert_uint_eq(at(3001000), 101 * S);
	ck_assert_uint_eq(at(1501000), 100 * S + S / 2);
	ck_assert_uint_eq(at(6001000), 102 * S);
	ck_assert_uint_eq(at(0), 100 * S - S / 3000); /* rounded towards the pair */
}
END_TEST

START_TEST(pairs_without_a_line_give_the_first_ones_time)
{
	const struct tell_tick_pair a = { 1000, 7 * S }, before = { 999, 8 * S };
	ck_assert_uint_eq(tell_ticks_ns(&a, &a, 5000), 7 * S);
	ck_assert_uint_eq(tell_ticks_ns(&a, &before, 5000), 7 * S);
}
END_TEST

/* Pairs come from files of others: no number may be too much. */
START_TEST(fault_32_pairs_of_no_clock_give_some_time)
{
	const uint64_t odd[] = { 0, 1, (uint64_t)1 << 62, (uint64_t)1 << 63, UINT64_MAX };
	for (int i = 0; i < 5 * 5 * 5; i++) {
		const struct tell_tick_pair a = { odd[i % 5], 7 };
		const struct tell_tick_pair b = { a.ticks + 1, odd[i / 5 % 5] };
		(void)tell_ticks_ns(&a, &b, odd[i / 25]); /* UBSan looks */
		(void)tell_ticks_ns(&b, &a, odd[i / 25]);
	}
	const struct tell_tick_pair a = { 0, 7 }, b = { 1, (uint64_t)1 << 62 };
	ck_assert_uint_eq(tell_ticks_ns(&a, &b, (uint64_t)1 << 62), 7);
}
END_TEST

/* Only that it is no other clock: the machine may be slow. */
START_TEST(a_pair_is_of_one_moment)
{
	if (!tell_ticks_usable())
		return;
	uint64_t before_ns = tell_clock_realtime_ns(), before = tell_ticks();
	struct tell_tick_pair now = tell_ticks_now();
	ck_assert_uint_ge(now.ticks, before);
	ck_assert_uint_le(now.ticks, tell_ticks());
	ck_assert_uint_ge(now.realtime_ns, before_ns);
	ck_assert_uint_le(now.realtime_ns, tell_clock_realtime_ns());
}
END_TEST

static Suite *ticks_suite(void)
{
	Suite *s = suite_create("base/ticks");
	tell_check_add(s, "ticks", the_line_goes_through_both_pairs_and_on,
		pairs_without_a_line_give_the_first_ones_time,
		fault_32_pairs_of_no_clock_give_some_time, a_pair_is_of_one_moment, NULL);
	return s;
}
TELL_CHECK_MAIN(ticks_suite)
