#include <telltale/metric.h>
#include <pthread.h>
#include "support/check_main.h"

static struct tell_gauge *gauge(void)
{
	struct tell_gauge *g = NULL;
	ck_assert_int_eq(tell_gauge_new(&g, "open", "Open.", NULL), 0);
	return g;
}

START_TEST(a_gauge_is_what_it_was_set_to)
{
	struct tell_gauge *g = gauge();
	ck_assert(tell_gauge_get(g) == 0);
	tell_gauge_set(g, -2.5);
	ck_assert(tell_gauge_get(g) == -2.5);
	tell_gauge_add(g, 4);
	tell_gauge_add(g, -1);
	ck_assert(tell_gauge_get(g) == 0.5);
}
END_TEST

static void *up_and_down(void *arg)
{
	for (int i = 0; i < 50000; i++) {
		tell_gauge_add(arg, 3);
		tell_gauge_add(arg, -2);
	}
	return NULL;
}

START_TEST(threads_lose_no_addition)
{
	struct tell_gauge *g = gauge();
	pthread_t t[3];
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, up_and_down, g), 0);
	for (int i = 0; i < 3; i++)
		(void)pthread_join(t[i], NULL);
	ck_assert(tell_gauge_get(g) == 150000);
}
END_TEST

START_TEST(no_gauge_holds_nothing)
{
	tell_gauge_set(NULL, 1);
	tell_gauge_add(NULL, 1);
	ck_assert(tell_gauge_get(NULL) == 0);
	ck_assert_ptr_null(tell_gauge_with(NULL, "a"));
}
END_TEST

static Suite *gauge_suite(void)
{
	Suite *s = suite_create("meter/gauge");
	tell_check_add(s, "gauge", a_gauge_is_what_it_was_set_to,
		threads_lose_no_addition, no_gauge_holds_nothing, NULL);
	return s;
}
TELL_CHECK_MAIN(gauge_suite)
