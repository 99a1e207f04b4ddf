#include "meter/callback.h"
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>
#include "meter/registry.h"
#include "support/check_main.h"

#define MS  UINT64_C(1000000)
#define SEC (1000 * MS)

/* Linked in place of the clock. */
uint64_t __wrap_tell_clock_monotonic_ns(void);
static uint64_t now_ns = SEC;
uint64_t __wrap_tell_clock_monotonic_ns(void)
{
	return now_ns;
}

/* What one function of the host does. */
struct host {
	struct tell_gauge *gauge;
	struct tell_callback *callback;
	double value;
	uint64_t takes_ns;
	int asked;
	bool leaves; /* it removes itself */
};

static double read_host(void *arg)
{
	struct host *h = arg;
	h->asked++;
	now_ns += h->takes_ns;
	if (h->leaves)
		tell_callback_remove(h->callback);
	errno = 5;
	return h->value;
}

static void host_start(struct host *h, const char *name)
{
	ck_assert_int_eq(tell_gauge_new(&h->gauge, name, "H.", NULL), 0);
	ck_assert_int_eq(tell_callback_add(&h->callback, h->gauge, read_host, h), 0);
}

START_TEST(it_is_asked_at_each_collection)
{
	struct host h = { .value = 2.5 };
	host_start(&h, "depth");
	ck_assert(tell_gauge_is_left_out(h.gauge)); /* not asked yet */
	errno = 0;
	tell_callbacks_run();
	ck_assert_int_eq(errno, 0);
	ck_assert(tell_gauge_get(h.gauge) == 2.5);
	h.value = 3;
	tell_callbacks_run();
	ck_assert(tell_gauge_get(h.gauge) == 3);
	ck_assert_int_eq(h.asked, 2);
	ck_assert_uint_eq(tell_callbacks_late(), 0);
}
END_TEST

START_TEST(not_a_number_is_left_out)
{
	struct host h = { .value = (double)NAN };
	host_start(&h, "hit_ratio");
	tell_gauge_set(h.gauge, 1);
	tell_callbacks_run();
	ck_assert(tell_gauge_is_left_out(h.gauge));
	h.value = 0.5;
	tell_callbacks_run();
	ck_assert(tell_gauge_get(h.gauge) == 0.5);
}
END_TEST

START_TEST(a_slow_one_rests_and_keeps_its_value)
{
	struct host h = { .value = 1, .takes_ns = TELL_CALLBACK_NS };
	host_start(&h, "slow");
	tell_callbacks_run();
	tell_callbacks_run();
	ck_assert_int_eq(h.asked, 2); /* just in time */
	ck_assert_uint_eq(tell_callbacks_late(), 0);
	h.takes_ns = 100 * MS;
	tell_callbacks_run();
	ck_assert_uint_eq(tell_callbacks_late(), 1);
	h.value = 7;
	now_ns += 10 * SEC - 1;
	tell_callbacks_run();
	ck_assert_int_eq(h.asked, 3);
	ck_assert(tell_gauge_get(h.gauge) == 1);
	h.takes_ns = 0;
	now_ns += 1;
	tell_callbacks_run();
	tell_callbacks_run();
	ck_assert_int_eq(h.asked, 5);
	ck_assert(tell_gauge_get(h.gauge) == 7);
}
END_TEST

START_TEST(the_rest_has_its_bounds)
{
	struct host h = { .takes_ns = 6 * MS };
	host_start(&h, "slow");
	tell_callbacks_run();
	now_ns += SEC - 1;
	tell_callbacks_run();
	ck_assert_int_eq(h.asked, 1);
	h.takes_ns = UINT64_MAX / 1000; /* 200 days: times 100 is no number */
	now_ns += 1;
	tell_callbacks_run();
	now_ns += 300 * SEC - 1;
	tell_callbacks_run();
	ck_assert_int_eq(h.asked, 2);
	now_ns += 1;
	tell_callbacks_run();
	ck_assert_int_eq(h.asked, 3);
}
END_TEST

START_TEST(a_collection_ends_and_the_next_goes_on)
{
	struct host h[30] = { 0 };
	for (size_t i = 0; i < 30; i++) {
		h[i].takes_ns = TELL_CALLBACK_NS;
		host_start(&h[i],
			(char[]){ (char)('a' + i % 15), (char)('a' + i / 15), '\0' });
	}
	int asked[3] = { 0 };
	for (size_t run = 0; run < 3; run++) {
		tell_callbacks_run();
		for (size_t i = 0; i < 30; i++)
			asked[run] += h[i].asked;
	}
	ck_assert_int_eq(asked[0], 11); /* 50 ms, and the one that goes beyond */
	ck_assert_int_eq(asked[2], 33);
	for (size_t i = 0; i < 30; i++)
		ck_assert_int_ge(h[i].asked, 1);
}
END_TEST

START_TEST(removed_it_is_asked_no_more)
{
	struct host a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };
	host_start(&a, "a");
	host_start(&b, "b");
	host_start(&c, "c");
	tell_callbacks_run();
	tell_callback_remove(b.callback);
	tell_callback_remove(NULL);
	ck_assert(tell_gauge_is_left_out(b.gauge));
	tell_callbacks_run();
	ck_assert_int_eq(a.asked, 2);
	ck_assert_int_eq(b.asked, 1);
	ck_assert_int_eq(c.asked, 2);
	tell_gauge_add(b.gauge, 4);
	ck_assert(tell_gauge_get(b.gauge) == 4);
	tell_callback_remove(c.callback);
	tell_callback_remove(a.callback);
	tell_callbacks_run();
	ck_assert_int_eq(a.asked, 2);
}
END_TEST

START_TEST(it_may_remove_itself)
{
	struct host a = { .value = 1 }, b = { .value = 2, .leaves = true };
	host_start(&a, "a");
	host_start(&b, "b");
	tell_callbacks_run();
	tell_callbacks_run();
	ck_assert_int_eq(a.asked, 2);
	ck_assert_int_eq(b.asked, 1);
	ck_assert(tell_gauge_is_left_out(b.gauge));
}
END_TEST

START_TEST(what_cannot_be_is_refused)
{
	struct tell_callback *c = NULL;
	struct host h = { 0 };
	ck_assert_int_eq(tell_callback_add(&c, NULL, read_host, NULL), -EINVAL);
	host_start(&h, "h");
	ck_assert_int_eq(tell_callback_add(&c, h.gauge, NULL, NULL), -EINVAL);
	for (int i = 1; i < TELL_CALLBACKS_MAX; i++)
		ck_assert_int_eq(tell_callback_add(&c, h.gauge, read_host, &h), 0);
	c = NULL;
	ck_assert_int_eq(tell_callback_add(&c, h.gauge, read_host, &h), -ENOSPC);
	ck_assert_ptr_null(c);
	tell_callback_remove(h.callback);
	ck_assert_int_eq(tell_callback_add(&c, h.gauge, read_host, &h), 0);
}
END_TEST

/* ---- others ---- */

static bool inside, go_on, gone;

static double hold(void *arg)
{
	(void)arg;
	__atomic_store_n(&inside, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&go_on, __ATOMIC_ACQUIRE))
		(void)sched_yield();
	ck_assert(!__atomic_load_n(&gone, __ATOMIC_ACQUIRE)); /* what it reads is there */
	return 1;
}

static void *collect(void *arg)
{
	(void)arg;
	tell_callbacks_run();
	return NULL;
}

static void *remove_it(void *arg)
{
	tell_callback_remove(arg);
	__atomic_store_n(&gone, true, __ATOMIC_RELEASE);
	return NULL;
}

static void hold_start(struct tell_callback **ret, pthread_t *collector)
{
	struct tell_gauge *g = NULL;
	ck_assert_int_eq(tell_gauge_new(&g, "held", "H.", NULL), 0);
	ck_assert_int_eq(tell_callback_add(ret, g, hold, NULL), 0);
	ck_assert_int_eq(pthread_create(collector, NULL, collect, NULL), 0);
	while (!__atomic_load_n(&inside, __ATOMIC_ACQUIRE))
		(void)sched_yield();
}

START_TEST(removing_waits_for_one_under_way)
{
	struct tell_callback *c = NULL;
	pthread_t collector, remover;
	hold_start(&c, &collector);
	tell_callbacks_run(); /* at once: the other asks it */
	ck_assert_int_eq(pthread_create(&remover, NULL, remove_it, c), 0);
	for (int i = 0; i < 1000; i++)
		(void)sched_yield();
	__atomic_store_n(&go_on, true, __ATOMIC_RELEASE);
	(void)pthread_join(collector, NULL);
	(void)pthread_join(remover, NULL);
	ck_assert(gone);
}
END_TEST

START_TEST(a_child_asks_for_itself)
{
	struct tell_callback *c = NULL;
	struct host h = { .value = 4 };
	pthread_t collector;
	host_start(&h, "h");
	hold_start(&c, &collector);
	pid_t pid = fork();
	if (pid == 0) {
		(void)alarm(10); /* a lock held for ever would hang us */
		tell_callbacks_child();
		go_on = true;
		inside = false;
		tell_callbacks_run();
		tell_callback_remove(c);
		_exit(inside && tell_gauge_get(h.gauge) == 4 ? 7 : 1);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 7 << 8);
	__atomic_store_n(&go_on, true, __ATOMIC_RELEASE);
	(void)pthread_join(collector, NULL);
}
END_TEST

static Suite *callback_suite(void)
{
	Suite *s = suite_create("meter/callback");
	tell_check_add(s, "asking", it_is_asked_at_each_collection,
		not_a_number_is_left_out, what_cannot_be_is_refused, NULL);
	tell_check_add(s, "budget", a_slow_one_rests_and_keeps_its_value,
		the_rest_has_its_bounds, a_collection_ends_and_the_next_goes_on, NULL);
	tell_check_add(s, "leaving", removed_it_is_asked_no_more, it_may_remove_itself,
		removing_waits_for_one_under_way, a_child_asks_for_itself, NULL);
	return s;
}
TELL_CHECK_MAIN(callback_suite)
