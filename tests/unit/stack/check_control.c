#include "stack/control.h"

#include <stdio.h>
#include <string.h>

#include "stack/stack.h"
#include "support/check_main.h"

static int16_t actions[TELL_N_VERDICTS];
static struct tell_control_fault fault;

static enum tell_control parse(const char *text)
{
	return tell_control_parse(actions, text, &fault);
}

static void expect(const char *text, int success, int spooled, int ignore, int rest)
{
	ck_assert_int_eq(parse(text), TELL_CONTROL_ACTIONS);
	ck_assert_msg(!fault.what, "%s: %s", text, fault.what);
	for (int v = 0; v < TELL_N_VERDICTS; v++) {
		int want = v == TELL_SUCCESS ? success
			: v == TELL_SPOOLED  ? spooled
			: v == TELL_IGNORE   ? ignore
					     : rest;
		ck_assert_msg(actions[v] == want, "%s: %s is %d", text,
			tell_verdict_word((enum tell_verdict)v), actions[v]);
	}
}

START_TEST(the_four_words_are_the_pairs_of_the_manual)
{
	expect("required", TELL_ACTION_OK, TELL_ACTION_OK, TELL_ACTION_IGNORE,
		TELL_ACTION_BAD);
	expect("REQUISITE", TELL_ACTION_OK, TELL_ACTION_OK, TELL_ACTION_IGNORE,
		TELL_ACTION_DIE);
	expect("Sufficient", TELL_ACTION_DONE, TELL_ACTION_DONE, TELL_ACTION_IGNORE,
		TELL_ACTION_IGNORE);
	expect("optional", TELL_ACTION_OK, TELL_ACTION_OK, TELL_ACTION_IGNORE,
		TELL_ACTION_IGNORE);
	ck_assert_int_eq(parse("include"), TELL_CONTROL_INCLUDE);
	ck_assert_int_eq(parse("SUBSTACK"), TELL_CONTROL_SUBSTACK);
}
END_TEST

START_TEST(pairs_set_what_they_name_and_the_rest_is_bad)
{
	expect("success=done spooled=2 ignore=ignore default=die", TELL_ACTION_DONE, 2,
		TELL_ACTION_IGNORE, TELL_ACTION_DIE);
	expect(" success = ok\tnew_authtok_reqd=reset", TELL_ACTION_OK, TELL_ACTION_RESET,
		TELL_ACTION_BAD, TELL_ACTION_BAD);
	/* default is for what was not named before it; later pairs win. */
	expect("default=ignore success=ok", TELL_ACTION_OK, TELL_ACTION_IGNORE,
		TELL_ACTION_IGNORE, TELL_ACTION_IGNORE);
	expect("success=okdefault=bad", TELL_ACTION_OK, TELL_ACTION_BAD, TELL_ACTION_BAD,
		TELL_ACTION_BAD);
	expect("", TELL_ACTION_BAD, TELL_ACTION_BAD, TELL_ACTION_BAD, TELL_ACTION_BAD);
}
END_TEST

START_TEST(our_words_and_those_of_libpam_name_the_same_verdicts)
{
	static const struct {
		const char *own, *pam;
		int verdict;
	} rows[] = {
		{ "failed", "system_err", TELL_FAILED },
		{ "full", "buf_err", TELL_FULL },
		{ "denied", "perm_denied", TELL_DENIED },
		{ "unavailable", "authinfo_unavail", TELL_UNAVAILABLE },
		{ "limited", "maxtries", TELL_LIMITED },
		{ "spooled", "new_authtok_reqd", TELL_SPOOLED },
		{ "timeout", "try_again", TELL_TIMEOUT },
		{ "unknown", "module_unknown", TELL_UNKNOWN },
		{ "invalid", "bad_item", TELL_INVALID },
		{ "abort", "abort", TELL_ABORT },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[64];
		(void)snprintf(text, sizeof(text), "%s=7", rows[i].own);
		parse(text);
		ck_assert_int_eq(actions[rows[i].verdict], 7);
		(void)snprintf(text, sizeof(text), "%s=7", rows[i].pam);
		parse(text);
		ck_assert_int_eq(actions[rows[i].verdict], 7);
		ck_assert_str_eq(tell_verdict_word((enum tell_verdict)rows[i].verdict),
			rows[i].own);
	}
}
END_TEST

static void expect_fault(const char *text, const char *what, size_t at, const char *near)
{
	ck_assert_int_eq(parse(text), TELL_CONTROL_ACTIONS);
	ck_assert_msg(fault.what && strstr(fault.what, what), "%s: %s", text,
		fault.what ? fault.what : "taken");
	ck_assert_uint_eq(fault.at, at);
	if (near)
		ck_assert_str_eq(fault.near, near);
	for (int v = 0; v < TELL_N_VERDICTS; v++)
		ck_assert_int_eq(actions[v], TELL_ACTION_BAD);
}

START_TEST(a_wrong_pair_makes_all_actions_bad_and_says_where)
{
	expect_fault("requird", "control word", 0, "required");
	expect_fault("success=ok sucess=ok", "value", 11, "success");
	expect_fault("OK=done", "value", 0, NULL);
	expect_fault("success=okay", "value", 10, NULL);
	expect_fault("success=don", "action", 8, "done");
	expect_fault("success=0", "action", 8, NULL);
	expect_fault("success=-1", "action", 8, NULL);
	expect_fault("success= ", "action", 9, NULL);
	expect_fault("success ok", "'='", 8, NULL);
}
END_TEST

START_TEST(a_jump_too_large_to_be_one_stays_one)
{
	ck_assert_int_eq(parse("success=99999999999999999999"), TELL_CONTROL_ACTIONS);
	ck_assert_ptr_null(fault.what);
	ck_assert_int_eq(actions[TELL_SUCCESS], INT16_MAX);
}
END_TEST

static Suite *control_suite(void)
{
	Suite *s = suite_create("stack/control");
	tell_check_add(s, "words", the_four_words_are_the_pairs_of_the_manual,
		our_words_and_those_of_libpam_name_the_same_verdicts, NULL);
	tell_check_add(s, "pairs", pairs_set_what_they_name_and_the_rest_is_bad,
		a_wrong_pair_makes_all_actions_bad_and_says_where,
		a_jump_too_large_to_be_one_stays_one, NULL);
	return s;
}
TELL_CHECK_MAIN(control_suite)
