#include "meter/histogram.h"
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "meter/cells.h"
#include "meter/registry.h"
#include "support/check_main.h"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define SLOWER 20
#else
#define SLOWER 1
#endif

static struct tell_histogram *make(const double *bounds, size_t n)
{
	struct tell_family *f = NULL;
	ck_assert_int_eq(
		tell_family_histogram(&f, "took_seconds", "T.", NULL, bounds, n), 0);
	return &f->own.number.histogram;
}

static struct tell_tally read_all(const struct tell_histogram *h)
{
	struct tell_tally t;
	tell_tally_init(&t);
	tell_histogram_read(h, &t);
	return t;
}

/* ---- what is counted where ---- */

START_TEST(buckets_count_what_is_at_or_below_their_bound)
{
	static const double bounds[] = { 1, 2.5, 10 };
	struct tell_histogram *h = make(bounds, 3);
	uint64_t n[TELL_GRID_BOUNDS + 1];
	ck_assert(tell_histogram_buckets(h, n) == 0);
	static const double seen[] = { 1, 1.0000001, 2.5, 0.25, 10, 10.5, 7, 2.4999999 };
	double sum = 0;
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		tell_histogram_add(h, seen[i]);
		sum += seen[i];
	}
	ck_assert(tell_histogram_buckets(h, n) == sum);
	ck_assert_uint_eq(n[0], 2);
	ck_assert_uint_eq(n[1], 3);
	ck_assert_uint_eq(n[2], 2);
	ck_assert_uint_eq(n[3], 1);
	ck_assert_uint_eq(tell_histogram_count(h), 8);
}
END_TEST

START_TEST(bounds_may_stand_as_close_as_they_like)
{
	static const double bounds[] = { 1, 1.001, 1.002, 1.003, 1.1 };
	struct tell_histogram *h = make(bounds, 5);
	uint64_t n[TELL_GRID_BOUNDS + 1];
	for (int i = 0; i < 1000; i++) /* 1.0005 to 1.0995: the first one makes room */
		tell_histogram_add(h, 1.0005 + 0.0001 * (i % 991));
	(void)tell_histogram_buckets(h, n);
	ck_assert_uint_eq(n[0], 0);
	ck_assert_uint_ge(n[1], 5 + 5);
	ck_assert_uint_le(n[1], 6 + 6);
	ck_assert_uint_ge(n[2], 9 + 2);
	ck_assert_uint_le(n[3], 11 + 4);
	ck_assert_uint_eq(n[5], 0);
	ck_assert_uint_eq(n[1] + n[2] + n[3] + n[4], 1000);
}
END_TEST

START_TEST(without_bounds_there_is_one_bucket)
{
	uint64_t n[TELL_GRID_BOUNDS + 1];
	static const double none[1];
	struct tell_histogram *h = make(none, 0);
	tell_histogram_add(h, 3);
	ck_assert(tell_histogram_buckets(h, n) == 3);
	ck_assert_uint_eq(n[0], 1);
}
END_TEST

START_TEST(odd_values_are_counted)
{
	struct tell_histogram *h = make(NULL, 0);
	uint64_t n[TELL_GRID_BOUNDS + 1];
	tell_histogram_add(h, 0);
	tell_histogram_add(h, -2);
	tell_histogram_add(h, 4.9e-324);
	tell_histogram_add(h, -(double)INFINITY);
	tell_histogram_add(h, (double)INFINITY);
	tell_histogram_add(h, 1e300);
	tell_histogram_add(h, (double)NAN);
	ck_assert(tell_histogram_buckets(h, n) == 1e300 - 2);
	ck_assert_uint_eq(n[0], 4);
	ck_assert_uint_eq(n[h->grid->n_bounds], 2);
	ck_assert_uint_eq(tell_histogram_count(h), 6);
	ck_assert_uint_eq(tell_histogram_refused(h), 1);
	struct tell_tally t = read_all(h);
	ck_assert(t.min == -(double)INFINITY && t.max == (double)INFINITY);
}
END_TEST

START_TEST(quantiles_of_odd_values_stay_between_the_extremes)
{
	struct tell_histogram *h = make(NULL, 0);
	tell_histogram_add(h, -3);
	tell_histogram_add(h, -2);
	struct tell_tally t = read_all(h);
	ck_assert(tell_tally_quantile(&t, h->grid, 0.5) == -2);
	tell_histogram_add(h, 1e15);
	tell_histogram_add(h, 2e15);
	t = read_all(h);
	ck_assert(tell_tally_quantile(&t, h->grid, 0.5) == 0);
	ck_assert(tell_tally_quantile(&t, h->grid, 0.75) == 2e15);
}
END_TEST

/* ---- quantiles beside sorting ---- */

static uint64_t state;

static double uniform(void)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * 3.14159265358979323846 * uniform());
}

static double of_uniform(void)
{
	return 0.010 + 0.090 * uniform();
}

static double of_normal(void)
{
	return fabs(0.250 + 0.040 * normal());
}

static double of_lognormal(void)
{
	return exp(-4 + 1.2 * normal());
}

static double of_pareto(void)
{
	return 0.001 * pow(uniform(), -1 / 1.1);
}

static double of_two_peaks(void)
{
	return uniform() < 0.9 ? of_normal() / 100 : 5 + of_normal();
}

static double (*const distributions[])(
	void) = { of_uniform, of_normal, of_lognormal, of_pareto, of_two_peaks };

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

#define N_THREADS 4
#define N_EACH	  5000

struct share {
	struct tell_histogram *h;
	const double *values;
};

static void *observe(void *arg)
{
	const struct share *s = arg;
	for (int i = 0; i < N_EACH; i++)
		tell_histogram_add(s->h, s->values[i]);
	return NULL;
}

START_TEST(quantiles_are_within_the_error_of_sorting_merged_over_threads)
{
	static double values[N_THREADS * N_EACH];
	static const double asked[] = { 0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95,
		0.99, 0.999, 1 };
	const size_t n = N_THREADS * N_EACH;
	struct tell_histogram *h = make(NULL, 0);
	pthread_t t[N_THREADS];
	state = (uint64_t)_i;
	for (size_t i = 0; i < n; i++)
		values[i] = distributions[_i]();
	for (size_t i = 0; i < N_THREADS; i++) {
		struct share s = { h, values + i * N_EACH };
		ck_assert_int_eq(pthread_create(&t[i], NULL, observe, &s), 0);
		(void)pthread_join(t[i], NULL);
	}
	/* And by threads at once, which doubles every count: quantiles stay. */
	struct share all[N_THREADS];
	for (size_t i = 0; i < N_THREADS; i++) {
		all[i] = (struct share){ h, values + i * N_EACH };
		ck_assert_int_eq(pthread_create(&t[i], NULL, observe, &all[i]), 0);
	}
	for (size_t i = 0; i < N_THREADS; i++)
		(void)pthread_join(t[i], NULL);
	qsort(values, n, sizeof(values[0]), by_value);
	struct tell_tally tally = read_all(h);
	ck_assert_uint_eq(tell_tally_count(&tally), 2 * n);
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		size_t rank = (size_t)ceil(asked[i] * (double)n);
		double exact = values[rank ? rank - 1 : 0];
		double ours = tell_tally_quantile(&tally, h->grid, asked[i]);
		ck_assert_msg(fabs(ours - exact) <= exact * TELL_GRID_ERROR,
			"%g: %.9g is not %.9g", asked[i], ours, exact);
	}
	ck_assert(tally.min == values[0] && tally.max == values[n - 1]);
}
END_TEST

/* ---- threads, children, handlers ---- */

#define N_MANY (2000000 / SLOWER)

static void *observe_many(void *arg)
{
	for (int i = 0; i < N_MANY; i++)
		tell_histogram_add(arg, 0.001 * (i % 1000));
	return NULL;
}

START_TEST(threads_lose_nothing_and_may_be_read_meanwhile)
{
	struct tell_histogram *h = make(NULL, 0);
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, observe_many, h), 0);
	uint64_t n[TELL_GRID_BOUNDS + 1], before = 0;
	struct tell_tally taken;
	tell_tally_init(&taken);
	for (int i = 0; i < 1000; i++) {
		uint64_t now = tell_histogram_count(h);
		ck_assert_uint_ge(now, before);
		before = now;
		taken.sum = 0;
		tell_histogram_take(h, &taken);
	}
	for (int i = 0; i < 4; i++)
		(void)pthread_join(t[i], NULL);
	ck_assert_uint_eq(tell_histogram_count(h), UINT64_C(4) * N_MANY);
	(void)tell_histogram_buckets(h, n);
	ck_assert_uint_eq(n[0], UINT64_C(4) * N_MANY / 1000 * 6); /* 0 to 0.005 */
	tell_histogram_take(h, &taken);
	ck_assert(taken.min == 0 && taken.max == 0.999);
}
END_TEST

START_TEST(extremes_that_were_taken_begin_anew)
{
	struct tell_histogram *h = make(NULL, 0);
	struct tell_tally t;
	tell_histogram_add(h, 3);
	tell_histogram_add(h, 5);
	tell_tally_init(&t);
	tell_histogram_take(h, &t);
	ck_assert(t.min == 3 && t.max == 5);
	tell_histogram_add(h, 4);
	tell_tally_init(&t);
	tell_histogram_take(h, &t);
	ck_assert(t.min == 4 && t.max == 4);
	ck_assert_uint_eq(tell_tally_count(&t), 3);
}
END_TEST

START_TEST(a_child_starts_at_zero)
{
	struct tell_histogram *h = make(NULL, 0);
	for (int i = 0; i < 100; i++)
		tell_histogram_add(h, i);
	pid_t pid = fork();
	if (pid == 0) {
		tell_histogram_add(
			h, 7); /* before the library knows that it is a child */
		tell_cells_child();
		tell_histogram_add(h, 0.5);
		struct tell_tally t = read_all(h);
		_exit(t.min == 0.5 && t.max == 7 && t.sum == 7.5
				? (int)tell_histogram_count(h)
				: 99);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 2);
	ck_assert_uint_eq(tell_histogram_count(h), 100);
}
END_TEST

static struct tell_histogram *stormed;
static volatile sig_atomic_t hits;

static void observe_in_handler(int sig)
{
	(void)sig;
	hits++;
	tell_histogram_add(stormed, 20);
}

START_TEST(handlers_may_observe)
{
	static const double bounds[] = { 10 };
	struct tell_histogram *own = make(NULL, 0);
	struct tell_family *f = NULL;
	ck_assert_int_eq(tell_family_histogram(&f, "storm", "S.", NULL, bounds, 1), 0);
	stormed = &f->own.number.histogram;
	tell_histogram_add(stormed, 20); /* its room is made */
	(void)signal(SIGALRM, observe_in_handler);
	uint64_t mine = 0;
	for (int i = 0; i < 200; i++) {
		sig_atomic_t before = hits;
		(void)ualarm(50, 0);
		for (; hits == before; mine++)
			tell_histogram_add(own, ldexp(1, (int)(mine % 60) - 25));
	}
	ck_assert_uint_eq(tell_histogram_count(stormed), 201);
	ck_assert_uint_eq(tell_histogram_count(own), mine);
	ck_assert_uint_eq(tell_cells_lost(), 0);
}
END_TEST

START_TEST(series_take_the_memory_of_what_they_meet)
{
	char *before = tell_cells_memory(64);
	struct tell_histogram *h = make(NULL, 0);
	for (int i = 0; i < 10000; i++)
		tell_histogram_add(h, 0.001 + 0.000001 * i); /* 3.5 powers of two */
	char *after = tell_cells_memory(64);
	ck_assert_int_ge(after - before, 64 + 384);
	ck_assert_int_le(after - before, 64 + 384 + 4 * 256);
}
END_TEST

static Suite *histogram_suite(void)
{
	Suite *s = suite_create("meter/histogram");
	tell_check_add(s, "counting", buckets_count_what_is_at_or_below_their_bound,
		bounds_may_stand_as_close_as_they_like,
		without_bounds_there_is_one_bucket, odd_values_are_counted,
		quantiles_of_odd_values_stay_between_the_extremes,
		extremes_that_were_taken_begin_anew,
		series_take_the_memory_of_what_they_meet, NULL);
	TCase *t = tcase_create("quantiles");
	tcase_add_loop_test(t,
		quantiles_are_within_the_error_of_sorting_merged_over_threads, 0,
		(int)(sizeof(distributions) / sizeof(distributions[0])));
	suite_add_tcase(s, t);
	tell_check_add(s, "places", threads_lose_nothing_and_may_be_read_meanwhile,
		a_child_starts_at_zero, handlers_may_observe, NULL);
	return s;
}
TELL_CHECK_MAIN(histogram_suite)
