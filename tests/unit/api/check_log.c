#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/process.h"
#include "support/check_main.h"
#include "support/flow.h"

static void expect(const char *text)
{
	const char *last = flow_last();
	ck_assert_msg(strstr(last, text) != NULL, "no %s in %s", text, last);
}

static void wrapper(struct tell_site *site, int level, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	tell_vlogf(site, level, fmt, ap);
	va_end(ap);
}

START_TEST(a_structured_call_becomes_one_typed_record)
{
	const char *user = "ann";
	int cents = 4200;
	flow_start("");
	tell_info("paid", tell_var(user), tell_var(cents), tell_kv("ok", (bool)1));
	ck_assert_uint_eq(flow_count(), 1);
	expect("\"level\":\"info\",\"service\":\"flow\"");
	expect("\"message\":\"paid\",\"user\":\"ann\",\"cents\":4200,\"ok\":true");
	expect("\"function\":\"a_structured_call_becomes_one_typed_record_fn\"");
}
END_TEST

START_TEST(a_printf_call_is_formatted)
{
	flow_start("");
	tell_infof("listening on %s:%d", "host", 80);
	expect("\"message\":\"listening on host:80\"");
	errno = ENOENT;
	wrapper(NULL, TELL_ERROR, "failed: %m");
	expect("\"message\":\"failed: No such file or directory\"");
	tell_infof("%s", "");
	expect("\"message\":\"\"");
}
END_TEST

START_TEST(a_message_is_data)
{
	flow_start("");
	tell_info("100% %s %n", tell_kv("f", "%n"));
	expect("\"message\":\"100% %s %n\",\"f\":\"%n\"");
}
END_TEST

START_TEST(long_formatted_messages_arrive_whole)
{
	static char text[50001];
	memset(text, 'x', 50000);
	flow_start("");
	tell_infof("%s!", text);
	ck_assert_uint_gt(strlen(flow_last()), 50000);
	expect("xxx!\"");
	for (size_t len = 500; len < 520; len++) {
		tell_infof("%.*s!", (int)len, text);
		char want[600];
		(void)snprintf(
			want, sizeof(want), "\"message\":\"%.*s!\"", (int)len, text);
		expect(want);
	}
}
END_TEST

START_TEST(tell_fmt_gives_messages_of_its_own)
{
	flow_start("");
	tell_warning(tell_fmt("retry %d of %d", 1, 3), tell_kv("host", "h"));
	expect("\"message\":\"retry 1 of 3\",\"host\":\"h\"");
	const char *a = tell_fmt("%s", "a"), *b = tell_fmt("%s", "b"), *c = tell_fmt("c"),
		   *d = tell_fmt("d");
	ck_assert_str_eq(a, "a");
	ck_assert_str_eq(b, "b");
	ck_assert_str_eq(c, "c");
	ck_assert_str_eq(d, "d");
	char *big = malloc(100001);
	memset(big, 'x', 100000);
	big[100000] = '\0';
	ck_assert_uint_lt(strlen(tell_fmt("%s", big)), 65536);
	ck_assert_uint_gt(strlen(tell_fmt("%s", big)), 65500);
	free(big);
}
END_TEST

/* As tell_kv() of a plugin makes it, whose literal is at key until it is unloaded. */
static struct tell_field of_a_plugin(const char *key)
{
	return tell__literal(tell_str(key, "hunter2"));
}

START_TEST(a_key_is_known_by_its_address_only_in_the_sites_own_object)
{
	char place[9] = "aaaaaaaa"; /* another plugin's literal will be there */
	flow_start("");
	for (int i = 0; i < 2; i++) {
		struct tell_field f = of_a_plugin(place);
		tell_log(TELL_INFO, "in an array", &f, 1);
		expect(i ? "\"password\":\"[REDACTED]\"" : "\"aaaaaaaa\":\"hunter2\"");
		memcpy(place, "password", 8);
	}
	memcpy(place, "aaaaaaaa", 8);
	for (int i = 0; i < 2; i++) {
		tell_info("in a call", tell_kv("own", 1), of_a_plugin(place));
		expect(i ? "\"own\":1,\"password\":\"[REDACTED]\""
			 : "\"own\":1,\"aaaaaaaa\":\"hunter2\"");
		memcpy(place, "password", 8);
	}
}
END_TEST

START_TEST(scope_fields_come_along_and_the_calls_own_win)
{
	flow_start("");
	TELL_SCOPE(tell_kv("request_id", "r1"), tell_kv("a", 1));
	tell_info("x", tell_kv("a", 2));
	expect("\"request_id\":\"r1\",\"a\":2");
}
END_TEST

START_TEST(a_handle_carries_its_fields)
{
	flow_start("");
	struct tell *t = tell_with(NULL, tell_kv("db", "orders"), tell_kv("a", 1));
	struct tell *u = tell_with(t, tell_kv("a", 2));
	TELL_SCOPE(tell_kv("request_id", "r1"));
	tell_to(u, TELL_INFO, "query", tell_kv("rows", 3));
	expect("\"db\":\"orders\",\"a\":2,\"request_id\":\"r1\",\"rows\":3");
	t = tell_free(t);
	tell_tof(u, TELL_INFO, "still %d", 1);
	expect("\"message\":\"still 1\",\"db\":\"orders\"");
	ck_assert_ptr_null(tell_free(u));
	tell_to(NULL, TELL_INFO, "the process's own");
	expect("the process's own");
}
END_TEST

START_TEST(a_wrapper_keeps_its_callers_place)
{
	flow_start("");
	int line = __LINE__ + 1;
	wrapper(TELL_SITE(TELL_WARNING), TELL_WARNING, "old %s", "style");
	char want[64];
	(void)snprintf(want, sizeof(want), "\"line\":%d", line);
	expect(want);
	expect("\"level\":\"warning\"");
	wrapper(NULL, TELL_INFO, "nowhere");
	ck_assert_ptr_null(strstr(flow_last(), "caller"));
}
END_TEST

START_TEST(once_and_every_hold_back)
{
	flow_start("");
	for (int i = 0; i < 5; i++)
		TELL_ONCE tell_info("once");
	ck_assert_uint_eq(flow_count(), 1);
	for (int i = 0; i < 5; i++)
		TELL_EVERY(3600000) tell_info("every");
	ck_assert_uint_eq(flow_count(), 2);
}
END_TEST

START_TEST(errno_stays)
{
	flow_start("");
	errno = 4711;
	tell_info("x", tell_kv("brand_new_name", 1));
	tell_infof("x");
	tell_debug("x");
	(void)tell_fmt("%s", "x");
	ck_assert_int_eq(errno, 4711);
}
END_TEST

START_TEST(records_are_numbered_without_gaps)
{
	flow_start("");
	for (int i = 0; i < 3; i++) {
		tell_debug("not counted");
		tell_info("x");
	}
	const char *seq = strstr(flow_last(), "\"seq\":\"");
	ck_assert_ptr_nonnull(seq);
	ck_assert_int_eq(strncmp(seq + 7 + 8, ".0.3\"", 5), 0);
}
END_TEST

static void *log_many(void *arg)
{
	TELL_SCOPE(tell_kv("thread", *(int *)arg));
	for (int i = 0; i < 500; i++)
		tell_info("from a thread", tell_kv("i", i));
	return NULL;
}

START_TEST(threads_log_side_by_side)
{
	flow_start("");
	pthread_t t[4];
	int ids[4] = { 0, 1, 2, 3 };
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, log_many, &ids[i]), 0);
	for (int i = 0; i < 4; i++)
		(void)pthread_join(t[i], NULL);
	ck_assert_uint_eq(flow_count(), 2000);
	ck_assert_uint_eq(flow_count_of("\"thread\":3,"), 500);
}
END_TEST

static void *reload_many(void *stop)
{
	while (!__atomic_load_n((bool *)stop, __ATOMIC_RELAXED))
		(void)tell_level_set("debug"), (void)tell_level_set("reset");
	return NULL;
}

START_TEST(levels_change_while_threads_log)
{
	flow_start("");
	pthread_t t, changer;
	int id = 1;
	bool stop = false;
	ck_assert_int_eq(pthread_create(&changer, NULL, reload_many, &stop), 0);
	ck_assert_int_eq(pthread_create(&t, NULL, log_many, &id), 0);
	(void)pthread_join(t, NULL);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	(void)pthread_join(changer, NULL);
	ck_assert_uint_eq(flow_count(), 500);
}
END_TEST

START_TEST(calls_work_after_close_and_before_init)
{
	flow_start("");
	tell_info("one");
	tell_close();
	ck_assert_int_eq(tell_flush(100), 0);
	tell_close();
	ck_assert_uint_eq(flow_count(), 1);
}
END_TEST

START_TEST(bad_service_names_are_refused)
{
	struct tell *t;
	ck_assert_int_eq(tell_init("a/b"), -EINVAL);
	ck_assert_int_eq(tell_init(""), -EINVAL);
	ck_assert_int_eq(tell_init(".."), -EINVAL);
	ck_assert_int_eq(tell_new(&t, NULL), -EINVAL);
	ck_assert_int_eq(tell_new(&t, "has blank"), -EINVAL);
	ck_assert_ptr_null(tell_free(NULL));
}
END_TEST

static Suite *log_suite(void)
{
	Suite *s = suite_create("api/log");
	tell_check_add(s, "calls", a_structured_call_becomes_one_typed_record,
		a_printf_call_is_formatted, a_message_is_data,
		long_formatted_messages_arrive_whole, tell_fmt_gives_messages_of_its_own,
		a_key_is_known_by_its_address_only_in_the_sites_own_object,
		scope_fields_come_along_and_the_calls_own_win,
		a_handle_carries_its_fields, a_wrapper_keeps_its_callers_place,
		once_and_every_hold_back, errno_stays, records_are_numbered_without_gaps,
		bad_service_names_are_refused, calls_work_after_close_and_before_init,
		NULL);
	tell_check_add(s, "threads", threads_log_side_by_side,
		levels_change_while_threads_log, NULL);
	return s;
}
TELL_CHECK_MAIN(log_suite)
