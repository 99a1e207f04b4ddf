#define TELL_LOGGER "test.level"
#include "api/level.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <telltale.h>
#include "api/rule.h"
#include "support/check_main.h"
#include "support/flow.h"

static void debug_here(void)
{
	tell_debug("here");
}

static void debug_there(void)
{
	tell_debug("there");
}

static size_t debugs(void)
{
	size_t before = flow_count();
	debug_here();
	debug_there();
	return flow_count() - before;
}

START_TEST(without_rules_info_speaks_and_debug_does_not)
{
	flow_start("");
	ck_assert_uint_eq(debugs(), 0);
	tell_info("x");
	ck_assert_uint_eq(flow_count(), 1);
}
END_TEST

START_TEST(a_rule_switches_only_its_sites)
{
	flow_start("");
	ck_assert_int_eq(tell_level_set("func:debug_here debug"), 0);
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_uint_eq(flow_count_of("\"here\""), 1);
	ck_assert_int_eq(tell_level_set("file:check_level.c debug"), 0);
	ck_assert_uint_eq(debugs(), 2);
	ck_assert_int_eq(tell_level_set("file:other.c off"), 0);
	ck_assert_uint_eq(debugs(), 2);
	ck_assert_int_eq(tell_level_set("func:debug_here reset"), 0);
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_int_eq(tell_level_set("reset"), 0);
	ck_assert_uint_eq(debugs(), 0);
}
END_TEST

START_TEST(the_last_matching_rule_wins)
{
	flow_start("");
	ck_assert_int_eq(tell_level_set("debug, func:debug_here off"), 0);
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_int_eq(tell_level_set("debug"), 0); /* said again: the last one now */
	ck_assert_uint_eq(debugs(), 2);
}
END_TEST

START_TEST(the_longest_logger_prefix_wins)
{
	flow_start("");
	ck_assert_int_eq(
		tell_level_set("logger:test.level debug, logger:test warning"), 0);
	ck_assert_uint_eq(debugs(), 2);
	ck_assert_int_eq(tell_level_set("logger:test.level off"), 0);
	ck_assert_uint_eq(debugs(), 0);
}
END_TEST

START_TEST(off_silences_even_an_emergency)
{
	flow_start("");
	ck_assert_int_eq(tell_level_set("off"), 0);
	tell_emerg("x");
	tell_log(TELL_EMERG, "x", NULL, 0);
	ck_assert_uint_eq(flow_count(), 0);
}
END_TEST

START_TEST(a_wrong_rule_changes_nothing)
{
	flow_start("");
	ck_assert_int_eq(tell_level_set("debug, nonsense"), -EINVAL);
	ck_assert_int_eq(tell_level_set(NULL), -EINVAL);
	ck_assert_uint_eq(debugs(), 0);
}
END_TEST

START_TEST(a_filter_line_beyond_info_opens_the_sites)
{
	flow_start("filter required level min=debug\n");
	ck_assert_uint_eq(debugs(), 2);
	flow_start("filter required level min=warning\n");
	tell_info("x");
	ck_assert_uint_eq(flow_count(), 0);
}
END_TEST

START_TEST(a_rule_lets_records_through_the_filter)
{
	flow_start("filter required level min=warning\n");
	ck_assert_int_eq(tell_level_set("func:debug_here debug"), 0);
	ck_assert_uint_eq(debugs(), 1);
}
END_TEST

START_TEST(a_level_known_at_run_time_is_gated_too)
{
	flow_start("");
	for (int level = TELL_EMERG; level <= TELL_DEBUG; level++)
		tell_log(level, "m", NULL, 0);
	ck_assert_uint_eq(flow_count(), 7);
	tell_log(99, "clamped to debug", NULL, 0);
	tell_log(-5, "clamped to emerg", NULL, 0);
	ck_assert_uint_eq(flow_count(), 8);
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"level\":\"emerg\""));
}
END_TEST

START_TEST(rules_are_at_most_so_many)
{
	char text[32];
	int r = 0;
	for (int i = 0; i < TELL_RULES_MAX && r == 0; i++) {
		(void)snprintf(text, sizeof(text), "line:%d debug", i + 100000);
		r = tell_level_set(text);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(tell_level_set("line:7 debug"), -ENOSPC);
	ck_assert_int_eq(tell_level_set("line:100000 off"), 0); /* one that is there */
}
END_TEST

START_TEST(a_timed_rule_lies_over_those_that_stay)
{
	static const int owner, stranger;
	flow_start("");
	ck_assert_int_eq(tell_level_set("func:debug_here debug"), 0);
	ck_assert_int_eq(tell_level_set_until("func:debug_here off", &owner, 100), 0);
	ck_assert_int_eq(tell_level_set_until("func:debug_there debug", &owner, 200), 0);
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_uint_eq(flow_count_of("\"there\""), 1);
	ck_assert_uint_eq(tell_level_expire(&stranger, UINT64_MAX), UINT64_MAX);
	ck_assert_uint_eq(tell_level_expire(&owner, 99), 100);
	ck_assert_uint_eq(tell_level_expire(&owner, 100), 200);
	ck_assert_uint_eq(debugs(), 2); /* here is as it was before */
	ck_assert_uint_eq(tell_level_expire(&owner, 200), UINT64_MAX);
	ck_assert_uint_eq(debugs(), 1);
	ck_assert_int_eq(tell_level_set("reset"), 0);
	ck_assert_uint_eq(debugs(), 0);
}
END_TEST

START_TEST(a_timed_rule_said_again_is_one)
{
	static const int owner;
	struct tell_level_rule rules[8];
	flow_start("");
	ck_assert_int_eq(tell_level_set_until("debug", &owner, 100), 0);
	ck_assert_int_eq(tell_level_set_until("debug", &owner, 300), 0);
	ck_assert_uint_eq(tell_level_rules(rules, 8), 1);
	ck_assert_uint_eq(tell_level_expire(&owner, 150), 300);
	ck_assert_int_eq(tell_level_set("info"), 0); /* for good: no longer timed */
	ck_assert_uint_eq(tell_level_expire(&owner, 0), UINT64_MAX);
	ck_assert_uint_eq(tell_level_rules(rules, 8), 1);
	ck_assert_int_eq(rules[0].level, TELL_INFO);
}
END_TEST

START_TEST(a_timed_reset_comes_back_from)
{
	static const int owner;
	flow_start("");
	ck_assert_int_eq(tell_level_set("debug"), 0);
	ck_assert_int_eq(tell_level_set_until("reset", &owner, 100), 0);
	ck_assert_uint_eq(debugs(), 0);
	(void)tell_level_expire(&owner, 100);
	ck_assert_uint_eq(debugs(), 2);
}
END_TEST

START_TEST(the_sites_of_a_rule_are_counted)
{
	ck_assert_int_eq(tell_level_sites("func:debug_here debug"), 1);
	ck_assert_int_eq(
		tell_level_sites("func:debug_here debug, func:debug_there off"), 2);
	ck_assert_int_eq(tell_level_sites("file:nowhere.c debug"), 0);
	ck_assert_int_eq(tell_level_sites("nonsense"), -EINVAL);
}
END_TEST

static Suite *level_suite(void)
{
	Suite *s = suite_create("api/level");
	tell_check_add(s, "levels", without_rules_info_speaks_and_debug_does_not,
		a_rule_switches_only_its_sites, the_last_matching_rule_wins,
		the_longest_logger_prefix_wins, off_silences_even_an_emergency,
		a_wrong_rule_changes_nothing, a_filter_line_beyond_info_opens_the_sites,
		a_rule_lets_records_through_the_filter,
		a_level_known_at_run_time_is_gated_too, rules_are_at_most_so_many, NULL);
	tell_check_add(s, "for a time", a_timed_rule_lies_over_those_that_stay,
		a_timed_rule_said_again_is_one, a_timed_reset_comes_back_from,
		the_sites_of_a_rule_are_counted, NULL);
	return s;
}
TELL_CHECK_MAIN(level_suite)
