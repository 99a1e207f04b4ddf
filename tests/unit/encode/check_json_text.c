#include "encode/json.h"
#include <string.h>
#include "encode/room.h"
#include "support/check_main.h"

/* Escape n bytes of s; a C string that lives until the next call. */
static const char *escaped(const char *s, size_t n)
{
	static struct tell_buf out;
	tell_buf_clear(&out);
	char *p = tell_room_begin(&out, n + TELL_SLACK);
	tell_room_end(&out, tell_json_text(&out, p, s, n), 0);
	return tell_buf_cstr(&out);
}
#define ESCAPED(literal) escaped(literal, sizeof(literal) - 1)

START_TEST(leaves_clean_text_alone)
{
	ck_assert_str_eq(ESCAPED(""), "");
	ck_assert_str_eq(ESCAPED("paid 42 cents"), "paid 42 cents");
	ck_assert_str_eq(ESCAPED("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"),
		"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
}
END_TEST

START_TEST(escapes_what_json_must_and_what_terminals_obey)
{
	ck_assert_str_eq(ESCAPED("a\"b\\c"), "a\\\"b\\\\c");
	ck_assert_str_eq(ESCAPED("\n\t\r\b\f"), "\\n\\t\\r\\b\\f");
	ck_assert_str_eq(ESCAPED("\x1b[2J\x7f"), "\\u001b[2J\\u007f");
	ck_assert_str_eq(ESCAPED("\0"), "\\u0000");
	ck_assert_str_eq(ESCAPED("\xc2\x9b"), "\\u009b");
	ck_assert_str_eq(
		ESCAPED("\xe2\x80\xae\xe2\x80\xa8\xe2\x81\xa6"), "\\u202e\\u2028\\u2066");
}
END_TEST

START_TEST(repairs_what_is_no_utf8)
{
	ck_assert_str_eq(ESCAPED("a\xff"
				 "b"),
		"a\xef\xbf\xbd"
		"b");
	ck_assert_str_eq(ESCAPED("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	ck_assert_str_eq(ESCAPED("\xe2\x82"), "\xef\xbf\xbd");
	ck_assert_str_eq(ESCAPED("\xef\xbf\xbd"), "\xef\xbf\xbd");
}
END_TEST

/* Every length around the blocks of 16, an escape at every place. */
START_TEST(finds_an_escape_at_any_place)
{
	char s[70], want[80];
	for (size_t n = 1; n < sizeof(s); n++)
		for (size_t at = 0; at < n; at++) {
			memset(s, 'x', n);
			s[at] = '"';
			memset(want, 'x', n + 1);
			memcpy(want + at, "\\\"", 2);
			want[n + 1] = '\0';
			ck_assert_str_eq(escaped(s, n), want);
		}
}
END_TEST

START_TEST(grows_for_text_that_is_all_escapes)
{
	static char s[10000];
	memset(s, '\x01', sizeof(s));
	const char *text = escaped(s, sizeof(s));
	ck_assert_uint_eq(strlen(text), 6 * sizeof(s));
	ck_assert_str_eq(text + 6 * sizeof(s) - 6, "\\u0001");
}
END_TEST

static Suite *json_text_suite(void)
{
	Suite *s = suite_create("encode/json_text");
	tell_check_add(s, "escapes", leaves_clean_text_alone,
		escapes_what_json_must_and_what_terminals_obey, repairs_what_is_no_utf8,
		finds_an_escape_at_any_place, grows_for_text_that_is_all_escapes, NULL);
	return s;
}
TELL_CHECK_MAIN(json_text_suite)
