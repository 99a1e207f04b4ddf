#include "decode/json_read.h"
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"

static bool is_json(const char *text)
{
	struct tell_json_span span;
	return tell_json_check(text, strlen(text), &span);
}

START_TEST(takes_what_rfc_8259_allows)
{
	static const char *const good[] = { "{}", " { } ", "[]", "[1,2]", "0", "-0",
		"1.5", "-1.5e+10", "1E3", "\"\"", "\"a\\n\\u00e9\\\"\"", "true", "false",
		"null", "{\"a\":{\"b\":[1,{\"c\":null}]}}", "\t\r\n[\n1\t,\r2 ]\n",
		"\"\xff bytes that are no UTF-8 pass\"" };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(is_json(good[i]), "%s", good[i]);
}
END_TEST

START_TEST(refuses_what_is_nearly_json)
{
	static const char *const bad[] = { "", " ", "{", "}", "[1,]", "{\"a\":1,}",
		"{a:1}", "{\"a\" 1}", "{\"a\":}", "01", "1.", ".5", "+1", "1e", "-",
		"nan", "tru", "truex", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u123",
		"\"a\nb\"", "{} {}", "1 2", "[1 2]", "'a'", "{\"a\":1]" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!is_json(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(nesting_has_a_limit)
{
	char text[2 * TELL_JSON_DEPTH_MAX + 3] = "";
	for (int depth = TELL_JSON_DEPTH_MAX - 1; depth <= TELL_JSON_DEPTH_MAX + 1;
		depth++) {
		memset(text, '[', (size_t)depth);
		memset(text + depth, ']', (size_t)depth);
		text[2 * depth] = '\0';
		ck_assert_int_eq(is_json(text), depth <= TELL_JSON_DEPTH_MAX);
	}
}
END_TEST

START_TEST(nothing_is_read_behind_the_end)
{
	/* Each prefix in a block of its own size, so that ASan and valgrind see a step too far. */
	static const char text[] = "{\"a\":[true,-1.5e3,\"\\u00e9\\n\"],\"b\":null}";
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		struct tell_json_span span;
		char *copy = malloc(n ? n : 1);
		ck_assert_ptr_nonnull(copy);
		memcpy(copy, text, n);
		ck_assert(!tell_json_check(copy, n, &span));
		free(copy);
	}
}
END_TEST

static void expect_text(const char *json, const char *want, size_t want_len)
{
	struct tell_json_span span;
	struct tell_buf out = { 0 };
	ck_assert_msg(tell_json_check(json, strlen(json), &span), "%s", json);
	ck_assert_int_eq(span.kind, TELL_JSON_STRING);
	tell_json_decode(&out, &span);
	ck_assert_msg(out.len == want_len && memcmp(out.data, want, want_len) == 0,
		"%s gives '%s'", json, tell_buf_cstr(&out));
	ck_assert_uint_le(out.len, strlen(json));
	tell_buf_done(&out);
}

START_TEST(strings_are_decoded)
{
	expect_text("\"plain\"", "plain", 5);
	expect_text("\"a\\\"\\\\\\/b\"", "a\"\\/b", 5);
	expect_text("\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t", 5);
	expect_text("\"\\u0041\\u00e9\\u20ac\"", "A\xc3\xa9\xe2\x82\xac", 6);
	expect_text("\"a\\u0000b\"", "a\0b", 3);
	expect_text("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4);
	expect_text("\"\\ud83d\"", "\xef\xbf\xbd", 3);
	expect_text("\"\\ude00x\"", "\xef\xbf\xbdx", 4);
	expect_text("\"\\ud83d\\u0041\"",
		"\xef\xbf\xbd"
		"A",
		4);
}
END_TEST

START_TEST(members_are_walked_in_order)
{
	static const char text[] = " {\"a\" : 1 , \"b\":[1,\"x\"],\"a\":{\"c\":2}} ";
	struct tell_json_span object, key, value;
	size_t pos = 0;
	ck_assert(tell_json_check(text, sizeof(text) - 1, &object));
	ck_assert(tell_json_next(&object, &pos, &key, &value));
	ck_assert(tell_json_key_is(&key, "a") && value.kind == TELL_JSON_NUMBER);
	ck_assert(tell_json_next(&object, &pos, &key, &value));
	ck_assert(tell_json_key_is(&key, "b") && value.kind == TELL_JSON_ARRAY);
	ck_assert_uint_eq(value.len, 7);

	struct tell_json_span list = value;
	size_t inner = 0;
	ck_assert(tell_json_next(&list, &inner, &key, &value));
	ck_assert(key.len == 0 && value.kind == TELL_JSON_NUMBER);
	ck_assert(tell_json_next(&list, &inner, &key, &value));
	ck_assert(value.kind == TELL_JSON_STRING);
	ck_assert(!tell_json_next(&list, &inner, &key, &value));

	ck_assert(tell_json_next(&object, &pos, &key, &value));
	ck_assert(tell_json_key_is(&key, "a") && value.kind == TELL_JSON_OBJECT);
	ck_assert(!tell_json_next(&object, &pos, &key, &value));
}
END_TEST

static Suite *json_read_suite(void)
{
	Suite *s = suite_create("decode/json_read");
	tell_check_add(s, "check", takes_what_rfc_8259_allows,
		refuses_what_is_nearly_json, nesting_has_a_limit,
		nothing_is_read_behind_the_end, NULL);
	tell_check_add(s, "read", strings_are_decoded, members_are_walked_in_order, NULL);
	return s;
}

TELL_CHECK_MAIN(json_read_suite)
