#include "base/held.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/check_main.h"

static struct tell_held h;

START_TEST(holds_a_descriptor_until_closed)
{
	tell_held_init(&h);
	ck_assert_int_eq(tell_held_get(&h), -1);
	ck_assert_int_eq(tell_held_set(&h, open("/dev/null", O_WRONLY)), 0);
	int fd = tell_held_get(&h);
	ck_assert_int_ge(fd, 3);
	ck_assert(tell_held_ours(&h));
	tell_held_close(&h);
	ck_assert_int_eq(tell_held_get(&h), -1);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	tell_held_close(&h);
}
END_TEST

START_TEST(a_new_one_replaces_the_old_one)
{
	tell_held_init(&h);
	ck_assert_int_eq(tell_held_set(&h, open("/dev/null", O_WRONLY)), 0);
	int old = tell_held_get(&h);
	ck_assert_int_eq(tell_held_set(&h, open("/dev/zero", O_RDONLY)), 0);
	ck_assert_int_eq(fcntl(old, F_GETFD), -1);
	ck_assert_int_eq(tell_held_set(&h, -1), -EBADF); /* keeps the one it has */
	ck_assert(tell_held_ours(&h));
	tell_held_close(&h);
}
END_TEST

START_TEST(fault_8_a_standard_number_is_moved_away)
{
	int saved = dup(STDIN_FILENO);
	(void)close(STDIN_FILENO);
	tell_held_init(&h);
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int r = tell_held_set(&h, fd);
	bool taken = fcntl(STDIN_FILENO, F_GETFD) >= 0;
	if (saved >= 0)
		(void)dup2(saved, STDIN_FILENO);
	ck_assert_int_eq(fd, STDIN_FILENO);
	ck_assert_int_eq(r, 0);
	ck_assert(!taken);
	ck_assert_int_ge(tell_held_get(&h), 3);
	ck_assert_int_eq(fcntl(tell_held_get(&h), F_GETFD), FD_CLOEXEC);
	tell_held_close(&h);
}
END_TEST

START_TEST(fault_8_a_stranger_with_our_number_is_neither_used_nor_closed)
{
	tell_held_init(&h);
	ck_assert_int_eq(tell_held_set(&h, open("/dev/null", O_WRONLY)), 0);
	int fd = tell_held_get(&h);
	int stranger = open("/dev/zero", O_RDONLY);
	ck_assert_int_eq(dup2(stranger, fd), fd);
	(void)usleep(20000); /* the next tick of the coarse clock */
	ck_assert_int_eq(tell_held_get(&h), -1);
	ck_assert_int_ge(fcntl(fd, F_GETFD), 0);

	ck_assert_int_eq(tell_held_set(&h, open("/dev/null", O_WRONLY)), 0);
	fd = tell_held_get(&h);
	ck_assert_int_eq(dup2(stranger, fd), fd);
	tell_held_close(&h);
	ck_assert_int_ge(fcntl(fd, F_GETFD), 0);
}
END_TEST

/* A daemon closes all it does not know and goes on opening: far from our number. */
START_TEST(fault_8_our_number_is_not_the_next_one)
{
	int next = open("/dev/null", O_RDONLY);
	(void)close(next);
	tell_held_init(&h);
	ck_assert_int_eq(tell_held_set(&h, open("/dev/null", O_WRONLY)), 0);
	int fd = tell_held_get(&h);
	ck_assert_int_ge(fd, next + 100);
	ck_assert_int_lt(fd, TELL_HELD_MAX);
	(void)close(fd);
	ck_assert_int_eq(open("/dev/zero", O_RDONLY), next);
	tell_held_close(&h);
}
END_TEST

START_TEST(fault_22_with_few_numbers_ours_is_one_of_them)
{
	struct rlimit few;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &few), 0);
	few.rlim_cur = 12; /* Valgrind refuses to change the other */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	tell_held_init(&h);
	ck_assert_int_eq(tell_held_set(&h, open("/dev/null", O_WRONLY)), 0);
	ck_assert_int_ge(tell_held_get(&h), 3);
	ck_assert_int_lt(tell_held_get(&h), 12);
	int last = -1, fd;
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		last = fd;
	tell_held_close(&h);
	ck_assert_int_eq(tell_held_set(&h, open("/dev/null", O_WRONLY)), 0);
	ck_assert_int_ge(tell_held_get(&h), 3);
	(void)close(last); /* LeakSanitizer needs one at the end */
}
END_TEST

static Suite *held_suite(void)
{
	Suite *s = suite_create("base/held");
	tell_check_add(s, "held", holds_a_descriptor_until_closed,
		a_new_one_replaces_the_old_one, fault_8_a_standard_number_is_moved_away,
		fault_8_a_stranger_with_our_number_is_neither_used_nor_closed,
		fault_8_our_number_is_not_the_next_one,
		fault_22_with_few_numbers_ours_is_one_of_them, NULL);
	return s;
}

TELL_CHECK_MAIN(held_suite)
