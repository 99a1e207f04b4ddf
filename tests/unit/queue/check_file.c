#include "queue/file.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"

#define LANE 16384u

static struct tell_ring_file file;
static char dir[256];

static void set_up(void)
{
	tell_scratch_make();
	(void)snprintf(dir, sizeof(dir), "%s", tell_scratch_path("rings"));
	ck_assert_int_eq(mkdir(dir, 0700), 0);
}

static void made(void)
{
	ck_assert_int_eq(tell_ring_file_make(&file, dir, "shop", LANE), 0);
}

/* The lock as another process sees it: 0 free, else whose. */
static pid_t locked_by(const char *path)
{
	int ends[2];
	pid_t owner = -1;
	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int fd = open(path, O_RDWR);
		(void)fcntl(fd, F_GETLK, &l);
		owner = l.l_type == F_UNLCK ? 0 : l.l_pid;
		(void)!write(ends[1], &owner, sizeof(owner));
		_exit(0);
	}
	(void)!read(ends[0], &owner, sizeof(owner));
	(void)waitpid(pid, NULL, 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return owner;
}

START_TEST(a_file_tells_whose_it_is)
{
	made();
	struct stat st;
	ck_assert_int_eq(stat(file.path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	const struct tell_ring_head *h = file.head;
	ck_assert_mem_eq(h->magic, TELL_RING_MAGIC, 8);
	ck_assert_uint_eq(h->pid, (uint32_t)getpid());
	ck_assert_uint_ne(h->pid_start, 0);
	ck_assert_uint_eq(h->lane_bytes, LANE);
	ck_assert_str_eq(h->service, "shop");
	ck_assert(tell_ring_file_is(&file, st.st_dev, st.st_ino));
	ck_assert(!tell_ring_file_is(&file, st.st_dev, st.st_ino + 1));
	tell_ring_file_remove(&file);
	ck_assert_int_eq(stat(h ? dir : "", &st), 0);
	ck_assert_int_eq(rmdir(dir), 0); /* nothing is left in it */
}
END_TEST

START_TEST(chunks_follow_one_another_and_have_blocks)
{
	made();
	char *a = tell_ring_file_grow(&file, TELL_CHUNK_LANE, 1, 5000);
	char *b = tell_ring_file_grow(&file, TELL_CHUNK_DICT, 0, 1);
	ck_assert(a && b);
	for (int i = 0; i < 5000; i++)
		ck_assert(a[i] == 0);
	memset(a, 1, 5000);
	const struct tell_ring_head *h = file.head;
	ck_assert_uint_eq(h->n_chunks, 2);
	ck_assert_uint_eq(h->chunks[0].bytes, 8192);
	ck_assert_uint_eq(h->chunks[1].offset, h->chunks[0].offset + 8192);
	ck_assert_uint_eq(h->chunks[0].offset % TELL_RING_PAGE, 0);
	struct stat st;
	ck_assert_int_eq(stat(file.path, &st), 0);
	ck_assert_int_ge((int)st.st_blocks * 512, (int)st.st_size);
	tell_ring_file_remove(&file);
}
END_TEST

START_TEST(there_is_an_end_to_chunks)
{
	made();
	for (int i = 0; i < TELL_RING_CHUNKS; i++)
		ck_assert_ptr_nonnull(tell_ring_file_grow(&file, TELL_CHUNK_LANE, 1, 1));
	ck_assert_ptr_null(tell_ring_file_grow(&file, TELL_CHUNK_LANE, 1, 1));
	tell_ring_file_remove(&file);
}
END_TEST

START_TEST(fault_7_a_child_does_not_have_the_lock)
{
	made();
	ck_assert_int_eq(locked_by(file.path), getpid());
	pid_t pid = fork();
	if (pid == 0) {
		char path[TELL_RING_PATH_MAX];
		(void)snprintf(path, sizeof(path), "%s", file.path);
		tell_ring_file_leave(&file);
		_exit(access(path, F_OK) == 0 ? 0 : 1);
	}
	int status;
	(void)waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(locked_by(file.path), getpid());
	tell_ring_file_remove(&file);
}
END_TEST

START_TEST(fault_8_the_descriptor_is_closed_at_exec)
{
	made();
	int fd = tell_held_get(&file.fd);
	ck_assert_int_gt(fd, 2);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	tell_ring_file_remove(&file);
}
END_TEST

/* daemon(3) and its like close all they do not know. */
START_TEST(a_file_whose_descriptor_was_closed_still_grows_and_goes)
{
	made();
	(void)close(tell_held_get(&file.fd));
	(void)usleep(20000); /* the next tick of the coarse clock */
	ck_assert_ptr_nonnull(tell_ring_file_grow(&file, TELL_CHUNK_LANE, 1, 1));
	tell_ring_file_remove(&file);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(a_directory_that_will_not_have_it_is_an_error_and_nothing_is_left)
{
	ck_assert_int_eq(
		tell_ring_file_make(&file, "/nonexistent", "shop", LANE), -ENOENT);
	ck_assert_ptr_null(file.head);
	ck_assert_str_eq(file.path, "");
	tell_ring_file_remove(&file);
	char *longest = malloc(3000);
	memset(longest, 'a', 2999);
	longest[2999] = '\0';
	ck_assert_int_eq(
		tell_ring_file_make(&file, longest, "shop", LANE), -ENAMETOOLONG);
	free(longest);
}
END_TEST

/* In a child: the signal would end it. */
START_TEST(fault_23_a_limit_on_file_sizes_is_an_error_not_a_signal)
{
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit none = { 1024, 1024 };
		(void)setrlimit(RLIMIT_FSIZE, &none);
		if (tell_ring_file_make(&file, dir, "shop", LANE) != -EFBIG)
			_exit(1);
		_exit(rmdir(dir) == 0 ? 0 : 2);
	}
	int status;
	(void)waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	pid = fork();
	if (pid == 0) {
		struct rlimit some = { 16384, 16384 };
		(void)setrlimit(RLIMIT_FSIZE, &some);
		if (mkdir(dir, 0700) < 0 ||
			tell_ring_file_make(&file, dir, "shop", LANE) != 0)
			_exit(1);
		bool grew = tell_ring_file_grow(&file, TELL_CHUNK_LANE, 1, 65536);
		tell_ring_file_remove(&file);
		_exit(grew ? 2 : 0);
	}
	(void)waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_full_tmpfs_is_an_error_not_a_signal)
{
	if (geteuid() != 0 || mount("none", dir, "tmpfs", 0, "size=64k,mode=700") != 0)
		return; /* tests/crash/queue_faults.sh has it as well */
	made();
	char *at = NULL, *last;
	size_t n = 0;
	while ((last = tell_ring_file_grow(&file, TELL_CHUNK_LANE, 1, 8192))) {
		memset(last, 1, 8192);
		at = last;
		n++;
	}
	ck_assert_uint_gt(n, 2);
	memset(at, 2, 8192);
	while (tell_ring_file_grow(&file, TELL_CHUNK_LANE, 1, 1))
		;
	struct tell_ring_file more;
	ck_assert_int_eq(tell_ring_file_make(&more, dir, "shop", LANE), -ENOSPC);
	tell_ring_file_remove(&file);
	ck_assert_int_eq(umount(dir), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

static Suite *file_suite(void)
{
	Suite *s = suite_create("queue/file");
	TCase *c = tcase_create("file");
	tcase_add_checked_fixture(c, set_up, tell_scratch_remove);
	tcase_add_test(c, a_file_tells_whose_it_is);
	tcase_add_test(c, chunks_follow_one_another_and_have_blocks);
	tcase_add_test(c, there_is_an_end_to_chunks);
	tcase_add_test(c, fault_7_a_child_does_not_have_the_lock);
	tcase_add_test(c, fault_8_the_descriptor_is_closed_at_exec);
	tcase_add_test(c, a_file_whose_descriptor_was_closed_still_grows_and_goes);
	tcase_add_test(
		c, a_directory_that_will_not_have_it_is_an_error_and_nothing_is_left);
	tcase_add_test(c, fault_23_a_limit_on_file_sizes_is_an_error_not_a_signal);
	tcase_add_test(c, a_full_tmpfs_is_an_error_not_a_signal);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(file_suite)
