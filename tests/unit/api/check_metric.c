#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <telltale/metric.h>
#include <unistd.h>
#include "api/process.h"
#include "meter/exemplar.h"
#include "meter/registry.h"
#include "support/check_main.h"

START_TEST(a_metric_and_its_series)
{
	struct tell_counter *requests = NULL, *same = NULL;
	struct tell_gauge *load = NULL;
	ck_assert_int_eq(
		tell_counter_new(&requests, "requests_total", "R.", "method status"), 0);
	ck_assert_int_eq(tell_counter_new(&same, "requests", "", "method status"), 0);
	ck_assert_ptr_eq(requests, same);
	ck_assert_int_eq(tell_gauge_new(&load, "load", "L.", "cpu"), 0);
	const char *method = "GET";
	errno = 5;
	struct tell_counter *ok = tell_counter_with(requests, method, "200");
	ck_assert_int_eq(errno, 5);
	tell_counter_add(ok, 2);
	tell_counter_add(tell_counter_with(requests, "GET", "200"), 3);
	ck_assert_uint_eq(tell_counter_get(ok), 5);
	ck_assert_uint_eq(tell_counter_get(requests), 0);
	tell_gauge_set(tell_gauge_with(load, "0"), 0.25);
	ck_assert(tell_gauge_get(tell_gauge_with(load, "0")) == 0.25);
}
END_TEST

START_TEST(errors_leave_the_result_alone)
{
	struct tell_counter *c = NULL;
	struct tell_gauge *g = NULL;
	ck_assert_int_eq(tell_counter_new(&c, "no way", "", NULL), -EINVAL);
	ck_assert_int_eq(tell_gauge_new(&g, NULL, "", NULL), -EINVAL);
	ck_assert_ptr_null(c);
	ck_assert_ptr_null(g);
}
END_TEST

START_TEST(a_series_of_a_series_is_one_of_its_metric)
{
	struct tell_counter *requests = NULL;
	ck_assert_int_eq(tell_counter_new(&requests, "requests", "R.", "method"), 0);
	struct tell_counter *get = tell_counter_with(requests, "GET");
	ck_assert_ptr_eq(
		tell_counter_with(get, "PUT"), tell_counter_with(requests, "PUT"));
}
END_TEST

START_TEST(in_a_handler_that_met_a_call_what_is_there_is_found)
{
	struct tell_counter *c = NULL, *requests = NULL;
	ck_assert_int_eq(tell_counter_new(&requests, "requests", "R.", "method"), 0);
	struct tell_counter *get = tell_counter_with(requests, "GET");
	ck_assert(tell_thread_enter());
	ck_assert_int_eq(tell_counter_new(&c, "other", "", NULL), -EBUSY);
	struct tell_callback *asked = NULL;
	ck_assert_int_eq(tell_gauge_callback(&asked, NULL, NULL, NULL), -EBUSY);
	ck_assert_ptr_eq(tell_counter_with(requests, "GET"), get);
	ck_assert_ptr_eq(tell_counter_with(requests, "PUT"), requests); /* "other" */
	tell_thread_leave();
}
END_TEST

static bool stop;

static void *make_series(void *arg)
{
	char name[16];
	for (int i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
		(void)snprintf(name, sizeof(name), "s%d", i % 100000);
		tell_counter_add(tell_counter_with((struct tell_counter *)arg, name), 1);
	}
	return NULL;
}

START_TEST(a_child_counts_from_zero_whatever_its_parent_held)
{
	struct tell_counter *c = NULL;
	pthread_t t;
	ck_assert_int_eq(tell_counter_new(&c, "requests", "R.", "name"), 0);
	tell_process_watch();
	ck_assert_int_eq(pthread_create(&t, NULL, make_series, c), 0);
	for (int i = 0; i < 50; i++) {
		struct tell_counter *mine = tell_counter_with(c, "s1");
		tell_counter_add(mine, 1);
		pid_t pid = fork();
		if (pid == 0) {
			(void)alarm(10); /* a lock held for ever would hang us */
			tell_counter_add(mine, 1);
			tell_counter_add(tell_counter_with(c, "the child's"), 1);
			_exit((int)tell_counter_get(mine));
		}
		int status;
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert_int_eq(status, 1 << 8);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	(void)pthread_join(t, NULL);
}
END_TEST

static struct tell_counter *stormed;
static volatile sig_atomic_t hits;

START_TEST(a_look_up_is_of_what_the_memory_holds_now)
{
	struct tell_counter *requests = NULL;
	char method[8] = "GET";
	ck_assert_int_eq(tell_counter_new(&requests, "requests", "R.", "method"), 0);
	tell_counter_add(tell_counter_with(requests, method), 1);
	tell_counter_add(tell_counter_with(requests, method), 1);
	memcpy(method, "PUT", 3);
	tell_counter_add(tell_counter_with(requests, method), 5);
	ck_assert_uint_eq(tell_counter_get(tell_counter_with(requests, "GET")), 2);
	ck_assert_uint_eq(tell_counter_get(tell_counter_with(requests, "PUT")), 5);
	pid_t pid = fork();
	if (pid == 0) {
		tell_counter_add(tell_counter_with(requests, "PUT"), 3);
		_exit((int)tell_counter_get(tell_counter_with(requests, "PUT")));
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 3 << 8);
}
END_TEST

static void count_in_handler(int sig)
{
	(void)sig;
	hits++;
	tell_counter_add(tell_counter_with(stormed, "handler"), 1);
}

START_TEST(handlers_may_count)
{
	ck_assert_int_eq(tell_counter_new(&stormed, "storm", "S.", "who"), 0);
	(void)tell_counter_with(stormed, "handler");
	/* A thread's first addition makes room: what a handler adds in its middle is lost, and
	 * tell_cells_lost() says so. */
	tell_counter_add(tell_counter_with(stormed, "first"), 1);
	(void)signal(SIGALRM, count_in_handler);
	for (int i = 0; i < 200; i++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "n%d", i);
		sig_atomic_t before = hits;
		(void)ualarm(50, 0);
		while (hits == before)
			tell_counter_add(tell_counter_with(stormed, name), 1);
	}
	ck_assert_uint_eq(tell_counter_get(tell_counter_with(stormed, "handler")), 200);
}
END_TEST

/* ---- histograms ---- */

START_TEST(a_histogram_and_its_series)
{
	struct tell_histogram *took = NULL, *same = NULL;
	struct tell_stats stats;
	ck_assert_int_eq(
		tell_histogram_new(&took, "took_seconds", "T.", "path", TELL_SECONDS), 0);
	ck_assert_int_eq(
		tell_histogram_new(&same, "took_seconds", "", "path", TELL_SECONDS), 0);
	ck_assert_ptr_eq(took, same);
	struct tell_histogram *cart = tell_histogram_with(took, "/cart");
	ck_assert_ptr_eq(tell_histogram_with(took, "/cart"), cart);
	ck_assert_ptr_ne(tell_histogram_with(took, "/"), cart);
	errno = 5;
	for (int i = 1; i <= 100; i++)
		tell_histogram_observe(cart, i);
	ck_assert_int_eq(errno, 5);
	ck_assert_int_eq(tell_histogram_stats(cart, 60, &stats), 0);
	ck_assert_uint_eq(stats.count, 100);
	ck_assert(stats.sum == 5050 && stats.avg == 50.5);
	ck_assert(stats.min == 1 && stats.max == 100);
	ck_assert(stats.p50 > 48.4 && stats.p50 < 51.6);
	ck_assert(stats.p99 > 95.9 && stats.p99 <= 100);
	ck_assert_int_eq(tell_histogram_stats(took, 0, &stats), 0);
	ck_assert_uint_eq(stats.count, 0);
}
END_TEST

START_TEST(a_histogram_is_refused_with_a_reason)
{
	struct tell_histogram *h = NULL, *none = NULL;
	struct tell_counter *c = NULL;
	struct tell_gauge *g = NULL;
	struct tell_stats stats;
	ck_assert_int_eq(
		tell_histogram_new(&h, "x", "", NULL, TELL_BOUNDS(2, 1)), -EINVAL);
	ck_assert_int_eq(tell_histogram_new(&h, "x", "", "le", TELL_SECONDS), -EINVAL);
	ck_assert_int_eq(
		tell_histogram_new(&h, "x", "", "quantile", TELL_SECONDS), -EINVAL);
	ck_assert_int_eq(
		tell_histogram_new(&h, "x_total", "", NULL, TELL_SECONDS), -EINVAL);
	ck_assert_ptr_null(h);
	ck_assert_int_eq(tell_histogram_new(&h, "x", "", NULL, TELL_BOUNDS(1, 2)), 0);
	ck_assert_int_eq(
		tell_histogram_new(&none, "x", "", NULL, TELL_BOUNDS(1, 3)), -EEXIST);
	ck_assert_int_eq(tell_histogram_new(&none, "x", "", NULL, TELL_SECONDS), -EEXIST);
	ck_assert_int_eq(tell_gauge_new(&g, "x", "", NULL), -EEXIST);
	ck_assert_int_eq(tell_gauge_new(&g, "x_count", "", NULL), -EEXIST);
	ck_assert_int_eq(tell_counter_new(&c, "x_sum", "", NULL), -EEXIST);
	ck_assert_int_eq(tell_gauge_new(&g, "y_bucket", "", NULL), 0);
	ck_assert_int_eq(tell_histogram_new(&none, "y", "", NULL, TELL_SECONDS), -EEXIST);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(tell_histogram_stats(h, 3601, &stats), -EINVAL);
	ck_assert_int_eq(tell_histogram_stats(NULL, 60, &stats), -EINVAL);
	ck_assert(tell_thread_enter());
	ck_assert_int_eq(tell_histogram_new(&none, "z", "", NULL, TELL_SECONDS), -EBUSY);
	ck_assert_int_eq(tell_histogram_stats(h, 60, &stats), -EBUSY);
	tell_histogram_observe(h, 1); /* as always */
	tell_thread_leave();
	tell_histogram_observe(NULL, 1);
	ck_assert_ptr_null(tell_histogram_with(NULL, "a"));
	ck_assert_int_eq(tell_histogram_stats(h, 60, &stats), 0);
	ck_assert_uint_eq(stats.count, 1);
}
END_TEST

START_TEST(a_child_has_windows_of_its_own)
{
	struct tell_histogram *h = NULL;
	struct tell_stats stats;
	ck_assert_int_eq(tell_histogram_new(&h, "x", "", NULL, TELL_SECONDS), 0);
	tell_process_watch();
	for (int i = 0; i < 5; i++)
		tell_histogram_observe(h, 3);
	ck_assert_int_eq(tell_histogram_stats(h, 60, &stats), 0);
	pid_t pid = fork();
	if (pid == 0) {
		tell_histogram_observe(h, 7);
		if (tell_histogram_stats(h, 60, &stats) < 0 || stats.min != 7)
			_exit(99);
		_exit((int)stats.count);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 1 << 8);
	ck_assert_int_eq(tell_histogram_stats(h, 60, &stats), 0);
	ck_assert_uint_eq(stats.count, 5);
}
END_TEST

#define TRACE "0af7651916cd43dd8448eb211c80319c"

static struct tell_exemplar exemplar_of(const struct tell_histogram *h, unsigned bucket)
{
	struct tell_exemplar e;
	if (!tell_exemplar_get(h, bucket, &e))
		e.trace_id[0] = '\0';
	return e;
}

START_TEST(a_trace_becomes_the_exemplar_of_a_bucket)
{
	struct tell_histogram *h = NULL;
	ck_assert_int_eq(tell_histogram_new(&h, "x", "", NULL, TELL_BOUNDS(1, 2)), 0);
	{
		TELL_SCOPE(tell_kv("trace_id", TRACE), tell_kv("trace_flags", "01"));
		tell_histogram_observe(h, 0.5); /* nobody asked yet */
		tell_exemplars_want(h);
		tell_histogram_observe(h, 0.5); /* wanted, but there is no memory */
		tell_exemplars_want(h);
		ck_assert_str_eq(exemplar_of(h, 0).trace_id, "");
		tell_histogram_observe(h, 0.25);
		tell_histogram_observe(h, 0.75); /* no longer wanted */
		tell_histogram_observe(h, 3);
	}
	ck_assert_str_eq(exemplar_of(h, 0).trace_id, TRACE);
	ck_assert(exemplar_of(h, 0).value == 0.25);
	ck_assert_uint_ne(exemplar_of(h, 0).realtime_ns, 0);
	ck_assert_str_eq(exemplar_of(h, 1).trace_id, "");
	ck_assert(exemplar_of(h, 2).value == 3);
	tell_exemplars_want(h);
	tell_histogram_observe(h, 0.75); /* outside any trace: the old one stays */
	ck_assert(exemplar_of(h, 0).value == 0.25);
	{
		TELL_SCOPE(tell_kv("trace_id", TRACE), tell_kv("trace_flags", "00"));
		tell_histogram_observe(h, 0.75); /* not sampled */
	}
	ck_assert(exemplar_of(h, 0).value == 0.25);
	for (int i = 0; i < TELL_EXEMPLAR_MISSES; i++)
		tell_histogram_observe(h, 1.5);
	ck_assert_uint_eq(h->wanted, 0); /* nobody has traces: not asked any more */
}
END_TEST

static Suite *metric_suite(void)
{
	Suite *s = suite_create("api/metric");
	tell_check_add(s, "metric", a_metric_and_its_series,
		errors_leave_the_result_alone, a_series_of_a_series_is_one_of_its_metric,
		a_look_up_is_of_what_the_memory_holds_now, NULL);
	tell_check_add(s, "histogram", a_histogram_and_its_series,
		a_histogram_is_refused_with_a_reason, a_child_has_windows_of_its_own,
		a_trace_becomes_the_exemplar_of_a_bucket, NULL);
	tell_check_add(s, "odd places",
		in_a_handler_that_met_a_call_what_is_there_is_found, handlers_may_count,
		a_child_counts_from_zero_whatever_its_parent_held, NULL);
	return s;
}
TELL_CHECK_MAIN(metric_suite)
