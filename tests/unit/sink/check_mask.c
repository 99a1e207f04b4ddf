#include "sink/mask.h"

#include <errno.h>
#include <unistd.h>

#include "support/check_main.h"

static volatile sig_atomic_t seen;

static void count(int signal)
{
	(void)signal;
	seen++;
}

/* Write into a pipe nobody reads. */
static bool raise_sigpipe(void)
{
	int ends[2];
	bool raised = pipe(ends) == 0 && close(ends[0]) == 0 &&
		write(ends[1], "", 1) < 0 && errno == EPIPE;
	(void)close(ends[1]);
	return raised;
}

START_TEST(fault_23_the_signal_of_our_write_is_taken_back)
{
	struct tell_mask m;
	sigset_t now;
	(void)signal(SIGPIPE, count);
	tell_mask_on(&m, SIGPIPE);
	ck_assert(raise_sigpipe());
	errno = EPIPE;
	tell_mask_off(&m, true);
	ck_assert_int_eq(errno, EPIPE);
	ck_assert_int_eq(seen, 0);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGPIPE), 0);
	(void)raise(SIGPIPE); /* the host's own come as before */
	ck_assert_int_eq(seen, 1);
}
END_TEST

START_TEST(one_that_was_pending_before_stays)
{
	struct tell_mask m;
	sigset_t set;
	(void)signal(SIGPIPE, count);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGPIPE);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	(void)raise(SIGPIPE);
	tell_mask_on(&m, SIGPIPE);
	ck_assert(raise_sigpipe());
	tell_mask_off(&m, true);
	ck_assert_int_eq(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
	ck_assert_int_eq(seen, 1);
}
END_TEST

static Suite *mask_suite(void)
{
	Suite *s = suite_create("sink/mask");
	tell_check_add(s, "mask", fault_23_the_signal_of_our_write_is_taken_back,
		one_that_was_pending_before_stays, NULL);
	return s;
}

TELL_CHECK_MAIN(mask_suite)
