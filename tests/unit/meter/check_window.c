#include "meter/window.h"
#include <math.h>
#include <stdlib.h>
#include "support/check_main.h"

#define SEC UINT64_C(1000000000)

static struct tell_grid g;
static struct tell_window *w;
static struct tell_tally all;

static void begin(void)
{
	ck_assert_int_eq(tell_grid_init(&g, NULL, 0), 0);
	tell_tally_init(&all);
	w = tell_window_new(0);
	ck_assert_ptr_nonnull(w);
}

static void end(void)
{
	w = tell_window_free(w);
}

static void observe(double value)
{
	unsigned bucket;
	all.n[tell_grid_place(&g, value, &bucket)]++;
	all.sum += value;
	tell_tally_widen(&all, value, value);
}

/* A look takes the extremes away. */
static void look(uint64_t now_s)
{
	tell_window_tick(w, &all, now_s * SEC);
	all.min = (double)INFINITY;
	all.max = -(double)INFINITY;
}

static struct tell_stats stats;

static double ask(uint64_t now_s, uint64_t window_s)
{
	static struct tell_tally asked;
	look(now_s);
	tell_tally_init(&asked);
	uint64_t ns = tell_window_read(w, &all, now_s * SEC, window_s * SEC, &asked);
	tell_tally_stats(&asked, &g, &stats);
	return (double)ns / 1e9;
}

START_TEST(an_empty_window_is_all_zero)
{
	ck_assert(ask(10, 60) == 10);
	ck_assert_uint_eq(stats.count, 0);
	ck_assert(stats.min == 0 && stats.max == 0 && stats.avg == 0 && stats.p99 == 0);
}
END_TEST

/* One observation each second, of the second's number. */
START_TEST(windows_are_exact_at_the_edges_of_slots)
{
	for (uint64_t s = 1; s <= 7200; s++) {
		observe((double)s);
		look(s); /* slots end each 5 s: at 5, 10 ... */
	}
	static const unsigned fine[] = { 5, 10, 30, 60, 115 };
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		unsigned n = fine[i];
		ck_assert(ask(7200, n) == n);
		ck_assert_uint_eq(stats.count, n);
		ck_assert(stats.min == 7201 - (double)n && stats.max == 7200);
		ck_assert(stats.sum == n * (stats.min + stats.max) / 2);
		ck_assert(stats.avg == (stats.min + stats.max) / 2);
	}
	ck_assert(ask(7200, 7) == 10); /* up to a slot longer */
	static const unsigned wide[] = { 121, 180, 300, 900, 1801, 3600 };
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		double seconds = ask(7200, wide[i]);
		ck_assert_msg(seconds >= wide[i] && seconds < wide[i] + 60, "%u: %g",
			wide[i], seconds);
		ck_assert_uint_eq(stats.count, (uint64_t)seconds);
		ck_assert(stats.min == 7201 - seconds && stats.max == 7200);
		double p95 = stats.min - 1 + ceil(0.95 * seconds);
		ck_assert(fabs(stats.p95 - p95) <= p95 * TELL_GRID_ERROR);
	}
}
END_TEST

START_TEST(what_is_old_is_gone)
{
	observe(1e6);
	look(5);
	for (uint64_t s = 10; s <= 3600; s += 5) {
		observe(1);
		look(s);
	}
	ck_assert(ask(3600, 3600) == 3600);
	ck_assert(stats.max == 1e6);
	for (uint64_t s = 3605; s <= 3665; s += 5)
		look(s);
	ck_assert(ask(3665, 3600) <= 3660);
	ck_assert(stats.max == 1);
	ck_assert(ask(3665, 60) == 60);
	ck_assert_uint_eq(stats.count, 0);
	for (uint64_t s = 3670; s <= 7300; s += 5)
		look(s);
	(void)ask(7300, 3600);
	ck_assert_uint_eq(stats.count, 0);
}
END_TEST

START_TEST(the_open_slot_is_in_every_window)
{
	observe(1);
	look(5);
	observe(2);
	ck_assert(ask(7, 1) == 2);
	ck_assert_uint_eq(stats.count, 1);
	ck_assert(stats.min == 2 && stats.max == 2 && stats.p50 == 2);
	ck_assert(ask(7, 2) == 2);
	ck_assert(ask(7, 3) == 7); /* and the slot before */
	ck_assert_uint_eq(stats.count, 2);
}
END_TEST

START_TEST(a_slot_begins_without_extremes)
{
	observe(1);
	observe(9);
	look(5);
	observe(4);
	ck_assert(ask(7, 1) == 2);
	ck_assert(stats.min == 4 && stats.max == 4);
}
END_TEST

START_TEST(without_looks_a_window_is_as_long_as_the_time_between_two)
{
	observe(1);
	ck_assert(ask(1000, 60) == 1000);
	ck_assert_uint_eq(stats.count, 1);
	observe(2);
	ck_assert(ask(1001, 60) == 1001);
	ck_assert_uint_eq(stats.count, 2);
	observe(3);
	ck_assert(ask(1500, 60) == 500);
	ck_assert_uint_eq(stats.count, 2);
	ck_assert(stats.min == 2 && stats.max == 3);
	ck_assert(ask(1501, 60) == 501);
	ck_assert_uint_eq(stats.count, 2);
}
END_TEST

START_TEST(any_times_of_looks_keep_to_the_limits)
{
	uint64_t now_s = 0, n = 0;
	srand(7);
	for (int i = 0; i < 20000; i++) {
		now_s += (uint64_t)(rand() % 40);
		observe(1 + rand() % 1000);
		n++;
		look(now_s);
		if (i % 100)
			continue;
		double seconds = ask(now_s, 3600);
		ck_assert(now_s < 3600 || seconds >= 3600 - 0.5);
		ck_assert(seconds <= 3600 + 60 + 40);
		ck_assert_uint_le(stats.count, n);
	}
}
END_TEST

static Suite *window_suite(void)
{
	Suite *s = suite_create("meter/window");
	TCase *t = tcase_create("window");
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, an_empty_window_is_all_zero);
	tcase_add_test(t, windows_are_exact_at_the_edges_of_slots);
	tcase_add_test(t, what_is_old_is_gone);
	tcase_add_test(t, the_open_slot_is_in_every_window);
	tcase_add_test(t, a_slot_begins_without_extremes);
	tcase_add_test(t, without_looks_a_window_is_as_long_as_the_time_between_two);
	tcase_add_test(t, any_times_of_looks_keep_to_the_limits);
	suite_add_tcase(s, t);
	return s;
}
TELL_CHECK_MAIN(window_suite)
