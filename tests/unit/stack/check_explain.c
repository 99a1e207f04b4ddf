#include <stdio.h>
#include <string.h>

#include "support/check_main.h"
#include "support/rig.h"
#include "support/scratch.h"
#include "support/trial.h"

static char told[1024];

static void note(void *arg, const struct tell_step *step)
{
	(void)arg;
	size_t n = strlen(told);
	(void)snprintf(told + n, sizeof(told) - n, "%s %s %s%s %s%s%s\n", step->type,
		step->control, step->module, step->ran ? "" : " (dry)",
		tell_verdict_word(step->verdict), step->last ? " = " : "",
		step->last ? tell_verdict_word(step->result) : "");
}

static enum tell_verdict explain(struct tell_rig *rig, bool dry)
{
	told[0] = '\0';
	trial_begin(rig, TELL_INFO);
	return tell_stack_explain(rig->stack, &rig->run, dry, note, NULL);
}

START_TEST(each_line_reached_is_told_and_the_last_tells_the_result)
{
	struct tell_rig rig;
	tell_rig_open(&rig,
		"enrich optional deny\nenrich required permit\n"
		"filter sufficient permit\nfilter required deny\n"
		"redact required permit\nsink optional deny\n");
	ck_assert_int_eq(explain(&rig, false), TELL_DENIED);
	ck_assert_str_eq(told,
		"enrich optional deny denied\n"
		"enrich required permit success = success\n"
		"filter sufficient permit success = success\n"
		"redact required permit success = success\n"
		"sink optional deny denied = denied\n");
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_filtered_record_goes_no_further)
{
	struct tell_rig rig;
	tell_rig_open(&rig,
		"filter requisite deny\nfilter required permit\n"
		"sink required permit\n");
	ck_assert_int_eq(explain(&rig, false), TELL_IGNORE);
	ck_assert_ptr_nonnull(strstr(told, "filter requisite deny denied = denied\n"));
	ck_assert_ptr_null(strstr(told, "sink"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(dry_shows_sinks_and_writes_nothing)
{
	struct tell_rig rig;
	tell_scratch_make();
	const char *path = tell_scratch_path("log");
	tell_rig_open(&rig, "sink sufficient file path=%s\nsink required deny\n", path);
	ck_assert_int_eq(explain(&rig, true), TELL_SUCCESS);
	ck_assert_ptr_nonnull(
		strstr(told, "sink sufficient file (dry) success = success\n"));
	ck_assert_uint_eq(tell_scratch_lines(path), 0);
	ck_assert_int_eq(explain(&rig, false), TELL_SUCCESS);
	(void)tell_rig_flush(&rig, 1000); /* what counts is the file */
	ck_assert_uint_eq(tell_scratch_lines(path), 1);
	tell_rig_close(&rig);
	tell_scratch_remove();
}
END_TEST

START_TEST(a_stack_loaded_dry_is_shown_and_never_run)
{
	static const char text[] =
		"filter required match [when=n=1]\nredact required keys\n"
		"sink required file path=/nonexistent/x\n";
	struct tell_rig rig;
	tell_rig_open(&rig, "sink required permit");
	tell_stack_free(rig.stack);
	ck_assert_int_eq(tell_stack_load_text(&rig.stack, &rig.who, "dry", text,
				 sizeof(text) - 1, TELL_STACK_DRY, NULL),
		0);
	ck_assert_int_eq(explain(&rig, false), TELL_SUCCESS);
	ck_assert_ptr_nonnull(strstr(told, "filter required match (dry) success"));
	ck_assert_ptr_nonnull(strstr(told, "sink required file (dry) success"));
	trial_begin(&rig, TELL_INFO);
	ck_assert_int_eq(tell_stack_run(rig.stack, &rig.run), TELL_SUCCESS);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(explaining_does_not_count)
{
	struct tell_rig rig;
	struct tell_stack_stats stats;
	struct tell_line_stats line;
	size_t pos = 0;
	tell_rig_open(&rig, "sink required permit");
	(void)explain(&rig, false);
	tell_stack_stats(rig.stack, &stats);
	ck_assert_uint_eq(stats.records, 0);
	while (tell_stack_next_line(rig.stack, &pos, &line))
		ck_assert_uint_eq(line.offered, 0);
	tell_rig_close(&rig);
}
END_TEST

static Suite *explain_suite(void)
{
	Suite *s = suite_create("stack/explain");
	tell_check_add(s, "explain",
		each_line_reached_is_told_and_the_last_tells_the_result,
		a_filtered_record_goes_no_further, dry_shows_sinks_and_writes_nothing,
		a_stack_loaded_dry_is_shown_and_never_run, explaining_does_not_count,
		NULL);
	return s;
}
TELL_CHECK_MAIN(explain_suite)
