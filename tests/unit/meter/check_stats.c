#include "meter/stats.h"
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include "meter/registry.h"
#include "support/check_main.h"

#define SEC UINT64_C(1000000000)

static struct tell_histogram *make(const char *name)
{
	struct tell_family *f = NULL;
	ck_assert_int_eq(tell_family_histogram(&f, name, "T.", NULL, NULL, 0), 0);
	return &f->own.number.histogram;
}

static struct tell_stats ask(struct tell_histogram *h, unsigned window_s, uint64_t now_s)
{
	struct tell_stats stats;
	ck_assert_int_eq(tell_stats_get(h, window_s, now_s * SEC, &stats), 0);
	return stats;
}

START_TEST(nobody_asked_is_nothing_due)
{
	(void)make("took");
	ck_assert_uint_eq(tell_stats_tick(SEC), UINT64_MAX);
}
END_TEST

START_TEST(the_first_question_is_about_all_there_was)
{
	struct tell_histogram *h = make("took");
	tell_stats_begin(100 * SEC);
	tell_stats_begin(200 * SEC); /* it has begun */
	tell_histogram_add(h, 3);
	struct tell_stats s = ask(h, 60, 5000);
	ck_assert_uint_eq(s.count, 1);
	ck_assert(s.seconds == 4900);
}
END_TEST

START_TEST(ticks_keep_windows_as_long_as_asked_for)
{
	struct tell_histogram *h = make("took"), *other = make("other");
	tell_stats_begin(100 * SEC);
	(void)ask(h, 60, 100);
	(void)ask(other, 60, 102);
	ck_assert_uint_eq(tell_stats_tick(103 * SEC), 105 * SEC);
	for (uint64_t s = 104; s <= 1000; s++) {
		tell_histogram_add(h, (double)s);
		(void)tell_stats_tick(s * SEC); /* the answer is known from above */
	}
	struct tell_stats s = ask(h, 60, 1000);
	ck_assert(s.seconds == 60);
	ck_assert_uint_eq(s.count, 60);
	ck_assert(s.min == 941 && s.max == 1000 && s.avg == 970.5);
	s = ask(h, 0, 1000);
	ck_assert(s.seconds == 900);
	ck_assert_uint_eq(s.count, 897);
	ck_assert(s.min == 104 && s.max == 1000);
	ck_assert_uint_eq(ask(other, 60, 1000).count, 0);
}
END_TEST

/* ---- exactly, by sorting ---- */

#define MAX 20000

static double values[MAX];
static uint64_t times[MAX]; /* in seconds */
static size_t n_values;

static void observe(struct tell_histogram *h, uint64_t now_s, double value)
{
	tell_histogram_add(h, value);
	values[n_values] = value;
	times[n_values++] = now_s;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Nearest rank of those behind from_s, sorted. */
static size_t sort_from(double *sorted, uint64_t from_s)
{
	size_t n = 0;
	for (size_t i = n_values; i-- > 0 && times[i] > from_s;)
		sorted[n++] = values[i];
	qsort(sorted, n, sizeof(*sorted), compare);
	return n;
}

static bool is_near(double got, double want, bool exactly)
{
	return exactly ? got == want : fabs(got - want) <= fabs(want) * TELL_GRID_ERROR;
}

static size_t n_exact, n_near;

static void check(struct tell_histogram *h, unsigned window_s, uint64_t now_s)
{
	static double sorted[MAX];
	struct tell_stats s = ask(h, window_s, now_s);
	size_t n = sort_from(sorted, now_s - (uint64_t)s.seconds);
	ck_assert_uint_eq(s.count, n);
	if (n == 0)
		return;
	bool exactly = n <= TELL_FEW;
	*(exactly ? &n_exact : &n_near) += 1;
	const double q[] = { 0.50, 0.95, 0.99 }, got[] = { s.p50, s.p95, s.p99 };
	for (size_t i = 0; i < 3; i++) {
		size_t rank = (size_t)ceil(q[i] * (double)n - 1e-9);
		ck_assert_msg(is_near(got[i], sorted[rank - 1], exactly),
			"%zu values: q %g is %.17g, not %.17g", n, q[i], got[i],
			sorted[rank - 1]);
	}
}

/* A made-up clock: some values a second, more and fewer; a look each second. */
START_TEST(quantiles_of_few_values_are_those_of_sorting)
{
	static const unsigned windows[] = { 5, 10, 30, 60, 120, 300, 900 };
	struct tell_histogram *h = make("took");
	uint64_t now_s = 1000;
	srand(11);
	tell_stats_begin(now_s * SEC);
	(void)ask(h, 60, now_s);
	for (unsigned i = 0; i < 6000; i++) {
		now_s++;
		int busy = i % 1000 < 100 ? 3 : i % 1000 < 500 ? 1 : 0;
		for (int k = busy ? rand() % (2 * busy) : rand() % 30 == 0; k > 0; k--)
			observe(h, now_s, exp((double)(rand() % 20000) / 1000 - 10));
		(void)tell_stats_tick(now_s * SEC);
		if (now_s % 5 == 0)
			check(h, windows[(size_t)rand() % 7], now_s);
	}
	ck_assert_uint_gt(n_exact, 400);
	ck_assert_uint_gt(n_near, 50);
}
END_TEST

START_TEST(odd_values_are_sorted_too)
{
	struct tell_histogram *h = make("took");
	tell_stats_begin(100 * SEC);
	(void)ask(h, 60, 100);
	static const double odd[] = { -3, 0, 1e300, 1e-300, (double)INFINITY, 0.1, -0.5 };
	for (size_t i = 0; i < 7; i++)
		observe(h, 101, odd[i]);
	check(h, 60, 105);
	ck_assert_uint_eq(n_exact, 1);
}
END_TEST

START_TEST(one_more_than_few_is_near_and_later_ones_are_exact_again)
{
	struct tell_histogram *h = make("took");
	tell_stats_begin(100 * SEC);
	(void)ask(h, 60, 100);
	for (int i = 0; i <= TELL_FEW; i++)
		observe(h, 101, 1 + i / 100.0);
	check(h, 60, 105);
	ck_assert_uint_eq(n_near, 1);
	for (uint64_t s = 106; s < 300; s++)
		(void)tell_stats_tick(s * SEC);
	for (int i = 0; i < TELL_FEW; i++)
		observe(h, 300, 1 + i / 100.0);
	check(h, 60, 300);
	ck_assert_uint_eq(n_exact, 1);
}
END_TEST

static void *observe_three(void *arg)
{
	for (int i = 1; i <= 3; i++)
		tell_histogram_add(arg, i / 7.0);
	return NULL;
}

START_TEST(those_of_several_threads_are_known)
{
	struct tell_histogram *h = make("took");
	tell_stats_begin(100 * SEC);
	tell_histogram_add(h, 5); /* what was before the question is not */
	ck_assert_uint_eq(ask(h, 60, 100).count, 1);
	(void)tell_stats_tick(105 * SEC);
	for (int i = 0; i < 4; i++) {
		pthread_t t;
		ck_assert_int_eq(pthread_create(&t, NULL, observe_three, h), 0);
		ck_assert_int_eq(pthread_join(t, NULL), 0);
	}
	struct tell_stats s = ask(h, 1, 106);
	ck_assert_uint_eq(s.count, 12);
	ck_assert(s.p50 == 2 / 7.0 && s.p95 == 3 / 7.0);
}
END_TEST

static Suite *stats_suite(void)
{
	Suite *s = suite_create("meter/stats");
	tell_check_add(s, "stats", nobody_asked_is_nothing_due,
		the_first_question_is_about_all_there_was,
		ticks_keep_windows_as_long_as_asked_for,
		quantiles_of_few_values_are_those_of_sorting, odd_values_are_sorted_too,
		one_more_than_few_is_near_and_later_ones_are_exact_again,
		those_of_several_threads_are_known, NULL);
	return s;
}
TELL_CHECK_MAIN(stats_suite)
