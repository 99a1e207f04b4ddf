#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"
#include "support/rfc5424_check.h"

static struct encoding e;
static struct rfc5424 m;

/* Encode, and read with the strict reader into m. */
static void encode(void)
{
	ck_assert_ptr_nonnull(encoding_text(&e, "rfc5424"));
	bool good = rfc5424_read(&m, e.out.data, e.out.len);
	ck_assert_msg(good, "%s at %zu: %s", m.fault, m.at, tell_buf_cstr(&e.out));
}

/* A part as a C string. */
static const char *text_of(struct rfc5424_part part)
{
	static char text[9000];
	ck_assert_uint_lt(part.len, sizeof(text));
	if (part.len)
		memcpy(text, part.at, part.len);
	text[part.len] = '\0';
	return text;
}

/* The parameter's value; NULL: none. */
static const char *param(const char *id, const char *name)
{
	static char text[9000];
	const struct rfc5424_param *p = rfc5424_find(&m, id, name);
	if (!p)
		return NULL;
	text[rfc5424_unescape(text, p->value)] = '\0';
	return text;
}
#define OURS "telltale@32473"

START_TEST(a_message_has_its_parts_in_place)
{
	encoding_begin(&e, "paid");
	encoding_add(&e, 0, tell_str("user", "ann"));
	ck_assert_str_eq(encoding_text(&e, "rfc5424"),
		"<30>1 2026-11-21T02:06:07.123456Z host1 shop 4711 - [telltale@32473 "
		"seq=\"1a2b3c4d.0.42\" logger=\"shop.cart\" code_file=\"src/cart.c\" "
		"code_line=\"142\" code_func=\"add_item\" tid=\"4712\" user=\"ann\"] paid");
}
END_TEST

START_TEST(headers_are_cut_and_made_fit)
{
	static char host[400], app[100];
	memset(host, 'h', sizeof(host) - 1);
	memset(app, 'a', sizeof(app) - 1);
	encoding_begin(&e, "m");
	e.who.host = host;
	e.who.service = app;
	encoding_add(&e, 0,
		tell_str("event", "a name with blanks, \xc3\xa4 and far too long"));
	encode();
	ck_assert_uint_eq(m.host.len, 255);
	ck_assert_uint_eq(m.app.len, 48);
	ck_assert_str_eq(text_of(m.msgid), "a_name_with_blanks,____and_far_t");
	e.who.host = "";
	e.who.service = "a\nb";
	encode();
	ck_assert_ptr_null(m.host.at);
	ck_assert_str_eq(text_of(m.app), "a_b");
}
END_TEST

START_TEST(values_are_escaped_as_the_rfc_says_and_hold_no_controls)
{
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_str("x", "a\"b\\c]d"));
	encoding_add(&e, 0, tell_str("y", "a\nb\x1b\xc2\x85\xe2\x80\xae."));
	encoding_add(&e, 0, tell_str("z", "\xff\xc3\xa4"));
	encode();
	ck_assert_ptr_nonnull(strstr(tell_buf_cstr(&e.out), " x=\"a\\\"b\\\\c\\]d\""));
	ck_assert_str_eq(param(OURS, "x"), "a\"b\\c]d");
	ck_assert_str_eq(param(OURS, "y"), "a b   .");
	ck_assert_str_eq(param(OURS, "z"), "\xef\xbf\xbd\xc3\xa4");
}
END_TEST

START_TEST(a_trace_has_an_element_of_its_own)
{
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_str("span_id", "b7ad6b7169203331"));
	encode();
	ck_assert_uint_eq(m.n_elements, 1);
	ck_assert_str_eq(param(OURS, "span_id"), "b7ad6b7169203331");
	encoding_add(&e, 0, tell_str("trace_id", "0af7651916cd43dd8448eb211c80319c"));
	encode();
	ck_assert_uint_eq(m.n_elements, 2);
	ck_assert_str_eq(param("opentelemetry", "span_id"), "b7ad6b7169203331");
	ck_assert_str_eq(
		param("opentelemetry", "trace_id"), "0af7651916cd43dd8448eb211c80319c");
	ck_assert_ptr_null(param(OURS, "trace_id"));
}
END_TEST

START_TEST(the_operators_number_stands_in_the_element)
{
	encoding_begin(&e, "m");
	e.l.pen = UINT32_MAX;
	encode();
	ck_assert_str_eq(param("telltale@4294967295", "seq"), "1a2b3c4d.0.42");
}
END_TEST

START_TEST(msg_is_never_empty)
{
	encoding_begin(&e, NULL);
	encode();
	ck_assert_str_eq(text_of(m.msg), "-");
	e.r.head->kind = TELL_KIND_SPAN;
	encode();
	ck_assert_str_eq(text_of(m.msg), "span");
	ck_assert_str_eq(text_of(m.msgid), "span");
}
END_TEST

START_TEST(line_feeds_stay_only_with_octet_counting)
{
	encoding_begin(&e, "a\nb\x1b");
	encode();
	ck_assert_str_eq(text_of(m.msg), "a\\nb\\x1b");
	e.l.raw_newlines = true;
	e.l.bom = true;
	encode();
	ck_assert(m.bom);
	ck_assert_str_eq(text_of(m.msg), "a\nb\\x1b");
}
END_TEST

/* Or the receiver would take the text's own mark for ours, and away. */
START_TEST(a_byte_order_mark_of_the_text_is_part_of_it)
{
	encoding_begin(&e, "\xef\xbb\xbf");
	encode();
	ck_assert(m.bom);
	ck_assert_str_eq(text_of(m.msg), "\xef\xbb\xbf");
}
END_TEST

START_TEST(message_full_is_in_msg_and_the_bare_text_beside_it)
{
	encoding_begin(&e, "paid");
	e.l.message_full = true;
	encoding_add(&e, 0, tell_str("user", "ann"));
	encode();
	ck_assert_str_eq(text_of(m.msg), "paid user=ann");
	ck_assert_str_eq(param(OURS, "tell_text"), "paid");
	e.l.message_all = true;
	encoding_add(&e, TELL_SLOT_SCOPE, tell_str("request_id", "r1"));
	encode();
	ck_assert_str_eq(text_of(m.msg), "paid user=ann request_id=r1");
}
END_TEST

START_TEST(what_is_over_the_limit_is_cut_in_msg_and_marked)
{
	static char big[20001];
	for (size_t i = 0; i < 20000; i += 4)
		memcpy(big + i, "\xf0\x9f\x98\x80", 4);
	encoding_begin(&e, big);
	encode();
	ck_assert_uint_le(e.out.len, 8192);
	ck_assert_uint_gt(e.out.len, 8180);
	ck_assert_uint_eq(m.msg.len % 4, 0);
	ck_assert_str_eq(param(OURS, "cut"), "1");
	for (size_t limit = 480; limit < 700; limit++) {
		e.l.limit = limit;
		encode();
		ck_assert_uint_le(e.out.len, limit);
		ck_assert_uint_gt(m.msg.len, 0);
	}
}
END_TEST

START_TEST(many_fields_leave_room_for_the_message)
{
	char name[16];
	encoding_begin(&e, "what happened");
	encoding_add(&e, 0, tell_str("trace_id", "0af7651916cd43dd8448eb211c80319c"));
	for (int i = 0; i < 900; i++) {
		(void)snprintf(name, sizeof(name), "field%d", i);
		encoding_add(&e, 0, tell_str(name, "some value of some length"));
	}
	encode();
	ck_assert_uint_le(e.out.len, 8192);
	ck_assert_str_eq(text_of(m.msg), "what happened");
	ck_assert_str_eq(param(OURS, "cut"), "1");
	ck_assert_ptr_nonnull(param("opentelemetry", "trace_id"));
}
END_TEST

static Suite *rfc5424_suite(void)
{
	Suite *s = suite_create("encode/rfc5424");
	tell_check_add(s, "messages", a_message_has_its_parts_in_place,
		headers_are_cut_and_made_fit,
		values_are_escaped_as_the_rfc_says_and_hold_no_controls,
		a_trace_has_an_element_of_its_own,
		the_operators_number_stands_in_the_element, msg_is_never_empty,
		line_feeds_stay_only_with_octet_counting,
		a_byte_order_mark_of_the_text_is_part_of_it,
		message_full_is_in_msg_and_the_bare_text_beside_it,
		what_is_over_the_limit_is_cut_in_msg_and_marked,
		many_fields_leave_room_for_the_message, NULL);
	return s;
}
TELL_CHECK_MAIN(rfc5424_suite)
