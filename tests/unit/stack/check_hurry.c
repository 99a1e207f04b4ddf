#include "stack/hurry.h"
#include <errno.h>
#include "base/clock.h"
#include "stack/sinks.h"
#include "support/check_main.h"
#include "support/rig.h"

/* A queue whose losses, and two sinks whose waits, the test sets. */
static struct fake {
	enum tell_verdict answer;
	int flushed;	      /* what flush answers */
	uint64_t deadline_ns; /* what it was given last */
} fakes[2];
static uint64_t queue_dropped;
static struct tell_rig rig;

static enum tell_verdict answer(void *state, struct tell_run *run)
{
	struct fake *f = state;
	f->deadline_ns = tell_run_deadline(run);
	return f->answer;
}

static int flush(void *state, struct tell_run *run)
{
	struct fake *f = state;
	f->deadline_ns = run->deadline_ns;
	return f->flushed;
}

static void counts(const void *state, struct tell_queue_counts *ret)
{
	(void)state;
	*ret = (struct tell_queue_counts){ .dropped = queue_dropped };
}

static const struct tell_queue queue_calls = { .counts = counts };
static const struct tell_module queue_module = { .queue = &queue_calls },
				peer = { .flush = flush, .peer = true };
static struct tell_link queue_link = { .module = &queue_module };

static struct tell_link *link_of(size_t i)
{
	return &rig.stack->chains[TELL_CHAIN_SINK].links[i];
}

static void set_up(const char *text, size_t n)
{
	tell_rig_open(&rig, "%s", text);
	queue_dropped = 0;
	rig.stack->queue = &queue_link;
	for (size_t i = 0; i < n; i++) {
		fakes[i] = (struct fake){ .answer = TELL_SUCCESS };
		link_of(i)->run = answer;
		link_of(i)->state = &fakes[i];
		link_of(i)->module = &peer;
	}
	(void)tell_rig_say(&rig, TELL_INFO, "hi"); /* the record that is asked about */
	for (size_t i = 0; i < n; i++)
		link_of(i)->verdicts[TELL_SUCCESS] = 100;
	rig.run.batch = true;
	tell_hurry_look(rig.stack, &rig.run);
}

static void tear_down(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		link_of(i)->state = NULL;
		link_of(i)->run = NULL;
	}
	rig.stack->queue = NULL;
	tell_rig_close(&rig);
}

/* The sink was waited for all the time, and the queue lost so many. */
static void wait_for(size_t i, uint64_t dropped)
{
	link_of(i)->hurry.waited_ns = UINT64_MAX / 2;
	queue_dropped += dropped;
	tell_hurry_look(rig.stack, &rig.run);
}

static enum tell_verdict ask(size_t i)
{
	rig.run.deadline_ns = 0;
	rig.run.budget_ms = 250;
	return tell_hurry_ask(link_of(i), &rig.run);
}

static enum tell_verdict walk(void)
{
	struct tell_sinks_walk result = { 0 };
	rig.run.deadline_ns = 0;
	return tell_sinks_walk(&rig.stack->chains[TELL_CHAIN_SINK], &rig.run, &result);
}

#define BOTH "sink required permit\nsink required permit"

START_TEST(a_wait_is_measured_and_hurts_nobody_while_the_queue_has_room)
{
	set_up(BOTH, 2);
	ck_assert_int_eq(ask(0), TELL_SUCCESS);
	ck_assert_uint_gt(link_of(0)->hurry.waited_ns, 0);
	wait_for(0, 0);
	ck_assert(!tell_hurry_on(link_of(0)));
	ck_assert_uint_eq(link_of(0)->hurry.waited_ns, 0);
	tear_down(2);
}
END_TEST

START_TEST(when_the_queue_loses_records_the_slowest_sink_is_waited_for_no_more)
{
	set_up(BOTH, 2);
	link_of(1)->hurry.waited_ns = 1;
	wait_for(0, 7);
	ck_assert(tell_hurry_on(link_of(0)));
	ck_assert(!tell_hurry_on(link_of(1)));
	fakes[0].answer = TELL_TIMEOUT;
	ck_assert_int_eq(ask(0), TELL_FULL);
	ck_assert_uint_lt(fakes[0].deadline_ns, 2);
	ck_assert_uint_eq(rig.run.deadline_ns, 0);
	ck_assert_int_eq(ask(1), TELL_SUCCESS);
	ck_assert_uint_gt(fakes[1].deadline_ns, 2);
	tear_down(2);
}
END_TEST

START_TEST(it_is_waited_for_again_once_it_keeps_up)
{
	set_up(BOTH, 2);
	wait_for(0, 7);
	link_of(0)->hurry.until_ns = 1; /* the time is over */
	fakes[0].answer = TELL_TIMEOUT;
	(void)ask(0); /* but it is behind */
	tell_hurry_look(rig.stack, &rig.run);
	ck_assert(tell_hurry_on(link_of(0)));
	ck_assert(rig.stack->hurried);

	link_of(0)->hurry.until_ns = 1;
	fakes[0].flushed = -ETIMEDOUT;
	rig.run.batch = false;
	rig.run.settle = true;
	rig.run.deadline_ns = UINT64_MAX;
	(void)tell_hurry_flush(link_of(0), &rig.run);
	ck_assert_uint_lt(fakes[0].deadline_ns, 2);
	tell_hurry_look(rig.stack, &rig.run);
	ck_assert(tell_hurry_on(link_of(0)));

	link_of(0)->hurry.until_ns = 1;
	fakes[0].flushed = 0;
	(void)tell_hurry_flush(link_of(0), &rig.run);
	tell_hurry_look(rig.stack, &rig.run);
	ck_assert(!tell_hurry_on(link_of(0)));
	ck_assert(!rig.stack->hurried);
	tear_down(2);
}
END_TEST

START_TEST(the_queue_keeps_nothing_for_a_sink_that_is_hurried)
{
	set_up(BOTH, 2);
	fakes[0].flushed = -ETIMEDOUT;
	rig.run.batch = false;
	rig.run.settle = true;
	rig.run.deadline_ns = UINT64_MAX;
	ck_assert_int_eq(tell_stack_flush(rig.stack, &rig.run), -ETIMEDOUT);
	wait_for(0, 7);
	ck_assert_int_eq(tell_stack_flush(rig.stack, &rig.run), 0);
	rig.run.settle = false; /* tell_flush(): that waits for it */
	ck_assert_int_eq(tell_stack_flush(rig.stack, &rig.run), -ETIMEDOUT);
	ck_assert_uint_eq(fakes[0].deadline_ns, UINT64_MAX);
	tear_down(2);
}
END_TEST

START_TEST(the_only_sink_is_waited_for_whatever_the_queue_loses)
{
	set_up("sink required permit", 1);
	wait_for(0, 7);
	ck_assert(!tell_hurry_on(link_of(0)));
	tear_down(1);
	set_up(BOTH, 2); /* a fallback is no company */
	link_of(1)->verdicts[TELL_SUCCESS] = 3;
	wait_for(0, 7);
	ck_assert(!tell_hurry_on(link_of(0)));
	tear_down(2);
}
END_TEST

START_TEST(one_that_is_not_waited_for_most_of_the_time_is_not_to_blame)
{
	set_up(BOTH, 2);
	rig.stack->hurry_look_ns = 1;
	link_of(0)->hurry.waited_ns = TELL_NS_PER_MS;
	queue_dropped = 7;
	tell_hurry_look(rig.stack, &rig.run);
	ck_assert(!tell_hurry_on(link_of(0)));
	tear_down(2);
}
END_TEST

START_TEST(a_hurried_sink_does_not_open_its_breaker)
{
	set_up(BOTH, 2);
	wait_for(0, 7);
	fakes[0].answer = TELL_TIMEOUT;
	for (int i = 0; i < 3 * TELL_BREAKER_FAILURES; i++)
		(void)walk();
	ck_assert(tell_breaker_is_closed(&link_of(0)->breaker));
	ck_assert_uint_eq(link_of(0)->verdicts[TELL_FULL], 3 * TELL_BREAKER_FAILURES);
	ck_assert_uint_eq(
		link_of(1)->verdicts[TELL_SUCCESS], 100 + 3 * TELL_BREAKER_FAILURES);
	tear_down(2);
}
END_TEST

static Suite *hurry_suite(void)
{
	Suite *s = suite_create("stack/hurry");
	tell_check_add(s, "hurry",
		a_wait_is_measured_and_hurts_nobody_while_the_queue_has_room,
		when_the_queue_loses_records_the_slowest_sink_is_waited_for_no_more,
		it_is_waited_for_again_once_it_keeps_up,
		the_queue_keeps_nothing_for_a_sink_that_is_hurried,
		the_only_sink_is_waited_for_whatever_the_queue_loses,
		one_that_is_not_waited_for_most_of_the_time_is_not_to_blame,
		a_hurried_sink_does_not_open_its_breaker, NULL);
	return s;
}
TELL_CHECK_MAIN(hurry_suite)
