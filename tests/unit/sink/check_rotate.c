#include "sink/rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/generation.h"
#include "support/check_main.h"
#include "support/scratch.h"

#define DAY_NS (UINT64_C(86400) * TELL_NS_PER_SEC)
#define NOW_NS (UINT64_C(1795226767) * TELL_NS_PER_SEC) /* 2026-11-21T02:06:07Z */

static struct tell_rotation r;
static struct tell_refusal why;
static int dir;

static void begin(void)
{
	tell_scratch_make();
	dir = open(tell_scratch_path(""), O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(tell_rotation_parse(&r, "4KiB", &why), 0);
	tell_rotation_at(&r, NOW_NS);
}

static void end(void)
{
	(void)close(dir);
	tell_scratch_remove();
}

static int log_of(size_t bytes)
{
	int fd = open(tell_scratch_path("log"), O_RDWR | O_CREAT | O_APPEND, 0600);
	ck_assert_int_eq(ftruncate(fd, (off_t)bytes), 0);
	return fd;
}

static bool there(const char *name)
{
	return access(tell_scratch_path(name), F_OK) == 0;
}

START_TEST(the_file_gets_the_number_behind_the_highest)
{
	tell_scratch_write(tell_scratch_path("log.000007.20300101T000000Z.gz"), "");
	int fd = log_of(4096);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), TELL_ROTATED);
	ck_assert(there("log.000008.20261121T020607Z"));
	ck_assert(!there("log"));
	/* Who still has it open learns that it is no more. */
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), TELL_ROTATED);
	int new = log_of(1);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), TELL_ROTATED);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", new, NOW_NS), TELL_ROTATED_NOT);
	ck_assert(there("log"));
}
END_TEST

START_TEST(behind_the_last_number_the_file_grows_on)
{
	char name[TELL_GENERATION_MAX];
	tell_generation_name(name, "log", TELL_GENERATION_LAST - 1, NOW_NS);
	tell_scratch_write(tell_scratch_path(name), "");
	int fd = log_of(4096);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), TELL_ROTATED);
	ck_assert(there("log.999999999999.20261121T020607Z"));
	fd = log_of(4096);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), -EOVERFLOW);
	ck_assert(there("log"));
	ck_assert(!there("log.1000000000000.20261121T020607Z"));
}
END_TEST

START_TEST(who_does_not_get_the_lock_does_not_wait)
{
	int fd = log_of(4096);
	int other = open(tell_scratch_path("log"), O_RDWR);
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	ck_assert_int_eq(fcntl(other, F_OFD_SETLK, &l), 0);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), TELL_ROTATED_BUSY);
	ck_assert(there("log"));
	(void)close(other);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), TELL_ROTATED);
}
END_TEST

START_TEST(fault_19_by_time_it_is_rotated_once_in_a_period)
{
	ck_assert_int_eq(tell_rotation_parse(&r, "1h", &why), 0);
	tell_rotation_at(&r, NOW_NS);
	int fd = log_of(10);
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	ck_assert_int_eq(futimens(fd, old), 0);
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS), TELL_ROTATED);
	fd = log_of(10);
	ck_assert_int_eq(futimens(fd, old), 0); /* a server whose clock is late */
	r.unsure = true;
	ck_assert_int_eq(tell_rotate(&r, dir, "log", fd, NOW_NS + 1), TELL_ROTATED_NOT);
}
END_TEST

START_TEST(too_many_too_old_and_too_much_go_and_nothing_else)
{
	char name[TELL_GENERATION_MAX];
	static const char *const strangers[] = { "log", "log.1", "log.000001",
		"log.000001.20261121T020607Z.bak", "other.000001.20261121T020607Z" };
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		tell_scratch_write(tell_scratch_path(strangers[i]), "keep");
	for (uint64_t i = 1; i <= 9; i++) {
		tell_generation_name(name, "log", i, NOW_NS - (10 - i) * DAY_NS);
		tell_scratch_write(tell_scratch_path(name), "1234567890");
	}
	ck_assert_int_eq(tell_rotate_prune(&r, dir, "log", NOW_NS), 0); /* no limit */
	r.max_age_ns = 8 * DAY_NS;
	ck_assert_int_eq(tell_rotate_prune(&r, dir, "log", NOW_NS), 1);
	r.max_bytes = 55;
	ck_assert_int_eq(tell_rotate_prune(&r, dir, "log", NOW_NS), 3);
	r.max_files = 2;
	ck_assert_int_eq(tell_rotate_prune(&r, dir, "log", NOW_NS), 3);
	ck_assert(there(name));
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		ck_assert(there(strangers[i]));
}
END_TEST

START_TEST(a_generation_is_owned_when_nobody_has_it_open)
{
	int fd = log_of(4096), other = open(tell_scratch_path("log"), O_RDWR);
	ck_assert_int_eq(tell_rotate_use(fd), 0);
	ck_assert_int_eq(tell_rotate_own(other), -EAGAIN);
	(void)close(fd);
	ck_assert_int_eq(tell_rotate_own(other), 0);
	fd = open(tell_scratch_path("log"), O_RDWR);
	ck_assert_int_eq(tell_rotate_use(fd), -EAGAIN);
}
END_TEST

static Suite *rotate_suite(void)
{
	Suite *s = suite_create("sink/rotate");
	TCase *tc = tcase_create("rotate");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, the_file_gets_the_number_behind_the_highest);
	tcase_add_test(tc, behind_the_last_number_the_file_grows_on);
	tcase_add_test(tc, who_does_not_get_the_lock_does_not_wait);
	tcase_add_test(tc, fault_19_by_time_it_is_rotated_once_in_a_period);
	tcase_add_test(tc, too_many_too_old_and_too_much_go_and_nothing_else);
	tcase_add_test(tc, a_generation_is_owned_when_nobody_has_it_open);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(rotate_suite)
