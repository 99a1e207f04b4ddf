#include <string.h>
#include "base/clock.h"
#include "forward/board.h"
#include "support/check_main.h"
#include "unit/health/asked.h"

static struct tell_board *board;

static void begin(void)
{
	board = tell_board_make();
	ck_assert_ptr_nonnull(board);
	board->n = 2;
	memcpy(board->ways[0].name, "a", 2);
	memcpy(board->ways[1].name, "b", 2);
}

static uint64_t ago_us(uint64_t s)
{
	return tell_clock_realtime_ns() / 1000 - s * 1000000;
}

static int ask(void)
{
	return ask_as("telltale-forward", "forward lag=60s away=60s", 1000);
}

START_TEST(all_is_well)
{
	ck_assert_int_eq(ask(), TELL_SUCCESS);
	board->ways[0].oldest_us = ago_us(10);
	ck_assert_int_eq(ask(), TELL_SUCCESS);
}
END_TEST

START_TEST(who_is_away_is_degraded_first)
{
	board->ways[1].away_us = ago_us(10);
	ck_assert_int_eq(ask(), TELL_SPOOLED);
	ck_assert_ptr_eq(
		strstr(field("reason"), "b: its receiver has taken nothing for 10s"),
		field("reason"));
	board->ways[1].away_us = ago_us(70);
	ck_assert_int_eq(ask(), TELL_UNAVAILABLE);
}
END_TEST

START_TEST(a_record_that_waits_too_long_is_degraded)
{
	board->ways[0].oldest_us = ago_us(70);
	ck_assert_int_eq(ask(), TELL_SPOOLED);
	ck_assert_str_eq(field("reason"), "a: a record has waited for 1m10s");
}
END_TEST

START_TEST(the_worst_is_said)
{
	board->ways[0].oldest_us = ago_us(70);
	board->ways[1].ended = 1;
	ck_assert_int_eq(ask(), TELL_FAILED);
	ck_assert_str_eq(field("reason"), "b: it has ended");
}
END_TEST

START_TEST(one_that_does_not_live_hangs)
{
	board->ways[0].beat_ns = tell_clock_monotonic_ns() - 200 * TELL_NS_PER_SEC;
	ck_assert_int_eq(ask(), TELL_TIMEOUT);
	board->ways[0].beat_ns = tell_clock_monotonic_ns() - 100 * TELL_NS_PER_SEC;
	ck_assert_int_eq(ask(), TELL_SUCCESS);
}
END_TEST

static Suite *health_suite(void)
{
	Suite *s = suite_create("forward/health");
	TCase *tc = tcase_create("ways");
	tcase_add_checked_fixture(tc, begin, done_asking);
	tcase_add_test(tc, all_is_well);
	tcase_add_test(tc, who_is_away_is_degraded_first);
	tcase_add_test(tc, a_record_that_waits_too_long_is_degraded);
	tcase_add_test(tc, the_worst_is_said);
	tcase_add_test(tc, one_that_does_not_live_hangs);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(health_suite)
