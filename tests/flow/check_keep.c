#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale.h>
#include <telltale/capture.h>
#include <unistd.h>
#include "support/check_main.h"

/* What is known and what is kept: enrich and filter lines, from the stack file to the
 * captured record, by the public calls alone. */
static char dir[] = "/tmp/telltale-keep.XXXXXX";
static char path[64];

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/shop", dir);
	ck_assert_int_eq(setenv("TELLTALE_CONFDIR", dir, 1), 0);
	ck_assert_int_eq(unsetenv("OTEL_SERVICE_NAME"), 0);
	ck_assert_int_eq(unsetenv("OTEL_RESOURCE_ATTRIBUTES"), 0);
}

static void tear_down(void)
{
	tell_close();
	(void)unlink(path); /* a test may have written none */
	(void)rmdir(dir);
}

/* Start the service with these lines and a sink that captures. */
static void start(const char *lines)
{
	FILE *f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_gt(fprintf(f, "%s\nsink required capture\n", lines), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(path, 0600), 0);
	ck_assert_int_eq(tell_init("shop"), 0);
}

static void expect(const char *where, long n)
{
	long found = tell_capture_count(where);
	if (found != n)
		ck_abort_msg("%s: %ld, not %ld; first: %s", where, found, n,
			tell_capture_json(0) ? tell_capture_json(0) : "nothing captured");
}

START_TEST(fields_of_the_stack_are_in_records_and_the_calls_win)
{
	ck_assert_int_eq(setenv("KEEP_NODE", "n1", 1), 0);
	ck_assert_int_eq(setenv("OTEL_RESOURCE_ATTRIBUTES", "service.version=2.1", 1), 0);
	start("enrich optional set env=prod shard=7\n"
	      "enrich optional env names=KEEP_NODE prefix=k8s_\n"
	      "enrich optional host\n"
	      "enrich optional process\n"
	      "enrich optional resource namespace=shop");
	tell_info("plain");
	tell_info("own", tell_kv("env", "test"));
	{
		TELL_SCOPE(tell_kv("env", "scoped"));
		tell_info("inside");
	}
	expect("env=prod and shard=7 and message=plain", 1);
	expect("env=test and shard=7 and message=own", 1);
	expect("env=scoped and message=inside", 1);
	expect("k8s_keep_node=n1 and service_version=\"2.1\" and service_namespace=shop",
		3);
	expect("hostname and comm and exe~\"^/\" and ppid>0 and uid>=0", 3);
}
END_TEST

START_TEST(a_filter_sees_message_scope_place_and_added_fields)
{
	start("enrich optional set env=prod\n"
	      "filter required match [when=env=prod and tenant=acme and message~^pa and "
	      "func~keep_nobody or line>0 and file~\"check_keep\\.c$\" and status>=500]");
	TELL_SCOPE(tell_kv("tenant", "acme"));
	tell_info("paid", tell_kv("status", 200));
	tell_info("failed", tell_kv("status", 503));
	tell_debug("hidden", tell_kv("status", 503)); /* off: no filter level, so info */
	expect(NULL, 1);
	expect("message=failed and status=503 and tenant=acme", 1);
}
END_TEST

START_TEST(a_level_rule_lets_records_through_the_level_filter)
{
	start("filter required level min=warning");
	tell_info("no");
	tell_warning("yes");
	ck_assert_int_eq(tell_level_set("file:*check_keep.c debug"), 0);
	tell_debug("forced");
	ck_assert_int_eq(tell_level_set("reset"), 0);
	tell_info("no again");
	expect(NULL, 2);
	expect("level=debug and message=forced", 1);
}
END_TEST

START_TEST(warnings_pass_what_samples_the_rest)
{
	start("filter sufficient level min=warning\n"
	      "filter requisite sample ratio=0 by=trace_id");
	tell_info("sampled away");
	tell_warning("kept");
	tell_error("kept too");
	expect(NULL, 2);
	expect("level>=warning", 2);
}
END_TEST

START_TEST(a_trace_is_kept_whole_or_not_at_all)
{
	unsigned kept = 0;
	start("filter required sample ratio=0.5 by=trace_id");
	for (unsigned i = 0; i < 200; i++) {
		char id[33], where[64];
		(void)snprintf(id, sizeof(id), "%016x%016llx", i,
			(i + 1) * 0x9e3779b97f4a7c15ULL);
		TELL_SCOPE(tell_kv("trace_id", (const char *)id));
		tell_info("begin");
		tell_info("end", tell_kv("i", i));
		(void)snprintf(where, sizeof(where), "trace_id=\"%s\"", id);
		long n = tell_capture_count(where);
		ck_assert_msg(n == 0 || n == 2, "%s: %ld", id, n);
		kept += n == 2;
	}
	ck_assert_uint_gt(kept, 50);
	ck_assert_uint_lt(kept, 150);
}
END_TEST

START_TEST(secrets_of_the_environment_are_redacted_by_name)
{
	char word[32];
	(void)snprintf(word, sizeof(word), "%s%s", "hunter", "2hunter2");
	ck_assert_int_eq(setenv("KEEP_PASSWORD", word, 1), 0);
	start("enrich optional env names=KEEP_PASSWORD\n"
	      "redact requisite keys\nredact requisite detect");
	tell_info("up");
	expect("keep_password", 1);
	ck_assert_ptr_null(strstr(tell_capture_json(0), word));
}
END_TEST

START_TEST(a_flood_ends_in_a_sum_when_the_stack_ends)
{
	start("filter required quota rate=3/h");
	for (int i = 0; i < 50; i++)
		tell_info("storm");
	expect(NULL, 3);
	ck_assert_int_eq(tell_reload(), 0);
	expect(NULL, 4);
	expect("logger=\"telltale\" and suppressed=47", 1);
	expect("suppressed_from and suppressed_until and message~\"rate=3/h\"", 1);
}
END_TEST

START_TEST(a_sum_of_repeats_is_as_the_record_and_redacted_like_it)
{
	char text[64];
	(void)snprintf(
		text, sizeof(text), "cannot log in, password=%s%s", "hunter", "2hunter2");
	start("filter required dedup window=1h by=message\n"
	      "redact requisite keys\nredact requisite detect");
	for (int i = 0; i < 5; i++)
		tell_warningf("%s", text);
	expect(NULL, 1);
	ck_assert_int_eq(tell_reload(), 0);
	expect(NULL, 2);
	expect("level=warning and repeated=4 and message~\"^cannot log in\"", 1);
	ck_assert_ptr_nonnull(strstr(tell_capture_json(1), "check_keep.c"));
	ck_assert_ptr_null(strstr(tell_capture_json(1), "hunter"));
	ck_assert_ptr_nonnull(strstr(tell_capture_json(1), "repeated_until"));
}
END_TEST

START_TEST(with_a_queue_the_service_thread_says_what_is_due)
{
	start("filter required dedup window=1ms\nqueue required ring");
	for (int i = 0; i < 100; i++)
		tell_info("storm");
	/* nobody logs any more; it looks each 5 s */
	for (int i = 0; i < 300 && tell_capture_count("repeated") == 0; i++)
		(void)usleep(100000);
	ck_assert_int_gt(tell_capture_count("repeated"), 0);
}
END_TEST

static Suite *keep_suite(void)
{
	Suite *s = suite_create("flow/keep");
	TCase *tc = tcase_create("keep");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, fields_of_the_stack_are_in_records_and_the_calls_win);
	tcase_add_test(tc, a_filter_sees_message_scope_place_and_added_fields);
	tcase_add_test(tc, a_level_rule_lets_records_through_the_level_filter);
	tcase_add_test(tc, warnings_pass_what_samples_the_rest);
	tcase_add_test(tc, a_trace_is_kept_whole_or_not_at_all);
	tcase_add_test(tc, secrets_of_the_environment_are_redacted_by_name);
	tcase_add_test(tc, a_flood_ends_in_a_sum_when_the_stack_ends);
	tcase_add_test(tc, a_sum_of_repeats_is_as_the_record_and_redacted_like_it);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, with_a_queue_the_service_thread_says_what_is_due);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(keep_suite)
