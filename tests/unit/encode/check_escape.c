#include <string.h>
#include "encode/parts.h"
#include "support/check_main.h"

static const char *shown(const char *s, size_t n, bool keep_lf)
{
	static struct tell_buf out;
	tell_buf_clear(&out);
	tell_text_escape(&out, s, n, keep_lf);
	return tell_buf_cstr(&out);
}
#define SHOWN(literal) shown(literal, sizeof(literal) - 1, false)

START_TEST(shows_controls_instead_of_sending_them)
{
	ck_assert_str_eq(SHOWN("a\nb\tc\r"), "a\\nb\\tc\\r");
	ck_assert_str_eq(SHOWN("\x1b[31m\x07\x7f"), "\\x1b[31m\\x07\\x7f");
	ck_assert_str_eq(SHOWN("\0end"), "\\x00end");
	ck_assert_str_eq(SHOWN("\xc2\x9b"
			       "2J"),
		"\\x9b2J");
	ck_assert_str_eq(SHOWN("\xe2\x80\xae"
			       "txt\xe2\x80\xa9"),
		"\\u202etxt\\u2029");
}
END_TEST

START_TEST(shows_bytes_that_are_no_utf8)
{
	ck_assert_str_eq(SHOWN("\xff\xc3("), "\\xff\\xc3(");
	ck_assert_str_eq(SHOWN("\xef\xbf\xbd"), "\xef\xbf\xbd");
	ck_assert_str_eq(SHOWN("\xf0\x9f\x98"), "\\xf0\\x9f\\x98");
}
END_TEST

START_TEST(leaves_text_alone)
{
	ck_assert_str_eq(SHOWN("a \"b\" \\ \xc3\xa4"), "a \"b\" \\ \xc3\xa4");
	ck_assert_str_eq(SHOWN(""), "");
	ck_assert_str_eq(shown("a\nb\r", 4, true), "a\nb\\r");
}
END_TEST

START_TEST(grows_for_text_that_is_all_escapes)
{
	static char s[3000];
	memset(s, '\xff', sizeof(s));
	ck_assert_uint_eq(strlen(shown(s, sizeof(s), false)), 4 * sizeof(s));
}
END_TEST

static Suite *escape_suite(void)
{
	Suite *s = suite_create("encode/escape");
	tell_check_add(s, "text", shows_controls_instead_of_sending_them,
		shows_bytes_that_are_no_utf8, leaves_text_alone,
		grows_for_text_that_is_all_escapes, NULL);
	return s;
}
TELL_CHECK_MAIN(escape_suite)
