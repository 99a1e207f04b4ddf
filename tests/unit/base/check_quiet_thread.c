#include "base/quiet_thread.h"
#include <stdint.h>
#include "support/check_main.h"

#define STACK ((size_t)256 << 10)

static sigset_t masked;
static size_t stack;

static void *look(void *arg)
{
	pthread_attr_t attr;
	void *base;
	(void)pthread_sigmask(SIG_SETMASK, NULL, &masked);
	ck_assert_int_eq(pthread_getattr_np(pthread_self(), &attr), 0);
	ck_assert_int_eq(pthread_attr_getstack(&attr, &base, &stack), 0);
	(void)pthread_attr_destroy(&attr);
	return arg;
}

static void make(size_t bytes)
{
	pthread_t t;
	void *got = NULL;
	int arg;
	ck_assert_int_eq(tell_quiet_thread(&t, bytes, look, &arg), 0);
	ck_assert_int_eq(pthread_join(t, &got), 0);
	ck_assert_ptr_eq(got, &arg);
}

START_TEST(it_has_no_signals_and_a_small_stack)
{
	sigset_t ours;
	make(STACK);
	ck_assert_int_eq(sigismember(&masked, SIGTERM), 1);
	ck_assert_int_eq(sigismember(&masked, SIGRTMIN), 1);
	ck_assert_uint_le(stack, STACK);
	(void)pthread_sigmask(SIG_SETMASK, NULL, &ours);
	ck_assert_int_eq(sigismember(&ours, SIGTERM), 0); /* its maker keeps them */
}
END_TEST

/* As pthread_create() is where a host's thread variables take all of the stack. */
START_TEST(a_stack_that_is_too_small_becomes_the_default)
{
	make(1);
	ck_assert_uint_gt(stack, STACK);
	ck_assert_int_eq(sigismember(&masked, SIGTERM), 1);
}
END_TEST

static Suite *quiet_thread_suite(void)
{
	Suite *s = suite_create("base/quiet_thread");
	tell_check_add(s, "quiet_thread", it_has_no_signals_and_a_small_stack,
		a_stack_that_is_too_small_becomes_the_default, NULL);
	return s;
}
TELL_CHECK_MAIN(quiet_thread_suite)
