#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <telltale/metric.h>
#include <telltale/snapshot.h>
#include "api/process.h"
#include "support/check_main.h"
#include "support/flow.h"

TELL_COUNTER(requests, "requests_total", "Requests answered.", "method", "status");
TELL_GAUGE(depth, "depth", "Depth.");
TELL_HISTOGRAM(sizes, TELL_BOUNDS(1, 10), "sizes", "How large.", "kind");
TELL_GAUGE(empty, "empty", "Nothing yet.");

static const struct tell_metrics_family *family(
	const struct tell_metrics *m, const char *name)
{
	const struct tell_metrics_family *f = m->families;
	while (f && strcmp(f->name, name) != 0)
		f = f->next;
	return f;
}

static struct tell_metrics *snapshot(void)
{
	struct tell_metrics *m = NULL;
	ck_assert_int_eq(tell_metrics_snapshot(&m), 0);
	return m;
}

START_TEST(families_series_and_values_are_there)
{
	tell_counter_add(tell_counter_with(requests, "GET", "200"), UINT64_MAX);
	tell_counter_add(tell_counter_with(requests, "PUT", "404"), 2);
	tell_gauge_set(depth, -0.5);
	struct tell_metrics *m = snapshot();
	const struct tell_metrics_family *f = family(m, "requests_total");
	ck_assert_str_eq(f->help, "Requests answered.");
	ck_assert_int_eq(f->kind, TELL_METRICS_COUNTER);
	const struct tell_metrics_series *s = f->series;
	ck_assert_uint_eq(s->count, UINT64_MAX);
	ck_assert_uint_eq(s->n_labels, 2);
	ck_assert_str_eq(s->labels[0].name, "method");
	ck_assert_str_eq(s->labels[0].value, "GET");
	ck_assert_str_eq(s->labels[1].value, "200");
	ck_assert(s->next->value == 2);
	ck_assert_ptr_null(s->next->next);
	f = family(m, "depth");
	ck_assert_int_eq(f->kind, TELL_METRICS_GAUGE);
	ck_assert(f->series->value == -0.5);
	ck_assert_uint_eq(f->series->n_labels, 0);
	ck_assert_ptr_null(tell_metrics_free(m));
	ck_assert_ptr_null(tell_metrics_free(NULL));
}
END_TEST

START_TEST(a_histogram_has_its_buckets)
{
	struct tell_histogram *big = tell_histogram_with(sizes, "big");
	tell_histogram_observe(big, 0.5);
	tell_histogram_observe(big, 10);
	tell_histogram_observe(big, 11);
	struct tell_metrics *m = snapshot();
	const struct tell_metrics_family *f = family(m, "sizes");
	ck_assert_int_eq(f->kind, TELL_METRICS_HISTOGRAM);
	const struct tell_metrics_series *s = f->series;
	ck_assert_str_eq(s->labels[0].value, "big");
	ck_assert_uint_eq(s->count, 3);
	ck_assert(s->value == 21.5);
	ck_assert_uint_eq(s->n_buckets, 3);
	ck_assert(s->buckets[0].le == 1 && s->buckets[1].le == 10);
	ck_assert(isinf(s->buckets[2].le));
	ck_assert_uint_eq(s->buckets[0].count, 1);
	ck_assert_uint_eq(s->buckets[1].count, 2);
	ck_assert_uint_eq(s->buckets[2].count, 3);
	(void)tell_metrics_free(m);
}
END_TEST

START_TEST(what_comes_later_does_not_change_it)
{
	tell_gauge_set(depth, 1);
	struct tell_metrics *m = snapshot();
	tell_gauge_set(depth, 2);
	tell_counter_add(tell_counter_with(requests, "NEW", "1"), 1);
	ck_assert(family(m, "depth")->series->value == 1);
	ck_assert_ptr_null(family(m, "requests_total")->series);
	(void)tell_metrics_free(m);
}
END_TEST

START_TEST(the_library_is_in_it)
{
	flow_start("");
	tell_info("one");
	struct tell_metrics *m = snapshot();
	const struct tell_metrics_family *f = family(m, "telltale_records_total");
	ck_assert_str_eq(f->series->labels[0].value, "delivered");
	ck_assert_uint_eq(f->series->count, 1);
	ck_assert_ptr_nonnull(family(m, "telltale_records_unmade_total"));
	(void)tell_metrics_free(m);
}
END_TEST

static double ask(void *arg)
{
	struct tell_metrics *m = NULL;
	tell_info("asked"); /* not in the middle of a call: it is logged */
	ck_assert_int_eq(tell_metrics_snapshot(&m), 0); /* the gauge itself is skipped */
	ck_assert_ptr_null(family(m, "empty")->series);
	(void)tell_metrics_free(m);
	return *(double *)arg;
}

START_TEST(gauges_are_asked)
{
	struct tell_callback *c = NULL;
	double value = 3;
	flow_start("");
	ck_assert_int_eq(tell_gauge_callback(&c, empty, ask, &value), 0);
	struct tell_metrics *m = snapshot();
	ck_assert(family(m, "empty")->series->value == 3);
	ck_assert_uint_eq(flow_count_of("\"asked\""), 1);
	(void)tell_metrics_free(m);
	(void)tell_gauge_callback_remove(c);
	m = snapshot();
	ck_assert_ptr_null(family(m, "empty")->series);
	(void)tell_metrics_free(m);
}
END_TEST

static char *text(enum tell_metrics_format format)
{
	size_t len = 0;
	char *t = NULL;
	ck_assert_int_eq(tell_metrics_text(&t, format, &len), 0);
	ck_assert_uint_eq(strlen(t), len);
	return t;
}

START_TEST(the_same_as_text)
{
	tell_counter_add(tell_counter_with(requests, "GET", "200"), 7);
	char *t = text(TELL_METRICS_PROMETHEUS);
	ck_assert_ptr_nonnull(strstr(t, "# TYPE requests_total counter\n"));
	ck_assert_ptr_nonnull(
		strstr(t, "\nrequests_total{method=\"GET\",status=\"200\"} 7\n"));
	ck_assert_ptr_null(strstr(t, "# EOF"));
	free(t);
	t = text(TELL_METRICS_OPENMETRICS);
	ck_assert_ptr_nonnull(strstr(t, "# TYPE requests counter\n"));
	ck_assert_str_eq(t + strlen(t) - 6, "# EOF\n");
	free(t);
	t = text(TELL_METRICS_JSON);
	ck_assert_int_eq(strncmp(t, "{\"metrics\":[{", 13), 0);
	ck_assert_ptr_nonnull(strstr(
		t, "{\"labels\":{\"method\":\"GET\",\"status\":\"200\"},\"value\":7}"));
	ck_assert_str_eq(t + strlen(t) - 5, "]}]}\n");
	free(t);
	size_t len;
	ck_assert_int_eq(
		tell_metrics_text(&t, (enum tell_metrics_format)3, &len), -EINVAL);
}
END_TEST

START_TEST(in_the_middle_of_a_call_there_is_none)
{
	struct tell_metrics *m = NULL;
	char *t = NULL;
	size_t len;
	ck_assert(tell_thread_enter());
	ck_assert_int_eq(tell_metrics_snapshot(&m), -EBUSY);
	ck_assert_int_eq(tell_metrics_text(&t, TELL_METRICS_JSON, &len), -EBUSY);
	tell_thread_leave();
	ck_assert_ptr_null(m);
	ck_assert_ptr_null(t);
}
END_TEST

static Suite *snapshot_suite(void)
{
	Suite *s = suite_create("api/snapshot");
	tell_check_add(s, "to walk", families_series_and_values_are_there,
		a_histogram_has_its_buckets, what_comes_later_does_not_change_it,
		the_library_is_in_it, gauges_are_asked, NULL);
	tell_check_add(s, "as text", the_same_as_text,
		in_the_middle_of_a_call_there_is_none, NULL);
	return s;
}
TELL_CHECK_MAIN(snapshot_suite)
