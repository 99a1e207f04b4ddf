#include <string.h>
#include "encode/parts.h"
#include "support/check_main.h"
#include "support/encoding.h"

static struct encoding e;

static const char *own(struct tell_field f)
{
	encoding_end(&e);
	encoding_begin(&e, "text"); /* what they stand behind */
	encoding_add(&e, 0, f);
	tell_encode_message_fields(&e.out, &e.r, false);
	return tell_buf_cstr(&e.out);
}

START_TEST(a_line_has_the_names_of_json)
{
	encoding_begin(&e, "all paid");
	encoding_add(&e, 0, tell_str("user", "ann"));
	encoding_add(&e, TELL_SLOT_SCOPE, tell_i64("cents", 4200));
	ck_assert_str_eq(encoding_text(&e, "logfmt"),
		"timestamp=2026-11-21T02:06:07.123456Z level=info service=shop "
		"logger=shop.cart message=\"all paid\" user=ann cents=4200 pid=4711 "
		"seq=1a2b3c4d.0.42 code_file=src/cart.c code_line=142 code_func=add_item");
}
END_TEST

START_TEST(values_are_quoted_only_when_they_must)
{
	ck_assert_str_eq(own(tell_str("x", "a/b:c;\xc3\xa4")), " x=a/b:c;\xc3\xa4");
	ck_assert_str_eq(own(tell_str("x", "")), " x=\"\"");
	ck_assert_str_eq(own(tell_str("x", "a b")), " x=\"a b\"");
	ck_assert_str_eq(own(tell_str("x", "a=b")), " x=\"a=b\"");
	ck_assert_str_eq(own(tell_str("x", "a\"b\\")), " x=\"a\\\"b\\\\\"");
	ck_assert_str_eq(own(tell_str("x", "a\nb\x1b")), " x=\"a\\nb\\u001b\"");
	ck_assert_str_eq(own(tell_str("x", "\xff")), " x=\"\xef\xbf\xbd\"");
	ck_assert_str_eq(own(tell_str("x", "\xe2\x80\xae")), " x=\"\\u202e\"");
	ck_assert_str_eq(own(tell_secret("x", "sesame")), " x=[REDACTED]");
	ck_assert_str_eq(own(tell_bytes("x", "\xff", 1)), " x=\"/w==\"");
	ck_assert_str_eq(own(tell_f64("x", 0.5)), " x=0.5");
}
END_TEST

START_TEST(only_the_calls_own_fields_are_own)
{
	encoding_begin(&e, "m");
	encoding_add(&e, TELL_SLOT_SCOPE, tell_i64("a", 1));
	encoding_add(&e, 0, tell_i64("b", 2));
	encoding_add(&e, TELL_SLOT_ADDED, tell_i64("c", 3));
	tell_encode_message_fields(&e.out, &e.r, false);
	ck_assert_str_eq(tell_buf_cstr(&e.out), " b=2");
}
END_TEST

START_TEST(long_values_are_shortened_in_a_message_only)
{
	static char big[3000];
	memset(big, 'x', sizeof(big) - 1);
	ck_assert_uint_eq(strlen(own(tell_str("x", big))), 3 + 1024 + 3);
	encoding_text(&e, "logfmt");
	ck_assert_ptr_nonnull(strstr(encoding_text(&e, "logfmt"), big));
}
END_TEST

START_TEST(message_full_keeps_the_bare_text)
{
	encoding_begin(&e, "paid");
	e.l.message_full = true;
	e.r.head->kind = TELL_KIND_COST;
	e.r.head->flags = TELL_RECORD_CUT | TELL_RECORD_RECOVERED;
	encoding_add(&e, 0, tell_i64("n", 1));
	ck_assert_ptr_nonnull(strstr(encoding_text(&e, "logfmt"),
		" message=\"paid n=1\" tell_text=paid kind=cost n=1 cut=true "
		"tell_recovered=true pid="));
}
END_TEST

static Suite *logfmt_suite(void)
{
	Suite *s = suite_create("encode/logfmt");
	tell_check_add(s, "lines", a_line_has_the_names_of_json,
		values_are_quoted_only_when_they_must, only_the_calls_own_fields_are_own,
		long_values_are_shortened_in_a_message_only,
		message_full_keeps_the_bare_text, NULL);
	return s;
}
TELL_CHECK_MAIN(logfmt_suite)
