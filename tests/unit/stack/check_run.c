#include <stdio.h>
#include <string.h>

#include "stack/chain.h"
#include "support/check_main.h"
#include "support/rig.h"
#include "support/trial.h"

/* A stack even of a wrong text, as at a first start. */
static void open_first(struct tell_rig *rig, const char *text)
{
	tell_rig_open(rig, "sink required permit");
	tell_stack_free(rig->stack);
	ck_assert_int_eq(
		tell_stack_load_text(&rig->stack, &rig->who, "first", text, strlen(text),
			TELL_STACK_FIRST | TELL_STACK_NO_TERMINAL, NULL),
		0);
}

static struct tell_stack_stats stats_of(const struct tell_rig *rig)
{
	struct tell_stack_stats stats;
	tell_stack_stats(rig->stack, &stats);
	ck_assert_uint_eq(
		stats.records, stats.filtered + stats.delivered + stats.undelivered);
	return stats;
}

#define SECRET "s3cr3t-value"

static void begin_secret(struct tell_rig *rig)
{
	trial_begin(rig, TELL_INFO);
	trial_add(rig, tell_str("user", SECRET));
}

START_TEST(a_filter_that_says_no_drops_and_counts)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "filter required deny\nsink required permit");
	trial_begin(&rig, TELL_INFO);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_IGNORE);
	ck_assert_uint_eq(stats_of(&rig).filtered, 1);
	trial_begin(&rig, TELL_INFO);
	ck_assert_int_eq(tell_stack_run_unfiltered(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_eq(stats_of(&rig).delivered, 1);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(what_follows_a_record_has_no_deadline_of_its_own)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "sink required permit");
	trial_begin(&rig, TELL_INFO);
	rig.run.deadline_ns = 1;
	ck_assert_int_eq(tell_stack_run_unfiltered(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_eq(tell_run_deadline(&rig.run), 1);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_gt(tell_run_deadline(&rig.run), 1);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(an_enrich_that_fails_lets_the_record_go_on)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "enrich required deny\nsink required permit");
	trial_begin(&rig, TELL_INFO);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_eq(stats_of(&rig).enrich_failed, 1);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_redact_that_fails_masks_every_value)
{
	char room[256];
	struct tell_rig rig;
	tell_rig_open(&rig, "redact required deny\nsink required permit");
	begin_secret(&rig);
	trial_add(&rig, tell_i64("n", 42));
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_str_eq(trial_text(&rig, "user", room), TELL_MASKED);
	ck_assert_str_eq(trial_text(&rig, "n", room), TELL_MASKED);
	size_t len;
	const char *message = tell_record_text(&rig.record, &len);
	ck_assert_uint_eq(len, strlen(TELL_MASKED));
	ck_assert_int_eq(memcmp(message, TELL_MASKED, len), 0);
	ck_assert_ptr_null(
		memmem(rig.record.head, rig.record.head->size, SECRET, strlen(SECRET)));
	ck_assert_uint_eq(stats_of(&rig).masked, 1);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_redact_line_that_cannot_load_masks_whatever_its_control)
{
	static const char *const lines[] = { "redact optional keys nosuch=1",
		"redact optional nosuch",
		"redact required permit\nredact sufficient regex x",
		"redckt required permit", "redact",
		"@include nosuch\nredact required permit",
		"redact required permit\nredact [success=okk] permit" };
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char room[256], text[256];
		struct tell_rig rig;
		(void)snprintf(text, sizeof(text),
			"sink required permit\nfilter required permit\n%s\n", lines[i]);
		open_first(&rig, text);
		begin_secret(&rig);
		(void)tell_stack_run(rig.stack, &rig.run); /* only the record counts */
		ck_assert_msg(strcmp(trial_text(&rig, "user", room), TELL_MASKED) == 0,
			"%s: %s", lines[i], room);
		tell_rig_close(&rig);
	}
}
END_TEST

START_TEST(a_missing_module_behind_a_dash_does_not_mask)
{
	char room[256];
	struct tell_rig rig;
	tell_rig_open(&rig,
		"redact required permit\n-redact optional nosuch\nsink required permit");
	begin_secret(&rig);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_str_eq(trial_text(&rig, "user", room), SECRET);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_broken_sink_line_brings_the_default_sinks_in_when_no_other_took_it)
{
	struct tell_rig rig;
	open_first(&rig,
		"filter required permit\nredact required permit\n"
		"sink required nosuch\nsink required permit\n");
	ck_assert_uint_gt(rig.stack->rescue.n, 0);
	trial_begin(&rig, TELL_INFO);
	/* Another line took it: the broken one was told of at the load. */
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_eq(stats_of(&rig).delivered, 1);
	for (size_t i = 0; i < rig.stack->rescue.n; i++)
		ck_assert_uint_eq(rig.stack->rescue.links[i].verdicts[TELL_SUCCESS], 0);
	tell_rig_close(&rig);

	open_first(&rig,
		"filter required permit\nredact required permit\n"
		"sink required nosuch\nsink required deny\n");
	/* The default ends in stderr, which is there. */
	trial_begin(&rig, TELL_INFO);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_eq(stats_of(&rig).delivered, 1);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(the_ledger_of_a_line_is_the_sum_of_its_verdicts)
{
	struct tell_rig rig;
	struct tell_line_stats line;
	size_t pos = 0;
	tell_rig_open(&rig,
		"sink optional debug verdict=timeout\nsink required permit\n"
		"sink required deny");
	for (int i = 0; i < 5; i++) {
		trial_begin(&rig, TELL_INFO);
		ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_DENIED);
	}
	unsigned sinks = 0;
	while (tell_stack_next_line(rig.stack, &pos, &line)) {
		if (strcmp(line.type, "sink") != 0)
			continue;
		ck_assert_uint_eq(line.offered, 5);
		ck_assert(line.loaded);
		ck_assert_str_eq(line.file, "rig");
		if (++sinks == 1)
			ck_assert_uint_eq(line.verdicts[TELL_TIMEOUT], 5);
	}
	ck_assert_uint_eq(sinks, 3);
	ck_assert_uint_eq(stats_of(&rig).undelivered, 5);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_note_is_said_once_a_minute_and_tells_its_line)
{
	struct tell_rig rig;
	tell_rig_open(&rig, "sink required debug [note=it is full]");
	trial_begin(&rig, TELL_INFO);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_eq(rig.notes.n, 1);
	ck_assert_str_eq(rig.notes.list[0].text, "it is full");
	ck_assert_str_eq(rig.notes.list[0].module, "debug");
	rig.notes.n = 0;
	trial_begin(&rig, TELL_INFO);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	ck_assert_uint_eq(rig.notes.n, 0);
	ck_assert_uint_eq(stats_of(&rig).notes_suppressed, 1);
	tell_rig_close(&rig);
}
END_TEST

static Suite *run_suite(void)
{
	Suite *s = suite_create("stack/run");
	tell_check_add(s, "verdicts", a_filter_that_says_no_drops_and_counts,
		what_follows_a_record_has_no_deadline_of_its_own,
		an_enrich_that_fails_lets_the_record_go_on,
		a_redact_that_fails_masks_every_value, NULL);
	tell_check_add(s, "broken lines",
		a_redact_line_that_cannot_load_masks_whatever_its_control,
		a_missing_module_behind_a_dash_does_not_mask,
		a_broken_sink_line_brings_the_default_sinks_in_when_no_other_took_it,
		NULL);
	tell_check_add(s, "ledger", the_ledger_of_a_line_is_the_sum_of_its_verdicts,
		a_note_is_said_once_a_minute_and_tells_its_line, NULL);
	return s;
}
TELL_CHECK_MAIN(run_suite)
