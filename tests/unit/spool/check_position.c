#include "spool/position.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/crc32c.h"
#include "spool/format.h"
#include "support/check_main.h"
#include "support/scratch.h"

#define SLOT sizeof(struct tell_spool_slot)

static struct tell_position p;
static int dir, file;

static void set_up(void)
{
	tell_scratch_make();
	dir = open(tell_scratch_path(""), O_RDONLY | O_DIRECTORY);
	ck_assert_int_ge(dir, 0);
	ck_assert_int_eq(tell_position_open(&p, dir), 0);
}

static void tear_down(void)
{
	tell_held_close(&p.file);
	(void)close(dir);
	tell_scratch_remove();
}

static void write_to(uint64_t from, uint64_t to)
{
	for (uint64_t n = from; n <= to; n++)
		ck_assert_int_eq(tell_position_write(&p, n, false), 0);
}

static uint64_t reopened(void)
{
	tell_held_close(&p.file);
	ck_assert_int_eq(tell_position_open(&p, dir), 0);
	return p.next;
}

/* Some bytes of the slot that is written in this turn. */
static void tear(uint64_t turn, size_t at, const void *bytes, size_t len)
{
	file = openat(dir, TELL_SPOOL_POSITION, O_WRONLY);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(
		pwrite(file, bytes, len, (off_t)(turn % 2 * SLOT + at)), (ssize_t)len);
	(void)close(file);
	tell_held_close(&p.file); /* closing any descriptor has dropped the lock */
}

START_TEST(what_is_written_is_read)
{
	ck_assert_uint_eq(p.next, 0);
	write_to(1, 9);
	ck_assert_uint_eq(reopened(), 9);
	write_to(10, 10);
	ck_assert_uint_eq(reopened(), 10);
}
END_TEST

START_TEST(with_a_torn_slot_the_one_before_holds)
{
	write_to(1, 9);
	tear(9, offsetof(struct tell_spool_slot, next), "\xff\xff\xff", 3);
	ck_assert_uint_eq(reopened(), 8);
	write_to(9, 9); /* in place of the torn one */
	ck_assert_uint_eq(reopened(), 9);
}
END_TEST

START_TEST(a_torn_older_slot_costs_nothing)
{
	write_to(1, 9);
	tear(8, 0, "oops", 4);
	ck_assert_uint_eq(reopened(), 9);
}
END_TEST

START_TEST(with_both_torn_there_is_none)
{
	write_to(1, 9);
	tear(8, 8, "\xff", 1);
	tear(9, 8, "\xff", 1);
	ck_assert_uint_eq(reopened(), 0);
	write_to(5, 6);
	ck_assert_uint_eq(reopened(), 6);
}
END_TEST

START_TEST(one_that_is_cut_is_read_as_far_as_it_is)
{
	write_to(1, 9);
	tell_held_close(&p.file);
	ck_assert_int_eq(truncate(tell_scratch_path(TELL_SPOOL_POSITION), SLOT), 0);
	ck_assert_uint_eq(reopened(), 8);
	tell_held_close(&p.file);
	ck_assert_int_eq(truncate(tell_scratch_path(TELL_SPOOL_POSITION), 5), 0);
	ck_assert_uint_eq(reopened(), 0);
}
END_TEST

/* What a process that opens it is told. */
static int answer_to_another(void)
{
	int status;
	struct tell_position other;
	pid_t pid = fork();
	if (pid == 0)
		_exit(-tell_position_open(&other, dir));
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

START_TEST(one_process_has_it_at_a_time)
{
	ck_assert_int_eq(answer_to_another(), -EBUSY);
	tell_held_close(&p.file);
	ck_assert_int_eq(answer_to_another(), 0);
}
END_TEST

/* A host closes what it does not know, and the lock is gone. */
START_TEST(without_its_lock_the_process_that_lives_has_it)
{
	uint32_t pid;
	write_to(1, 9);
	tell_held_close(&p.file);
	ck_assert_int_eq(answer_to_another(), -EBUSY);
	ck_assert_uint_eq(tell_position_peek(dir, &pid), 9);
	ck_assert_uint_eq(pid, (uint32_t)getpid());
	ck_assert_uint_eq(reopened(), 9); /* to us it is not another's */
}
END_TEST

START_TEST(that_of_a_process_that_is_gone_is_free)
{
	uint32_t owner;
	int status;
	tell_held_close(&p.file);
	pid_t pid = fork();
	if (pid == 0)
		_exit(tell_position_open(&p, dir) < 0 ||
			tell_position_write(&p, 7, true) < 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(tell_position_peek(dir, &owner), 7);
	ck_assert_uint_eq(owner, 0);
	ck_assert_uint_eq(reopened(), 7);
}
END_TEST

START_TEST(links_are_not_followed_nor_shared)
{
	tell_held_close(&p.file);
	ck_assert_int_eq(linkat(dir, TELL_SPOOL_POSITION, dir, "second", 0), 0);
	ck_assert_int_eq(tell_position_open(&p, dir), -EBUSY);
	ck_assert_int_eq(unlinkat(dir, TELL_SPOOL_POSITION, 0), 0);
	ck_assert_int_eq(symlinkat("second", dir, TELL_SPOOL_POSITION), 0);
	ck_assert_int_eq(tell_position_open(&p, dir), -ELOOP);
}
END_TEST

static Suite *position_suite(void)
{
	Suite *s = suite_create("spool/position");
	TCase *c = tcase_create("position");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, what_is_written_is_read);
	tcase_add_test(c, with_a_torn_slot_the_one_before_holds);
	tcase_add_test(c, a_torn_older_slot_costs_nothing);
	tcase_add_test(c, with_both_torn_there_is_none);
	tcase_add_test(c, one_that_is_cut_is_read_as_far_as_it_is);
	tcase_add_test(c, one_process_has_it_at_a_time);
	tcase_add_test(c, without_its_lock_the_process_that_lives_has_it);
	tcase_add_test(c, that_of_a_process_that_is_gone_is_free);
	tcase_add_test(c, links_are_not_followed_nor_shared);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(position_suite)
