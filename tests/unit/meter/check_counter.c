#include <telltale/metric.h>
#include <pthread.h>
#include "support/check_main.h"

START_TEST(a_counter_counts)
{
	struct tell_counter *c = NULL;
	ck_assert_int_eq(tell_counter_new(&c, "served", "Served.", NULL), 0);
	ck_assert_uint_eq(tell_counter_get(c), 0);
	for (int i = 0; i < 1000; i++)
		tell_counter_add(c, 2);
	ck_assert_uint_eq(tell_counter_get(c), 2000);
}
END_TEST

#ifdef __SANITIZE_THREAD__
#define N_EACH 200000
#else
#define N_EACH 10000000
#endif

static void *add(void *arg)
{
	for (int i = 0; i < N_EACH; i++)
		tell_counter_add(arg, 1);
	return NULL;
}

START_TEST(threads_count_together)
{
	struct tell_counter *c = NULL;
	pthread_t t[4];
	ck_assert_int_eq(tell_counter_new(&c, "served", "Served.", NULL), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, add, c), 0);
	for (int i = 0; i < 4; i++)
		(void)pthread_join(t[i], NULL);
	ck_assert_uint_eq(tell_counter_get(c), UINT64_C(4) * N_EACH);
}
END_TEST

START_TEST(no_counter_counts_nothing)
{
	tell_counter_add(NULL, 1);
	ck_assert_uint_eq(tell_counter_get(NULL), 0);
	ck_assert_ptr_null(tell_counter_with(NULL, "a"));
}
END_TEST

static Suite *counter_suite(void)
{
	Suite *s = suite_create("meter/counter");
	tell_check_add(s, "counter", a_counter_counts, threads_count_together,
		no_counter_counts_nothing, NULL);
	return s;
}
TELL_CHECK_MAIN(counter_suite)
