#include "base/rate.h"
#include <errno.h>
#include <pthread.h>
#include "base/clock.h"
#include "support/check_main.h"

#define SEC TELL_NS_PER_SEC

static uint64_t period_of(const char *text, uint64_t n)
{
	uint64_t found = 0, period_ns = 0;
	ck_assert_msg(tell_parse_rate(text, &found, &period_ns) == 0, "%s", text);
	ck_assert_uint_eq(found, n);
	return period_ns;
}

START_TEST(a_rate_is_how_many_in_which_time)
{
	ck_assert_uint_eq(period_of("100/s", 100), SEC);
	ck_assert_uint_eq(period_of("100/second", 100), SEC);
	ck_assert_uint_eq(period_of("600/min", 600), 60 * SEC);
	ck_assert_uint_eq(period_of("5/h", 5), 3600 * SEC);
	ck_assert_uint_eq(period_of("1/day", 1), 86400 * SEC);
	ck_assert_uint_eq(period_of("10000/30s", 10000), 30 * SEC);
	ck_assert_uint_eq(period_of("1/1h30m", 1), 5400 * SEC);
}
END_TEST

START_TEST(anything_else_is_none)
{
	static const char *const wrong[] = { "", "100", "100/", "/s", "0/s", "-1/s",
		"1.5/s", "100/0", "100/0s", "100/5", "100 /s", "100/s ", "100/parsec",
		"18446744073709551616/s" };
	uint64_t n, period_ns;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(tell_parse_rate(wrong[i], &n, &period_ns) == -EINVAL, "%s",
			wrong[i]);
}
END_TEST

START_TEST(a_burst_goes_through_then_one_a_gap)
{
	struct tell_rate r;
	uint64_t due = 0;
	ck_assert_int_eq(tell_rate_set(&r, 10, SEC, 3), 0);
	for (int i = 0; i < 3; i++)
		ck_assert(tell_rate_take(&r, &due, SEC));
	ck_assert(!tell_rate_take(&r, &due, SEC));
	ck_assert(!tell_rate_take(&r, &due, SEC + SEC / 10 - 1));
	ck_assert(tell_rate_take(&r, &due, SEC + SEC / 10));
	ck_assert(!tell_rate_take(&r, &due, SEC + SEC / 10));
}
END_TEST

START_TEST(idle_saves_up_one_burst_and_no_more)
{
	struct tell_rate r;
	uint64_t due = 0;
	int n = 0;
	ck_assert_int_eq(tell_rate_set(&r, 10, SEC, 3), 0);
	while (tell_rate_take(&r, &due, 1000 * SEC))
		n++;
	ck_assert_int_eq(n, 3);
	while (tell_rate_take(&r, &due, 9000 * SEC))
		n++;
	ck_assert_int_eq(n, 6);
}
END_TEST

START_TEST(numbers_that_do_not_fit_are_refused)
{
	struct tell_rate r;
	ck_assert_int_eq(tell_rate_set(&r, 0, SEC, 1), -EINVAL);
	ck_assert_int_eq(tell_rate_set(&r, 1, SEC, 0), -EINVAL);
	ck_assert_int_eq(tell_rate_set(&r, 2 * SEC, SEC, 1), -EINVAL);
	ck_assert_int_eq(tell_rate_set(&r, 1, 86400 * SEC, UINT64_MAX), -EINVAL);
	ck_assert_int_eq(tell_rate_set(&r, 1, 86400 * SEC, 36500), 0);
	ck_assert_int_eq(tell_rate_set(&r, SEC, SEC, SEC), 0);
}
END_TEST

struct shared {
	struct tell_rate rate;
	uint64_t due_ns;
};

static void *spend(void *arg)
{
	struct shared *s = arg;
	uintptr_t n = 0;
	for (int i = 0; i < 5000; i++)
		n += tell_rate_take(&s->rate, &s->due_ns, SEC);
	return (void *)n;
}

START_TEST(threads_share_a_burst_to_the_last_one)
{
	pthread_t threads[4];
	uintptr_t sum = 0;
	struct shared s = { 0 };
	ck_assert_int_eq(tell_rate_set(&s.rate, 1, SEC, 7777), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, spend, &s), 0);
	for (int i = 0; i < 4; i++) {
		void *n;
		ck_assert_int_eq(pthread_join(threads[i], &n), 0);
		sum += (uintptr_t)n;
	}
	ck_assert_uint_eq(sum, 7777);
}
END_TEST

static Suite *rate_suite(void)
{
	Suite *s = suite_create("base/rate");
	tell_check_add(
		s, "text", a_rate_is_how_many_in_which_time, anything_else_is_none, NULL);
	tell_check_add(s, "pace", a_burst_goes_through_then_one_a_gap,
		idle_saves_up_one_burst_and_no_more, numbers_that_do_not_fit_are_refused,
		threads_share_a_burst_to_the_last_one, NULL);
	return s;
}

TELL_CHECK_MAIN(rate_suite)
