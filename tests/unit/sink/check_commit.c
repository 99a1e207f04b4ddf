#include "sink/commit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "support/check_main.h"
#include "support/scratch.h"

static struct tell_commit c;
static struct tell_held file;
static int sync_error; /* what the next syncs answer */
static struct tell_run run = { .deadline_ns = UINT64_MAX, .budget_ms = 50 };

/* The disk's: takes the place of libc's. */
int fdatasync(int fd)
{
	if (sync_error) {
		errno = sync_error;
		return -1;
	}
	return fsync(fd);
}

static void begin(void)
{
	sync_error = 0;
	tell_scratch_make();
	tell_commit_init(&c);
	tell_held_init(&file);
	ck_assert_int_eq(tell_held_set(&file,
				 open(tell_scratch_path("log"), O_RDWR | O_CREAT, 0600)),
		0);
}

static void end(void)
{
	tell_held_close(&file);
	tell_commit_done(&c);
	tell_scratch_remove();
}

START_TEST(one_sync_is_for_all_lines_so_far)
{
	uint64_t lost;
	ck_assert_uint_eq(tell_commit_wrote(&c, "one\n", 4), 1);
	ck_assert_uint_eq(tell_commit_wrote(&c, "two\nthree\n", 10), 3);
	ck_assert_int_eq(tell_commit(&c, &file, 1, &run), 0);
	ck_assert_uint_eq(c.synced, 3);
	ck_assert_int_eq(tell_commit(&c, &file, 3, &run), 0);
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), 0);
	ck_assert_uint_eq(lost, 0);
}
END_TEST

START_TEST(a_change_to_another_file_syncs_the_old_one)
{
	ck_assert_uint_eq(tell_commit_wrote(&c, "one\n", 4), 1);
	tell_commit_begin_change(&c, &file);
	ck_assert_uint_eq(c.synced, 1);
	tell_held_close(&file);
	tell_commit_end_change(&c);
	ck_assert_int_eq(tell_commit(&c, &file, 1, &run), 0);
}
END_TEST

/* One line more, and a sync of it that ends so; who wrote it has not asked yet. */
static void write_and_sync(int error)
{
	(void)tell_commit_wrote(&c, "x\n", 2);
	sync_error = error;
	tell_commit_begin_change(&c, &file);
	tell_commit_end_change(&c);
	sync_error = 0;
}

static int ask(uint64_t n)
{
	return tell_commit(&c, &file, n, &run);
}

START_TEST(fault_13_a_sync_that_failed_is_told_to_each_line_it_was_for_and_not_healed)
{
	uint64_t lost;
	(void)tell_commit_wrote(&c, "1\n2\n", 4);
	ck_assert_int_eq(ask(2), 0);
	(void)tell_commit_wrote(&c, "3\n4\n", 4);
	write_and_sync(EIO); /* lines 3 to 5 */
	ck_assert_uint_eq(tell_commit_wrote(&c, "6\n", 2), 6);
	ck_assert_int_eq(ask(6), 0);
	ck_assert_int_eq(ask(2), 0);
	ck_assert_int_eq(ask(3), -EIO);
	ck_assert_int_eq(ask(5), -EIO);
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), -EIO);
	ck_assert_uint_eq(lost, 1); /* two have heard of it */
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), 0);
}
END_TEST

START_TEST(syncs_that_fail_in_a_row_are_told_to_the_lines_of_each)
{
	uint64_t lost;
	write_and_sync(EIO);
	write_and_sync(EIO); /* they adjoin: one memory is enough */
	ck_assert_uint_eq(c.n_bad, 1);
	write_and_sync(ENOSPC);
	ck_assert_int_eq(ask(1), -EIO);
	ck_assert_int_eq(ask(2), -EIO);
	ck_assert_int_eq(ask(3), -ENOSPC);
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), 0);
	ck_assert_uint_eq(lost, 0);
}
END_TEST

START_TEST(who_asks_late_hears_what_became_of_its_own_line)
{
	uint64_t lost;
	write_and_sync(EIO);
	write_and_sync(0);
	write_and_sync(ENOSPC);
	ck_assert_int_eq(ask(1), -EIO);
	ck_assert_int_eq(ask(2), 0);
	ck_assert_int_eq(ask(3), -ENOSPC);
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), 0);
}
END_TEST

START_TEST(beyond_what_is_remembered_a_lost_line_is_never_called_good)
{
	uint64_t lost;
	for (uint64_t n = 1; n <= 4 * TELL_COMMIT_BAD; n++)
		write_and_sync(n % 2 ? EIO : 0);
	for (uint64_t n = 1; n <= 4 * TELL_COMMIT_BAD; n += 2)
		ck_assert_int_eq(ask(n), -EIO);
	/* between the newest ones the good are known */
	ck_assert_int_eq(ask(4 * TELL_COMMIT_BAD - 2), 0);
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), 0);
	ck_assert_uint_eq(lost, 0);
}
END_TEST

START_TEST(nobody_waits_past_the_deadline)
{
	struct tell_run late = { .deadline_ns = 1, .budget_ms = 1 };
	ck_assert_uint_eq(tell_commit_wrote(&c, "one\n", 4), 1);
	c.syncing = true; /* and does not come back */
	ck_assert_int_eq(tell_commit(&c, &file, 1, &late), -ETIMEDOUT);
}
END_TEST

static void *commit_some(void *arg)
{
	for (int i = 0; i < 200; i++) {
		struct tell_run mine = { .deadline_ns = UINT64_MAX };
		uint64_t n = tell_commit_wrote(&c, "x\n", 2);
		if (tell_commit(&c, &file, n, &mine) != 0)
			return arg;
	}
	return NULL;
}

START_TEST(threads_share_syncs_and_a_change_waits_for_them)
{
	pthread_t ids[4];
	void *bad;
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&ids[i], NULL, commit_some, &c), 0);
	for (int i = 0; i < 50; i++) {
		tell_commit_begin_change(&c, &file);
		ck_assert(!c.syncing);
		tell_commit_end_change(&c);
	}
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(pthread_join(ids[i], &bad), 0);
		ck_assert_ptr_null(bad);
	}
	ck_assert_uint_eq(c.synced, 800);
}
END_TEST

static Suite *commit_suite(void)
{
	Suite *s = suite_create("sink/commit");
	TCase *tc = tcase_create("commit");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, one_sync_is_for_all_lines_so_far);
	tcase_add_test(tc, a_change_to_another_file_syncs_the_old_one);
	tcase_add_test(tc,
		fault_13_a_sync_that_failed_is_told_to_each_line_it_was_for_and_not_healed);
	tcase_add_test(tc, syncs_that_fail_in_a_row_are_told_to_the_lines_of_each);
	tcase_add_test(tc, who_asks_late_hears_what_became_of_its_own_line);
	tcase_add_test(tc, beyond_what_is_remembered_a_lost_line_is_never_called_good);
	tcase_add_test(tc, nobody_waits_past_the_deadline);
	tcase_add_test(tc, threads_share_syncs_and_a_change_waits_for_them);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(commit_suite)
