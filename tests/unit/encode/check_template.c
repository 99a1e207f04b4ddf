#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"

static struct encoding e;

static const char *line(const char *template_text)
{
	e.l.template_text = template_text;
	return encoding_text(&e, "text");
}

static void setup(void)
{
	encoding_begin(&e, "paid\n");
	encoding_add(&e, 0, tell_str("user", "ann b"));
	encoding_add(&e, TELL_SLOT_SCOPE, tell_i64("n", 7));
}

START_TEST(placeholders_are_filled)
{
	ck_assert_str_eq(line("{time}|{level}|{service}|{logger}|{message}"),
		"2026-11-21 02:06:07.123|info|shop|shop.cart|paid\\n");
	ck_assert_str_eq(line("{file}:{line} {func} {pid} {tid} {seq} {kind}"),
		"src/cart.c:142 add_item 4711 4712 1a2b3c4d.0.42 log");
	ck_assert_str_eq(line("[{fields}]"), "[user=\"ann b\" n=7]");
	ck_assert_str_eq(line("{n}-{user}-{missing}."), "7-\"ann b\"-.");
}
END_TEST

START_TEST(widths_are_least_widths_and_have_a_limit)
{
	ck_assert_str_eq(line("{level:7}|"), "info   |");
	ck_assert_str_eq(line("{level:2}|"), "info|");
	ck_assert_uint_eq(strlen(line("{level:99999}")), 64);
	ck_assert_str_eq(
		line("{level:99999999999999999999}"), "{level:99999999999999999999}");
}
END_TEST

START_TEST(what_is_no_placeholder_stays)
{
	ck_assert_str_eq(line("{{level}} {} {Level} {level {level:} {a-b} }} {"),
		"{level} {} {Level} {level {level:} {a-b} } {");
	ck_assert_str_eq(line("a\nb%s"), "a b%s");
	ck_assert_str_eq(line(""), "");
}
END_TEST

START_TEST(records_without_fields_or_place_leave_gaps)
{
	encoding_end(&e);
	encoding_begin(&e, NULL);
	e.r.head->place = 0;
	ck_assert_str_eq(line("{fields}{file}{line}{func}{logger}{message}|"), "|");
}
END_TEST

static Suite *template_suite(void)
{
	Suite *s = suite_create("encode/template");
	TCase *tc = tcase_create("template");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, placeholders_are_filled);
	tcase_add_test(tc, widths_are_least_widths_and_have_a_limit);
	tcase_add_test(tc, what_is_no_placeholder_stays);
	tcase_add_test(tc, records_without_fields_or_place_leave_gaps);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(template_suite)
