#include "sink/wait.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/check_main.h"

static uint64_t in_ms(unsigned ms)
{
	return tell_clock_monotonic_ns() + ms * TELL_NS_PER_MS;
}

START_TEST(a_ready_descriptor_is_no_wait)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(tell_wait_fd(ends[1], POLLOUT, 0), 0);
	ck_assert_int_eq(tell_wait_fd(ends[0], POLLIN, 0), -ETIMEDOUT);
	(void)close(ends[0]);
	ck_assert_int_eq(tell_wait_fd(ends[1], POLLOUT, 0), 0); /* has an error to tell */
	(void)close(ends[1]);
	ck_assert_int_eq(tell_wait_fd(ends[1], POLLOUT, in_ms(60000)), -EBADF);
}
END_TEST

static void nothing(int signal)
{
	(void)signal;
}

START_TEST(signals_do_not_end_a_wait_early)
{
	const struct itimerval fast = { { 0, 1000 }, { 0, 1000 } }, off = { 0 };
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	(void)signal(SIGALRM, nothing);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &fast, NULL), 0);
	uint64_t deadline_ns = in_ms(50);
	ck_assert_int_eq(tell_wait_fd(ends[0], POLLIN, deadline_ns), -ETIMEDOUT);
	ck_assert(tell_clock_monotonic_ns() >= deadline_ns);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &off, NULL), 0);
}
END_TEST

START_TEST(a_lock_that_is_held_ends_with_the_deadline)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct tell_run run = { .deadline_ns = in_ms(20), .budget_ms = 20 };
	ck_assert_int_eq(tell_wait_lock(&lock, &run), 0);
	ck_assert_int_eq(tell_wait_lock(&lock, &run), -ETIMEDOUT);
	(void)pthread_mutex_unlock(&lock);
	ck_assert_int_eq(tell_wait_lock(&lock, &run), 0);
}
END_TEST

static Suite *wait_suite(void)
{
	Suite *s = suite_create("sink/wait");
	tell_check_add(s, "wait", a_ready_descriptor_is_no_wait,
		signals_do_not_end_a_wait_early,
		a_lock_that_is_held_ends_with_the_deadline, NULL);
	return s;
}

TELL_CHECK_MAIN(wait_suite)
