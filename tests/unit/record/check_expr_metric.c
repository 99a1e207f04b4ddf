#include "record/expr_metric.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <telltale/metric.h>
#include "meter/recent.h"
#include "support/check_main.h"

#define SEC UINT64_C(1000000000)

static uint64_t now_ns = 1000 * SEC;
static struct tell_counter *requests, *errors;
static struct tell_histogram *took;
static struct tell_gauge *load;

static void set_up(void)
{
	ck_assert_int_eq(tell_counter_new(&requests, "requests_total", "Requests.",
				 "endpoint status"),
		0);
	ck_assert_int_eq(tell_counter_new(&errors, "errors_total", "Errors.", NULL), 0);
	ck_assert_int_eq(tell_histogram_new(&took, "took_seconds", "Time.", "endpoint",
				 TELL_SECONDS),
		0);
	ck_assert_int_eq(tell_gauge_new(&load, "load_ratio", "Load.", "core"), 0);
}

static struct tell_metric_expr *make(const char *text)
{
	struct tell_metric_expr *e = NULL;
	struct tell_expr_error why;
	int r = tell_metric_expr_new(&e, text, &why);
	ck_assert_msg(r == 0, "%s: %s; %s", text, why.what, why.fix);
	return e;
}

static enum tell_expr_truth judge(struct tell_metric_expr *e)
{
	tell_metric_expr_read(e, "shop", 60 * SEC, now_ns);
	return tell_metric_expr_judge(e);
}

static enum tell_expr_truth once(const char *text)
{
	struct tell_metric_expr *e = make(text);
	enum tell_expr_truth t = judge(e);
	tell_metric_expr_free(e);
	return t;
}

static double value(struct tell_metric_expr *e)
{
	struct tell_metric_term t;
	size_t pos = 0;
	(void)judge(e);
	ck_assert(tell_metric_expr_next(e, &pos, &t));
	return t.known ? t.value : (double)NAN;
}

static void count(const char *endpoint, const char *status, uint64_t n)
{
	tell_counter_add(tell_counter_with(requests, endpoint, status), n);
}

START_TEST(a_ratio_is_of_the_window)
{
	count("/pay", "200", 100);
	struct tell_metric_expr *e = make("errors_total / requests_total > 0.05");
	ck_assert_int_eq(judge(e), TELL_EXPR_OPEN); /* what was before is none of it */
	now_ns += 10 * SEC;
	ck_assert_int_eq(judge(e), TELL_EXPR_OPEN); /* 0/0 */
	count("/pay", "200", 94);
	count("/", "500", 6);
	tell_counter_add(errors, 6);
	now_ns += 10 * SEC;
	ck_assert_int_eq(judge(e), TELL_EXPR_YES);
	count("/", "200", 50);
	now_ns += 10 * SEC;
	ck_assert_int_eq(judge(e), TELL_EXPR_NO);
	ck_assert_uint_eq(tell_metric_expr_traffic(e), 150);
	for (int i = 0; i < 20; i++) { /* an hour later nobody knows any more */
		now_ns += 10 * SEC;
		(void)judge(e);
	}
	ck_assert_int_eq(judge(e), TELL_EXPR_OPEN);
	ck_assert_uint_eq(tell_metric_expr_traffic(e), 0);
	tell_metric_expr_free(e);
}
END_TEST

START_TEST(labels_choose_series)
{
	struct tell_metric_expr *bad = make("requests_total{status>=500}");
	struct tell_metric_expr *api = make(
		"REQUESTS_total{endpoint~\"^/api/\" and status!=\"2}0\"}");
	struct tell_metric_expr *other = make("requests_total{endpoint=other}");
	(void)judge(bad), (void)judge(api), (void)judge(other);
	count("/api/a", "200", 1);
	count("/api/b", "503", 10);
	count("/pay", "500", 100);
	tell_counter_add(requests, 1000); /* its `other` */
	now_ns += SEC;
	ck_assert_double_eq(value(bad), 110);
	ck_assert_double_eq(value(api), 11);
	ck_assert_double_eq(value(other), 1000);
	tell_metric_expr_free(bad);
	tell_metric_expr_free(api);
	tell_metric_expr_free(other);
}
END_TEST

START_TEST(histograms_have_members)
{
	static const char *const names[] = { "took_seconds.p50", "took_seconds.p99",
		"took_seconds.p999", "took_seconds.avg", "took_seconds.count",
		"took_seconds.sum", "took_seconds.rate", "took_seconds.p50{endpoint=b}",
		"requests_total.rate" };
	static const double want[] = { 2, 2, 100, 2.98, 100, 298, 10, 100, 0 };
	struct tell_metric_expr *list[9];
	for (size_t i = 0; i < 9; i++) {
		list[i] = make(names[i]);
		(void)judge(list[i]);
	}
	now_ns += 10 * SEC;
	ck_assert_double_nan(value(list[0])); /* of nothing */
	ck_assert_double_eq(value(list[4]), 0);
	for (int i = 0; i < 99; i++)
		tell_histogram_observe(tell_histogram_with(took, "a"), 2);
	tell_histogram_observe(tell_histogram_with(took, "b"), 100);
	for (size_t i = 0; i < 9; i++)
		ck_assert_msg(fabs(value(list[i]) - want[i]) <= want[i] / 30, "%s is %g",
			names[i], value(list[i]));
	for (size_t i = 0; i < 9; i++)
		tell_metric_expr_free(list[i]);
}
END_TEST

START_TEST(gauges_are_what_they_are_now)
{
	tell_gauge_set(tell_gauge_with(load, "0"), 0.5);
	tell_gauge_set(tell_gauge_with(load, "1"), 0.75);
	ck_assert_int_eq(once("load_ratio = 1.25"), TELL_EXPR_YES);
	ck_assert_int_eq(once("load_ratio{core=1} > 0.75"), TELL_EXPR_NO);
	ck_assert_int_eq(once("load_ratio{core=7} > 0.75"), TELL_EXPR_OPEN);
	struct tell_metric_expr *e = make("load_ratio > 1");
	(void)judge(e);
	ck_assert_uint_eq(tell_metric_expr_traffic(e), UINT64_MAX);
	tell_metric_expr_free(e);
}
END_TEST

static double full(void *arg)
{
	(void)arg;
	return 0.9;
}

START_TEST(gauges_that_are_asked_for_are_asked)
{
	struct tell_callback *c = NULL;
	struct tell_gauge *g = tell_gauge_with(load, "asked");
	ck_assert_int_eq(tell_gauge_callback(&c, g, full, NULL), 0);
	ck_assert_int_eq(once("load_ratio{core=asked} > 0.8"), TELL_EXPR_YES);
	tell_gauge_callback_remove(c);
	ck_assert_int_eq(once("load_ratio{core=asked} > 0.8"), TELL_EXPR_OPEN);
}
END_TEST

START_TEST(what_has_no_handle_is_found_where_it_is_shown)
{
	ck_assert_int_eq(once("process_resident_memory_bytes > 1000"), TELL_EXPR_YES);
	ck_assert_int_eq(once("system_memory_limit_bytes > 1000"), TELL_EXPR_YES);
	ck_assert_int_eq(once("process_cpu_seconds_total >= 0"), TELL_EXPR_YES);
	ck_assert_int_eq(once("process_threads > 1000"), TELL_EXPR_NO);
	ck_assert_int_eq(once("process_nonsense > 1000"), TELL_EXPR_OPEN);
}
END_TEST

START_TEST(a_name_that_is_not_there_is_open_and_said)
{
	struct tell_metric_expr *e = make("error_total > 1");
	struct tell_metric_term t;
	size_t pos = 0;
	ck_assert_int_eq(judge(e), TELL_EXPR_OPEN);
	ck_assert(tell_metric_expr_next(e, &pos, &t));
	ck_assert_str_eq(
		t.why, "no metric is named error_total yet; is it errors_total?");
	tell_metric_expr_free(e);
	e = make("error_total.rate > 1");
	pos = 0;
	ck_assert_int_eq(judge(e), TELL_EXPR_OPEN);
	ck_assert(tell_metric_expr_next(e, &pos, &t));
	ck_assert_str_eq(
		t.why, "no metric is named error_total yet; is it errors_total?");
	tell_metric_expr_free(e);
	/* It may come later. */
	e = make("later_total > 1");
	struct tell_counter *later;
	ck_assert_int_eq(judge(e), TELL_EXPR_OPEN);
	ck_assert_int_eq(tell_counter_new(&later, "later_total", "Later.", NULL), 0);
	(void)judge(e);
	tell_counter_add(later, 2);
	now_ns += SEC;
	ck_assert_int_eq(judge(e), TELL_EXPR_YES);
	tell_metric_expr_free(e);
}
END_TEST

START_TEST(open_is_neither_yes_nor_no)
{
	tell_gauge_set(tell_gauge_with(load, "0"), 1);
	static const struct {
		const char *text;
		enum tell_expr_truth want;
	} list[] = { { "no_such > 1 or load_ratio{core=0} = 1", TELL_EXPR_YES },
		{ "load_ratio{core=0} = 1 or no_such > 1", TELL_EXPR_YES },
		{ "no_such > 1 or load_ratio{core=0} = 2", TELL_EXPR_OPEN },
		{ "no_such > 1 and load_ratio{core=0} = 1", TELL_EXPR_OPEN },
		{ "no_such > 1 and load_ratio{core=0} = 2", TELL_EXPR_NO },
		{ "not no_such > 1", TELL_EXPR_OPEN }, { "no_such", TELL_EXPR_OPEN },
		{ "not load_ratio{core=0} = 2", TELL_EXPR_YES },
		{ "no_such != 1", TELL_EXPR_OPEN },
		{ "load_ratio{core=0}", TELL_EXPR_YES },
		{ "-no_such < 1", TELL_EXPR_OPEN },
		{ "load_ratio{core=0} / 0 > 5", TELL_EXPR_YES } };
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		ck_assert_msg(once(list[i].text) == list[i].want, "%s", list[i].text);
}
END_TEST

START_TEST(what_cannot_be_is_refused_with_the_fix)
{
	static const struct {
		const char *text, *what, *fix;
	} list[] = { { "took_seconds > 1", "took_seconds", ".p95" },
		{ "errors_total.p95 > 1", "errors_total_p95", ".rate" },
		{ "load_ratio.rate > 1", "load_ratio_rate", "alone" },
		{ "errors_total > requests_total", "text", "parentheses" },
		{ "level >= error", "no level", "series" },
		{ "errors_total ~ 5", "no level or text", "series" },
		{ "1 > 0", "no metric", "errors_total > 10" },
		{ "errors_total > ", "ends", "goes here" },
		{ "errors_total{a > 1", "without its }", "}" },
		{ "errors_total{a >} > 1", "ends", "goes here" },
		{ "errors_total{} > 1", "empty", "level" } };
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct tell_metric_expr *e = NULL;
		struct tell_expr_error why;
		ck_assert_int_lt(tell_metric_expr_new(&e, list[i].text, &why), 0);
		ck_assert_msg(
			strstr(why.what, list[i].what) && strstr(why.fix, list[i].fix),
			"%s: %s; %s", list[i].text, why.what, why.fix);
	}
	char many[400] = "a0";
	for (int i = 1; i < 17; i++)
		(void)snprintf(
			many + strlen(many), sizeof(many) - strlen(many), "+a%d", i);
	struct tell_metric_expr *e = NULL;
	struct tell_expr_error why;
	ck_assert_int_lt(tell_metric_expr_new(&e, many, &why), 0);
	ck_assert_ptr_nonnull(strstr(why.what, "16 names"));
}
END_TEST

START_TEST(a_child_begins_anew)
{
	struct tell_metric_expr *e = make("errors_total > 1");
	(void)judge(e);
	tell_counter_add(errors, 5);
	now_ns += SEC;
	ck_assert_int_eq(judge(e), TELL_EXPR_YES);
	tell_recent_child();
	ck_assert_int_eq(judge(e), TELL_EXPR_OPEN);
	tell_metric_expr_free(e);
}
END_TEST

START_TEST(there_is_an_end_of_what_is_kept)
{
	char text[64];
	struct tell_metric_expr *e = NULL;
	for (int i = 0; i <= TELL_RECENT_MAX; i++) {
		(void)snprintf(
			text, sizeof(text), "requests_total{status=%d} > 1", 200 + i);
		tell_metric_expr_free(e);
		e = make(text);
		(void)judge(e);
	}
	struct tell_metric_term t;
	size_t pos = 0;
	ck_assert(tell_metric_expr_next(e, &pos, &t));
	ck_assert_str_eq(t.why, "the process asks for more than 64 metrics");
	tell_metric_expr_free(e);
}
END_TEST

static Suite *expr_metric_suite(void)
{
	Suite *s = suite_create("record/expr_metric");
	TCase *tc = tcase_create("expr_metric");
	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, a_ratio_is_of_the_window);
	tcase_add_test(tc, labels_choose_series);
	tcase_add_test(tc, histograms_have_members);
	tcase_add_test(tc, gauges_are_what_they_are_now);
	tcase_add_test(tc, gauges_that_are_asked_for_are_asked);
	tcase_add_test(tc, what_has_no_handle_is_found_where_it_is_shown);
	tcase_add_test(tc, a_name_that_is_not_there_is_open_and_said);
	tcase_add_test(tc, open_is_neither_yes_nor_no);
	tcase_add_test(tc, what_cannot_be_is_refused_with_the_fix);
	tcase_add_test(tc, a_child_begins_anew);
	tcase_add_test(tc, there_is_an_end_of_what_is_kept);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(expr_metric_suite)
