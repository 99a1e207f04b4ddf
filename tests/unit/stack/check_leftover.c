#include <string.h>

#include "stack/chain.h"
#include "support/check_main.h"
#include "support/rig.h"

/* Sinks that keep what they take: the state of each is how much it says it holds. */
static uint64_t held[4];

static enum tell_verdict keep(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return TELL_SPOOLED;
}

static uint64_t drop(void *state, struct tell_run *run)
{
	uint64_t *holds = state;
	uint64_t n = *holds;
	if (n)
		tell_note(run, TELL_WARNING, "dropped", "%d", (int)n);
	*holds = 0;
	return n;
}

/* A flush that went well, but for so many. */
static uint64_t lost_by_flush;

static int flush(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return 0;
}

static uint64_t lost(void *state)
{
	(void)state;
	uint64_t n = lost_by_flush;
	lost_by_flush = 0;
	return n;
}

static const struct tell_module keeping = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "keeping",
	.summary = "keeps",
	.run = keep,
	.flush = flush,
	.drop = drop,
	.lost = lost,
};

static struct tell_rig rig;

/* A stack whose lines with `debug` keep what they take. */
static void open_keeping(const char *lines)
{
	memset(held, 0, sizeof(held));
	tell_rig_open(&rig, "%s", lines);
	struct tell_chain *sinks = &rig.stack->chains[TELL_CHAIN_SINK];
	for (size_t i = 0; i < sinks->n; i++) {
		struct tell_link *link = &sinks->links[i];
		if (strcmp(link->line.module, "debug") != 0)
			continue;
		link->module->close(link->state);
		link->module = &keeping;
		link->run = keep;
		link->state = &held[i];
	}
	for (int i = 0; i < 5; i++)
		(void)tell_rig_say(&rig, TELL_INFO, "kept");
}

static uint64_t give_up(uint64_t first, uint64_t second)
{
	held[0] = first;
	held[1] = second;
	rig.notes.n = 0;
	return tell_stack_give_up(rig.stack, &rig.run);
}

static void expect(uint64_t delivered, uint64_t undelivered)
{
	struct tell_stack_stats s;
	tell_stack_stats(rig.stack, &s);
	ck_assert_uint_eq(s.records, 5);
	ck_assert_uint_eq(s.delivered, delivered);
	ck_assert_uint_eq(s.undelivered, undelivered);
}

static struct tell_line_stats line(size_t wanted)
{
	struct tell_line_stats s = { 0 };
	for (size_t pos = 0, sinks = 0; tell_stack_next_line(rig.stack, &pos, &s);)
		if (strcmp(s.type, "sink") == 0 && sinks++ == wanted)
			return s;
	ck_abort();
}

START_TEST(what_a_sink_gives_up_was_not_delivered)
{
	open_keeping("sink required debug");
	ck_assert_uint_eq(give_up(0, 0), 0);
	expect(5, 0);
	ck_assert_uint_eq(give_up(3, 0), 3);
	ck_assert(tell_rig_noted(&rig, "dropped"));
	expect(2, 3);
	ck_assert_uint_eq(line(0).verdicts[TELL_SPOOLED], 2);
	ck_assert_uint_eq(line(0).verdicts[TELL_UNAVAILABLE], 3);
	ck_assert_uint_eq(line(0).offered, 5);
	ck_assert_uint_eq(give_up(100, 0), 100); /* no counter goes below zero */
	expect(0, 5);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_line_the_chain_can_do_without_loses_for_itself)
{
	open_keeping("sink optional debug\nsink required permit");
	ck_assert_uint_eq(give_up(3, 0), 3);
	expect(5, 0);
	ck_assert_uint_eq(line(0).verdicts[TELL_UNAVAILABLE], 3);
	tell_rig_close(&rig);
	open_keeping("sink required debug\nsink required permit");
	ck_assert_uint_eq(give_up(3, 0), 3);
	expect(2, 3);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(what_a_sufficient_line_kept_no_line_behind_it_has)
{
	open_keeping("sink sufficient debug\nsink sufficient permit");
	ck_assert_uint_eq(give_up(3, 0), 3);
	expect(2, 3);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(one_that_stands_in_for_another_is_needed)
{
	open_keeping("sink sufficient deny\nsink sufficient debug");
	ck_assert_uint_eq(give_up(0, 3), 3);
	expect(2, 3);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(lines_may_have_lost_the_same_records)
{
	open_keeping("sink required debug\nsink required debug");
	ck_assert_uint_eq(give_up(2, 3), 5);
	expect(2, 3);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(what_a_flush_found_lost_was_not_delivered)
{
	open_keeping("sink required debug");
	lost_by_flush = 2;
	ck_assert_int_eq(tell_stack_flush(rig.stack, &rig.run), 0);
	expect(3, 2);
	ck_assert_uint_eq(line(0).verdicts[TELL_SUCCESS], 3);
	ck_assert_uint_eq(line(0).verdicts[TELL_UNAVAILABLE], 2);
	ck_assert_int_eq(tell_stack_flush(rig.stack, &rig.run), 0);
	expect(3, 2);
	tell_rig_close(&rig);
}
END_TEST

static Suite *leftover_suite(void)
{
	Suite *s = suite_create("stack/leftover");
	tell_check_add(s, "leftover", what_a_sink_gives_up_was_not_delivered,
		a_line_the_chain_can_do_without_loses_for_itself,
		what_a_sufficient_line_kept_no_line_behind_it_has,
		one_that_stands_in_for_another_is_needed,
		lines_may_have_lost_the_same_records,
		what_a_flush_found_lost_was_not_delivered, NULL);
	return s;
}
TELL_CHECK_MAIN(leftover_suite)
