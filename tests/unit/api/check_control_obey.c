#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale.h>
#include <telltale/metric.h>
#include <unistd.h>
#include "api/control.h"
#include "api/level.h"
#include "api/process.h"
#include "base/buf.h"
#include "base/clock.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/scratch.h"

static struct tell_buf answer;

/* In the test's own thread: no socket is needed. */
static const char *obey(const char *request)
{
	tell_buf_clear(&answer);
	tell_control_obey(
		&tell_process.main, request, strlen(request), "user 7, pid 8", &answer);
	return tell_buf_cstr(&answer);
}

static size_t debugs(void)
{
	size_t before = flow_count_of("\"detail\"");
	tell_debug("detail");
	return flow_count_of("\"detail\"") - before;
}

START_TEST(a_level_is_set_and_said)
{
	flow_start("");
	ck_assert_uint_eq(debugs(), 0);
	ck_assert_str_eq(obey("level 0 func:debugs debug"), "ok\n1 call sites\n");
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_uint_eq(
		flow_count_of("level set to \\\"func:debugs debug\\\" by user 7, pid 8"),
		1);
	ck_assert_str_eq(obey("level 0 file:nowhere.c debug"), "ok\n0 call sites\n");
	ck_assert_int_eq(strncmp(obey("level 0 reset"), "ok\n", 3), 0);
	ck_assert_uint_eq(debugs(), 0);
}
END_TEST

START_TEST(a_level_for_a_time_ends_by_itself)
{
	flow_start("");
	uint64_t before_ns = tell_clock_monotonic_ns();
	ck_assert_str_eq(obey("level 60000 func:debugs debug"), "ok\n1 call sites\n");
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_uint_eq(flow_count_of("for 60 s by user 7, pid 8"), 1);
	uint64_t due_ns = tell_level_expire(&tell_process.main, before_ns);
	ck_assert_uint_ge(due_ns, before_ns + 60 * TELL_NS_PER_SEC);
	ck_assert_uint_lt(due_ns, before_ns + 120 * TELL_NS_PER_SEC);
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_uint_eq(tell_level_expire(&tell_process.main, due_ns), UINT64_MAX);
	ck_assert_uint_eq(debugs(), 0);
}
END_TEST

START_TEST(what_is_no_rule_is_refused)
{
	flow_start("");
	ck_assert_ptr_nonnull(
		strstr(obey("level 0 file:x nonsense"), "error 65 no level rule"));
	ck_assert_ptr_nonnull(strstr(obey("level 0 debug, what"), "error 65"));
	ck_assert_uint_eq(debugs(), 0); /* not even the first part */
	ck_assert_ptr_nonnull(strstr(obey("sing"), "error 76 "));
}
END_TEST

static void write_stack(const char *text)
{
	(void)mkdir(tell_scratch_path("conf"), 0700); /* or it is there */
	tell_scratch_write(tell_scratch_path("conf/flow"), text);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf"), 1);
}

START_TEST(a_reload_says_which_stack_is_in_force)
{
	char want[300];
	flow_start("");
	write_stack("sink required permit\n");
	(void)snprintf(want, sizeof(want), "ok\n%s\n", tell_scratch_path("conf/flow"));
	ck_assert_str_eq(obey("reload"), want);
	tell_info("goes nowhere");
	ck_assert_uint_eq(flow_count_of("goes nowhere"), 0);
}
END_TEST

START_TEST(a_reload_that_is_refused_says_why)
{
	flow_start("");
	write_stack("sink required permt\n");
	const char *said = obey("reload");
	ck_assert_ptr_eq(strstr(said, "error 78 "), said);
	ck_assert_ptr_nonnull(strstr(said, "conf/flow:1:15: error: "));
	ck_assert_ptr_nonnull(
		strstr(said, "did you mean 'permit'?; the old stack stays\n"));
	tell_info("still here");
	ck_assert_uint_eq(flow_count_of("still here"), 1);
	ck_assert_ptr_nonnull(strstr(obey("stats"), "\"refused\":{\"at\":\"20"));
	write_stack("sink required permit\n");
	ck_assert_int_eq(strncmp(obey("reload"), "ok\n", 3), 0);
	ck_assert_ptr_null(strstr(obey("stats"), "\"refused\""));
}
END_TEST

START_TEST(files_are_opened_again)
{
	char old[300];
	flow_start("");
	tell_info("one");
	(void)snprintf(old, sizeof(old), "%s.1", flow_path());
	ck_assert_int_eq(rename(flow_path(), old), 0);
	ck_assert_str_eq(obey("reopen"), "ok\n");
	tell_info("two");
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_int_eq(unlink(old), 0);
}
END_TEST

START_TEST(a_flush_hands_over_what_sinks_hold)
{
	char stack[400];
	(void)snprintf(stack, sizeof(stack), "sink required file path=%s buffer=64KiB\n",
		tell_scratch_path("held"));
	write_stack(stack);
	ck_assert_int_eq(tell_init("flow"), 0);
	tell_info("held");
	ck_assert_uint_eq(tell_scratch_lines(tell_scratch_path("held")), 0);
	ck_assert_str_eq(obey("flush 5000"), "ok\n");
	ck_assert_uint_eq(tell_scratch_lines(tell_scratch_path("held")), 1);
}
END_TEST

START_TEST(a_sink_that_is_left_alone_is_reset)
{
	char stack[400];
	(void)snprintf(stack, sizeof(stack),
		"sink optional debug\nsink sufficient debug verdict=timeout\n"
		"sink required file path=%s\n",
		tell_scratch_path("next"));
	write_stack(stack);
	ck_assert_int_eq(tell_init("flow"), 0);
	for (int i = 0; i < 5; i++)
		tell_info("hello");
	const char *said = obey("stats");
	ck_assert_ptr_nonnull(
		strstr(said, "\"breaker\":\"open\",\"opened\":1,\"turned_away\":"));
	ck_assert_ptr_nonnull(strstr(said, "\"retry_ms\":"));
	ck_assert_ptr_nonnull(strstr(said, "\"telltale_sink_breaker\""));
	ck_assert_ptr_nonnull(strstr(
		obey("reset nosuch"), "error 65 the stack has no sink \"nosuch\""));
	ck_assert_str_eq(obey("reset debug#2"), "ok\n1\n");
	ck_assert_ptr_nonnull(strstr(obey("stats"), "\"breaker\":\"closed\""));
	ck_assert_str_eq(obey("reset"), "ok\n3\n");
	size_t len;
	char *log = tell_scratch_read(tell_scratch_path("next"), &len);
	ck_assert_ptr_nonnull(
		strstr(log, "sink debug#2 is left alone: 5 failures in a row"));
	ck_assert_ptr_nonnull(strstr(log, "breaker of debug#2 reset by user 7, pid 8"));
	free(log);
}
END_TEST

/* A thread that is to end while it waits for whoever ends it. */
START_TEST(a_closing_service_answers_at_once)
{
	flow_start("");
	(void)pthread_mutex_lock(&tell_process.lock);
	__atomic_store_n(&tell_process.main.thread.stop, 1, __ATOMIC_RELEASE);
	ck_assert_str_eq(obey("stats"), "error 75 the service is closing, or busy\n");
	__atomic_store_n(&tell_process.main.thread.stop, 0, __ATOMIC_RELEASE);
	(void)pthread_mutex_unlock(&tell_process.lock);
	ck_assert_int_eq(strncmp(obey("stats"), "ok\n{", 4), 0);
}
END_TEST

static void tear_down(void)
{
	tell_buf_done(&answer);
	tell_scratch_remove();
}

static double ask_lock(void *arg)
{
	/* No lock is held: the host's code may take as long as it likes. */
	*(bool *)arg = pthread_mutex_trylock(&tell_process.lock) == 0;
	if (*(bool *)arg)
		(void)pthread_mutex_unlock(&tell_process.lock);
	return 41.5;
}

START_TEST(gauges_are_asked_for_stats)
{
	struct tell_gauge *g = NULL;
	struct tell_callback *c = NULL;
	bool unlocked = false;
	flow_start("");
	ck_assert_int_eq(tell_gauge_new(&g, "depth", "D.", NULL), 0);
	ck_assert_int_eq(tell_gauge_callback(&c, g, ask_lock, &unlocked), 0);
	ck_assert_ptr_nonnull(strstr(obey("stats"), "{\"labels\":{},\"value\":41.5}"));
	ck_assert(unlocked);
	ck_assert_ptr_null(tell_gauge_callback_remove(c));
	ck_assert_ptr_null(strstr(obey("stats"), "{\"labels\":{},\"value\":41.5}"));
}
END_TEST

static Suite *control_obey_suite(void)
{
	Suite *s = suite_create("api/control_obey");
	TCase *tc = tcase_create("obey");
	tcase_add_checked_fixture(tc, ask_set_up, tear_down);
	tcase_add_test(tc, a_level_is_set_and_said);
	tcase_add_test(tc, a_level_for_a_time_ends_by_itself);
	tcase_add_test(tc, what_is_no_rule_is_refused);
	tcase_add_test(tc, a_reload_says_which_stack_is_in_force);
	tcase_add_test(tc, a_reload_that_is_refused_says_why);
	tcase_add_test(tc, files_are_opened_again);
	tcase_add_test(tc, a_flush_hands_over_what_sinks_hold);
	tcase_add_test(tc, a_sink_that_is_left_alone_is_reset);
	tcase_add_test(tc, a_closing_service_answers_at_once);
	tcase_add_test(tc, gauges_are_asked_for_stats);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(control_obey_suite)
