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
static struct tell_run run = { .deadline_ns = UINT64_MAX, .budget_ms = 50 };

static void begin(void)
{
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

/* As after a sync that failed: lines 3 to 5. */
START_TEST(fault_13_a_sync_that_failed_is_told_to_each_line_it_was_for_and_not_healed)
{
	uint64_t lost;
	c.bad_from = 2;
	c.bad_to = 5;
	c.bad_error = EIO;
	c.untold = 3;
	c.synced = 5;
	ck_assert_uint_eq(tell_commit_wrote(&c, "1\n2\n3\n4\n5\n6\n", 12), 6);
	ck_assert_int_eq(tell_commit(&c, &file, 6, &run), 0);
	ck_assert_int_eq(tell_commit(&c, &file, 2, &run), 0);
	ck_assert_int_eq(tell_commit(&c, &file, 3, &run), -EIO);
	ck_assert_int_eq(tell_commit(&c, &file, 5, &run), -EIO);
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), -EIO);
	ck_assert_uint_eq(lost, 1); /* two have heard of it */
	ck_assert_int_eq(tell_commit_all(&c, &file, &run, &lost), 0);
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
	tcase_add_test(tc, nobody_waits_past_the_deadline);
	tcase_add_test(tc, threads_share_syncs_and_a_change_waits_for_them);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(commit_suite)
