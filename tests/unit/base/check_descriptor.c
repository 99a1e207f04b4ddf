#include "base/descriptor.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>
#include "support/check_main.h"

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

START_TEST(all_from_a_number_on_are_closed_and_none_below)
{
	int low = fcntl(STDERR_FILENO, F_DUPFD, 20);
	int at = fcntl(STDERR_FILENO, F_DUPFD, 40),
	    high = fcntl(STDERR_FILENO, F_DUPFD, 200);
	ck_assert(low >= 20 && at >= 40 && high >= 200);
	tell_descriptors_close(at);
	ck_assert(is_open(low));
	ck_assert(!is_open(at));
	ck_assert(!is_open(high));
	tell_descriptors_close(at); /* none is fine */
	ck_assert(is_open(low));
	(void)close(low);
}
END_TEST

START_TEST(a_descriptor_moves_up_and_is_closed_at_exec)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD, 5);
	int moved = tell_descriptor_above(fd, fd + 10);
	ck_assert_int_ge(moved, fd + 10);
	ck_assert(!is_open(fd));
	ck_assert_int_eq(fcntl(moved, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(tell_descriptor_above(moved, 3), moved);
	(void)close(moved);
}
END_TEST

START_TEST(without_room_it_stays_where_it_is)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD, 5);
	struct rlimit limit;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_int_eq(tell_descriptor_above(fd, (int)limit.rlim_cur), -EINVAL);
	ck_assert(is_open(fd));
	(void)close(fd);
}
END_TEST

static Suite *descriptor_suite(void)
{
	Suite *s = suite_create("base/descriptor");
	tell_check_add(s, "close", all_from_a_number_on_are_closed_and_none_below, NULL);
	tell_check_add(s, "above", a_descriptor_moves_up_and_is_closed_at_exec,
		without_room_it_stays_where_it_is, NULL);
	return s;
}

TELL_CHECK_MAIN(descriptor_suite)
