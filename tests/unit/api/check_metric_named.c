#include <errno.h>
#include <string.h>
#include <telltale.h>
#include <telltale/metric.h>
#include "api/process.h"
#include "meter/collect.h"
#include "meter/registry.h"
#include "support/check_main.h"

TELL_COUNTER(requests, "requests_total", "Requests answered.", "method", "status");
TELL_COUNTER(starts, "starts_total", "Starts.");
TELL_GAUGE(connections, "connections", "Connections open.");
TELL_COUNTER(bad, "no way", "Its name cannot be used.");
TELL_COUNTER(blank, "blank_total", "Two labels in one.", "a b");

/* Runs behind those of the metrics, which have a priority. */
static uint64_t early;
__attribute__((constructor)) static void count_early(void)
{
	tell_counter_add(starts, 3);
	early = tell_counter_get(starts);
}

/* Sum over all series of a counter; its "other" apart. */
static uint64_t sum_of(const char *name, uint64_t *ret_other)
{
	struct tell_family *f = tell_family_find(name);
	ck_assert_ptr_nonnull(f);
	uint64_t sum = 0;
	*ret_other = tell_counter_get(&f->own.number.counter);
	for (struct tell_series *s = NULL; (s = tell_series_next(f, s));)
		sum += tell_counter_get(&s->number.counter);
	return sum;
}

START_TEST(declared_metrics_are_there)
{
	uint64_t other;
	ck_assert_uint_eq(early, 3);
	ck_assert_ptr_nonnull(tell_family_find("connections"));
	tell_counter_add(tell_counter_with(requests, "GET", "200"), 2);
	ck_assert_uint_eq(sum_of("requests", &other), 2);
	ck_assert_str_eq(tell_family_find("requests_total")->help, "Requests answered.");
	tell_gauge_set(connections, 4);
	ck_assert(tell_gauge_get(connections) == 4);
}
END_TEST

START_TEST(one_that_cannot_be_made_counts_nothing_and_is_counted)
{
	ck_assert_ptr_null(bad);
	ck_assert_ptr_null(blank);
	tell_counter_add(bad, 1);
	ck_assert_ptr_null(tell_counter_with(bad, "x"));
	struct tell_family *refused = tell_family_find("telltale_metrics_refused");
	struct tell_series *s = tell_series_next(refused, NULL);
	ck_assert_str_eq(
		s->values[0], "no way"); /* counted in our parent, at its start */
	ck_assert_str_eq(tell_series_next(refused, s)->values[0], "blank_total");
}
END_TEST

START_TEST(a_declared_metric_is_the_one_of_that_name)
{
	struct tell_counter *same = NULL;
	ck_assert_int_eq(tell_counter_new(&same, "requests", "", "method status"), 0);
	ck_assert_ptr_eq(same, requests);
}
END_TEST

START_TEST(names_are_found_whole)
{
	ck_assert_ptr_eq(tell_family_find("starts"), tell_family_find("starts_total"));
	ck_assert_ptr_null(tell_family_find("start"));
	ck_assert_ptr_null(tell_family_find("starts_"));
	ck_assert_ptr_null(tell_family_find(""));
}
END_TEST

START_TEST(counting_by_name_makes_it)
{
	uint64_t other;
	errno = 5;
	tell_count("mails_total", 2);
	tell_count("mails", 1);
	ck_assert_int_eq(errno, 5);
	(void)sum_of("mails", &other);
	ck_assert_uint_eq(other, 3);
	ck_assert_str_eq(tell_family_find("mails")->help, "Counted by name.");
}
END_TEST

START_TEST(labels_may_come_in_any_order)
{
	uint64_t other;
	const char *status = "200";
	tell_count_with("requests_total", 1, "method", "PUT", "status", status);
	tell_count_with("requests_total", 2, "status", status, "method", "PUT");
	ck_assert_uint_eq(tell_counter_get(tell_counter_with(requests, "PUT", "200")), 3);
	ck_assert_uint_eq(sum_of("requests", &other), 3);
	ck_assert_uint_eq(other, 0);
	tell_count_with("sent_total", 1, "queue", "a", "result", "ok");
	tell_count_with("sent_total", 1, "result", "ok", "queue", "a");
	ck_assert_uint_eq(sum_of("sent", &other), 2);
}
END_TEST

START_TEST(other_labels_are_other)
{
	uint64_t other;
	tell_count("requests_total", 1);
	tell_count_with("requests_total", 1, "method", "PUT");
	tell_count_with("requests_total", 1, "method", "PUT", "code", "200");
	tell_count_with("requests_total", 1, "method", "PUT", "method", "PUT");
	tell_count_with("requests_total", 1, "method", "PUT", "status", "1", "x", "y");
	ck_assert_uint_eq(sum_of("requests", &other), 0);
	ck_assert_uint_eq(other, 5);
	ck_assert_uint_eq(tell_family_find("requests")->refused, 5);
}
END_TEST

START_TEST(what_is_no_counter_is_refused)
{
	uint64_t other;
	tell_count("connections", 1);
	tell_count("not a name", 1);
	tell_count(NULL, 1);
	tell_count("telltale_mine", 1);
	tell_count_with("odd_total", 1, "label");
	ck_assert_ptr_null(tell_family_find("odd_total"));
	ck_assert(tell_gauge_get(connections) == 0);
	ck_assert_uint_eq(sum_of("telltale_metrics_refused", &other), 5);
}
END_TEST

START_TEST(in_a_handler_that_met_a_call_nothing_is_made)
{
	uint64_t other;
	tell_count_with("requests_total", 1, "method", "GET", "status", "200");
	ck_assert(tell_thread_enter());
	tell_count("fresh_total", 1);
	tell_count_with("requests_total", 1, "method", "GET", "status", "200");
	tell_count_with("requests_total", 1, "method", "NEW", "status", "200");
	tell_count("connections", 1);
	tell_thread_leave();
	ck_assert_ptr_null(tell_family_find("fresh_total"));
	ck_assert_uint_eq(sum_of("requests", &other), 2);
	ck_assert_uint_eq(other, 1);
}
END_TEST

static Suite *metric_named_suite(void)
{
	Suite *s = suite_create("api/metric_named");
	tell_check_add(s, "declared", declared_metrics_are_there,
		one_that_cannot_be_made_counts_nothing_and_is_counted,
		a_declared_metric_is_the_one_of_that_name, NULL);
	tell_check_add(s, "by name", names_are_found_whole, counting_by_name_makes_it,
		labels_may_come_in_any_order, other_labels_are_other,
		what_is_no_counter_is_refused,
		in_a_handler_that_met_a_call_nothing_is_made, NULL);
	return s;
}
TELL_CHECK_MAIN(metric_named_suite)
