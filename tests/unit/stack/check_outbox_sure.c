#include "stack/chain.h"
#include "stack/outbox_shared.h"
#include "support/check_main.h"
#include "unit/stack/outbox_rig.h"

START_TEST(what_a_connection_took_with_it_goes_again_first)
{
	connect_it();
	say_all(1, 5, TELL_SUCCESS);
	ck_assert_uint_eq(waiting(), 5);
	fake.broke = true;
	ck_assert_int_eq(say(6), TELL_SUCCESS);
	expect_seen(0, 1, 5);
	expect_seen(5, 1, 6);
	ck_assert_uint_eq(fake.n_seen, 11);
	ck_assert_uint_eq(outbox()->again, 5);
	ck_assert_uint_eq(waiting(), 6);
	expect_ledger(6, 0, 0);
}
END_TEST

/* A receiver dies with what it acknowledged and has not read. */
START_TEST(acknowledged_is_sure_when_the_connection_lived_on)
{
	connect_it();
	say_all(1, 5, TELL_SUCCESS);
	fake.confirmed = fake.given;
	pump();
	ck_assert_uint_eq(waiting(), 5);
	for (size_t i = 0; i < outbox()->n_marks; i++)
		outbox()->marks[i].at_ns -= TELL_OUTBOX_HOLD_NS;
	fake.confirmed = fake.given - 1;
	pump();
	ck_assert_uint_gt(waiting(), 0); /* not all of it is acknowledged */
	fake.confirmed = fake.given;
	pump();
	ck_assert_uint_eq(waiting(), 0);
	expect_ledger(5, 0, 0);
}
END_TEST

START_TEST(at_an_orderly_end_acknowledged_is_enough)
{
	connect_it();
	say_all(1, 5, TELL_SUCCESS);
	outbox_rig.run.last = true;
	outbox_rig.run.deadline_ns = 1;
	(void)tell_outbox_flush(link_of(), &outbox_rig.run);
	ck_assert_uint_eq(waiting(), 5);
	fake.confirmed = fake.given;
	ck_assert_int_eq(tell_outbox_flush(link_of(), &outbox_rig.run), 0);
	ck_assert_uint_eq(waiting(), 0);
}
END_TEST

START_TEST(the_first_record_of_a_process_goes_once)
{
	connect_it();
	fake.connection = 3; /* another stack's had two before */
	ck_assert_int_eq(say(1), TELL_SUCCESS);
	pump();
	pump();
	ck_assert_uint_eq(fake.n_seen, 1);
	ck_assert_uint_eq(outbox()->again, 0);
}
END_TEST

/* Connections that live for a fifth of the time that makes sure, each with all acknowledged. */
START_TEST(short_connections_add_up_and_it_ends)
{
	int rounds = 0;
	connect_it();
	say_all(1, 5, TELL_SUCCESS);
	for (; waiting() && rounds < 20; rounds++) {
		fake.confirmed = fake.given;
		pump();
		for (size_t i = 0; i < outbox()->n_marks; i++)
			outbox()->marks[i].at_ns -= TELL_OUTBOX_HOLD_NS / 5;
		fake.broke = true;
		pump();
	}
	ck_assert_int_ge(rounds, 4);
	ck_assert_int_le(rounds, 6);
	expect_ledger(5, 0, 0);
}
END_TEST

START_TEST(what_was_not_acknowledged_never_adds_up)
{
	connect_it();
	say_all(1, 5, TELL_SUCCESS);
	for (int i = 0; i < 20; i++) {
		pump();
		for (size_t k = 0; k < outbox()->n_marks; k++)
			outbox()->marks[k].at_ns -= TELL_OUTBOX_HOLD_NS / 5;
		fake.broke = true;
		pump();
	}
	ck_assert_uint_eq(waiting(), 5);
}
END_TEST

static Suite *outbox_sure_suite(void)
{
	Suite *s = suite_create("stack/outbox_sure");
	TCase *c = tcase_create("outbox_sure");
	tcase_add_checked_fixture(c, outbox_set_up, outbox_tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, what_a_connection_took_with_it_goes_again_first);
	tcase_add_test(c, acknowledged_is_sure_when_the_connection_lived_on);
	tcase_add_test(c, at_an_orderly_end_acknowledged_is_enough);
	tcase_add_test(c, the_first_record_of_a_process_goes_once);
	tcase_add_test(c, short_connections_add_up_and_it_ends);
	tcase_add_test(c, what_was_not_acknowledged_never_adds_up);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(outbox_sure_suite)
