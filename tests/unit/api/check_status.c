#include "api/status.h"
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <telltale.h>
#include <telltale/metric.h>
#include "api/init.h"
#include "api/process.h"
#include "support/check_main.h"
#include "decode/json_read.h"

static struct tell_buf out;

/* The status, checked to be JSON. */
static const char *status(void)
{
	struct tell_json_span all;
	tell_buf_clear(&out);
	tell_status_put(&out, &tell_process.main);
	const char *text = tell_buf_cstr(&out);
	ck_assert_msg(tell_json_check(text, strlen(text), &all), "no JSON: %s", text);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1); /* one line */
	return text;
}

static void expect(const char *part)
{
	const char *text = status();
	ck_assert_msg(strstr(text, part) != NULL, "no %s in %s", part, text);
}

START_TEST(it_says_who_and_since_when)
{
	ck_assert_int_eq(tell__init_text("shop", "sink required permit\n"), 0);
	expect("\"service\":\"shop\",\"pid\":");
	expect("\"started\":\"20");
	expect("\"stack\":\"(text)\"");
	ck_assert_ptr_null(strstr(status(), "\"refused\""));
}
END_TEST

START_TEST(it_has_the_ledger)
{
	ck_assert_int_eq(
		tell__init_text("shop", "sink optional deny\nsink required permit\n"), 0);
	tell_info("x");
	tell_info("y");
	expect("\"records\":{\"made\":2,\"delivered\":2,\"filtered\":0,\"undelivered\":0,"
	       "\"queued\":0,");
	expect("\"sinks\":[{\"sink\":\"deny\",\"offered\":2,\"delivered\":0,\"spooled\":0,"
	       "\"dropped\":{\"denied\":2},\"breaker\":\"closed\",\"opened\":0,\"turned_away\":0},{\"sink\":\"permit\",\"offered\":2,\"delivered\":2,"
	       "\"spooled\":0,\"dropped\":{},\"breaker\":\"closed\",\"opened\":0,\"turned_away\":0}]");
	expect("{\"labels\":{\"sink\":\"deny\",\"reason\":\"denied\"},\"value\":2}");
}
END_TEST

START_TEST(it_has_the_level_rules)
{
	ck_assert_int_eq(tell__init_text("shop", "sink required permit\n"), 0);
	expect("\"levels\":[]");
	ck_assert_int_eq(
		tell_level_set("file:a\"b.c line:3-9 debug, logger:shop off"), 0);
	expect("\"levels\":[{\"rule\":\"file:a\\\"b.c line:3-9 debug\"},"
	       "{\"rule\":\"logger:shop off\"}]");
}
END_TEST

START_TEST(it_has_the_metrics_of_the_process)
{
	struct tell_counter *c = NULL;
	struct tell_gauge *g = NULL;
	ck_assert_int_eq(tell__init_text("shop", "sink required permit\n"), 0);
	ck_assert_int_eq(tell_counter_new(&c, "requests_total", "A \"R\".", "m"), 0);
	ck_assert_int_eq(tell_gauge_new(&g, "load", "L.", NULL), 0);
	tell_counter_add(tell_counter_with(c,
				 "\xe2\x80\xae"
				 "x\n"),
		1);
	expect("{\"name\":\"requests\",\"type\":\"counter\",\"help\":\"A \\\"R\\\".\","
	       "\"samples\":[{\"labels\":{\"m\":\"\\u202ex\\n\"},\"value\":1}]}");
	expect("{\"name\":\"load\",\"type\":\"gauge\",\"help\":\"L.\",\"samples\":[{\"labels\":{},"
	       "\"value\":0.0}]}");
	tell_gauge_set(g, (double)NAN);
	expect("\"value\":\"NaN\"");
	tell_gauge_set(g, (double)-INFINITY);
	expect("\"value\":\"-Inf\"");
}
END_TEST

START_TEST(a_second_service_leaves_them_to_the_first)
{
	struct tell *t = NULL;
	struct tell_counter *c = NULL;
	ck_assert_int_eq(tell_counter_new(&c, "requests_total", "R.", NULL), 0);
	ck_assert_int_eq(tell__init_text("shop",
				 "health optional permit\n"
				 "service required settings control=no\n"
				 "sink required permit\n"),
		0);
	tell_info("starts the first thread");
	ck_assert_int_eq(tell_new(&t, "billing"), 0);
	tell_buf_clear(&out);
	tell_status_put(&out, tell_process.services);
	ck_assert_ptr_nonnull(strstr(tell_buf_cstr(&out), "\"service\":\"billing\""));
	ck_assert_ptr_null(strstr(tell_buf_cstr(&out), "\"name\":\"requests\""));
	ck_assert_ptr_null(strstr(tell_buf_cstr(&out), "unmade"));
	expect("\"name\":\"requests\"");
	t = tell_free(t);
	tell_close();
}
END_TEST

static Suite *status_suite(void)
{
	Suite *s = suite_create("api/status");
	tell_check_add(s, "status", it_says_who_and_since_when, it_has_the_ledger,
		it_has_the_level_rules, it_has_the_metrics_of_the_process,
		a_second_service_leaves_them_to_the_first, NULL);
	return s;
}
TELL_CHECK_MAIN(status_suite)
