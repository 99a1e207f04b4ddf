#include "api/round.h"
#include <string.h>
#include "base/clock.h"
#include "stack/stack.h"
#include "support/check_main.h"
#include "support/rig.h"

#define SEC TELL_NS_PER_SEC

static struct tell_round r;

/* The round of this stack, which only the round keeps. */
static void begin(const char *text)
{
	struct tell_stack *s = tell_rig_stack(text);
	struct tell_stack *before = tell_round_set(&r, s);
	tell_stack_free(s);
	if (before)
		tell_stack_release(before);
}

static void tear_down(void)
{
	struct tell_stack *before = tell_round_set(&r, NULL);
	if (before)
		tell_stack_release(before);
}

static void says(size_t i, enum tell_verdict v, uint64_t at_ns)
{
	struct tell_record said = { 0 };
	ck_assert_int_eq(tell_record_begin(&said, TELL_INFO, TELL_KIND_HEALTH), 0);
	struct tell_answer a = { v, at_ns, at_ns + 5, at_ns, &said };
	tell_round_begin(&r, i, at_ns);
	tell_round_end(&r, i, &a);
	tell_record_done(&said);
}

#define DB(control, more)                                                                \
	"health " control " callback name=db every=10s timeout=2s " more "\n"
#define WEB(control, more) "health " control " callback name=web every=4s " more "\n"

START_TEST(lines_are_asked_at_once_and_then_each_period)
{
	uint64_t due_ns;
	begin(DB("required", "") WEB("required", ""));
	ck_assert_uint_eq(r.n, 2);
	ck_assert_uint_eq(tell_round_next(&r, 100 * SEC, &due_ns), 0);
	says(0, TELL_SUCCESS, 100 * SEC);
	ck_assert_uint_eq(tell_round_next(&r, 100 * SEC, &due_ns), 1);
	says(1, TELL_SUCCESS, 100 * SEC);
	ck_assert_uint_eq(tell_round_next(&r, 100 * SEC, &due_ns), TELL_ROUND_NONE);
	ck_assert_uint_eq(due_ns, 104 * SEC);
	ck_assert_uint_eq(tell_round_next(&r, 104 * SEC, &due_ns), 1);
	says(1, TELL_SUCCESS, 104 * SEC);
	(void)tell_round_next(&r, 104 * SEC, &due_ns);
	ck_assert_uint_eq(due_ns, 108 * SEC);
}
END_TEST

START_TEST(one_that_takes_longer_than_its_period_never_catches_up)
{
	uint64_t due_ns;
	struct tell_answer a = { TELL_SUCCESS, 100 * SEC, 130 * SEC, 1, NULL };
	begin(DB("required", ""));
	tell_round_begin(&r, 0, 100 * SEC);
	tell_round_end(&r, 0, &a);
	(void)tell_round_next(&r, 100 * SEC, &due_ns);
	ck_assert_uint_eq(due_ns, 130 * SEC);
	ck_assert_uint_eq(r.lines[0].latency_ns, 30 * SEC);
}
END_TEST

START_TEST(nothing_is_known_before_all_have_answered)
{
	begin("");
	ck_assert_int_eq(tell_round_status(&r, 1), TELL_HEALTH_UNKNOWN);
	begin(DB("required", "") WEB("required", ""));
	ck_assert_int_eq(tell_round_status(&r, 1), TELL_HEALTH_UNKNOWN);
	says(0, TELL_FAILED, 100 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_HEALTH_UNKNOWN);
	says(1, TELL_SUCCESS, 100 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_UNHEALTHY);
}
END_TEST

START_TEST(control_words_decide_and_a_failed_line_degrades)
{
	begin(DB("required", "") WEB("optional", ""));
	says(0, TELL_SUCCESS, 100 * SEC);
	says(1, TELL_SUCCESS, 100 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_HEALTHY);
	says(1, TELL_UNAVAILABLE, 101 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_DEGRADED);
	ck_assert_int_eq(tell_round_check(&r, 1, 101 * SEC), TELL_UNHEALTHY);
	says(1, TELL_SPOOLED, 101 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_DEGRADED);
	says(0, TELL_UNAVAILABLE, 101 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_UNHEALTHY);
	says(0, TELL_IGNORE, 101 * SEC);
	says(1, TELL_IGNORE, 101 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_HEALTH_UNKNOWN);
}
END_TEST

START_TEST(of_two_sufficient_lines_one_is_enough)
{
	begin(DB("sufficient", "") WEB("required", ""));
	says(0, TELL_FAILED, 100 * SEC);
	says(1, TELL_SUCCESS, 100 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_DEGRADED);
	says(0, TELL_SUCCESS, 100 * SEC);
	says(1, TELL_FAILED, 100 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_DEGRADED);
}
END_TEST

START_TEST(only_live_lines_end_liveness)
{
	begin(DB("required", "") WEB("optional", "live=yes"));
	ck_assert(tell_round_live(&r, 1));
	says(0, TELL_FAILED, 100 * SEC);
	ck_assert(tell_round_live(&r, 101 * SEC));
	says(1, TELL_FAILED, 100 * SEC);
	ck_assert(!tell_round_live(&r, 101 * SEC));
	says(1, TELL_IGNORE, 101 * SEC);
	ck_assert(tell_round_live(&r, 101 * SEC));
}
END_TEST

START_TEST(a_line_that_hangs_has_timed_out)
{
	begin(DB("required", ""));
	says(0, TELL_SUCCESS, 100 * SEC);
	tell_round_begin(&r, 0, 110 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 112 * SEC), TELL_HEALTHY);
	ck_assert_uint_eq(tell_round_until(&r, 112 * SEC), 113 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 113 * SEC), TELL_UNHEALTHY);
	ck_assert_int_eq(tell_round_verdict(&r, 0, 113 * SEC), TELL_TIMEOUT);
}
END_TEST

START_TEST(an_answer_that_nobody_renews_does_not_hold_for_ever)
{
	begin(DB("required", ""));
	says(0, TELL_SUCCESS, 100 * SEC);
	uint64_t until_ns = tell_round_until(&r, 101 * SEC);
	ck_assert_uint_eq(until_ns, 100 * SEC + 5 + (3 * 10 + 2 + 10) * SEC);
	ck_assert_int_eq(tell_round_status(&r, until_ns - 1), TELL_HEALTHY);
	ck_assert_int_eq(tell_round_verdict(&r, 0, until_ns), TELL_TIMEOUT);
}
END_TEST

START_TEST(a_live_line_behind_one_that_hangs_does_not_restart_the_process)
{
	begin(DB("required", "") WEB("optional", "live=yes"));
	says(0, TELL_SUCCESS, 100 * SEC);
	says(1, TELL_SUCCESS, 100 * SEC);
	ck_assert(!tell_round_live(&r, 1000 * SEC)); /* nobody asks */
	tell_round_begin(&r, 0, 110 * SEC);
	ck_assert(tell_round_live(&r, 1000 * SEC));
	ck_assert_int_eq(tell_round_verdict(&r, 1, 1000 * SEC), TELL_TIMEOUT);
	says(0, TELL_SUCCESS, 1000 * SEC);
	tell_round_begin(&r, 1, 1001 * SEC); /* its own fault */
	ck_assert(!tell_round_live(&r, 1100 * SEC));
}
END_TEST

START_TEST(who_is_asked_is_not_asked_twice_and_hangs_alone)
{
	uint64_t due_ns;
	begin("health optional tcp port=1 name=a timeout=2s\n"
	      "health optional tcp port=1 name=b timeout=5s\n" DB("required", ""));
	tell_round_begin(&r, 0, 100 * SEC);
	ck_assert_uint_eq(tell_round_next(&r, 100 * SEC, &due_ns), 1);
	tell_round_begin(&r, 1, 101 * SEC);
	ck_assert_uint_eq(tell_round_next(&r, 101 * SEC, &due_ns), 2);
	r.calling = true; /* of another callback */
	ck_assert_uint_eq(tell_round_next(&r, 101 * SEC, &due_ns), TELL_ROUND_NONE);
	ck_assert_uint_eq(due_ns, UINT64_MAX);
	ck_assert_uint_eq(tell_round_until(&r, 101 * SEC), 103 * SEC);
	ck_assert_int_eq(tell_round_verdict(&r, 0, 103 * SEC), TELL_TIMEOUT);
	ck_assert_int_eq(tell_round_verdict(&r, 1, 103 * SEC), TELL_IGNORE);
	ck_assert_int_eq(tell_round_verdict(&r, 1, 107 * SEC), TELL_TIMEOUT);
	/* Other lines of these names are asked anew; the callback is still under way. */
	begin("health optional tcp port=2 name=a\n" DB("required", ""));
	ck_assert_uint_eq(tell_round_next(&r, 103 * SEC, &due_ns), 0);
	ck_assert(r.calling);
	tell_round_begin(&r, 0, 103 * SEC);
	tell_round_forget(&r);
	ck_assert(!r.calling && !r.lines[0].busy);
}
END_TEST

START_TEST(a_reload_keeps_the_answers_of_lines_that_stay)
{
	uint64_t due_ns;
	begin(DB("required", "") WEB("required", ""));
	says(0, TELL_FAILED, 100 * SEC);
	says(1, TELL_SUCCESS, 100 * SEC);
	r.lines[0].told = TELL_UNHEALTHY;
	begin(WEB("required", "") "health optional callback name=new\n" DB(
		"required", ""));
	ck_assert_uint_eq(r.n, 3);
	ck_assert_int_eq(tell_round_check(&r, 0, 101 * SEC), TELL_HEALTHY);
	ck_assert_int_eq(tell_round_check(&r, 1, 101 * SEC), TELL_HEALTH_UNKNOWN);
	ck_assert_int_eq(tell_round_check(&r, 2, 101 * SEC), TELL_UNHEALTHY);
	ck_assert_int_eq(r.lines[2].told, TELL_UNHEALTHY);
	ck_assert_uint_eq(
		tell_round_next(&r, 101 * SEC, &due_ns), 0); /* again, at once */
}
END_TEST

START_TEST(lines_of_one_name_have_numbers)
{
	begin("health required callback name=a\nhealth required permit\n"
	      "health required callback name=a live=yes every=1ms\n");
	ck_assert_str_eq(r.lines[0].line.name, "a");
	ck_assert_str_eq(r.lines[1].line.name, "permit");
	ck_assert_uint_eq(r.lines[1].line.every_ns, 10 * SEC);
	ck_assert_str_eq(r.lines[2].line.name, "a#2");
	ck_assert(r.lines[2].line.live);
	ck_assert_uint_eq(r.lines[2].line.every_ns, TELL_EVERY_MIN_NS);
}
END_TEST

START_TEST(metric_lines_without_a_period_are_not_asked)
{
	begin("metric optional permit\nhealth required permit\n");
	ck_assert_uint_eq(r.n, 1);
	ck_assert(r.lines[0].line.health);
}
END_TEST

START_TEST(a_wrong_line_is_unhealthy)
{
	begin("health required nosuch\n");
	ck_assert_uint_eq(r.n, 1);
	says(0, TELL_UNKNOWN, 100 * SEC);
	ck_assert_int_eq(tell_round_status(&r, 101 * SEC), TELL_UNHEALTHY);
}
END_TEST

static Suite *round_suite(void)
{
	Suite *s = suite_create("api/round");
	TCase *tc = tcase_create("round");
	tcase_add_checked_fixture(tc, NULL, tear_down);
	tcase_add_test(tc, lines_are_asked_at_once_and_then_each_period);
	tcase_add_test(tc, one_that_takes_longer_than_its_period_never_catches_up);
	tcase_add_test(tc, nothing_is_known_before_all_have_answered);
	tcase_add_test(tc, control_words_decide_and_a_failed_line_degrades);
	tcase_add_test(tc, of_two_sufficient_lines_one_is_enough);
	tcase_add_test(tc, only_live_lines_end_liveness);
	tcase_add_test(tc, a_line_that_hangs_has_timed_out);
	tcase_add_test(tc, an_answer_that_nobody_renews_does_not_hold_for_ever);
	tcase_add_test(
		tc, a_live_line_behind_one_that_hangs_does_not_restart_the_process);
	tcase_add_test(tc, who_is_asked_is_not_asked_twice_and_hangs_alone);
	tcase_add_test(tc, a_reload_keeps_the_answers_of_lines_that_stay);
	tcase_add_test(tc, lines_of_one_name_have_numbers);
	tcase_add_test(tc, metric_lines_without_a_period_are_not_asked);
	tcase_add_test(tc, a_wrong_line_is_unhealthy);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(round_suite)
