#include "tool/by_metric.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "support/check_main.h"

#define MIN 60
#define NS  TELL_NS_PER_SEC

static struct tell_by_metric metric;
static struct tell_entry *entry;
static const char *names[] = { "path" };

static void setup(void)
{
	metric = (struct tell_by_metric){ .name = "hits_total",
		.names = names,
		.set = { .timed = true, .width_ns = MIN * NS } };
	ck_assert_int_eq(tell_by_set_init(&metric.set), 0);
	entry = calloc(1, sizeof(*entry));
	ck_assert_ptr_nonnull(entry);
	ck_assert_int_eq(tell_entry_init(entry), 0);
}

static void teardown(void)
{
	tell_by_metric_done(&metric);
	tell_entry_done(entry);
	free(entry);
}

/* A record of a run, at 10:MM of some day: a round each minute, with these families. */
static void say(unsigned run, unsigned minute, bool whole, const char *families, ...)
	__attribute__((format(printf, 4, 5)));
static void say(unsigned run, unsigned minute, bool whole, const char *families, ...)
{
	char text[1024], line[1400];
	va_list ap;
	va_start(ap, families);
	(void)vsnprintf(text, sizeof(text), families, ap);
	va_end(ap);
	int n = snprintf(line, sizeof(line),
		"{\"timestamp\":\"2026-10-26T%02u:%02u:00Z\",\"level\":\"info\","
		"\"service\":\"shop\",\"message\":\"m\",\"kind\":\"metric\","
		"\"metrics\":[%s],\"every\":60,\"whole\":%s,\"pid\":%u,"
		"\"seq\":\"%08x.0.1\"}",
		10 + minute / 60, minute % 60, text, whole ? "true" : "false", run, run);
	ck_assert_int_eq(tell_entry_from_line(entry, line, (size_t)n, 0), 0);
	tell_by_metric_take(&metric, entry);
}

#define HITS(labels, value)                                                              \
	"{\"name\":\"hits\",\"type\":\"counter\",\"help\":\"\",\"samples\":["            \
	"{\"labels\":" labels ",\"value\":" value "}]}"
#define LENGTH(value)                                                                    \
	"{\"name\":\"hits_total\",\"type\":\"gauge\",\"help\":\"\",\"samples\":["        \
	"{\"labels\":{},\"value\":" value "}]}"

/* What the only group has in the span that begins at 10:MM; -1: no cell. */
static double in(unsigned minute)
{
	uint64_t first;
	ck_assert(tell_parse_rfc3339("2026-10-26T10:00:00Z", 20, &first));
	const struct tell_by_group *g = &metric.set.groups[0];
	for (size_t i = 0; i < g->n_cells; i++)
		if (tell_by_begin(&metric.set, g->cells[i].at) ==
			first + minute * MIN * NS)
			return g->cells[i].n;
	return -1;
}

START_TEST(a_counter_is_what_it_grew_by_in_the_time_before_a_record)
{
	say(1, 1, true, HITS("{}", "100"));
	say(1, 2, false, HITS("{}", "130"));
	say(1, 9, false, HITS("{}", "137"));
	tell_by_metric_end(&metric);
	ck_assert(metric.met);
	ck_assert_double_eq(in(0), 0); /* of the first nobody knows when */
	ck_assert_double_eq(in(1), 30);
	ck_assert_double_eq(in(2), -1);
	ck_assert_double_eq(in(8), 7); /* it had said so had it grown before */
}
END_TEST

START_TEST(a_restart_is_no_growth_and_no_loss)
{
	say(1, 1, true, HITS("{}", "100"));
	say(1, 2, false, HITS("{}", "110"));
	say(2, 3, true, HITS("{}", "5"));
	say(2, 4, false, HITS("{}", "9"));
	say(2, 5, false, HITS("{}", "2")); /* the same run, smaller: it began anew */
	ck_assert_double_eq(in(1), 10);
	ck_assert_double_eq(in(2), 0);
	ck_assert_double_eq(in(3), 4);
	ck_assert_double_eq(in(4), 2);
}
END_TEST

START_TEST(a_series_that_comes_later_began_at_zero)
{
	say(1, 1, true, HITS("{\"a\":\"1\"}", "100"));
	say(1, 2, false, HITS("{\"a\":\"2\"}", "7"));
	ck_assert_double_eq(in(1), 7);
}
END_TEST

START_TEST(unless_the_run_has_never_said_all)
{
	say(1, 1, false, HITS("{\"a\":\"1\"}", "100"));
	say(1, 2, false, HITS("{\"a\":\"2\"}", "7"));
	ck_assert_double_eq(in(1), 0);
}
END_TEST

START_TEST(two_instances_are_added)
{
	for (unsigned i = 0; i < 3; i++) {
		say(1, i, i == 0, HITS("{}", "%u"), 10 * i);
		say(2, i, i == 0, HITS("{}", "%u"), 5 * i);
	}
	ck_assert_double_eq(in(0), 15);
	ck_assert_double_eq(in(1), 15);
}
END_TEST

START_TEST(labels_are_groups_and_what_is_none_is_the_records)
{
	static const char *both[] = { "path", "service", "nowhere" };
	const char *text;
	metric.names = both;
	metric.n_names = 3;
	say(1, 1, true, HITS("{\"path\":\"/\\u00e4\"}", "1"));
	ck_assert_uint_eq(metric.set.n_groups, 1);
	ck_assert(tell_by_value(&metric.set.groups[0], 0, &text));
	ck_assert_str_eq(text, "/ä");
	ck_assert(tell_by_value(&metric.set.groups[0], 1, &text));
	ck_assert_str_eq(text, "shop");
	ck_assert(!tell_by_value(&metric.set.groups[0], 2, &text));
}
END_TEST

START_TEST(a_gauge_holds_until_it_is_said_anew)
{
	say(1, 0, true, LENGTH("7"));
	say(1, 3, false, LENGTH("4"));
	say(1, 5, false, HITS("{}", "1"));
	tell_by_metric_end(&metric);
	ck_assert_int_eq(metric.set.kind, TELL_BY_GAUGE);
	ck_assert_double_eq(in(0), 7);
	ck_assert_double_eq(in(2), 7);
	ck_assert_double_eq(in(3), 4);
}
END_TEST

START_TEST(a_gauge_of_two_instances_is_their_sum)
{
	say(1, 0, true, LENGTH("7"));
	say(2, 0, true, LENGTH("2"));
	say(1, 2, false, LENGTH("8"));
	say(2, 4, false, LENGTH("1"));
	tell_by_metric_end(&metric);
	ck_assert_double_eq(in(1), 9);
	ck_assert_double_eq(in(2), 10);
	ck_assert_double_eq(in(4), 9);
}
END_TEST

START_TEST(a_gauge_ends_when_another_run_takes_its_place)
{
	say(1, 0, true, LENGTH("7"));
	say(2, 3, true, LENGTH("2"));
	say(2, 6, false, LENGTH("3"));
	tell_by_metric_end(&metric);
	ck_assert_double_eq(in(2), 7);
	ck_assert_double_eq(in(3), 2);
	ck_assert_double_eq(in(6), 3);
}
END_TEST

START_TEST(a_gauge_ends_when_nothing_is_said_for_long)
{
	say(1, 0, true, LENGTH("7"));
	say(2, 0, true, LENGTH("2"));
	say(2, 12, true, LENGTH("2"));
	say(2, 24, true, LENGTH("2"));
	tell_by_metric_end(&metric);
	ck_assert_double_eq(in(12), 9);
	ck_assert_double_eq(in(13), 2);
	ck_assert_double_eq(in(24), 2);
}
END_TEST

START_TEST(a_histogram_has_quantiles_of_what_came)
{
	static const char form[] =
		"{\"name\":\"hits\",\"type\":\"histogram\",\"help\":\"\",\"samples\":[{"
		"\"labels\":{},\"count\":%u,\"sum\":1.5,\"buckets\":[{\"le\":0.1,\"count\":%u},"
		"{\"le\":1.0,\"count\":%u},{\"le\":\"+Inf\",\"count\":%u}]}]}";
	metric.name = "hits";
	say(1, 0, true, form, 100u, 100u, 100u, 100u);
	say(1, 1, false, form, 200u, 100u, 190u, 200u);
	ck_assert_double_eq(in(0), 100);
	const struct tell_by_cell *c = &metric.set.groups[0].cells[1];
	ck_assert_double_eq_tol(c->spread->n, 100, 1e-6);
	/* 90 of 100 between 0.1 and 1: histogram_quantile() says 0.6, and 1 above. */
	ck_assert_double_eq_tol(tell_by_quantile(&metric.set, c->spread, 0.5), 0.6, 0.04);
	ck_assert_double_eq(tell_by_quantile(&metric.set, c->spread, 0.95), 1.0);
}
END_TEST

START_TEST(what_is_no_sample_is_passed_over)
{
	say(1, 0, true, "{\"name\":\"hits\"}");
	say(1, 0, true, "{\"name\":\"hits\",\"samples\":3}");
	say(1, 0, true, HITS("3", "\"much\""));
	say(1, 0, true, HITS("{}", "\"NaN\""));
	say(1, 0, true, "3,null,[[[]]]");
	say(1, 0, true, "{\"name\":\"hit\",\"type\":\"counter\",\"samples\":[]}");
	tell_by_metric_end(&metric);
	ck_assert(!metric.met);
	say(1, 1, true, HITS("{}", "1"));
	say(1, 2, true, LENGTH("1")); /* another type */
	ck_assert_int_eq(metric.set.kind, TELL_BY_COUNTER);
}
END_TEST

static Suite *by_metric_suite(void)
{
	Suite *s = suite_create("tool/by_metric");
	TCase *t = tcase_create("series");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_counter_is_what_it_grew_by_in_the_time_before_a_record);
	tcase_add_test(t, a_restart_is_no_growth_and_no_loss);
	tcase_add_test(t, a_series_that_comes_later_began_at_zero);
	tcase_add_test(t, unless_the_run_has_never_said_all);
	tcase_add_test(t, two_instances_are_added);
	tcase_add_test(t, labels_are_groups_and_what_is_none_is_the_records);
	tcase_add_test(t, a_gauge_holds_until_it_is_said_anew);
	tcase_add_test(t, a_gauge_of_two_instances_is_their_sum);
	tcase_add_test(t, a_gauge_ends_when_another_run_takes_its_place);
	tcase_add_test(t, a_gauge_ends_when_nothing_is_said_for_long);
	tcase_add_test(t, a_histogram_has_quantiles_of_what_came);
	tcase_add_test(t, what_is_no_sample_is_passed_over);
	suite_add_tcase(s, t);
	return s;
}

TELL_CHECK_MAIN(by_metric_suite)
