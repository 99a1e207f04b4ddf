#include "meter/collect.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/buf.h"
#include "meter/callback.h"
#include "support/check_main.h"

static struct tell_buf seen;

static void family(void *arg, const struct tell_metric *m)
{
	(void)arg;
	tell_buf_printf(&seen, "%s/%c ", m->name, tell_metric_kind_word(m->kind)[0]);
}

static void sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	(void)arg;
	for (size_t i = 0; i < n; i++)
		tell_buf_printf(&seen, "%s=%s ", labels[i].name, labels[i].value);
	for (size_t i = 0; value.buckets && i < value.buckets->n; i++)
		tell_buf_printf(&seen, "%llu<=%g ",
			(unsigned long long)value.buckets->counts[i],
			value.buckets->bounds[i]);
	if (value.buckets)
		tell_buf_printf(&seen, "sum %g ", value.buckets->sum);
	if (value.whole)
		tell_buf_printf(&seen, "%llu; ", (unsigned long long)value.u64);
	else
		tell_buf_printf(&seen, "%g; ", value.f64);
}

static const char *collect(void)
{
	tell_buf_clear(&seen);
	tell_collect_registry(&(struct tell_collector){ family, sample, NULL });
	return tell_buf_cstr(&seen);
}

START_TEST(nothing_made_is_nothing_seen)
{
	ck_assert_str_eq(collect(), "");
}
END_TEST

START_TEST(each_family_and_its_series_are_seen)
{
	struct tell_counter *requests, *plain;
	struct tell_gauge *open;
	ck_assert_int_eq(tell_counter_new(&requests, "requests", "R.", "method"), 0);
	ck_assert_int_eq(tell_gauge_new(&open, "open", "O.", NULL), 0);
	ck_assert_int_eq(tell_counter_new(&plain, "plain_total", "P.", NULL), 0);
	tell_counter_add(tell_counter_with(requests, "GET"), 2);
	tell_counter_add(tell_counter_with(requests, "PUT"), 1);
	tell_gauge_set(open, 0.5);
	ck_assert_str_eq(collect(),
		"requests/c method=GET 2; method=PUT 1; open/g 0.5; plain/c 0; ");
}
END_TEST

START_TEST(a_gauge_without_a_value_is_left_out)
{
	struct tell_gauge *open;
	ck_assert_int_eq(tell_gauge_new(&open, "open", "O.", NULL), 0);
	tell_gauge_leave_out(open);
	ck_assert_str_eq(collect(), "open/g ");
	tell_gauge_add(open, 2);
	ck_assert_str_eq(collect(), "open/g 2; ");
}
END_TEST

static double slow(void *arg)
{
	struct timespec t = { .tv_nsec = 6 * 1000 * 1000 }; /* beyond its budget */
	(void)nanosleep(&t, NULL);
	(void)arg;
	return 3;
}

START_TEST(late_callbacks_are_counted)
{
	struct tell_gauge *open;
	struct tell_callback *c;
	ck_assert_int_eq(tell_gauge_new(&open, "open", "O.", NULL), 0);
	ck_assert_int_eq(tell_callback_add(&c, open, slow, NULL), 0);
	tell_callbacks_run();
	ck_assert_str_eq(collect(), "open/g 3; telltale_gauge_callbacks_late/c 1; ");
}
END_TEST

START_TEST(other_and_what_was_refused_are_seen_when_there_are_some)
{
	struct tell_counter *requests;
	ck_assert_int_eq(tell_counter_new(&requests, "requests", "R.", "method"), 0);
	ck_assert_str_eq(collect(), "requests/c ");
	tell_counter_add(tell_counter_with(requests, "one", "too many"), 4);
	ck_assert_str_eq(collect(),
		"requests/c method=other 4; telltale_series_refused/c metric=requests 1; ");
}
END_TEST

START_TEST(a_histogram_is_seen_with_what_it_refused)
{
	struct tell_histogram *h;
	ck_assert_int_eq(
		tell_histogram_new(&h, "took", "T.", "path", TELL_BOUNDS(1, 2)), 0);
	ck_assert_str_eq(collect(), "took/h ");
	tell_histogram_observe(tell_histogram_with(h, "/"), 0.5);
	tell_histogram_observe(tell_histogram_with(h, "/"), 2);
	tell_histogram_observe(tell_histogram_with(h, "/"), 8);
	tell_histogram_observe(h, (double)NAN);
	ck_assert_str_eq(collect(),
		"took/h path=/ 1<=1 2<=2 3<=inf sum 10.5 3; "
		"telltale_observations_refused/c metric=took 1; ");
	tell_histogram_observe(h, 1);
	ck_assert_str_eq(collect(),
		"took/h path=other 1<=1 1<=2 1<=inf sum 1 1; "
		"path=/ 1<=1 2<=2 3<=inf sum 10.5 3; "
		"telltale_observations_refused/c metric=took 1; ");
}
END_TEST

static void *observe(void *arg)
{
	for (int i = 0; i < 300000; i++)
		tell_histogram_observe(arg, (double)(i % 4));
	return NULL;
}

static void see_whole(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	(void)arg;
	(void)labels;
	(void)n;
	const struct tell_buckets *b = value.buckets;
	if (!b)
		return;
	for (size_t i = 1; i < b->n; i++)
		ck_assert_uint_ge(b->counts[i], b->counts[i - 1]);
	ck_assert_uint_eq(value.u64, b->counts[b->n - 1]);
}

START_TEST(a_histogram_is_whole_while_it_grows)
{
	struct tell_histogram *h;
	pthread_t t;
	ck_assert_int_eq(
		tell_histogram_new(&h, "took", "T.", NULL, TELL_BOUNDS(0, 1, 2)), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, observe, h), 0);
	for (int i = 0; i < 2000; i++)
		tell_collect_registry(
			&(struct tell_collector){ family, see_whole, NULL });
	(void)pthread_join(t, NULL);
	ck_assert_ptr_nonnull(strstr(collect(), "300000<=inf"));
}
END_TEST

static Suite *collect_suite(void)
{
	Suite *s = suite_create("meter/collect");
	tell_check_add(s, "collect", nothing_made_is_nothing_seen,
		each_family_and_its_series_are_seen, a_gauge_without_a_value_is_left_out,
		late_callbacks_are_counted,
		other_and_what_was_refused_are_seen_when_there_are_some,

		a_histogram_is_seen_with_what_it_refused,
		a_histogram_is_whole_while_it_grows, NULL);
	return s;
}
TELL_CHECK_MAIN(collect_suite)
