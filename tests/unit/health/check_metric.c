#include <telltale/metric.h>
#include "support/check_main.h"
#include "unit/health/asked.h"

/* health metric: what of a condition becomes which answer. */

static struct tell_counter *requests, *errors;
static struct tell_histogram *took;

#define LINE                                                                             \
	"metric [when=errors_total / requests_total > 0.1] "                             \
	"[degraded=errors_total / requests_total > 0.05] "

static void set_up(void)
{
	ck_assert_int_eq(tell_counter_new(&requests, "requests_total", "R.", NULL), 0);
	ck_assert_int_eq(tell_counter_new(&errors, "errors_total", "E.", NULL), 0);
	ck_assert_int_eq(
		tell_histogram_new(&took, "took_seconds", "T.", NULL, TELL_SECONDS), 0);
}

static enum tell_verdict ask(const char *line)
{
	tell_clock_sleep_ms(1); /* a window is longer than nothing */
	return ask_line(line, 1000);
}

START_TEST(no_traffic_is_neither_good_nor_bad)
{
	ck_assert_int_eq(ask(LINE), TELL_IGNORE);
	ck_assert_str_eq(field("reason"), "too little was met to judge by");
	ck_assert_int_eq(ask(LINE), TELL_IGNORE);
	tell_counter_add(requests, 100);
	ck_assert_int_eq(ask(LINE), TELL_SUCCESS);
	ck_assert_str_eq(field("reason"), "");
	ck_assert_double_eq(number("requests_total"), 100);
}
END_TEST

START_TEST(some_errors_degrade_and_many_are_unhealthy)
{
	(void)ask(LINE);
	tell_counter_add(requests, 100);
	tell_counter_add(errors, 6);
	ck_assert_int_eq(ask(LINE), TELL_SPOOLED);
	ck_assert_str_eq(field("reason"),
		"errors_total / requests_total > 0.05: errors_total is 6, "
		"requests_total is 100");
	tell_counter_add(errors, 6);
	ck_assert_int_eq(ask(LINE), TELL_LIMITED);
	ck_assert_str_eq(field("reason"),
		"errors_total / requests_total > 0.1: errors_total is 12, "
		"requests_total is 100");
}
END_TEST

START_TEST(few_of_them_are_not_judged_by)
{
	static const char line[] = LINE "least=10";
	(void)ask(line);
	tell_counter_add(requests, 9);
	tell_counter_add(errors, 9);
	ck_assert_int_eq(ask(line), TELL_IGNORE);
	tell_counter_add(requests, 1);
	ck_assert_int_eq(ask(line), TELL_LIMITED);
}
END_TEST

START_TEST(with_least_0_none_is_fine)
{
	ck_assert_int_eq(ask("metric [when=errors_total > 10]"), TELL_IGNORE);
	ck_assert_int_eq(ask("metric [when=errors_total > 10]"), TELL_IGNORE);
	ck_assert_int_eq(ask("metric [when=errors_total > 10] least=0"), TELL_SUCCESS);
}
END_TEST

START_TEST(latency_and_memory_are_asked)
{
	static const char line[] = "metric [when=took_seconds.p95 > 5]";
	(void)ask(line);
	for (int i = 0; i < 100; i++)
		tell_histogram_observe(took, i < 90 ? 1 : 10);
	ck_assert_int_eq(ask(line), TELL_LIMITED);
	ck_assert_double_eq_tol(number("took_seconds_p95"), 10, 0.4);
	ck_assert_int_eq(
		ask("metric [when=process_resident_memory_bytes > 1e15]"), TELL_SUCCESS);
	ck_assert_int_eq(
		ask("metric [when=process_resident_memory_bytes > 1000]"), TELL_LIMITED);
}
END_TEST

START_TEST(an_unknown_name_is_said)
{
	ck_assert_int_eq(ask("metric [when=error_total > 1]"), TELL_IGNORE);
	ck_assert_str_eq(field("reason"),
		"no metric is named error_total yet; is it errors_total?");
}
END_TEST

START_TEST(wrong_lines_are_refused)
{
	static const char *const lines[] = { "metric", "metric [when=took_seconds > 5]",
		"metric [when=errors_total > 1] [degraded=errors_total > ]",
		"metric [when=errors_total > 1] window=2h",
		"metric [when=errors_total > 1] window=0s" };
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct tell_stack *s = NULL;
		struct tell_report report = { 0 };
		char text[300];
		(void)snprintf(text, sizeof(text), "health required %s\n", lines[i]);
		(void)tell_stack_load_text(
			&s, &who, "(test)", text, strlen(text), 0, &report);
		ck_assert_uint_eq(report.n_errors, 1);
		ck_assert_uint_eq(report.faults[0].line, 1);
		ck_assert_str_ne(report.faults[0].fix, "");
		tell_report_done(&report);
		tell_stack_free(s);
	}
}
END_TEST

static Suite *metric_suite(void)
{
	Suite *s = suite_create("health/metric");
	TCase *tc = tcase_create("metric");
	tcase_add_checked_fixture(tc, set_up, done_asking);
	tcase_add_test(tc, no_traffic_is_neither_good_nor_bad);
	tcase_add_test(tc, some_errors_degrade_and_many_are_unhealthy);
	tcase_add_test(tc, few_of_them_are_not_judged_by);
	tcase_add_test(tc, with_least_0_none_is_fine);
	tcase_add_test(tc, latency_and_memory_are_asked);
	tcase_add_test(tc, an_unknown_name_is_said);
	tcase_add_test(tc, wrong_lines_are_refused);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(metric_suite)
