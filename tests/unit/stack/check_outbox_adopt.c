#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "record/record.h"
#include "stack/chain.h"
#include "stack/outbox_shared.h"
#include "support/check_main.h"
#include "support/scratch.h"
#include "unit/stack/outbox_rig.h"

/* A process with these records in a spool of its own, which is dead, or waits to be killed. */
static pid_t another(uint64_t from, uint64_t to, bool dies)
{
	struct tell_record r = { 0 };
	struct tell_spool *s;
	const struct tell_spool_options options = { .limit = TELL_SPOOL_LEAST };
	char byte;
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		if (tell_spool_open(&s, tell_scratch_path(""), outbox()->name, "rig",
			    &options) < 0)
			_exit(1);
		for (uint64_t i = from; i <= to; i++) {
			const struct tell_field f = tell_u64("i", i);
			if (tell_record_begin(&r, 6, 0) < 0)
				_exit(2);
			r.head->run = 7;
			tell_record_add(&r, &f, 1, 0, NULL);
			if (tell_spool_append(s, &r) < 0)
				_exit(3);
		}
		if (write(ends[1], "", 1) != 1)
			_exit(4);
		while (!dies)
			(void)pause();
		_exit(0);
	}
	ck_assert_int_eq(read(ends[0], &byte, 1), 1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	if (dies)
		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	return pid;
}

static void end(pid_t pid)
{
	(void)kill(pid, SIGKILL); /* it is our child */
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

static bool is_there(int number)
{
	char name[64];
	(void)snprintf(name, sizeof(name), "rig.syslog.%d", number);
	return access(tell_scratch_path(name), F_OK) == 0;
}

START_TEST(what_a_dead_process_left_is_adopted)
{
	struct tell_outbox_stats s;
	ck_assert_int_eq(say(1), TELL_SUCCESS); /* ours is the first spool */
	(void)another(101, 300, true);
	ck_assert(is_there(2));
	for (int i = 0; i < 10; i++)
		pump();
	ck_assert_uint_eq(fake.n_seen, 201);
	expect_seen(1, 101, 300);
	ck_assert_uint_eq(fake.n_recovered, 200);
	ck_assert(!is_there(2));
	tell_outbox_stats(outbox(), &s);
	ck_assert_uint_eq(s.found, 200);
	ck_assert_uint_eq(s.waiting, 0);
	expect_ledger(1, 0, 0);
}
END_TEST

START_TEST(what_a_living_process_has_is_left_alone_until_it_dies)
{
	ck_assert_int_eq(say(1), TELL_SUCCESS);
	pid_t pid = another(101, 110, false);
	pump();
	pump();
	ck_assert_uint_eq(fake.n_seen, 1);
	end(pid);
	pump();
	ck_assert_uint_eq(fake.n_seen, 1); /* it looks now and then only */
	outbox()->adopt_ns = 0;
	for (int i = 0; i < 3; i++)
		pump();
	expect_seen(1, 101, 110);
	ck_assert(!is_there(2));
}
END_TEST

START_TEST(our_own_come_first_and_adopted_ones_wait_with_them)
{
	fake.answer = TELL_UNAVAILABLE;
	ck_assert_int_eq(say(1), TELL_SPOOLED);
	(void)another(101, 300, true);
	(void)another(401, 410, true);
	pump();
	ck_assert_uint_eq(waiting(), 1); /* nothing is taken over meanwhile */
	fake.answer = TELL_SUCCESS;
	pump();
	fake.answer = TELL_UNAVAILABLE;
	pump();
	ck_assert_uint_gt(waiting(), 0);
	ck_assert_int_eq(say(2), TELL_SPOOLED);
	fake.answer = TELL_SUCCESS;
	fake.most = 10;
	pump();
	expect_ledger(1, 1, 0); /* those of others are not in it */
	fake.most = 0;
	for (int i = 0; i < 20; i++)
		pump();
	ck_assert_uint_eq(fake.n_seen, 212);
	ck_assert(!is_there(2) && !is_there(3));
	expect_ledger(2, 0, 0);
}
END_TEST

START_TEST(an_empty_one_that_nobody_has_is_removed)
{
	ck_assert_int_eq(say(1), TELL_SUCCESS);
	(void)another(1, 0, true);
	ck_assert(is_there(2));
	pump();
	ck_assert(!is_there(2));
	ck_assert(is_there(1));
}
END_TEST

static Suite *outbox_adopt_suite(void)
{
	Suite *s = suite_create("stack/outbox_adopt");
	TCase *c = tcase_create("outbox_adopt");
	tcase_add_checked_fixture(c, outbox_set_up, outbox_tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, what_a_dead_process_left_is_adopted);
	tcase_add_test(c, what_a_living_process_has_is_left_alone_until_it_dies);
	tcase_add_test(c, our_own_come_first_and_adopted_ones_wait_with_them);
	tcase_add_test(c, an_empty_one_that_nobody_has_is_removed);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(outbox_adopt_suite)
