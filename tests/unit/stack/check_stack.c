#include <errno.h>
#include <string.h>

#include "stack/chain.h"
#include "support/check_main.h"
#include "support/rig.h"

/* A module that counts what it is asked, put in the place of a loaded one. */
static int flushed, reopened, born, closed, result;

static enum tell_verdict run_it(void *state, struct tell_run *run)
{
	(void)state;
	(void)run;
	return TELL_SUCCESS;
}

static int flush_it(void *state, struct tell_run *run)
{
	(void)state;
	flushed++;
	tell_note(run, TELL_NOTICE, "flush", "flushing");
	return result;
}

static int reopen_it(void *state)
{
	(void)state;
	reopened++;
	return result;
}

static void bear_it(void *state)
{
	(void)state;
	born++;
}

static void close_it(void *state)
{
	(void)state;
	closed++;
}

static const struct tell_module counting = {
	.abi = TELL_MODULE_ABI,
	.type = "sink",
	.name = "counting",
	.summary = "counts",
	.run = run_it,
	.close = close_it,
	.flush = flush_it,
	.reopen = reopen_it,
	.child = bear_it,
};

static void open_counting(struct tell_rig *rig)
{
	tell_rig_open(rig, "sink required permit\nsink required permit\n");
	struct tell_chain *sinks = &rig->stack->chains[TELL_CHAIN_SINK];
	for (size_t i = 0; i < sinks->n; i++)
		sinks->links[i].module = &counting;
}

START_TEST(flush_and_reopen_ask_every_line_and_give_the_first_error)
{
	struct tell_rig rig;
	open_counting(&rig);
	ck_assert_int_eq(tell_rig_flush(&rig, 10), 0);
	ck_assert(tell_rig_noted(&rig, "flush"));
	ck_assert_int_eq(tell_stack_reopen(rig.stack), 0);
	result = -ETIMEDOUT;
	ck_assert_int_eq(tell_rig_flush(&rig, 10), -ETIMEDOUT);
	ck_assert_int_eq(tell_stack_reopen(rig.stack), -ETIMEDOUT);
	ck_assert_int_eq(flushed, 4);
	ck_assert_int_eq(reopened, 4);
	tell_rig_close(&rig);
	ck_assert_int_eq(closed, 2);
}
END_TEST

START_TEST(a_child_has_its_own_pid_and_numbers_and_every_line_is_told)
{
	struct tell_rig rig;
	const struct tell_identity child = {
		.service = "other", .host = "x", .pid = 4711
	};
	open_counting(&rig);
	(void)tell_rig_say(&rig, TELL_INFO, "the parent's");
	rig.stack->causes.suppressed = 3;
	tell_stack_child(rig.stack, &child);
	ck_assert_uint_eq(tell_stack_identity(rig.stack)->pid, 4711);
	ck_assert_str_eq(tell_stack_identity(rig.stack)->service, "rig");
	ck_assert_int_eq(born, 2);
	struct tell_stack_stats stats;
	tell_stack_stats(rig.stack, &stats);
	ck_assert_uint_eq(stats.records, 0);
	ck_assert_uint_eq(stats.notes_suppressed, 0);
	struct tell_line_stats line;
	for (size_t pos = 0; tell_stack_next_line(rig.stack, &pos, &line);)
		ck_assert_uint_eq(line.offered, 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
	ck_assert_ptr_null(tell_stack_free(NULL));
}
END_TEST

static Suite *stack_suite(void)
{
	Suite *s = suite_create("stack/stack");
	tell_check_add(s, "stack",
		flush_and_reopen_ask_every_line_and_give_the_first_error,
		a_child_has_its_own_pid_and_numbers_and_every_line_is_told,
		freeing_nothing_is_fine, NULL);
	return s;
}
TELL_CHECK_MAIN(stack_suite)
