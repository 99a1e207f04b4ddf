#include "sink/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check_main.h"
#include "support/scratch.h"
#include "support/unit.h"

static const char *why;

static void begin(void)
{
	tell_scratch_make();
}

static void end(void)
{
	tell_scratch_remove();
}

START_TEST(creates_with_the_mode_and_opens_what_is_there)
{
	const char *path = tell_scratch_path("log");
	struct stat st;
	mode_t old = umask(0777);
	int fd = tell_logfile_open(path, 0604, &why);
	(void)umask(old);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0604);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(fd, F_GETFL) & O_APPEND, 0);
	int again = tell_logfile_open(path, 0666, &why);
	ck_assert_int_ge(again, 0);
	ck_assert_int_eq(fstat(again, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0604); /* an existing one keeps its own */
	ck_assert_int_eq(tell_logfile_moved(path, st.st_dev, st.st_ino), 0);
	ck_assert_int_eq(tell_logfile_moved(path, st.st_dev, st.st_ino + 1), 1);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(tell_logfile_moved(path, st.st_dev, st.st_ino), -ENOENT);
}
END_TEST

START_TEST(fault_30_anything_else_is_refused_in_words)
{
	char target[4096];
	(void)snprintf(target, sizeof(target), "%s", tell_scratch_path("target"));
	tell_scratch_write(target, "");

	ck_assert_int_eq(symlink(target, tell_scratch_path("link")), 0);
	ck_assert_int_eq(
		tell_logfile_open(tell_scratch_path("link"), 0600, &why), -ELOOP);
	ck_assert_ptr_nonnull(strstr(why, "symbolic link"));
	ck_assert_int_eq(mkfifo(tell_scratch_path("fifo"), 0600), 0);
	ck_assert_int_eq(
		tell_logfile_open(tell_scratch_path("fifo"), 0600, &why), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "regular file"));
	ck_assert_int_eq(mkdir(tell_scratch_path("dir"), 0700), 0);
	ck_assert_int_lt(tell_logfile_open(tell_scratch_path("dir"), 0600, &why), 0);
	ck_assert_ptr_nonnull(strstr(why, "regular file"));
	ck_assert_int_eq(link(target, tell_scratch_path("second")), 0);
	ck_assert_int_eq(
		tell_logfile_open(tell_scratch_path("second"), 0600, &why), -EMLINK);
	ck_assert_ptr_nonnull(strstr(why, "hard link"));
	ck_assert_int_eq(tell_logfile_open("/dev/null", 0600, &why), -EINVAL);
	ck_assert_int_eq(tell_logfile_open("relative", 0600, &why), -EINVAL);
	ck_assert_int_eq(
		tell_logfile_open(tell_scratch_path("no/log"), 0600, &why), -ENOENT);
	ck_assert_ptr_null(why);
}
END_TEST

START_TEST(fault_30_root_opens_nothing_that_another_user_rules)
{
	char sub[4096], path[4200];
	if (geteuid() != 0)
		return; /* for root alone */
	(void)snprintf(sub, sizeof(sub), "%s", tell_scratch_path("sub"));
	(void)snprintf(path, sizeof(path), "%s/log", sub);
	ck_assert_int_eq(mkdir(sub, 0755), 0);
	ck_assert_int_ge(tell_logfile_open(path, 0600, &why), 0);
	ck_assert_int_eq(chown(sub, 12345, 12345), 0);
	ck_assert_int_eq(tell_logfile_open(path, 0600, &why), -EPERM);
	ck_assert_ptr_nonnull(strstr(why, "another user"));
	ck_assert_int_eq(chown(sub, 0, 0), 0);
	ck_assert_int_eq(chmod(sub, 0777), 0);
	ck_assert_int_eq(tell_logfile_open(path, 0600, &why), -EPERM);
	ck_assert_int_eq(chmod(sub, 01777), 0);
	ck_assert_int_ge(tell_logfile_open(path, 0600, &why), 0);
	/* In /tmp's like, the file must not be somebody else's. */
	ck_assert_int_eq(chown(path, 12345, 12345), 0);
	ck_assert_int_lt(tell_logfile_open(path, 0600, &why), 0);
}
END_TEST

START_TEST(fault_30_root_looks_at_each_directory_on_the_way)
{
	char up[4096], path[4200];
	if (geteuid() != 0)
		return; /* for root alone */
	(void)snprintf(up, sizeof(up), "%s", tell_scratch_path("up"));
	(void)snprintf(path, sizeof(path), "%s/own/log", up);
	ck_assert_int_eq(mkdir(up, 0755), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("up/own"), 0755), 0);
	ck_assert_int_ge(tell_logfile_open(path, 0600, &why), 0);
	ck_assert_int_eq(chmod(up, 0777), 0);
	ck_assert_int_eq(tell_logfile_open(path, 0600, &why), -EPERM);
	ck_assert_int_eq(chmod(up, 0755), 0);
	ck_assert_int_eq(chown(up, 12345, 0), 0);
	ck_assert_int_eq(tell_logfile_open(path, 0600, &why), -EPERM);
	/* A link of another user's to root's own: he could turn it elsewhere. */
	ck_assert_int_eq(symlink("/tmp", tell_scratch_path("up/link")), 0);
	(void)snprintf(path, sizeof(path), "%s/link/telltale-never", up);
	ck_assert_int_eq(tell_logfile_open(path, 0600, &why), -EPERM);
	ck_assert_int_eq(access("/tmp/telltale-never", F_OK), -1);
}
END_TEST

START_TEST(what_may_pass_by_itself_is_no_refusal)
{
	struct tell_refusal refusal = { 0 };
	ck_assert_int_eq(tell_logfile_refuse("/x", -ENOENT, NULL, &refusal), 0);
	ck_assert_int_eq(tell_logfile_refuse("/x", -ENOSPC, NULL, &refusal), 0);
	ck_assert_str_eq(refusal.what, "");
	ck_assert_int_eq(tell_logfile_refuse("/x", -EACCES, NULL, &refusal), -EACCES);
	ck_assert_str_eq(refusal.what, "cannot open /x: Permission denied");
	ck_assert_ptr_nonnull(strstr(refusal.fix, "right to write"));
	ck_assert_int_eq(
		tell_logfile_refuse("/x", -ELOOP, "it is a link", &refusal), -ELOOP);
	ck_assert_str_eq(refusal.what, "cannot open /x: it is a link");
	ck_assert_ptr_nonnull(strstr(refusal.fix, "another path"));
}
END_TEST

START_TEST(looking_finds_what_opening_would_and_makes_nothing)
{
	char what[TELL_LOGFILE_PATH_MAX], path[4096];
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("log"));
	ck_assert_int_eq(tell_logfile_look(path, what, &why), 0);
	ck_assert_int_ne(access(path, F_OK), 0);
	tell_scratch_write(path, "a line\n");
	ck_assert_int_eq(tell_logfile_look(path, what, &why), 0);
	ck_assert_int_eq(tell_logfile_look("relative", what, &why), -EINVAL);
	ck_assert_int_eq(
		tell_logfile_look(tell_scratch_path("no/log"), what, &why), -ENOENT);
	ck_assert_str_eq(what, tell_scratch_path("no"));
	ck_assert_int_eq(
		tell_logfile_look(tell_scratch_path("log/log"), what, &why), -ENOTDIR);
	ck_assert_ptr_null(why);
	ck_assert_int_eq(symlink(path, tell_scratch_path("link")), 0);
	ck_assert_int_eq(
		tell_logfile_look(tell_scratch_path("link"), what, &why), -ELOOP);
	ck_assert_ptr_nonnull(strstr(why, "symbolic link"));
	ck_assert_int_eq(link(path, tell_scratch_path("second")), 0);
	ck_assert_int_eq(tell_logfile_look(path, what, &why), -EMLINK);
	ck_assert_int_eq(tell_logfile_look("/dev/null", what, &why), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "regular file"));
}
END_TEST

START_TEST(looking_is_done_with_the_rights_of_who_looks)
{
	char what[TELL_LOGFILE_PATH_MAX];
	const char *path = tell_scratch_path("log");
	tell_scratch_write(path, "");
	ck_assert_int_eq(chmod(path, 0444), 0);
	ck_assert_int_eq(chmod(tell_scratch_path(""), 0555), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(12345), 0);
	ck_assert_int_eq(tell_logfile_look(path, what, &why), -EACCES);
	ck_assert_str_eq(what, path);
	ck_assert_int_eq(
		tell_logfile_look(tell_scratch_path("new"), what, &why), -EACCES);
	ck_assert_int_eq(strncmp(what, path, strlen(what)), 0);
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(tell_scratch_path(""), 0755), 0);
}
END_TEST

/* Swap the name between a file and a link as fast as can be. */
static void swap_for_ever(const char *path, const char *link_path, const char *file)
{
	for (;;) {
		(void)!symlink("/dev/null", link_path);
		(void)rename(link_path, path);
		int fd = open(file, O_WRONLY | O_CREAT, 0600);
		(void)close(fd);
		(void)rename(file, path);
	}
}

START_TEST(fault_30_a_link_swapped_in_is_never_followed)
{
	char path[4096], link_path[4096], file[4096];
	struct stat st;
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("log"));
	(void)snprintf(link_path, sizeof(link_path), "%s", tell_scratch_path("l"));
	(void)snprintf(file, sizeof(file), "%s", tell_scratch_path("f"));
	pid_t pid = fork();
	if (pid == 0)
		swap_for_ever(path, link_path, file);
	size_t opened = 0;
	for (int i = 0; i < 10000; i++) {
		int fd = tell_logfile_open(path, 0600, &why);
		if (fd < 0)
			continue;
		opened++;
		tell_unit_expect(fstat(fd, &st) == 0 && S_ISREG(st.st_mode), "followed");
		(void)close(fd);
	}
	(void)kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_gt(opened, 0);
}
END_TEST

static Suite *logfile_suite(void)
{
	Suite *s = suite_create("sink/logfile");
	TCase *tc = tcase_create("logfile");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, creates_with_the_mode_and_opens_what_is_there);
	tcase_add_test(tc, fault_30_anything_else_is_refused_in_words);
	tcase_add_test(tc, fault_30_root_opens_nothing_that_another_user_rules);
	tcase_add_test(tc, fault_30_root_looks_at_each_directory_on_the_way);
	tcase_add_test(tc, what_may_pass_by_itself_is_no_refusal);
	tcase_add_test(tc, looking_finds_what_opening_would_and_makes_nothing);
	tcase_add_test(tc, looking_is_done_with_the_rights_of_who_looks);
	tcase_add_test(tc, fault_30_a_link_swapped_in_is_never_followed);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(logfile_suite)
