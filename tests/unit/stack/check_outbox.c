#include "stack/outbox.h"
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "stack/chain.h"
#include "stack/outbox_shared.h"
#include "support/check_main.h"
#include "support/scratch.h"
#include "unit/stack/outbox_rig.h"

START_TEST(what_the_sink_takes_is_delivered_at_once)
{
	say_all(1, 100, TELL_SUCCESS);
	expect_seen(0, 1, 100);
	pump();
	ck_assert_uint_eq(waiting(), 0);
	expect_ledger(100, 0, 0);
}
END_TEST

START_TEST(what_it_refuses_waits_and_goes_before_what_comes_later)
{
	fake.answer = TELL_UNAVAILABLE;
	say_all(1, 20, TELL_SPOOLED);
	ck_assert_uint_eq(waiting(), 20);
	expect_ledger(0, 20, 0);
	fake.answer = TELL_SUCCESS;
	ck_assert_int_eq(say(21), TELL_SUCCESS);
	expect_seen(0, 1, 21);
	ck_assert_uint_eq(fake.n_seen, 21);
	expect_ledger(21, 0, 0);
	ck_assert_uint_eq(fake.n_recovered, 0);
}
END_TEST

START_TEST(a_call_hands_on_32_and_the_pump_the_rest)
{
	fake.answer = TELL_TIMEOUT;
	say_all(1, 100, TELL_SPOOLED);
	fake.answer = TELL_SUCCESS;
	ck_assert_int_eq(say(101), TELL_SPOOLED);
	ck_assert_uint_eq(fake.n_seen, 32);
	expect_ledger(32, 69, 0);
	pump();
	expect_seen(0, 1, 101);
	expect_ledger(101, 0, 0);
	ck_assert_uint_eq(waiting(), 0);
}
END_TEST

static void *flush(void *arg)
{
	struct tell_rig other;
	(void)arg;
	tell_rig_share(&other, &outbox_rig);
	other.run.last = true;
	int r = tell_rig_flush(&other, 60000);
	tell_rig_close(&other);
	return r == 0 ? &outbox_rig : NULL;
}

START_TEST(a_flush_that_waits_for_the_peer_holds_up_no_call)
{
	pthread_t flusher;
	void *flushed;
	connect_it();
	ck_assert_int_eq(say(1), TELL_SUCCESS);
	uint64_t before = __atomic_load_n(&fake.looked, __ATOMIC_RELAXED);
	ck_assert_int_eq(pthread_create(&flusher, NULL, flush, NULL), 0);
	while (__atomic_load_n(&fake.looked, __ATOMIC_RELAXED) < before + 3)
		tell_clock_sleep_ms(1);
	for (uint64_t i = 2; i <= 20; i++)
		ck_assert_int_eq(
			tell_rig_log(&outbox_rig, TELL_INFO, "it", tell_u64("i", i)),
			TELL_SUCCESS);
	(void)pthread_mutex_lock(&outbox()->lock);
	fake.confirmed = fake.given;
	(void)pthread_mutex_unlock(&outbox()->lock);
	ck_assert_int_eq(pthread_join(flusher, &flushed), 0);
	ck_assert_ptr_nonnull(flushed);
	expect_seen(0, 1, 20);
	expect_ledger(20, 0, 0);
}
END_TEST

/* A connection on its way: a flush is what waits for it. */
START_TEST(a_flush_waits_for_a_sink_that_is_not_ready_yet)
{
	connect_it();
	fake.in_vain = 50;
	say_all(1, 5, TELL_SPOOLED);
	fake.confirmed = 500;
	outbox_rig.run.last = true;
	ck_assert_int_eq(tell_rig_flush(&outbox_rig, 60000), 0);
	expect_seen(0, 1, 5);
	ck_assert_uint_eq(waiting(), 0);
	expect_ledger(5, 0, 0);
}
END_TEST

/* Nobody would count what a connection lost of records that were gathered. */
START_TEST(past_a_spool_that_cannot_be_had_nothing_is_gathered)
{
	ck_assert_int_eq(chmod(tell_scratch_path(""), 0777), 0);
	outbox_rig.run.batch = true;
	ck_assert_int_eq(say(1), TELL_SUCCESS);
	ck_assert(tell_rig_noted(&outbox_rig, "spool-open"));
	say_all(2, 5, TELL_SUCCESS);
	ck_assert(!fake.batch);
	expect_ledger(5, 0, 0);
	fake.answer = TELL_SPOOLED; /* partly out: who knows */
	say_all(6, 7, TELL_TIMEOUT);
	expect_ledger(5, 0, 2);
}
END_TEST

START_TEST(one_that_no_sink_takes_holds_up_none_behind_it)
{
	fake.about_7 = TELL_INVALID;
	fake.answer = TELL_UNAVAILABLE;
	say_all(1, 10, TELL_SPOOLED);
	fake.answer = TELL_SUCCESS;
	pump();
	expect_seen(0, 1, 6);
	expect_seen(6, 8, 10);
	ck_assert_uint_eq(waiting(), 0);
	expect_ledger(9, 0, 1);
	ck_assert_uint_eq(link_of()->verdicts[TELL_INVALID], 1);
	ck_assert_int_eq(say(7), TELL_INVALID);
	expect_ledger(9, 0, 2);
}
END_TEST

START_TEST(a_full_spool_refuses_and_says_so)
{
	static char text[20000];
	uint64_t n = 0, full = 0;
	bool said = false;
	memset(text, 'x', sizeof(text));
	fake.answer = TELL_UNAVAILABLE;
	for (; n < 80; n++) {
		full += tell_rig_log(&outbox_rig, TELL_INFO, "it", tell_u64("i", n),
				tell_strn("text", text, sizeof(text))) == TELL_FULL;
		said |= tell_rig_noted(&outbox_rig, "spool-full");
	}
	ck_assert(said);
	ck_assert_uint_gt(full, 20);
	expect_ledger(0, n - full, full);
	fake.answer = TELL_SUCCESS;
	pump();
	expect_seen(0, 0, n - full - 1);
	expect_ledger(n - full, 0, full);
}
END_TEST

START_TEST(a_check_says_that_there_is_no_place_for_it)
{
	static const char *const lines[] = {
		"syslog proto=udp host=127.0.0.1 spool=1MiB spool_path", "spool path"
	};
	for (size_t i = 0; i < 2; i++) {
		const char *said = tell_rig_check(
			"sink required %s=%s", lines[i], tell_scratch_path("no/such"));
		ck_assert_ptr_nonnull(strstr(said, "warning: on this host, the spool"));
		ck_assert_ptr_nonnull(strstr(said, "make the directory"));
		said = tell_rig_check(
			"sink required %s=%s", lines[i], tell_scratch_path("made"));
		ck_assert_str_eq(said, "");
	}
}
END_TEST

/* A stack as a reload makes it, beside the one of the rig. */
static struct tell_rig later;

static struct tell_link *load_later(void)
{
	tell_rig_open(&later,
		"sink required syslog proto=udp host=127.0.0.1 spool=1MiB spool_path=%s",
		tell_scratch_path(""));
	struct tell_link *link = &later.stack->chains[TELL_CHAIN_SINK].links[0];
	ck_assert_ptr_eq(link->outbox, outbox());
	return link;
}

static uint64_t delivered(const struct tell_rig *rig)
{
	struct tell_stack_stats s;
	tell_stack_stats(rig->stack, &s);
	return s.delivered;
}

START_TEST(what_a_replaced_stack_left_is_counted_by_the_next)
{
	fake.answer = TELL_UNAVAILABLE;
	say_all(1, 10, TELL_SPOOLED);
	struct tell_link *link = load_later();
	tell_stack_inherit(later.stack, outbox_rig.stack);
	expect_ledger(0, 0, 0);
	ck_assert_uint_eq(link->verdicts[TELL_SPOOLED], 10);
	ck_assert_uint_eq(delivered(&later), 10);
	ck_assert_uint_eq(delivered(&outbox_rig), 0);
	tell_rig_close(&later);
}
END_TEST

START_TEST(what_the_next_stack_handed_on_before_is_not_spooled_any_more)
{
	fake.answer = TELL_UNAVAILABLE;
	say_all(1, 10, TELL_SPOOLED);
	struct tell_link *link = load_later();
	void *state = link->state;
	const struct tell_module *module = link->module;
	fake.most = 4; /* then it refuses again */
	fake.answer = TELL_SUCCESS;
	link->state = NULL;
	link->module = link_of()->module;
	link->run = link_of()->run;
	(void)tell_stack_pump(later.stack, &later.run);
	ck_assert_uint_eq(fake.n_seen, 4);
	tell_stack_inherit(later.stack, outbox_rig.stack);
	expect_ledger(4, 0, 0);
	ck_assert_uint_eq(link->verdicts[TELL_SPOOLED], 6);
	link->state = state;
	link->module = module;
	tell_rig_close(&later);
}
END_TEST

/* A reload under load: both stacks are called for a while. */
START_TEST(a_newer_line_sends_for_an_older_one_and_neither_sends_twice)
{
	connect_it();
	say_all(1, 5, TELL_SUCCESS);
	fake.confirmed = fake.given;
	struct tell_link *link = load_later();
	void *state = link->state;
	const struct tell_module *module = link->module;
	link->state = NULL;
	link->module = link_of()->module;
	link->run = link_of()->run;
	for (uint64_t i = 6; i <= 10; i += 2) {
		ck_assert_int_eq(tell_rig_log(&later, TELL_INFO, "it", tell_u64("i", i)),
			TELL_SUCCESS);
		say_all(i + 1, i + 1, TELL_SUCCESS);
	}
	expect_seen(0, 1, 11);
	ck_assert_uint_eq(fake.n_seen, 11);
	ck_assert_ptr_eq(outbox()->owner, link);
	link->state = state;
	link->module = module;
	tell_rig_close(&later);
	ck_assert_ptr_null(outbox()->owner);
	expect_ledger(8, 0, 0);
}
END_TEST

static Suite *outbox_suite(void)
{
	Suite *s = suite_create("stack/outbox");
	TCase *c = tcase_create("outbox");
	tcase_add_checked_fixture(c, outbox_set_up, outbox_tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, what_the_sink_takes_is_delivered_at_once);
	tcase_add_test(c, what_it_refuses_waits_and_goes_before_what_comes_later);
	tcase_add_test(c, a_call_hands_on_32_and_the_pump_the_rest);
	tcase_add_test(c, a_flush_that_waits_for_the_peer_holds_up_no_call);
	tcase_add_test(c, a_flush_waits_for_a_sink_that_is_not_ready_yet);
	tcase_add_test(c, past_a_spool_that_cannot_be_had_nothing_is_gathered);
	tcase_add_test(c, one_that_no_sink_takes_holds_up_none_behind_it);
	tcase_add_test(c, a_full_spool_refuses_and_says_so);
	tcase_add_test(c, what_a_replaced_stack_left_is_counted_by_the_next);
	tcase_add_test(c, what_the_next_stack_handed_on_before_is_not_spooled_any_more);
	tcase_add_test(c, a_newer_line_sends_for_an_older_one_and_neither_sends_twice);
	tcase_add_test(c, a_check_says_that_there_is_no_place_for_it);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(outbox_suite)
