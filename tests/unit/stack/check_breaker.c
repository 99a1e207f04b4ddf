#include "stack/breaker.h"
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "support/check_main.h"

#define NOW (1000 * TELL_NS_PER_SEC)

static struct tell_breaker b;

static void fail_with(enum tell_verdict v, int n)
{
	for (int i = 0; i < n; i++)
		(void)tell_breaker_answered(&b, v, false, NOW);
}

START_TEST(five_failures_in_a_row_open_it)
{
	fail_with(TELL_UNAVAILABLE, TELL_BREAKER_FAILURES - 1);
	ck_assert(tell_breaker_is_closed(&b));
	ck_assert_int_eq(
		tell_breaker_answered(&b, TELL_SUCCESS, false, NOW), TELL_BREAKER_STAYS);
	fail_with(TELL_FULL, TELL_BREAKER_FAILURES - 1);
	ck_assert(tell_breaker_is_closed(&b));
	ck_assert_int_eq(
		tell_breaker_answered(&b, TELL_FAILED, false, NOW), TELL_BREAKER_OPENED);
	ck_assert(!tell_breaker_is_closed(&b));
	ck_assert_uint_eq(b.opened, 1);
	fail_with(TELL_FAILED, 10); /* of calls that were under way */
	ck_assert_uint_eq(b.opened, 1);
}
END_TEST

#define THREADS 4
#define TRIES	100000

static unsigned opens, inside, doubles;

/* Who opens it has it to himself until he closes it. */
static void *fail_and_close(void *arg)
{
	for (int i = 0; i < TRIES; i++) {
		if (tell_breaker_answered(&b, TELL_FAILED, false, NOW) !=
			TELL_BREAKER_OPENED)
			continue;
		if (__atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST))
			(void)__atomic_fetch_add(&doubles, 1, __ATOMIC_RELAXED);
		(void)__atomic_fetch_add(&opens, 1, __ATOMIC_RELAXED);
		(void)__atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST);
		__atomic_store_n(&b.state, TELL_BREAKER_CLOSED, __ATOMIC_SEQ_CST);
	}
	return arg;
}

START_TEST(of_threads_whose_records_fail_at_once_one_opens_it)
{
	pthread_t threads[THREADS];
	b.failures = TELL_BREAKER_FAILURES - 1;
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(
			pthread_create(&threads[i], NULL, fail_and_close, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(doubles, 0);
	ck_assert_uint_ge(opens, 1);
	ck_assert_uint_eq(b.opened, opens);
}
END_TEST

/* Who failed the fifth time found it open; a success of before closes it; the sixth failure is
 * the one that finds it closed, and must open it, whatever its number. */
START_TEST(a_failure_beyond_the_fifth_opens_it_where_it_is_closed)
{
	b.failures = TELL_BREAKER_FAILURES + 2;
	ck_assert_int_eq(
		tell_breaker_answered(&b, TELL_FAILED, false, NOW), TELL_BREAKER_OPENED);
	ck_assert(!tell_breaker_is_closed(&b));
}
END_TEST

START_TEST(answers_about_the_record_are_no_failures)
{
	fail_with(TELL_INVALID, 100);
	fail_with(TELL_LIMITED, 100);
	fail_with(TELL_DENIED, 100);
	ck_assert(tell_breaker_is_quiet(&b));
}
END_TEST

START_TEST(one_record_is_the_probe_when_the_pause_is_over)
{
	fail_with(TELL_TIMEOUT, TELL_BREAKER_FAILURES);
	ck_assert(!tell_breaker_probes(&b, NOW));
	uint64_t left_ns = tell_breaker_left_ns(&b, NOW);
	ck_assert_uint_ge(left_ns, 50 * TELL_NS_PER_MS);
	ck_assert_uint_lt(left_ns, 100 * TELL_NS_PER_MS);
	ck_assert(!tell_breaker_probes(&b, NOW + left_ns - 1));
	ck_assert(tell_breaker_probes(&b, NOW + left_ns));
	ck_assert_int_eq(b.state, TELL_BREAKER_HALF_OPEN);
	ck_assert(!tell_breaker_probes(&b, NOW + left_ns));
	ck_assert_int_eq(tell_breaker_answered(&b, TELL_SPOOLED, true, NOW + left_ns),
		TELL_BREAKER_RECOVERED);
	ck_assert(tell_breaker_is_quiet(&b));
}
END_TEST

/* The probes that fail: how long the last pause is. */
static uint64_t longest_ns(enum tell_verdict v)
{
	uint64_t now_ns = NOW, left_ns = 0;
	memset(&b, 0, sizeof(b));
	fail_with(v, TELL_BREAKER_FAILURES);
	for (int i = 0; i < 20; i++) {
		left_ns = tell_breaker_left_ns(&b, now_ns);
		now_ns += left_ns;
		ck_assert(tell_breaker_probes(&b, now_ns));
		ck_assert_int_eq(tell_breaker_answered(&b, v, true, now_ns),
			TELL_BREAKER_REOPENED);
	}
	return tell_breaker_left_ns(&b, now_ns);
}

START_TEST(pauses_grow_with_jitter_to_a_limit)
{
	uint64_t costly_ns = longest_ns(TELL_TIMEOUT);
	ck_assert(costly_ns >= 2500 * TELL_NS_PER_MS && costly_ns < 5 * TELL_NS_PER_SEC);
	uint64_t cheap_ns = longest_ns(TELL_UNAVAILABLE);
	ck_assert(cheap_ns >= 500 * TELL_NS_PER_MS && cheap_ns < TELL_NS_PER_SEC);
	ck_assert_uint_eq(b.opened, 1); /* it was never closed in between */
}
END_TEST

START_TEST(a_probe_that_says_nothing_or_never_comes_back_is_repeated)
{
	fail_with(TELL_TIMEOUT, TELL_BREAKER_FAILURES);
	uint64_t later_ns = NOW + TELL_NS_PER_SEC;
	ck_assert(tell_breaker_probes(&b, later_ns));
	ck_assert_int_eq(tell_breaker_answered(&b, TELL_INVALID, true, later_ns),
		TELL_BREAKER_STAYS);
	ck_assert(tell_breaker_probes(&b, later_ns));
	ck_assert(!tell_breaker_probes(&b, later_ns + 9 * TELL_NS_PER_SEC));
	ck_assert(tell_breaker_probes(&b, later_ns + 11 * TELL_NS_PER_SEC));
	tell_breaker_child(&b); /* whose probe it is stayed behind */
	ck_assert(tell_breaker_is_quiet(&b));
	ck_assert_uint_eq(b.opened, 0);
}
END_TEST

START_TEST(a_reset_closes_it)
{
	fail_with(TELL_TIMEOUT, TELL_BREAKER_FAILURES);
	tell_breaker_reset(&b);
	ck_assert(tell_breaker_is_quiet(&b));
	ck_assert_str_eq(tell_breaker_word(TELL_BREAKER_HALF_OPEN), "half-open");
}
END_TEST

static Suite *breaker_suite(void)
{
	Suite *s = suite_create("stack/breaker");
	tell_check_add(s, "breaker", five_failures_in_a_row_open_it,
		of_threads_whose_records_fail_at_once_one_opens_it,
		a_failure_beyond_the_fifth_opens_it_where_it_is_closed,
		answers_about_the_record_are_no_failures,
		one_record_is_the_probe_when_the_pause_is_over,
		pauses_grow_with_jitter_to_a_limit,
		a_probe_that_says_nothing_or_never_comes_back_is_repeated,
		a_reset_closes_it, NULL);
	return s;
}
TELL_CHECK_MAIN(breaker_suite)
