#include "support/trial.h"

START_TEST(records_at_min_and_worse_are_kept_others_dropped)
{
	struct tell_rig t;
	trial_open(&t, "filter required level min=warning");
	for (int level = TELL_EMERG; level <= TELL_DEBUG; level++) {
		trial_begin(&t, level);
		ck_assert_int_eq(trial_run(&t),
			level <= TELL_WARNING ? TELL_SUCCESS : TELL_IGNORE);
	}
	tell_rig_close(&t);
}
END_TEST

START_TEST(without_min_it_is_info)
{
	struct tell_rig t;
	trial_open(&t, "filter required level");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	trial_begin(&t, TELL_DEBUG);
	ck_assert_int_eq(trial_run(&t), TELL_IGNORE);
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_record_that_a_rule_let_on_is_kept)
{
	struct tell_rig t;
	trial_open(&t, "filter required level min=err");
	trial_begin(&t, TELL_DEBUG);
	t.record.head->flags |= TELL_RECORD_FORCED;
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	tell_rig_close(&t);
}
END_TEST

START_TEST(the_stack_knows_the_most_verbose_min)
{
	struct tell_rig t;
	trial_open(
		&t, "filter sufficient level min=debug\nfilter required level min=err");
	ck_assert_int_eq(tell_stack_threshold(t.stack), TELL_DEBUG);
	tell_rig_close(&t);
}
END_TEST

START_TEST(what_is_no_level_is_refused)
{
	trial_refused("filter required level min=loud", "loud", "");
	trial_refused("filter required level max=info", "max", "min");
}
END_TEST

static Suite *level_suite(void)
{
	Suite *s = suite_create("filter/level");
	tell_check_add(s, "level", records_at_min_and_worse_are_kept_others_dropped,
		without_min_it_is_info, a_record_that_a_rule_let_on_is_kept,
		the_stack_knows_the_most_verbose_min, what_is_no_level_is_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(level_suite)
