#include "health/callback.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <telltale/module.h>
#include <unistd.h>
#include "health/module.h"
#include "record/record.h"
#include "support/check_main.h"

static struct tell_record record;
static struct tell_run run = { .record = &record };

static enum tell_verdict ask(const char *name)
{
	ck_assert_int_eq(tell_record_begin(&record, TELL_INFO, TELL_KIND_HEALTH), 0);
	return tell_health_callback.run((void *)(uintptr_t)name, &run);
}

static enum tell_health_status give(void *arg, struct tell_health_answer *a)
{
	(void)a;
	return *(enum tell_health_status *)arg;
}

START_TEST(each_status_is_a_verdict)
{
	static const enum tell_verdict verdicts[] = { TELL_IGNORE, TELL_SUCCESS,
		TELL_SPOOLED, TELL_FAILED };
	enum tell_health_status s = TELL_HEALTH_UNKNOWN;
	ck_assert_int_eq(ask("db"), TELL_IGNORE); /* nobody has registered */
	ck_assert_int_eq(tell_callback_set("db", give, &s), 0);
	for (; s <= TELL_UNHEALTHY; s++)
		ck_assert_int_eq(ask("db"), verdicts[s]);
	ck_assert_int_eq(tell_callback_set("db", NULL, NULL), 0);
	ck_assert_int_eq(ask("db"), TELL_IGNORE);
}
END_TEST

START_TEST(names_and_their_number_have_limits)
{
	enum tell_health_status s = TELL_HEALTHY;
	char name[40];
	ck_assert_int_eq(tell_callback_set("", give, &s), -EINVAL);
	ck_assert_int_eq(tell_callback_set(NULL, give, &s), -EINVAL);
	ck_assert_int_eq(
		tell_callback_set("12345678901234567890123456789012", give, &s), -EINVAL);
	ck_assert_int_eq(
		tell_callback_set("1234567890123456789012345678901", give, &s), 0);
	ck_assert_int_eq(tell_callback_set("nobody", NULL, NULL), 0);
	for (int i = 1; i < TELL_CALLBACKS; i++) {
		(void)snprintf(name, sizeof(name), "n%d", i);
		ck_assert_int_eq(tell_callback_set(name, give, &s), 0);
	}
	ck_assert_int_eq(tell_callback_set("one more", give, &s), -ENOSPC);
	ck_assert_int_eq(tell_callback_set("n1", give, &s), 0);
	ck_assert_int_eq(ask("n63"), TELL_SUCCESS);
}
END_TEST

static enum tell_health_status unregister(void *arg, struct tell_health_answer *a)
{
	(void)a;
	ck_assert_int_eq(tell_callback_set(arg, NULL, NULL), 0);
	return TELL_HEALTHY;
}

START_TEST(a_check_may_take_itself_away)
{
	ck_assert_int_eq(tell_callback_set("x", unregister, (void *)"x"), 0);
	ck_assert_int_eq(ask("x"), TELL_SUCCESS);
	ck_assert_int_eq(ask("x"), TELL_IGNORE);
}
END_TEST

static int inside, may_go;

static enum tell_health_status wait_long(void *arg, struct tell_health_answer *a)
{
	(void)a;
	__atomic_store_n(&inside, 1, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&may_go, __ATOMIC_SEQ_CST))
		(void)usleep(1000);
	*(int *)arg += 1; /* TSan and the test see it: arg is still there */
	__atomic_store_n(&inside, 0, __ATOMIC_SEQ_CST);
	return TELL_HEALTHY;
}

static void *ask_thread(void *arg)
{
	(void)arg;
	(void)ask("slow");
	return NULL;
}

static void *let_go(void *arg)
{
	(void)arg;
	(void)usleep(20000); /* the other one is waiting by now, or not: both are right */
	__atomic_store_n(&may_go, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

START_TEST(taking_away_waits_for_a_call_under_way)
{
	pthread_t asker, goer;
	int n = 0;
	ck_assert_int_eq(tell_callback_set("slow", wait_long, &n), 0);
	ck_assert_int_eq(pthread_create(&asker, NULL, ask_thread, NULL), 0);
	while (!__atomic_load_n(&inside, __ATOMIC_SEQ_CST))
		(void)usleep(1000);
	ck_assert_int_eq(pthread_create(&goer, NULL, let_go, NULL), 0);
	ck_assert_int_eq(tell_callback_set("slow", NULL, NULL), 0);
	ck_assert_int_eq(__atomic_load_n(&inside, __ATOMIC_SEQ_CST), 0);
	ck_assert_int_eq(n, 1);
	(void)pthread_join(asker, NULL);
	(void)pthread_join(goer, NULL);
}
END_TEST

static Suite *callback_suite(void)
{
	Suite *s = suite_create("health/callback");
	TCase *tc = tcase_create("callback");
	tcase_add_test(tc, each_status_is_a_verdict);
	tcase_add_test(tc, names_and_their_number_have_limits);
	tcase_add_test(tc, a_check_may_take_itself_away);
	tcase_add_test(tc, taking_away_waits_for_a_call_under_way);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(callback_suite)
