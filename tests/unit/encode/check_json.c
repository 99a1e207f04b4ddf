#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"

#define FRONT                                                                            \
	"{\"timestamp\":\"2026-11-21T02:06:07.123456Z\",\"level\":\"info\","             \
	"\"service\":\"shop\",\"logger\":\"shop.cart\",\"message\":"
#define BACK                                                                             \
	"\"pid\":4711,\"seq\":\"1a2b3c4d.0.42\",\"caller\":{\"file\":\"src/cart.c\","    \
	"\"line\":142,\"function\":\"add_item\"}}"

static struct encoding e;

START_TEST(members_come_in_the_order_of_the_design)
{
	encoding_begin(&e, "paid");
	encoding_add(&e, 0, tell_str("user", "ann"));
	encoding_add(&e, TELL_SLOT_SCOPE, tell_i64("cents", 4200));
	ck_assert_str_eq(encoding_text(&e, "json"),
		FRONT "\"paid\",\"user\":\"ann\",\"cents\":4200," BACK);
}
END_TEST

START_TEST(what_is_not_known_is_left_out)
{
	encoding_begin(&e, NULL);
	e.r.head->place = 0;
	e.r.head->seq = 0;
	e.r.head->pid = 0;
	e.who.pid = 99;
	ck_assert_str_eq(encoding_text(&e, "json"),
		"{\"timestamp\":\"2026-11-21T02:06:07.123456Z\",\"level\":\"info\","
		"\"service\":\"shop\",\"message\":\"\",\"pid\":99}");
}
END_TEST

START_TEST(kinds_are_named_when_no_log)
{
	encoding_begin(&e, "m");
	e.r.head->kind = TELL_KIND_ALERT;
	e.r.head->level = TELL_EMERG;
	ck_assert_ptr_nonnull(strstr(
		encoding_text(&e, "json"), "\"message\":\"m\",\"kind\":\"alert\","));
	ck_assert_ptr_nonnull(strstr(encoding_text(&e, "json"), "\"level\":\"emerg\""));
}
END_TEST

START_TEST(message_full_keeps_the_bare_text_beside_it)
{
	encoding_begin(&e, "paid");
	e.l.message_full = true;
	ck_assert_str_eq(encoding_text(&e, "json"), FRONT "\"paid\"," BACK);
	encoding_add(&e, 0, tell_str("user", "ann b"));
	encoding_add(&e, TELL_SLOT_SCOPE, tell_i64("request_id", 7));
	encoding_add(&e, TELL_SLOT_ADDED, tell_str("env", "test"));
	ck_assert_str_eq(encoding_text(&e, "json"),
		FRONT
		"\"paid user=\\\"ann b\\\"\",\"tell_text\":\"paid\",\"user\":\"ann b\","
		"\"request_id\":7,\"env\":\"test\"," BACK);
	e.l.message_all = true;
	ck_assert_ptr_nonnull(strstr(encoding_text(&e, "json"),
		"\"paid user=\\\"ann b\\\" request_id=7 env=test\",\"tell_text\""));
}
END_TEST

START_TEST(what_was_cut_is_named)
{
	static char big[100000];
	memset(big, 'x', sizeof(big));
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_strn("body", big, sizeof(big)));
	encoding_add(&e, 0, tell_i64("n", 1));
	tell_record_trim(&e.r);
	ck_assert_ptr_nonnull(
		strstr(encoding_text(&e, "json"), ",\"cut\":[\"body\"],\"pid\""));
	encoding_end(&e);
	encoding_begin(&e, "m");
	e.r.head->flags |= TELL_RECORD_CUT;
	ck_assert_ptr_nonnull(strstr(encoding_text(&e, "json"), ",\"cut\":[],\"pid\""));
}
END_TEST

START_TEST(recovered_records_say_so)
{
	encoding_begin(&e, "m");
	e.r.head->flags |= TELL_RECORD_RECOVERED;
	ck_assert_ptr_nonnull(strstr(
		encoding_text(&e, "json"), ",\"tell_recovered\":true,\"pid\":4711"));
}
END_TEST

START_TEST(a_stamp_changes_nothing)
{
	struct tell_stamp stamp = { 0 };
	encoding_begin(&e, "m");
	char *plain = strdup(encoding_text(&e, "json"));
	e.l.stamp = &stamp;
	ck_assert_str_eq(encoding_text(&e, "json"), plain);
	ck_assert_str_eq(encoding_text(&e, "json"), plain);
	free(plain);
}
END_TEST

static Suite *json_suite(void)
{
	Suite *s = suite_create("encode/json");
	tell_check_add(s, "lines", members_come_in_the_order_of_the_design,
		what_is_not_known_is_left_out, kinds_are_named_when_no_log,
		message_full_keeps_the_bare_text_beside_it, what_was_cut_is_named,
		recovered_records_say_so, a_stamp_changes_nothing, NULL);
	return s;
}
TELL_CHECK_MAIN(json_suite)
