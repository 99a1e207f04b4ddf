#include "meter/cells.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/check_main.h"

static uint32_t cell(void)
{
	uint32_t c;
	ck_assert_int_eq(tell_cell_new(&c), 0);
	return c;
}

START_TEST(a_cell_starts_at_zero_and_adds_up)
{
	uint32_t a = cell(), b = cell();
	ck_assert_uint_ne(a, b);
	ck_assert_uint_eq(tell_cell_sum(a), 0);
	tell_cell_add(a, 3);
	tell_cell_add(a, 4);
	tell_cell_add(b, 1);
	ck_assert_uint_eq(tell_cell_sum(a), 7);
	ck_assert_uint_eq(tell_cell_sum(b), 1);
}
END_TEST

START_TEST(cells_of_all_pages_work)
{
	uint32_t c = 0;
	for (uint32_t n = 0; n < TELL_CELLS_MAX; n++) {
		c = cell();
		if (c % 97 == 0 || c == TELL_CELLS_MAX - 1)
			tell_cell_add(c, c + 1);
	}
	ck_assert_uint_eq(c, TELL_CELLS_MAX - 1);
	for (uint32_t n = 0; n < TELL_CELLS_MAX; n++)
		ck_assert_uint_eq(tell_cell_sum(n),
			n % 97 == 0 || n == TELL_CELLS_MAX - 1 ? n + 1 : 0);
	ck_assert_int_eq(tell_cell_new(&c), -ENOSPC);
}
END_TEST

struct adder {
	uint32_t cell;
	int n;
};

static void *add(void *arg)
{
	const struct adder *a = arg;
	for (int i = 0; i < a->n; i++)
		tell_cell_add(a->cell, 1);
	return tell__cells;
}

START_TEST(threads_lose_nothing_and_may_be_read_meanwhile)
{
	struct adder a = { cell(), 200000 };
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, add, &a), 0);
	uint64_t before = 0;
	for (int i = 0; i < 1000; i++) {
		uint64_t now = tell_cell_sum(a.cell);
		ck_assert_uint_ge(now, before);
		before = now;
	}
	for (int i = 0; i < 4; i++)
		(void)pthread_join(t[i], NULL);
	ck_assert_uint_eq(tell_cell_sum(a.cell), 800000);
}
END_TEST

START_TEST(threads_that_end_leave_their_numbers_and_their_place)
{
	struct adder a = { cell(), 1 };
	void *first = NULL;
	for (int i = 0; i < 1000; i++) {
		pthread_t t;
		void *place;
		ck_assert_int_eq(pthread_create(&t, NULL, add, &a), 0);
		(void)pthread_join(t, &place);
		ck_assert_ptr_nonnull(place);
		first = first ? first : place;
		ck_assert_ptr_eq(place, first); /* no memory for each */
	}
	ck_assert_uint_eq(tell_cell_sum(a.cell), 1000);
}
END_TEST

static uint32_t late_cell;

static void add_late(void *arg)
{
	(void)arg;
	tell_cell_add(late_cell, 1);
}

static void *with_destructor(void *arg)
{
	pthread_key_t *key = arg;
	tell_cell_add(late_cell, 1);
	(void)pthread_setspecific(*key, key);
	return NULL;
}

START_TEST(a_destructor_of_the_host_may_count)
{
	pthread_key_t key;
	pthread_t t;
	late_cell = cell();
	tell_cell_add(late_cell, 1); /* our key is the older one */
	ck_assert_int_eq(pthread_key_create(&key, add_late), 0);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(pthread_create(&t, NULL, with_destructor, &key), 0);
		(void)pthread_join(t, NULL);
	}
	ck_assert_uint_eq(tell_cell_sum(late_cell), 21);
}
END_TEST

START_TEST(a_child_starts_at_zero)
{
	uint32_t c = cell();
	tell_cell_add(c, 5);
	pid_t pid = fork();
	if (pid == 0) {
		tell_cell_add(c, 1); /* before the library knows that it is a child */
		tell_cells_child();
		tell_cell_add(c, 1);
		_exit((int)tell_cell_sum(c));
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WEXITSTATUS(status), 2);
	ck_assert_uint_eq(tell_cell_sum(c), 5);
}
END_TEST

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
START_TEST(without_memory_additions_are_counted_as_lost)
{
	uint32_t c = cell();
	struct rlimit before, none = { 0 };
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	none.rlim_max = before.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	errno = 7;
	tell_cell_add(c, 3);
	ck_assert_int_eq(errno, 7);
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
	ck_assert_uint_eq(tell_cells_lost(), 3);
	tell_cell_add(c, 2);
	ck_assert_uint_eq(tell_cell_sum(c), 2);
}
END_TEST
#endif

static Suite *cells_suite(void)
{
	Suite *s = suite_create("meter/cells");
	tell_check_add(s, "cells", a_cell_starts_at_zero_and_adds_up,
		cells_of_all_pages_work, threads_lose_nothing_and_may_be_read_meanwhile,
		threads_that_end_leave_their_numbers_and_their_place,
		a_destructor_of_the_host_may_count, a_child_starts_at_zero, NULL);
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
	tell_check_add(s, "memory", without_memory_additions_are_counted_as_lost, NULL);
#endif
	return s;
}
TELL_CHECK_MAIN(cells_suite)
