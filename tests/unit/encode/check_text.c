#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "support/check_main.h"
#include "support/encoding.h"

static struct encoding e;

START_TEST(a_line_is_time_level_logger_message)
{
	encoding_begin(&e, "paid");
	e.r.head->level = TELL_WARNING;
	e.l.message_full = true;
	encoding_add(&e, 0, tell_str("user", "ann"));
	encoding_add(&e, TELL_SLOT_SCOPE, tell_str("request_id", "r1"));
	ck_assert_str_eq(encoding_text(&e, "text"),
		"2026-11-21 02:06:07.123 warning shop.cart: paid user=ann");
	encoding_add(&e, TELL_SLOT_ADDED, tell_str("team", "payments"));
	e.l.message_all = true;
	ck_assert_str_eq(encoding_text(&e, "text"),
		"2026-11-21 02:06:07.123 warning shop.cart: paid user=ann request_id=r1 "
		"team=payments");
	e.l.message_full = false;
	e.l.caller = true;
	ck_assert_str_eq(encoding_text(&e, "text"),
		"2026-11-21 02:06:07.123 warning shop.cart: paid (src/cart.c:142)");
	e.r.head->place = 0;
	e.r.head->flags = TELL_RECORD_CUT;
	ck_assert_str_eq(encoding_text(&e, "text"),
		"2026-11-21 02:06:07.123 warning shop: paid cut=true");
}
END_TEST

START_TEST(nothing_in_data_reaches_the_terminal)
{
	encoding_begin(&e, "a\x1b[2J\nb");
	e.l.message_full = true;
	encoding_add(&e, 0, tell_str("x", "\x1b]0;t\x07 \"q\"\r\n\xe2\x80\xae"));
	encoding_add(&e, 0, tell_str("y", "\xff"));
	encoding_add(&e, 0, tell_str("z", ""));
	ck_assert_str_eq(encoding_text(&e, "text"),
		"2026-11-21 02:06:07.123 info shop.cart: a\\x1b[2J\\nb "
		"x=\"\\x1b]0;t\\x07 \\\"q\\\"\\r\\n\\u202e\" y=\\xff z=\"\"");
}
END_TEST

START_TEST(levels_have_colours_when_asked)
{
	encoding_begin(&e, "m");
	e.l.color = true;
	e.r.head->level = TELL_ERROR;
	ck_assert_str_eq(encoding_text(&e, "text"),
		"2026-11-21 02:06:07.123 \x1b[31merror\x1b[0m shop.cart: m");
	e.r.head->level = TELL_INFO;
	ck_assert_ptr_null(strchr(encoding_text(&e, "text"), '\x1b'));
}
END_TEST

START_TEST(time_is_local_unless_asked)
{
	encoding_begin(&e, "m");
	ck_assert_int_eq(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
	tzset();
	e.l.utc = false;
	ck_assert_mem_eq(encoding_text(&e, "text"), "2026-11-21 03:06:07.123 ", 24);
	e.l.utc = true;
	ck_assert_mem_eq(encoding_text(&e, "text"), "2026-11-21 02:06:07.123 ", 24);
}
END_TEST

static Suite *text_suite(void)
{
	Suite *s = suite_create("encode/text");
	tell_check_add(s, "lines", a_line_is_time_level_logger_message,
		nothing_in_data_reaches_the_terminal, levels_have_colours_when_asked,
		time_is_local_unless_asked, NULL);
	return s;
}
TELL_CHECK_MAIN(text_suite)
