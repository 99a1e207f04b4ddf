#include "base/lock.h"
#include <errno.h>
#include "base/clock.h"
#include "support/check_main.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

START_TEST(a_free_lock_is_taken_even_when_it_is_late)
{
	ck_assert_int_eq(tell_lock_by(&lock, 0), 0);
	ck_assert_int_eq(pthread_mutex_trylock(&lock), EBUSY);
	(void)pthread_mutex_unlock(&lock);
}
END_TEST

static void *hold(void *arg)
{
	(void)pthread_mutex_lock(&lock);
	__atomic_store_n((int *)arg, 1, __ATOMIC_RELEASE);
	tell_clock_sleep_ms(100);
	(void)pthread_mutex_unlock(&lock);
	return NULL;
}

START_TEST(a_held_lock_is_waited_for_until_the_deadline)
{
	pthread_t t;
	int held = 0;
	ck_assert_int_eq(pthread_create(&t, NULL, hold, &held), 0);
	while (!__atomic_load_n(&held, __ATOMIC_ACQUIRE))
		tell_clock_sleep_ms(1);
	ck_assert_int_eq(tell_lock_by(&lock, tell_clock_monotonic_ns()), -ETIMEDOUT);
	ck_assert_int_eq(
		tell_lock_by(&lock, tell_clock_monotonic_ns() + 60 * TELL_NS_PER_SEC), 0);
	(void)pthread_mutex_unlock(&lock);
	(void)pthread_join(t, NULL);
}
END_TEST

static Suite *lock_suite(void)
{
	Suite *s = suite_create("base/lock");
	tell_check_add(s, "lock", a_free_lock_is_taken_even_when_it_is_late,
		a_held_lock_is_waited_for_until_the_deadline, NULL);
	return s;
}
TELL_CHECK_MAIN(lock_suite)
