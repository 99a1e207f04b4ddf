#include "stack/report.h"

#include <string.h>

#include "support/check_main.h"

static struct tell_report report;
static const struct tell_spot spot = { "dir/svc", 3, 7, "\tsink x\nnext line" };

static const char *shown(size_t i, bool whole)
{
	static char text[512];
	struct tell_buf out;
	tell_buf_init(&out, sizeof(text) - 1);
	if (whole)
		tell_fault_show(&out, &report.faults[i]);
	else
		tell_fault_line(&out, &report.faults[i]);
	strncpy(text, tell_buf_cstr(&out), sizeof(text) - 1);
	tell_buf_done(&out);
	return text;
}

START_TEST(a_fault_says_place_reason_and_fix)
{
	tell_report_error(&report, &spot, "do that", "unknown %s", "thing");
	ck_assert_str_eq(shown(0, false), "dir/svc:3:7: error: unknown thing; do that");
	ck_assert_str_eq(shown(0, true),
		"dir/svc:3:7: error: unknown thing; do that\n    \tsink x\n    \t     ^\n");
	tell_report_done(&report);
}
END_TEST

START_TEST(of_a_file_as_a_whole_there_is_no_line)
{
	tell_report_warning(&report, &(struct tell_spot){ .file = "f" }, NULL, "odd");
	ck_assert_str_eq(shown(0, true), "f: warning: odd\n");
	ck_assert_uint_eq(report.n_warnings, 1);
	ck_assert_uint_eq(report.n_errors, 0);
	tell_report_done(&report);
}
END_TEST

START_TEST(a_hundred_are_kept_and_all_are_counted)
{
	for (int i = 0; i < 250; i++)
		tell_report_error(&report, &spot, NULL, "no %d", i);
	ck_assert_uint_eq(report.n, TELL_FAULTS_MAX);
	ck_assert_uint_eq(report.n_errors, 250);
	ck_assert_str_eq(report.faults[99].message, "no 99");
	tell_report_done(&report);
	ck_assert_uint_eq(report.n, 0);
}
END_TEST

START_TEST(without_a_report_nothing_happens)
{
	tell_report_error(NULL, &spot, "x", "y");
	tell_report_warning(NULL, &spot, "x", "y");
}
END_TEST

static Suite *report_suite(void)
{
	Suite *s = suite_create("stack/report");
	tell_check_add(s, "report", a_fault_says_place_reason_and_fix,
		of_a_file_as_a_whole_there_is_no_line,
		a_hundred_are_kept_and_all_are_counted, without_a_report_nothing_happens,
		NULL);
	return s;
}
TELL_CHECK_MAIN(report_suite)
