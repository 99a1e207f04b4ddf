#include "base/runtime_dir.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"

static char root[1024], got[TELL_RUNTIME_PATH_MAX], want[TELL_RUNTIME_PATH_MAX];

/* A file system of our own, with /run and /dev/shm as they are on a host. */
static void set_up(void)
{
	(void)umask(022);
	tell_scratch_make();
	(void)snprintf(root, sizeof(root), "%s", tell_scratch_path(""));
	root[strlen(root) - 1] = '\0';
	ck_assert_int_eq(mkdir(tell_scratch_path("run"), 0755), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("dev"), 0755), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("dev/shm"), 0755), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("unit"), 0755), 0);
	(void)unsetenv("RUNTIME_DIRECTORY");
}

static void unit_has(const char *list)
{
	ck_assert_int_eq(setenv("RUNTIME_DIRECTORY", list, 1), 0);
}

static const char *place(unsigned i)
{
	ck_assert(tell_runtime_dir_name(root, i, geteuid(), want, sizeof(want)));
	return want;
}

static int find(void)
{
	*got = '\0';
	return tell_runtime_dir_below(root, got, sizeof(got), false);
}

static void expect_place(unsigned i)
{
	struct stat by_fd, by_name;
	int dir = find();
	ck_assert_int_ge(dir, 0);
	ck_assert_str_eq(got, place(i));
	ck_assert_int_eq(fstat(dir, &by_fd), 0);
	ck_assert_int_eq(lstat(got, &by_name), 0);
	ck_assert_uint_eq(by_fd.st_ino, by_name.st_ino);
	ck_assert_uint_eq(by_fd.st_mode, S_IFDIR | 0700);
	ck_assert_int_eq(fcntl(dir, F_GETFD), FD_CLOEXEC);
	(void)close(dir);
}

START_TEST(a_unit_has_a_directory_of_its_own)
{
	char list[2048];
	(void)snprintf(list, sizeof(list), "%s:/nowhere", tell_scratch_path("unit"));
	unit_has(list);
	expect_place(0);
	ck_assert_ptr_nonnull(strstr(got, "/unit/telltale"));
	expect_place(0); /* and finds it again */
}
END_TEST

START_TEST(without_one_run_is_the_place)
{
	if (geteuid() != 0)
		ck_assert_int_eq(mkdir(tell_scratch_path("run/telltale"), 0755), 0);
	expect_place(1);
	char uid[32];
	(void)snprintf(uid, sizeof(uid), "/run/telltale/%u", (unsigned)geteuid());
	ck_assert_ptr_nonnull(strstr(got, uid));
}
END_TEST

START_TEST(a_relative_name_is_no_place)
{
	unit_has("unit");
	ck_assert(!tell_runtime_dir_name(root, 0, 0, got, sizeof(got)));
}
END_TEST

START_TEST(a_name_that_is_too_long_is_no_place)
{
	char longer[TELL_RUNTIME_PATH_MAX + 10];
	memset(longer, 'x', sizeof(longer) - 1);
	longer[0] = '/';
	longer[sizeof(longer) - 1] = '\0';
	unit_has(longer);
	ck_assert(!tell_runtime_dir_name(root, 0, 0, got, sizeof(got)));
	ck_assert(!tell_runtime_dir_name(root, 1, 0, got, 8));
}
END_TEST

/* Someone was there first: the place is passed over, never mended. */
START_TEST(a_directory_open_to_others_is_passed_over)
{
	unit_has(tell_scratch_path("unit"));
	static const mode_t modes[] = { 0750, 0701, 0702, 0770, 0500 };
	ck_assert_int_eq(mkdir(tell_scratch_path("unit/telltale"), 0700), 0);
	expect_place(0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		ck_assert_int_eq(chmod(tell_scratch_path("unit/telltale"), modes[i]), 0);
		int dir = find();
		ck_assert(dir < 0 || strcmp(got, place(0)) != 0);
		if (dir >= 0)
			(void)close(dir);
	}
}
END_TEST

START_TEST(a_link_is_passed_over)
{
	unit_has(tell_scratch_path("unit"));
	ck_assert_int_eq(mkdir(tell_scratch_path("mine"), 0700), 0);
	ck_assert_int_eq(
		symlink(tell_scratch_path("mine"), tell_scratch_path("unit/telltale")),
		0);
	int dir = find();
	ck_assert(dir < 0 || strcmp(got, place(0)) != 0);
	if (dir >= 0)
		(void)close(dir);
	uid_t owner;
	ck_assert_int_eq(
		tell_runtime_dir_open(tell_scratch_path("unit/telltale"), &owner),
		-ENOTDIR);
}
END_TEST

START_TEST(a_file_is_passed_over)
{
	unit_has(tell_scratch_path("unit"));
	tell_scratch_write(tell_scratch_path("unit/telltale"), "x");
	int dir = find();
	ck_assert(dir < 0 || strcmp(got, place(0)) != 0);
	if (dir >= 0)
		(void)close(dir);
}
END_TEST

START_TEST(where_others_may_rename_nothing_is_kept)
{
	unit_has(tell_scratch_path("unit"));
	ck_assert_int_eq(chmod(tell_scratch_path("unit"), 0777), 0);
	int dir = find();
	ck_assert(dir < 0 || strcmp(got, place(0)) != 0);
	if (dir >= 0)
		(void)close(dir);
	/* Nor was anything made there. */
	ck_assert_int_lt(access(tell_scratch_path("unit/telltale"), F_OK), 0);
}
END_TEST

START_TEST(another_users_directory_is_passed_over)
{
	if (geteuid() != 0)
		return; /* cannot be made */
	unit_has(tell_scratch_path("unit"));
	ck_assert_int_eq(mkdir(tell_scratch_path("unit/telltale"), 0700), 0);
	ck_assert_int_eq(chown(tell_scratch_path("unit/telltale"), 12345, 0), 0);
	expect_place(1);
	uid_t owner = 0;
	int dir = tell_runtime_dir_open(tell_scratch_path("unit/telltale"), &owner);
	ck_assert_int_ge(dir, 0); /* a reader is told whose it is */
	ck_assert_uint_eq(owner, 12345);
	(void)close(dir);
}
END_TEST

START_TEST(a_user_makes_nothing_that_all_share)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chmod(tell_scratch_path("dev/shm"), 01777), 0);
	ck_assert_int_eq(chmod(root, 0755), 0);
	ck_assert_int_eq(seteuid(12345), 0);
	expect_place(2);
	ck_assert_ptr_nonnull(strstr(got, "/dev/shm/telltale-12345"));
	ck_assert_int_lt(access(tell_scratch_path("run/telltale"), F_OK), 0);
	ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(with_nothing_there_it_says_so)
{
	ck_assert_int_eq(rmdir(tell_scratch_path("run")), 0);
	ck_assert_int_eq(rmdir(tell_scratch_path("dev/shm")), 0);
	ck_assert_int_eq(find(), -ENOENT);
	uid_t owner;
	ck_assert_int_eq(
		tell_runtime_dir_open(tell_scratch_path("run"), &owner), -ENOENT);
}
END_TEST

START_TEST(a_disk_is_no_tmpfs)
{
	/* The scratch directory may be on either. */
	unit_has(tell_scratch_path("unit"));
	int dir = tell_runtime_dir_below(root, got, sizeof(got), true);
	ck_assert(dir >= 0 || dir == -ENODEV);
	if (dir ==
		-ENODEV) /* nothing is made on a disk for a ring that cannot be there */
		ck_assert_int_lt(access(tell_scratch_path("unit/telltale"), F_OK), 0);
	else
		(void)close(dir);
}
END_TEST

static Suite *runtime_dir_suite(void)
{
	Suite *s = suite_create("base/runtime_dir");
	TCase *tc = tcase_create("places");
	tcase_add_checked_fixture(tc, set_up, tell_scratch_remove);
	tcase_add_test(tc, a_unit_has_a_directory_of_its_own);
	tcase_add_test(tc, without_one_run_is_the_place);
	tcase_add_test(tc, a_relative_name_is_no_place);
	tcase_add_test(tc, a_name_that_is_too_long_is_no_place);
	tcase_add_test(tc, a_directory_open_to_others_is_passed_over);
	tcase_add_test(tc, a_link_is_passed_over);
	tcase_add_test(tc, a_file_is_passed_over);
	tcase_add_test(tc, where_others_may_rename_nothing_is_kept);
	tcase_add_test(tc, another_users_directory_is_passed_over);
	tcase_add_test(tc, a_user_makes_nothing_that_all_share);
	tcase_add_test(tc, with_nothing_there_it_says_so);
	tcase_add_test(tc, a_disk_is_no_tmpfs);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(runtime_dir_suite)
