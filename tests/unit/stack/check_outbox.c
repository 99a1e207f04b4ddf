#include "stack/outbox.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "stack/chain.h"
#include "stack/outbox_shared.h"
#include "support/check_main.h"
#include "support/rig.h"
#include "support/scratch.h"
#include "support/unit.h"

#define SEEN 4096

/* A sink with a connection, in place of the line's own. */
static struct {
	enum tell_verdict answer;
	enum tell_verdict about_7; /* what it says about the record with i=7 */
	uint64_t most;		   /* refuses when it has seen so many; 0: never */
	bool broke;		   /* refuses until it was looked at */
	uint64_t connection, given, confirmed;
	uint64_t looked;
	uint64_t seen[SEEN], n_seen, n_recovered;
} fake;

static struct tell_rig rig;
static void *kept_state;
static const struct tell_module *kept_module;

static struct tell_link *link_of(void)
{
	return &rig.stack->chains[TELL_CHAIN_SINK].links[0];
}

static struct tell_outbox *outbox(void)
{
	return link_of()->outbox;
}

static enum tell_verdict run(void *state, struct tell_run *run)
{
	struct tell_value v;
	(void)state;
	if (fake.broke || (fake.most && fake.n_seen >= fake.most))
		return TELL_UNAVAILABLE;
	if (fake.answer != TELL_SUCCESS)
		return fake.answer;
	ck_assert(tell_record_get(run->record, "i", 1, &v));
	if (tell_value_u64(&v) == 7 && fake.about_7 != TELL_SUCCESS)
		return fake.about_7;
	ck_assert_uint_lt(fake.n_seen, SEEN);
	fake.seen[fake.n_seen++] = tell_value_u64(&v);
	fake.n_recovered += (run->record->head->flags & TELL_RECORD_RECOVERED) != 0;
	fake.given += 100;
	return TELL_SUCCESS;
}

static bool progress(void *state, struct tell_progress *p)
{
	(void)state;
	(void)__atomic_fetch_add(&fake.looked, p->look, __ATOMIC_RELAXED);
	if (p->look && fake.broke) {
		fake.broke = false;
		fake.connection++;
		fake.given = fake.confirmed = 0;
	}
	p->connection = fake.connection;
	p->given = fake.given;
	p->confirmed = fake.confirmed;
	return true;
}

static const struct tell_module alone = {
	.abi = TELL_MODULE_ABI, .type = "sink", .name = "fake", .run = run
};
static const struct tell_module connected = { .abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "fake",
	.run = run,
	.progress = progress };

static void set_up(void)
{
	tell_scratch_make();
	memset(&fake, 0, sizeof(fake));
	fake.answer = fake.about_7 = TELL_SUCCESS;
	tell_rig_open(&rig,
		"sink required syslog proto=udp host=127.0.0.1 spool=1MiB spool_path=%s",
		tell_scratch_path(""));
	rig.run.run_id = 42;
	kept_state = link_of()->state;
	kept_module = link_of()->module;
	link_of()->state = NULL;
	link_of()->module = &alone;
	link_of()->run = run;
}

static void tear_down(void)
{
	link_of()->state = kept_state;
	link_of()->module = kept_module;
	tell_rig_close(&rig);
	tell_scratch_remove();
}

/* It knows how far its peer is, and has a connection. */
static void connect_it(void)
{
	link_of()->module = &connected;
	outbox()->owner = link_of();
}

static enum tell_verdict say(uint64_t i)
{
	link_of()->breaker.retry_ns = 0; /* no pause is waited for here */
	return tell_rig_log(&rig, TELL_INFO, "it", tell_u64("i", i));
}

static void say_all(uint64_t from, uint64_t to, enum tell_verdict expected)
{
	for (uint64_t i = from; i <= to; i++)
		ck_assert_int_eq(say(i), expected);
}

static void pump(void)
{
	link_of()->breaker.retry_ns = 0;
	(void)tell_stack_pump(rig.stack, &rig.run);
}

static uint64_t waiting(void)
{
	struct tell_outbox_stats s;
	tell_outbox_stats(outbox(), &s);
	return s.waiting;
}

/* The numbers came in this order, from the given one on. */
static void expect_seen(uint64_t at, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i <= to; i++, at++) {
		ck_assert_uint_lt(at, fake.n_seen);
		ck_assert_uint_eq(fake.seen[at], i);
	}
}

/* offered = success + spooled + dropped. */
static void expect_ledger(uint64_t success, uint64_t spooled, uint64_t dropped)
{
	uint64_t sum = 0;
	for (size_t v = 0; v < TELL_N_VERDICTS; v++)
		sum += link_of()->verdicts[v];
	ck_assert_uint_eq(link_of()->verdicts[TELL_SUCCESS], success);
	ck_assert_uint_eq(link_of()->verdicts[TELL_SPOOLED], spooled);
	ck_assert_uint_eq(sum, success + spooled + dropped);
}

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
	rig.run.last = true;
	rig.run.deadline_ns = 1;
	(void)tell_outbox_flush(link_of(), &rig.run);
	ck_assert_uint_eq(waiting(), 5);
	fake.confirmed = fake.given;
	ck_assert_int_eq(tell_outbox_flush(link_of(), &rig.run), 0);
	ck_assert_uint_eq(waiting(), 0);
}
END_TEST

static void *flush(void *arg)
{
	struct tell_rig other;
	(void)arg;
	tell_rig_share(&other, &rig);
	other.run.last = true;
	int r = tell_rig_flush(&other, 60000);
	tell_rig_close(&other);
	return r == 0 ? &rig : NULL;
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
		ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "it", tell_u64("i", i)),
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
		full += tell_rig_log(&rig, TELL_INFO, "it", tell_u64("i", n),
				tell_strn("text", text, sizeof(text))) == TELL_FULL;
		said |= tell_rig_noted(&rig, "spool-full");
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

/* ---- what others left ---- */

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

static Suite *outbox_suite(void)
{
	Suite *s = suite_create("stack/outbox");
	TCase *c = tcase_create("outbox");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, what_the_sink_takes_is_delivered_at_once);
	tcase_add_test(c, what_it_refuses_waits_and_goes_before_what_comes_later);
	tcase_add_test(c, a_call_hands_on_32_and_the_pump_the_rest);
	tcase_add_test(c, what_a_connection_took_with_it_goes_again_first);
	tcase_add_test(c, acknowledged_is_sure_when_the_connection_lived_on);
	tcase_add_test(c, at_an_orderly_end_acknowledged_is_enough);
	tcase_add_test(c, a_flush_that_waits_for_the_peer_holds_up_no_call);
	tcase_add_test(c, one_that_no_sink_takes_holds_up_none_behind_it);
	tcase_add_test(c, a_full_spool_refuses_and_says_so);
	suite_add_tcase(s, c);
	c = tcase_create("adopt");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, what_a_dead_process_left_is_adopted);
	tcase_add_test(c, what_a_living_process_has_is_left_alone_until_it_dies);
	tcase_add_test(c, our_own_come_first_and_adopted_ones_wait_with_them);
	tcase_add_test(c, an_empty_one_that_nobody_has_is_removed);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(outbox_suite)
