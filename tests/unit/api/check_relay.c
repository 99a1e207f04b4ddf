#include "api/relay.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "api/deliver.h"
#include "support/check_main.h"
#include "support/flow.h"

static enum tell_verdict relay(struct tell_site *site, struct tell_relay r)
{
	struct tell_call c;
	enum tell_verdict v = TELL_IGNORE;
	if (tell_call_begin(&c, NULL, site ? site : &tell_no_site, &r.level)) {
		v = tell_relay(&c, site, &r);
		tell_deliver_notes(c.thread, c.service, c.stack);
		tell_call_end(&c);
	}
	return v;
}

static void expect(const char *text)
{
	const char *last = flow_last();
	ck_assert_msg(strstr(last, text) != NULL, "no %s in %s", text, last);
}

static struct tell_relay text(const char *message)
{
	return (struct tell_relay){ .level = TELL_INFO,
		.facility = -1,
		.message = message,
		.message_len = strlen(message) };
}

static const char *secret(void)
{
	static char line[32];
	(void)snprintf(line, sizeof(line), "password=%s%s", "abc", "-zq7kw9");
	return line;
}

START_TEST(a_record_is_of_the_service_unless_it_says_otherwise)
{
	flow_start("");
	struct tell_relay r = text("hello");
	ck_assert_int_eq(relay(NULL, r), TELL_SUCCESS);
	expect("\"service\":\"flow\",\"message\":\"hello\",\"pid\":");
	r.name = "a \"b\"\xff";
	r.name_len = 6;
	ck_assert_int_eq(relay(NULL, r), TELL_SUCCESS);
	expect("\"service\":\"a \\\"b\\\"\xef\xbf\xbd\",\"message\":\"hello\",\"pid\":");
	r.name_len = 0;
	ck_assert_int_eq(relay(NULL, r), TELL_SUCCESS);
	expect("\"service\":\"flow\"");
}
END_TEST

START_TEST(its_process_and_time_are_its_own)
{
	flow_start("");
	struct tell_relay r = text("hello");
	char want[32];
	(void)relay(NULL, r);
	(void)snprintf(want, sizeof(want), "\"pid\":%d,", (int)getpid());
	expect(want);
	r.pid = 4711;
	r.time_ns = UINT64_C(1795226767123456789);
	(void)relay(NULL, r);
	expect("\"timestamp\":\"2026-11-21T02:06:07.123456Z\"");
	expect("\"pid\":4711,");
}
END_TEST

START_TEST(its_fields_may_have_names_of_the_exits)
{
	flow_start("");
	const struct tell_field fields[] = { tell_str("", "0011"),
		tell_str("message_id", "x"), tell_str("a", "b") };
	const uint16_t keys[] = { TELL_KEY_MESSAGE_ID, 0, 0 };
	struct tell_relay r = text("hello");
	r.fields = fields;
	r.keys = keys;
	r.n_fields = 3;
	(void)relay(NULL, r);
	expect("\"message\":\"hello\",\"message_id\":\"0011\",\"user_message_id\":\"x\",\"a\":\"b\"");
}
END_TEST

START_TEST(what_all_have_gives_way_to_its_own_fields)
{
	flow_start("");
	const struct tell_field own = tell_str("Env", "own");
	const struct tell_field more[] = { tell_str("env", "all"), tell_i64("shard", 3) };
	struct tell_relay r = text("hello");
	r.more = more;
	r.n_more = 2;
	(void)relay(NULL, r);
	expect("\"message\":\"hello\",\"env\":\"all\",\"shard\":3,");
	r.fields = &own;
	r.n_fields = 1;
	(void)relay(NULL, r);
	expect("\"message\":\"hello\",\"env\":\"own\",\"shard\":3,");
}
END_TEST

START_TEST(its_place_can_be_switched)
{
	flow_start("");
	struct tell_site site = {
		.level = TELL__LEVEL_VARIES, .line = 7, .file = "cart.c", .func = "add"
	};
	(void)relay(&site, text("hello"));
	expect("\"caller\":{\"file\":\"cart.c\",\"line\":7,\"function\":\"add\"}");
	struct tell_relay r = text("no");
	r.level = TELL_DEBUG;
	struct tell_site again = site;
	again.state = TELL__UNRESOLVED;
	(void)relay(&again, r);
	expect("\"message\":\"hello\"");
	ck_assert_int_eq(tell_level_set("file:cart.c debug"), 0);
	again.state = TELL__UNRESOLVED;
	(void)relay(&again, r);
	expect("\"level\":\"debug\""); /* forced: the stack's filter lets it by */
	ck_assert_int_eq(tell_level_set("reset"), 0);
}
END_TEST

START_TEST(what_it_says_is_seen_by_filters_and_redaction)
{
	flow_start("filter requisite match [when=service=cron]\n");
	struct tell_relay r = text(secret());
	ck_assert_int_eq(relay(NULL, r), TELL_IGNORE);
	r.name = "cron";
	r.name_len = 4;
	ck_assert_int_eq(relay(NULL, r), TELL_SUCCESS);
	expect("\"service\":\"cron\"");
	ck_assert_ptr_null(strstr(flow_last(), "zq7kw9"));
}
END_TEST

START_TEST(between_sending_and_notes_the_record_is_as_it_was_sent)
{
	flow_start("");
	struct tell_call c;
	struct tell_relay r = text(secret());
	size_t n;
	errno = 77;
	ck_assert(tell_call_begin(&c, NULL, &tell_no_site, &r.level));
	(void)tell_relay(&c, NULL, &r);
	const char *sent = tell_record_text(&c.thread->record, &n);
	ck_assert_uint_eq(n, strlen("password=[REDACTED:pair]"));
	ck_assert_mem_eq(sent, "password=[REDACTED:pair]", n);
	tell_deliver_notes(c.thread, c.service, c.stack);
	tell_call_end(&c);
	ck_assert_int_eq(errno, 77);
}
END_TEST

static Suite *relay_suite(void)
{
	Suite *s = suite_create("api/relay");
	tell_check_add(s, "identity", a_record_is_of_the_service_unless_it_says_otherwise,
		its_process_and_time_are_its_own, NULL);
	tell_check_add(s, "fields", its_fields_may_have_names_of_the_exits,
		what_all_have_gives_way_to_its_own_fields, NULL);
	tell_check_add(s, "place", its_place_can_be_switched, NULL);
	tell_check_add(s, "stack", what_it_says_is_seen_by_filters_and_redaction,
		between_sending_and_notes_the_record_is_as_it_was_sent, NULL);
	return s;
}
TELL_CHECK_MAIN(relay_suite)
