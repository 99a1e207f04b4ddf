/* The service thread where something is wrong: a sink, the memory, the host. */
#include "unit/api/thread_fixture.h"

START_TEST(one_that_hangs_is_given_up_and_ends_later)
{
	start(QUEUE);
	__atomic_store_n(&hanging, 1, __ATOMIC_RELEASE);
	drains_before = drains();
	ask_until(has_drained, "it hangs");
	uint64_t now_ns = tell_clock_monotonic_ns();
	ck_assert(!tell_service_thread_stop(
		&tell_process.main, now_ns + 50 * TELL_NS_PER_MS));
	tell_info("nobody minds");
	__atomic_store_n(&hanging, 0, __ATOMIC_RELEASE);
	tell_close();
	ck_assert_uint_eq(flow_count(), 2);
	ck_assert_uint_eq(ask_threads(), 0);
}
END_TEST

START_TEST(without_memory_for_one_the_service_logs_on)
{
	flow_start(CONTROL);
	struct rlimit before, none = { 0 };
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	none.rlim_max = before.rlim_max;
	free(malloc(1 << 16)); /* the heap has room for what a record needs */
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	tell_info("hello");
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
	ck_assert_uint_eq(ask_threads(), 0);
	ck_assert_uint_eq(flow_count_of("\"hello\""), 1);
	ck_assert_uint_eq(flow_count_of("no service thread"), 1);
	tell_info("again"); /* and does not try again */
	ck_assert_uint_eq(flow_count_of("no service thread"), 1);
}
END_TEST

static int answers(void)
{
	tell_service_thread_wake(thread());
	return strncmp(ask("flow", "stats"), "ok\n", 3) == 0;
}

/* As an old daemon does; what is found there later is the host's own. */
START_TEST(a_host_may_close_all_its_descriptors)
{
	start(CONTROL);
	ck_assert(answers());
	for (int fd = 3; fd < 1100; fd++)
		(void)close(fd);
	int own[2];
	ck_assert_int_eq(pipe(own), 0);
	tell_service_thread_wake(thread());
	ask_until(answers, "there is a socket again");
	ck_assert_int_eq((int)write(own[1], "x", 1), 1);
	char c;
	ck_assert_int_eq((int)read(own[0], &c, 1), 1); /* nothing else was in it */
}
END_TEST

static bool stop;

static void *log_and_wake(void *arg)
{
	for (; !__atomic_load_n(&stop, __ATOMIC_RELAXED);) {
		tell_info("under way");
		tell_service_thread_wake(arg);
	}
	return NULL;
}

START_TEST(records_wakes_and_restarts_go_together)
{
	pthread_t t[3];
	write_stack(CONTROL "sink required permit\n");
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, log_and_wake, thread()), 0);
	for (int i = 0; i < 50; i++) {
		tell_clock_sleep_ms(2);
		if (i % 2)
			tell_close();
		else
			(void)tell_reload(); /* of a service that is closed: nothing */
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 3; i++)
		(void)pthread_join(t[i], NULL);
	tell_close();
	ck_assert_uint_eq(ask_threads(), 0);
}
END_TEST

static Suite *thread_faults_suite(void)
{
	Suite *s = suite_create("api/thread_faults");
	TCase *tc = tcase_create("faults");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, one_that_hangs_is_given_up_and_ends_later);
	tcase_add_test(tc, records_wakes_and_restarts_go_together);
	if (BARE) {
		tcase_add_test(tc, without_memory_for_one_the_service_logs_on);
		tcase_add_test(tc, a_host_may_close_all_its_descriptors);
	}
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(thread_faults_suite)
