#include <sys/wait.h>
#include <telltale.h>
#include <telltale/health.h>
#include <unistd.h>
#include "api/health_view.h"
#include "api/process.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/scratch.h"

#ifdef __SANITIZE_THREAD__
#define TSAN true
#else
#define TSAN false
#endif

static int status; /* what the check of this test answers; atomic */

static enum tell_health_status answer(void *arg, struct tell_health_answer *a)
{
	const char *reason = arg;
	if (reason) {
		tell_health_say(a, "first");
		tell_health_say(a, reason);
		tell_health_detail(a, tell_u64("free", 3));
		tell_health_detail(a,
			tell_str("pass"
				 "word",
				reason));
	}
	return (enum tell_health_status)__atomic_load_n(&status, __ATOMIC_SEQ_CST);
}

static void set(enum tell_health_status to)
{
	__atomic_store_n(&status, (int)to, __ATOMIC_SEQ_CST);
}

#define LINES                                                                            \
	"health required callback name=db every=100ms\n"                                 \
	"service required settings control=no\n"

static enum tell_health_status wanted;

static int is_it(void)
{
	return tell_health_get(NULL, 0, NULL) == wanted;
}

static void await(enum tell_health_status s)
{
	wanted = s;
	ask_until(is_it, tell_health_word(s));
}

static const char *wanted_text;

static int is_written(void)
{
	return flow_count_of(wanted_text) > 0;
}

static void await_text(const char *text)
{
	wanted_text = text;
	ask_until(is_written, text);
}

static void set_up(void)
{
	ask_set_up();
}

static void tear_down(void)
{
	tell_close();
	tell_scratch_remove();
}

START_TEST(without_lines_nothing_is_known)
{
	size_t n = 7;
	flow_start("service required settings control=no\n");
	tell_info("hello");
	ck_assert_int_eq(tell_health_get(NULL, 0, &n), TELL_HEALTH_UNKNOWN);
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(the_answer_of_a_check_is_there_to_be_read)
{
	struct tell_health_check c[2];
	size_t n = 0;
	set(TELL_UNHEALTHY);
	ck_assert_int_eq(tell_health_register("db", answer, (void *)"no answer"), 0);
	flow_start(LINES);
	tell_info("hello");
	await(TELL_UNHEALTHY);
	(void)tell_health_get(c, 2, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(c[0].name, "db");
	ck_assert_str_eq(c[0].reason, "no answer");
	ck_assert_int_eq(c[0].status, TELL_UNHEALTHY);
	ck_assert_uint_gt(c[0].at_ns, 0);
}
END_TEST

START_TEST(changes_are_records)
{
	set(TELL_HEALTHY);
	ck_assert_int_eq(tell_health_register("db", answer, (void *)"slow"), 0);
	flow_start("filter required level min=debug\n" LINES);
	tell_info("hello");
	await_text("health is healthy, was unknown");
	set(TELL_DEGRADED);
	await_text("health is degraded, was healthy");
	set(TELL_UNHEALTHY);
	await_text("health is unhealthy, was degraded");
	set(TELL_HEALTHY);
	await_text("health is healthy, was unhealthy");
	static const char *const levels[][2] = {
		{ "check db is healthy, was unknown", "\"level\":\"debug\"" },
		{ "check db is degraded, was healthy", "\"level\":\"warning\"" },
		{ "check db is unhealthy, was degraded", "\"level\":\"error\"" },
		{ "check db is healthy, was unhealthy", "\"level\":\"notice\"" },
	};
	for (size_t i = 0; i < 4; i++) {
		const char *all = flow_all(); /* until the next call */
		char *line = strstr(all, levels[i][0]);
		ck_assert_ptr_nonnull(line);
		while (line > all && line[-1] != '\n')
			line--;
		*strchr(line, '\n') = '\0';
		ck_assert_ptr_nonnull(strstr(line, levels[i][1]));
		ck_assert_ptr_nonnull(strstr(line, "\"logger\":\"telltale\""));
		ck_assert_ptr_nonnull(strstr(line, "\"kind\":\"health\""));
		ck_assert_ptr_nonnull(strstr(line, "\"reason\":\"slow\""));
		ck_assert_ptr_nonnull(strstr(line, "\"free\":3"));
		ck_assert_ptr_nonnull(strstr(line, "\"latency\":"));
		ck_assert_ptr_nonnull(strstr(line, "\"was_for\":"));
		ck_assert_ptr_null(strstr(line, "word\":\"slow"));
	}
}
END_TEST

START_TEST(a_start_says_once_that_all_is_well_and_each_that_is_not)
{
	set(TELL_HEALTHY);
	ck_assert_int_eq(tell_health_register("db", answer, NULL), 0);
	flow_start("health required permit\nhealth optional deny\n" LINES);
	await_text("health is degraded, was unknown");
	ck_assert_uint_eq(flow_count_of("check permit"), 0);
	ck_assert_uint_eq(flow_count_of("check db"), 0);
	ck_assert_uint_eq(flow_count_of("check deny is unhealthy, was unknown"), 1);
	set(TELL_UNHEALTHY);
	await_text("check db is unhealthy, was healthy");
	set(TELL_HEALTHY);
	await_text("check db is healthy, was unhealthy");
}
END_TEST

START_TEST(a_check_that_is_not_registered_is_unknown)
{
	struct tell_health_check c = { 0 };
	flow_start(LINES "health required permit\n");
	tell_info("hello");
	await(TELL_HEALTHY); /* permit's */
	(void)tell_health_get(&c, 1, NULL);
	ck_assert_int_eq(c.status, TELL_HEALTH_UNKNOWN);
}
END_TEST

START_TEST(details_are_redacted_where_they_are_read_too)
{
	struct tell_buf out = { 0 };
	bool live;
	set(TELL_DEGRADED);
	ck_assert_int_eq(tell_health_register("db", answer, (void *)"open sesame"), 0);
	flow_start(LINES);
	tell_info("hello");
	await(TELL_DEGRADED);
	(void)tell_health_put(&out, &tell_process.main, TELL_HEALTH_CHECKS, &live);
	ck_assert_ptr_nonnull(strstr(tell_buf_cstr(&out), "\"free\":3"));
	ck_assert_ptr_nonnull(strstr(tell_buf_cstr(&out), "word\":\"[REDACTED]\""));
	ck_assert_ptr_null(strstr(tell_buf_cstr(&out), "word\":\"open"));
	tell_buf_done(&out);
}
END_TEST

START_TEST(what_a_line_says_is_a_record)
{
	flow_start("health required debug verdict=denied note=hello\n");
	tell_info("first");
	await_text("hello");
	await(TELL_UNHEALTHY);
}
END_TEST

START_TEST(a_child_asks_anew)
{
	set(TELL_HEALTHY);
	ck_assert_int_eq(tell_health_register("db", answer, NULL), 0);
	flow_start(LINES);
	tell_info("hello");
	await(TELL_HEALTHY);
	pid_t pid = fork();
	if (pid == 0) {
		alarm(30);
		if (tell_health_get(NULL, 0, NULL) != TELL_HEALTH_UNKNOWN)
			_exit(1);
		tell_info("in the child");
		while (tell_health_get(NULL, 0, NULL) != TELL_HEALTHY)
			(void)usleep(1000);
		_exit(0);
	}
	int how;
	ck_assert_int_eq(waitpid(pid, &how, 0), pid);
	ck_assert_int_eq(how, 0);
}
END_TEST

static int hangs = 1, inside;

static enum tell_health_status hang(void *arg, struct tell_health_answer *a)
{
	(void)arg;
	(void)a;
	__atomic_store_n(&inside, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&hangs, __ATOMIC_SEQ_CST))
		(void)usleep(1000);
	return TELL_HEALTHY;
}

static int is_inside(void)
{
	return __atomic_load_n(&inside, __ATOMIC_SEQ_CST);
}

START_TEST(a_check_that_hangs_holds_up_nothing_else)
{
	ck_assert_int_eq(tell_health_register("db", hang, NULL), 0);
	flow_start("health required callback name=db every=100ms timeout=100ms\n");
	tell_info("hello");
	ask_until(is_inside, "it hangs");
	tell_info("goes on");
	ck_assert_int_eq(tell_flush(1000), 0);
	ck_assert_uint_eq(flow_count_of("goes on"), 1);
	ck_assert_ptr_nonnull(strstr(ask("flow", "stats"), "\"service\":\"flow\""));
	await(TELL_UNHEALTHY); /* by its timeout, and a second of grace */
	tell_close();
	__atomic_store_n(&hangs, 0, __ATOMIC_SEQ_CST);
	ck_assert_int_eq(tell_health_register("db", NULL, NULL), 0); /* waits for it */
}
END_TEST

static Suite *health_suite(void)
{
	Suite *s = suite_create("api/health");
	TCase *tc = tcase_create("health");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, without_lines_nothing_is_known);
	tcase_add_test(tc, the_answer_of_a_check_is_there_to_be_read);
	tcase_add_test(tc, changes_are_records);
	tcase_add_test(tc, a_start_says_once_that_all_is_well_and_each_that_is_not);
	tcase_add_test(tc, a_check_that_is_not_registered_is_unknown);
	tcase_add_test(tc, details_are_redacted_where_they_are_read_too);
	tcase_add_test(tc, what_a_line_says_is_a_record);
	if (!TSAN) /* it takes no threads in children */
		tcase_add_test(tc, a_child_asks_anew);
	tcase_add_test(tc, a_check_that_hangs_holds_up_nothing_else);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(health_suite)
