#include "tool/forward_progress.h"
#include <string.h>
#include "base/clock.h"
#include "support/check_main.h"

static struct tell_way way;
static struct tell_pace pace;
static struct tell_buf line;

/* The line at that second, since whose first look nothing was sent before. */
static const char *at(unsigned second, struct tell_progress_look look)
{
	tell_buf_clear(&line);
	tell_progress_line(&line, &way, &pace, look, (1000 + second) * TELL_NS_PER_SEC);
	return tell_buf_cstr(&line);
}

static void begin(void)
{
	const struct tell_progress_look any = { 0 };
	memset(&way, 0, sizeof(way));
	memset(&pace, 0, sizeof(pace));
	way.told = 1;
	memcpy(way.name, "loki-a", sizeof("loki-a"));
	(void)at(0, any);
}

static void done(void)
{
	tell_buf_done(&line);
}

/* So long ago, and half a second: what is shown does not hang on how fast the test is. */
static uint64_t ago_us(uint64_t s)
{
	return tell_clock_realtime_ns() / 1000 - s * 1000000 - 500000;
}

START_TEST(nothing_waits)
{
	const struct tell_progress_look look = { .bar = true };
	way.counts[TELL_WAY_SENT] = 50;
	way.left_most = 10;
	ck_assert_str_eq(at(1, look), "50 sent, 50/s, up to date");
}
END_TEST

START_TEST(one_that_has_said_nothing_yet_is_not_up_to_date)
{
	const struct tell_progress_look look = { 0 };
	way.told = 0;
	ck_assert_str_eq(at(1, look), "0 sent, 0/s, starting");
}
END_TEST

START_TEST(who_is_away_is_not_up_to_date)
{
	const struct tell_progress_look look = { .name = true };
	way.away_us = ago_us(600);
	ck_assert_str_eq(
		at(1, look), "loki-a: 0 sent, 0/s, receiver away for 10 min 0 s");
}
END_TEST

START_TEST(behind_is_said_with_what_is_left)
{
	const struct tell_progress_look look = { 0 };
	way.oldest_us = ago_us(3 * 86400 + 7200);
	way.left = way.left_most = 3 << 20;
	way.counts[TELL_WAY_REFUSED] = 2;
	way.counts[TELL_WAY_UNFIT] = 1;
	ck_assert_str_eq(
		at(1, look), "0 sent, 3 refused, 0/s, 3 d 2 h behind, 3.0 MiB to read");
}
END_TEST

START_TEST(a_bar_has_a_share_and_the_time_left)
{
	const struct tell_progress_look look = { .bar = true };
	way.oldest_us = ago_us(3600);
	way.left = way.left_most = 4000;
	ck_assert_str_eq(at(0, look), "[--------------------]   0%  0 sent, 0/s");
	way.left = 3000;
	way.counts[TELL_WAY_SENT] = 1000;
	ck_assert_str_eq(
		at(10, look), "[#####---------------]  25%  1000 sent, 100/s, 31 s left");
	way.left = 1;
	ck_assert_ptr_nonnull(strstr(at(12, look), "[####################]  99%"));
}
END_TEST

START_TEST(a_bar_of_blocks_where_they_can_be_shown)
{
	const struct tell_progress_look look = { .bar = true, .utf8 = true };
	way.oldest_us = ago_us(3600);
	way.left_most = 100;
	way.left = 95;
	ck_assert_ptr_nonnull(strstr(at(1, look), "[\u2588\u2591\u2591"));
	ck_assert_ptr_null(strchr(at(1, look), '#'));
}
END_TEST

static Suite *progress_suite(void)
{
	Suite *s = suite_create("tool/forward_progress");
	TCase *tc = tcase_create("line");
	tcase_add_checked_fixture(tc, begin, done);
	tcase_add_test(tc, nothing_waits);
	tcase_add_test(tc, one_that_has_said_nothing_yet_is_not_up_to_date);
	tcase_add_test(tc, who_is_away_is_not_up_to_date);
	tcase_add_test(tc, behind_is_said_with_what_is_left);
	tcase_add_test(tc, a_bar_has_a_share_and_the_time_left);
	tcase_add_test(tc, a_bar_of_blocks_where_they_can_be_shown);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(progress_suite)
