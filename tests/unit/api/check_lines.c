#include "api/lines.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/process.h"
#include "support/check_main.h"
#include "support/flow.h"

static struct tell_site place = {
	.level = TELL__LEVEL_VARIES, .file = "print.c", .func = "f", .logger = ""
};

static int out(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static int out(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = tell_lines_vprintf(&place, TELL_INFO, TELL_LINES_OUT, fmt, ap);
	va_end(ap);
	return n;
}

START_TEST(the_streams_are_apart)
{
	flow_start("");
	ck_assert_int_eq(out("to out %d, ", 5), 10);
	tell_lines_put(&place, TELL_WARNING, TELL_LINES_ERR, "to err\n", 7);
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"message\":\"to err\""));
	ck_assert_int_eq(out("done\n"), 5);
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"message\":\"to out 5, done\""));
	ck_assert_uint_eq(flow_count(), 2);
}
END_TEST

START_TEST(errno_is_kept_and_read)
{
	flow_start("");
	errno = ENOENT;
	out("%s\n", strerror(errno));
	ck_assert_int_eq(errno, ENOENT);
	tell_lines_flush();
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

static pthread_barrier_t barrier;

static void *print_pieces(void *arg)
{
	const char *name = arg;
	for (int i = 0; i < 50; i++) {
		out("%s", name);
		(void)pthread_barrier_wait(&barrier);
		out("%s", name);
		(void)pthread_barrier_wait(&barrier);
		out("%s\n", name);
	}
	out("rest of %s", name);
	return NULL;
}

START_TEST(threads_do_not_print_into_one_another)
{
	static char names[3][2] = { "a", "b", "c" };
	pthread_t threads[3];
	flow_start("");
	ck_assert_int_eq(pthread_barrier_init(&barrier, NULL, 3), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(
			pthread_create(&threads[i], NULL, print_pieces, names[i]), 0);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(flow_count_of("\"message\":\"aaa\""), 50);
	ck_assert_uint_eq(flow_count_of("\"message\":\"bbb\""), 50);
	ck_assert_uint_eq(flow_count_of("\"message\":\"ccc\""), 50);
	ck_assert_uint_eq(flow_count_of("\"message\":\"rest of "), 3); /* as each ended */
	ck_assert_uint_eq(flow_count(), 153);
}
END_TEST

static void run_child(void (*fn)(void))
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0) {
		fn();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

static void child_prints(void)
{
	out("child\n");
}

START_TEST(a_fork_sends_a_rest_once)
{
	flow_start("");
	out("before ");
	run_child(child_prints);
	out("after\n");
	ck_assert_uint_eq(flow_count_of("\"message\":\"before \""), 1);
	ck_assert_uint_eq(flow_count_of("\"message\":\"child\""), 1);
	ck_assert_uint_eq(flow_count_of("\"message\":\"after\""), 1);
	ck_assert_uint_eq(flow_count(), 3);
}
END_TEST

static void clears(void)
{
	tell_lines_child(); /* as in a child that fork(3) did not make */
	out("x\n");
}

START_TEST(a_child_does_not_send_its_parents)
{
	flow_start("");
	out("the parent's\n");
	out("kept");
	clears();
	ck_assert_uint_eq(flow_count_of("kept"), 0);
	ck_assert_uint_eq(flow_count_of("\"message\":\"x\""), 1);
}
END_TEST

static void *wait_for_ever(void *arg)
{
	out("another thread's rest");
	(void)pthread_barrier_wait(&barrier);
	for (;;)
		(void)pause();
	return arg;
}

static void exits_with_rests(void)
{
	pthread_t thread;
	if (pthread_barrier_init(&barrier, NULL, 2) != 0 ||
		pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
		_exit(1);
	(void)pthread_barrier_wait(&barrier);
	out("main's rest");
	exit(0);
}

START_TEST(an_exit_sends_the_rests_of_all_threads)
{
	flow_start("");
	run_child(exits_with_rests);
	ck_assert_uint_eq(flow_count_of("\"message\":\"another thread's rest\""), 1);
	ck_assert_uint_eq(flow_count_of("\"message\":\"main's rest\""), 1);
}
END_TEST

START_TEST(after_the_end_nothing_is_kept)
{
	flow_start("");
	out("rest");
	tell_lines_end();
	ck_assert_uint_eq(flow_count_of("\"message\":\"rest\""), 1);
	out("a destructor's words");
	ck_assert_uint_eq(flow_count_of("\"message\":\"a destructor's words\""), 1);
}
END_TEST

START_TEST(flush_and_close_send_a_rest)
{
	flow_start("");
	out("one");
	ck_assert_int_eq(tell_flush(1000), 0);
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"message\":\"one\""));
	out("two");
	tell_close();
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"message\":\"two\""));
}
END_TEST

static void on_signal(int unused)
{
	(void)unused;
	if (out("in a handler\n") != 13)
		_exit(1);
}

START_TEST(a_handler_inside_a_call_is_dropped_and_counted)
{
	flow_start("");
	out("x\n");
	ck_assert(signal(SIGUSR1, on_signal) != SIG_ERR);
	ck_assert(tell_thread_enter()); /* inside a call */
	ck_assert_int_eq(raise(SIGUSR1), 0);
	tell_thread_leave();
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_uint_eq(tell_process.lost.nested, 1);
}
END_TEST

static Suite *lines_suite(void)
{
	Suite *s = suite_create("api/lines");
	tell_check_add(s, "streams", the_streams_are_apart, errno_is_kept_and_read,
		threads_do_not_print_into_one_another,
		a_handler_inside_a_call_is_dropped_and_counted, NULL);
	tell_check_add(s, "ends", a_fork_sends_a_rest_once,
		a_child_does_not_send_its_parents, an_exit_sends_the_rests_of_all_threads,
		after_the_end_nothing_is_kept, flush_and_close_send_a_rest, NULL);
	return s;
}
TELL_CHECK_MAIN(lines_suite)
