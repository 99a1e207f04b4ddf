#include <string.h>

#include "support/check_main.h"
#include "support/rig.h"

/* The warnings of a stack that loads: all messages, one a line. */
static const char *warnings(const char *text)
{
	static char all[2048];
	struct tell_rig rig;
	struct tell_report report = { 0 };
	tell_rig_open(&rig, "sink required permit");
	tell_stack_free(rig.stack);
	ck_assert_int_eq(tell_stack_load_text(&rig.stack, &rig.who, "lint", text,
				 strlen(text), 0, &report),
		0);
	tell_stack_lint(rig.stack, &report);
	all[0] = '\0';
	for (size_t i = 0; i < report.n; i++) {
		ck_assert(report.faults[i].warning);
		strncat(all, report.faults[i].message, sizeof(all) - strlen(all) - 2);
		strcat(all, "\n");
	}
	tell_report_done(&report);
	tell_rig_close(&rig);
	return all;
}

START_TEST(good_stacks_are_not_blamed)
{
	ck_assert_str_eq(warnings("sink required stdout\nsink sufficient journald\n"
				  "sink sufficient syslog\nsink sufficient stderr\n"),
		"");
	ck_assert_str_eq(
		warnings("redact requisite keys\nredact requisite detect\n"), "");
	ck_assert_str_eq(
		warnings("sink required journald\n"
			 "sink required syslog proto=tcp host=127.0.0.1 port=1\n"),
		"");
}
END_TEST

START_TEST(a_sink_behind_a_sufficient_one_is_blamed)
{
	const char *text = warnings("sink sufficient journald\nsink required stdout\n");
	ck_assert_ptr_nonnull(strstr(text, "only when 'journald' in line 1 fails"));
	text = warnings("sink sufficient permit\nsink sufficient stdout\n");
	ck_assert_ptr_nonnull(strstr(text, "never reached"));
}
END_TEST

START_TEST(the_same_daemon_and_the_same_line_twice_are_blamed)
{
	const char *text = warnings("sink required journald\nsink required syslog\n");
	ck_assert_ptr_nonnull(strstr(text, "the same daemon"));
	text = warnings(
		"sink required stdout format=json\nsink required stdout format=json\n");
	ck_assert_ptr_nonnull(strstr(text, "twice"));
}
END_TEST

START_TEST(sufficient_in_redact_is_blamed)
{
	ck_assert_ptr_nonnull(
		strstr(warnings("redact sufficient keys\nredact required detect\n"),
			"keeps those behind it"));
}
END_TEST

START_TEST(a_line_swallowed_by_a_backslash_is_blamed)
{
	const char *text = warnings("enrich required set a=b \\\n  c=d\n");
	ck_assert_str_eq(text, "");
	text = warnings("enrich required set a=b \\\n# next\nsink=x\n");
	ck_assert_str_eq(text, "");
	struct tell_report report = { 0 };
	struct tell_stack *stack = NULL;
	const struct tell_identity who = { .service = "s", .host = "h" };
	const char *swallowing = "sink required stdout \\\n  filter required permit\n";
	ck_assert_int_lt(tell_stack_load_text(&stack, &who, "lint", swallowing,
				 strlen(swallowing), 0, &report),
		0);
	ck_assert(report.faults[0].warning);
	ck_assert_uint_eq(report.faults[0].line, 2);
	ck_assert_uint_eq(report.faults[0].column, 3);
	tell_report_done(&report);
}
END_TEST

START_TEST(parse_without_a_line_that_reads_names_is_blamed)
{
	const char *text = warnings("enrich required parse\nredact requisite detect\n"
				    "sink required stdout\n");
	ck_assert_ptr_nonnull(strstr(text, "no redact line of this stack reads names"));
	ck_assert_str_eq(warnings("enrich required parse\nredact requisite keys\n"
				  "redact requisite detect\nsink required stdout\n"),
		"");
	ck_assert_str_eq(warnings("enrich required parse\nredact required permit\n"
				  "sink required stdout\n"),
		"");
}
END_TEST

static Suite *lint_suite(void)
{
	Suite *s = suite_create("stack/lint");
	tell_check_add(s, "lint", good_stacks_are_not_blamed,
		a_sink_behind_a_sufficient_one_is_blamed,
		the_same_daemon_and_the_same_line_twice_are_blamed,
		sufficient_in_redact_is_blamed, a_line_swallowed_by_a_backslash_is_blamed,
		parse_without_a_line_that_reads_names_is_blamed, NULL);
	return s;
}
TELL_CHECK_MAIN(lint_suite)
