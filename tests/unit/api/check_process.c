#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/init.h"
#include "api/process.h"
#include "support/check_main.h"
#include "support/flow.h"

/* ASan of gcc 12 and clang 14 does not take its allocator's locks around fork(): a child of
 * a process whose threads allocate may wait for one for ever, whatever we do. */
#ifdef __SANITIZE_ADDRESS__
#define FORKS_WHILE_BUSY 0
#else
#define FORKS_WHILE_BUSY 50
#endif

static void expect(const char *text)
{
	const char *last = flow_last();
	ck_assert_msg(strstr(last, text) != NULL, "no %s in %s", text, last);
}

START_TEST(a_forked_child_logs_under_its_own_number)
{
	flow_start("");
	tell_info("parent");
	pid_t pid = fork();
	if (pid == 0) {
		tell_info("child");
		_exit(0);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	char want[32];
	(void)snprintf(want, sizeof(want), "\"pid\":%d,", pid);
	expect(want);
	expect(".0.1\""); /* counts from one again */
	char *child = strdup(strstr(flow_last(), "\"seq\":\""));
	tell_info("parent again");
	expect(".0.2\"");
	ck_assert_int_ne(strncmp(strstr(flow_last(), "\"seq\":\""), child, 15), 0);
	free(child);
}
END_TEST

static char big[100000]; /* filled before the threads start */

/* Grows and gives back all the memory a thread has, so that a fork meets it half done. */
static void *log_until(void *stop)
{
	for (int i = 0; !__atomic_load_n((bool *)stop, __ATOMIC_RELAXED); i++) {
		TELL_SCOPE(tell_kv("i", i), tell_strn("part", big, (size_t)(i % 3000)));
		tell_info(tell_fmt("busy %.*s", i % 5000, big),
			tell_strn("big", big, (size_t)(i % 50) * 1900));
	}
	return NULL;
}

START_TEST(children_of_busy_processes_can_log)
{
	flow_start("");
	memset(big, 'x', sizeof(big) - 1);
	bool stop = false;
	pthread_t t[2];
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, log_until, &stop), 0);
	for (int i = 0; i < FORKS_WHILE_BUSY; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			(void)alarm(10); /* a lock held for ever would hang us */
			tell_info("child", tell_kv("fresh", i));
			TELL_SCOPE(tell_kv("scope", i));
			tell_info("child too");
			_exit(0);
		}
		int status;
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert_int_eq(status, 0);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(t[i], NULL);
	ck_assert_uint_eq(flow_count_of("\"child too\""), FORKS_WHILE_BUSY);
}
END_TEST

START_TEST(a_childs_ledger_starts_at_zero)
{
	flow_start("");
	tell_info("parent");
	tell_info("parent");
	tell_process.lost.nested = 3;
	pid_t pid = fork();
	if (pid == 0) {
		struct tell_stack_stats stats;
		tell_info("child");
		tell_service_stats(&tell_process.main, &stats);
		_exit(stats.records == 1 && stats.delivered == 1 &&
					tell_process.lost.nested == 0
				? 0
				: 1);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	struct tell_stack_stats stats;
	tell_service_stats(&tell_process.main, &stats);
	ck_assert_uint_eq(stats.records, 2);
}
END_TEST

START_TEST(a_scope_survives_a_fork)
{
	flow_start("");
	TELL_SCOPE(tell_kv("request_id", "r9"));
	pid_t pid = fork();
	if (pid == 0) {
		tell_info("child");
		_exit(0);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	expect("\"request_id\":\"r9\"");
}
END_TEST

static void handler(int sig)
{
	(void)sig;
	tell_info("from a signal");
}

START_TEST(a_call_nested_by_a_signal_is_dropped_and_counted)
{
	flow_start("");
	(void)signal(SIGUSR1, handler);
	handler(0); /* now memory and places are there */
	(void)raise(SIGUSR1);
	ck_assert_uint_eq(flow_count(), 2);
	uint64_t before = tell_process.lost.nested;
	ck_assert(tell_thread_enter()); /* as if the signal came inside a call */
	(void)raise(SIGUSR1);
	tell_thread_leave();
	ck_assert_uint_eq(tell_process.lost.nested, before + 1);
	ck_assert_uint_eq(flow_count(), 2);
}
END_TEST

START_TEST(what_a_signal_handler_may_not_do_is_refused_at_once)
{
	flow_start("");
	ck_assert(tell_thread_enter()); /* as if the signal came inside a call */
	ck_assert_int_eq(tell_reload(), -EBUSY);
	ck_assert_int_eq(tell_reopen(), -EBUSY);
	ck_assert_int_eq(tell_flush(1), -EBUSY);
	ck_assert_int_eq(tell_init("flow"), -EBUSY);
	ck_assert_int_eq(tell_level_set("debug"), -EBUSY);
	struct tell *t;
	ck_assert_int_eq(tell_new(&t, "other"), -EBUSY);
	ck_assert_ptr_null(tell_with(NULL, tell_kv("a", 1)));
	ck_assert_ptr_null(tell_context_new(tell_kv("a", 1)));
	ck_assert_ptr_null(tell_context_capture());
	TELL_SCOPE(tell_kv("a", 1));
	tell_info(tell_fmt("%s", "x"));
	tell_close();
	tell_thread_leave();
	ck_assert_uint_eq(flow_count(), 0);
	tell_info("and all is well behind it");
	ck_assert_uint_eq(flow_count(), 1);
}
END_TEST

static volatile sig_atomic_t alarms;

static void log_in_handler(int sig)
{
	(void)sig;
	alarms++;
	tell_info("from a signal");
}

START_TEST(a_storm_of_signals_hangs_nothing)
{
	flow_start("");
	log_in_handler(0);
	(void)signal(SIGALRM, log_in_handler);
	struct itimerval storm = { { 0, 1000 }, { 0, 1000 } };
	ck_assert_int_eq(setitimer(ITIMER_REAL, &storm, NULL), 0);
	while (alarms < 200) {
		ck_assert_int_eq(tell_reopen(), 0);
		ck_assert_int_eq(tell_level_set("debug, reset"), 0);
		tell_info("in between");
		TELL_SCOPE(tell_kv("a", alarms));
	}
	storm = (struct itimerval){ 0 };
	ck_assert_int_eq(setitimer(ITIMER_REAL, &storm, NULL), 0);
	(void)signal(SIGALRM, SIG_DFL);
}
END_TEST

/* The first cancellation point it meets is inside its call. */
static void *log_as_one_cancelled(void *unused)
{
	(void)pthread_cancel(pthread_self());
	tell_info("from the cancelled one");
	pthread_testcancel();
	return unused;
}

START_TEST(a_cancelled_thread_ends_behind_its_call_and_leaves_no_lock)
{
	flow_start("");
	pthread_t thread;
	void *ended;
	ck_assert_int_eq(pthread_create(&thread, NULL, log_as_one_cancelled, NULL), 0);
	ck_assert_int_eq(pthread_join(thread, &ended), 0);
	ck_assert_ptr_eq(ended, PTHREAD_CANCELED);
	tell_info("from the main one");
	ck_assert_uint_eq(flow_count(), 2);
	expect("from the main one");
}
END_TEST

/* With no sink at work, on a stderr that nobody reads any more. */
static void log_into_the_void(void)
{
	int ends[2];
	if (pipe(ends) < 0 || fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0 ||
		write(ends[1], big, 4096) != 4096 || dup2(ends[1], STDERR_FILENO) < 0)
		_exit(1);
	(void)tell__init_text("void", "sink required deny");
	tell_error("nobody hears it");
	tell_close();
	_exit(0);
}

START_TEST(fault_15_a_full_stderr_is_not_waited_for)
{
	pid_t pid = fork();
	if (pid == 0)
		log_into_the_void();
	int status; /* a child that waits runs into the test's timeout */
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

static Suite *process_suite(void)
{
	Suite *s = suite_create("api/process");
	tell_check_add(s, "forks", a_forked_child_logs_under_its_own_number,
		children_of_busy_processes_can_log, a_childs_ledger_starts_at_zero,
		a_scope_survives_a_fork, NULL);
	tell_check_add(s, "signals", a_call_nested_by_a_signal_is_dropped_and_counted,
		what_a_signal_handler_may_not_do_is_refused_at_once,
		a_storm_of_signals_hangs_nothing, NULL);
	tell_check_add(s, "cancellation",
		a_cancelled_thread_ends_behind_its_call_and_leaves_no_lock, NULL);
	tell_check_add(s, "stderr", fault_15_a_full_stderr_is_not_waited_for, NULL);
	return s;
}
TELL_CHECK_MAIN(process_suite)
