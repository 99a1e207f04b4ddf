#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <telltale/metric.h>
#include "meter/process.h"
#include "record/event.h"
#include "support/check_main.h"
#include "support/timed.h"

static struct tell_counter *requests;
static struct tell_gauge *depth;

static void load(const char *line)
{
	timed_load(line);
	ck_assert_int_eq(
		tell_counter_new(&requests, "requests_total", "Answered.", "endpoint"),
		0);
	ck_assert_int_eq(tell_gauge_new(&depth, "depth", "Of the sea.", ""), 0);
}

static const char *message(void)
{
	static char text[400];
	size_t n;
	const char *s = tell_record_text(&timed_record, &n);
	(void)snprintf(text, sizeof(text), "%.*s", (int)n, s);
	return text;
}

/* What field `name` has, as text or as a number in text. */
static const char *field(const char *name)
{
	static char text[200000];
	struct tell_value v;
	uint64_t n;
	ck_assert(tell_record_get(&timed_record, name, strlen(name), &v));
	if (v.type == TELL_TYPE_JSON || v.type == TELL_TYPE_STR) {
		(void)snprintf(
			text, sizeof(text), "%.*s", (int)v.len, (const char *)v.data);
		return text;
	}
	ck_assert_uint_eq(v.len, 8);
	memcpy(&n, v.data, sizeof(n));
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	return text;
}

START_TEST(the_first_record_has_all_numbers_and_the_next_what_changed)
{
	load("metric optional publish every=5m");
	tell_counter_add(tell_counter_with(requests, "/a"), 300);
	tell_counter_add(tell_counter_with(requests, "/b"), 40);
	tell_gauge_set(depth, 2.5);
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	ck_assert_uint_eq(timed_record.head->kind, TELL_KIND_METRIC);
	ck_assert_ptr_nonnull(strstr(message(), " metrics: requests_total +340"));
	ck_assert_str_eq(field("message_id"), tell_event_id(TELL_EVENT_METRIC_PUBLISH));
	ck_assert_str_eq(field("every"), "300");
	ck_assert_str_eq(field("whole"), "1");
	const char *all = field("metrics");
	ck_assert_ptr_nonnull(strstr(all,
		"{\"name\":\"requests\",\"type\":\"counter\",\"help\":\"Answered.\","
		"\"samples\":[{\"labels\":{\"endpoint\":\"/a\"},\"value\":300},"
		"{\"labels\":{\"endpoint\":\"/b\"},\"value\":40}]}"));
	ck_assert_ptr_nonnull(strstr(all, "{\"labels\":{},\"value\":2.5}"));
	ck_assert_ptr_nonnull(strstr(all, "telltale_records"));

	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	tell_counter_add(tell_counter_with(requests, "/b"), 1);
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	ck_assert_str_eq(message(), "1 metric: requests_total +1");
	ck_assert_str_eq(field("metrics"),
		"[{\"name\":\"requests\",\"type\":\"counter\",\"help\":\"Answered.\","
		"\"samples\":[{\"labels\":{\"endpoint\":\"/b\"},\"value\":41}]}]");
	ck_assert_str_eq(field("whole"), "0");
	ck_assert_str_eq(field("series"), "1");
}
END_TEST

START_TEST(our_own_numbers_alone_are_no_news_but_each_twelfth_time)
{
	load("metric optional publish every=5m");
	tell_counter_add(tell_counter_with(requests, "/a"), 1);
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	for (int i = 1; i < 12; i++) {
		tell_info("counted, but by us");
		ck_assert_int_eq(timed_ask(), TELL_IGNORE);
	}
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	ck_assert_str_eq(field("whole"), "1");
	ck_assert_ptr_nonnull(strstr(field("metrics"), "\"/a\"},\"value\":1}"));
}
END_TEST

/* How many samples of `requests` a record has. */
static unsigned samples(void)
{
	unsigned n = 0;
	for (const char *p = field("metrics"); (p = strstr(p, "\"endpoint\"")); p++)
		n++;
	return n;
}

START_TEST(what_does_not_fit_in_a_record_goes_on_in_the_next)
{
	char value[40];
	unsigned n = 0, n_records = 0, n_whole = 0;
	enum tell_verdict v = TELL_SPOOLED;
	load("service required settings limit=8KiB\nmetric optional publish");
	for (int i = 0; i < 200; i++) {
		(void)snprintf(value, sizeof(value), "/a-rather-long-endpoint/%d", i);
		tell_counter_add(tell_counter_with(requests, value), 1);
	}
	for (; v == TELL_SPOOLED; n_records++) {
		v = timed_ask();
		ck_assert_uint_le(timed_record.head->size, 8192);
		ck_assert(!(timed_record.head->flags & TELL_RECORD_CUT));
		n += samples();
		n_whole += strcmp(field("whole"), "1") == 0;
	}
	ck_assert_int_eq(v, TELL_SUCCESS);
	ck_assert_uint_eq(n, 200);
	ck_assert_uint_gt(n_records, 2);
	ck_assert_uint_eq(n_whole, 1);
	ck_assert_int_eq(timed_ask(), TELL_IGNORE);
}
END_TEST

START_TEST(a_message_names_the_first_few)
{
	struct tell_counter *c;
	char name[60];
	load("metric optional publish");
	for (int i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "a_counter_number_%d_total", i);
		ck_assert_int_eq(tell_counter_new(&c, name, "", ""), 0);
		tell_counter_add(c, 1);
	}
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	ck_assert_uint_lt(strlen(message()), 260);
	ck_assert_ptr_nonnull(strstr(message(), "a_counter_number_0_total +1, "));
	ck_assert_ptr_nonnull(strstr(message(), ", …"));
}
END_TEST

START_TEST(a_forked_child_says_all_anew)
{
	load("metric optional publish");
	tell_counter_add(tell_counter_with(requests, "/a"), 1);
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	timed_child();
	tell_counter_add(tell_counter_with(requests, "/b"), 1);
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	ck_assert_str_eq(field("whole"), "1");
}
END_TEST

START_TEST(a_counter_of_parts_of_a_second_grew_by_as_much)
{
	const char name[] = "process_cpu_seconds_total +";
	double added = -1;
	tell_process_want(true);
	load("metric optional publish every=5m");
	ck_assert_int_eq(timed_ask(), TELL_SUCCESS);
	const char *at = strstr(message(), name);
	ck_assert_msg(at != NULL, "%s", message());
	added = strtod(at + sizeof(name) - 1, NULL);
	ck_assert_msg(added > 0 && added < 1000, "%s", message());
	tell_process_want(false);
}
END_TEST

static Suite *publish_suite(void)
{
	Suite *s = suite_create("metric/publish");
	TCase *c = tcase_create("publish");
	tcase_add_checked_fixture(c, NULL, timed_end);
	tcase_add_test(c, the_first_record_has_all_numbers_and_the_next_what_changed);
	tcase_add_test(c, our_own_numbers_alone_are_no_news_but_each_twelfth_time);
	tcase_add_test(c, a_counter_of_parts_of_a_second_grew_by_as_much);
	tcase_add_test(c, what_does_not_fit_in_a_record_goes_on_in_the_next);
	tcase_add_test(c, a_message_names_the_first_few);
	tcase_add_test(c, a_forked_child_says_all_anew);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(publish_suite)
