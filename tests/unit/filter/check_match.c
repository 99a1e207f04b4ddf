#include "support/trial.h"

START_TEST(records_that_the_expression_holds_for_are_kept)
{
	struct tell_rig t;
	trial_open(&t, "filter required match [when=level>=error or status >= 500]");
	ck_assert(trial_keeps(&t, TELL_INFO, tell_i64("status", 503)));
	ck_assert(!trial_keeps(&t, TELL_INFO, tell_i64("status", 200)));
	ck_assert(!trial_keeps(&t, TELL_INFO, tell_str("other", "x")));
	ck_assert(trial_keeps(&t, TELL_ERROR, tell_i64("status", 200)));
	tell_rig_close(&t);
}
END_TEST

START_TEST(the_service_is_known_to_the_expression)
{
	struct tell_rig t;
	trial_open(&t, "filter required match [when=service=rig and pid=42]");
	ck_assert(trial_keeps(&t, TELL_INFO, tell_null("x")));
	tell_rig_close(&t);
	trial_open(&t, "filter required match when=service!=rig");
	ck_assert(!trial_keeps(&t, TELL_INFO, tell_null("x")));
	tell_rig_close(&t);
}
END_TEST

START_TEST(what_is_no_expression_is_refused_with_its_fix)
{
	trial_refused("filter required match", "when=", "");
	trial_refused("filter required match [when=status == 500]", "'=='", "write =");
	trial_refused("filter required match [when=level>=loud]", "not a level", "emerg");
}
END_TEST

static Suite *match_suite(void)
{
	Suite *s = suite_create("filter/match");
	tell_check_add(s, "match", records_that_the_expression_holds_for_are_kept,
		the_service_is_known_to_the_expression,
		what_is_no_expression_is_refused_with_its_fix, NULL);
	return s;
}
TELL_CHECK_MAIN(match_suite)
