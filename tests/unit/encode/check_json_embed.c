#include "encode/json.h"
#include <string.h>
#include "support/check_main.h"

static struct tell_buf out;

/* What is embedded for n bytes of s; NULL: it is refused and nothing is left behind. */
static const char *embedded(const char *s, size_t n)
{
	tell_buf_clear(&out);
	tell_buf_puts(&out, "x:");
	if (!tell_json_embed(&out, s, n)) {
		ck_assert_str_eq(tell_buf_cstr(&out), "x:");
		return NULL;
	}
	return tell_buf_cstr(&out) + 2;
}
#define EMBEDDED(literal) embedded(literal, sizeof(literal) - 1)

START_TEST(takes_json_as_it_is)
{
	static const char *const sound[] = { "null", "true", "false", "0", "-0",
		"-1.5e+10", "1E5", "\"\"", "[]", "{}", "[1,[2,{}]]",
		"{\"a\":{\"b\":[null]}}", "\"\\u00e4\\ud83d\\ude00\\/\"", "\"\xc3\xa4\"",
		"18446744073709551616" };
	for (size_t i = 0; i < sizeof(sound) / sizeof(sound[0]); i++)
		ck_assert_str_eq(embedded(sound[i], strlen(sound[i])), sound[i]);
}
END_TEST

START_TEST(puts_it_on_one_line)
{
	ck_assert_str_eq(EMBEDDED(" {\n\t\"a\" : [ 1 , 2 ]\r\n} "), "{\"a\":[1,2]}");
	ck_assert_str_eq(
		EMBEDDED("\"\x7f\xe2\x80\xa8\xc2\x85\""), "\"\\u007f\\u2028\\u0085\"");
}
END_TEST

START_TEST(refuses_what_is_not_json)
{
	static const char *const wrong[] = { "", " ", "nul", "nulll", "01", "+1", ".5",
		"1.", "1e", "-", "NaN", "Infinity", "'a'", "\"", "\"\n\"", "\"\\x41\"",
		"\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "[1,]",
		"[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "[1",
		"{\"a\":1", "1 2", "[]]", "\"\xff\"", "\"\xed\xa0\x80\"", "// c\n1",
		"tru", "\"\\", "\"\\u", "\"\\u00" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!embedded(wrong[i], strlen(wrong[i])), "%s", wrong[i]);
	ck_assert_ptr_null(EMBEDDED("1\0"));
	ck_assert_ptr_null(EMBEDDED("\"\0\""));
	ck_assert_ptr_null(EMBEDDED("\"\\\0\""));
}
END_TEST

START_TEST(lone_surrogates_are_json_to_the_letter)
{
	struct tell_buf scratch;
	tell_buf_init(&scratch, 0);
	static const char *const lone[] = { "\"\\ud800\"", "[\"\\udc00\\ud800x\"]",
		"{\"\\uDBFF\":1}", "\"\\ud800\\u0041\"", "\"\\ud83d\\ude00\"" };
	for (size_t i = 0; i < sizeof(lone) / sizeof(lone[0]); i++)
		ck_assert_msg(tell_json_holds(&scratch, lone[i], strlen(lone[i])), "%s",
			lone[i]);
	static const char *const wrong[] = { "\"\\ud80\"", "\"\\ud800", "NaN", "01", "" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!tell_json_holds(&scratch, wrong[i], strlen(wrong[i])),
			"%s", wrong[i]);
	tell_buf_done(&scratch);
}
END_TEST

START_TEST(goes_64_deep_and_no_deeper)
{
	char s[2 * 65];
	memset(s, '[', 64);
	memset(s + 64, ']', 64);
	ck_assert_ptr_nonnull(embedded(s, 128));
	memset(s, '[', 65);
	memset(s + 65, ']', 65);
	ck_assert_ptr_null(embedded(s, 130));
	static char open[100000];
	memset(open, '[', sizeof(open));
	ck_assert_ptr_null(embedded(open, sizeof(open)));
}
END_TEST

START_TEST(says_when_there_is_no_room)
{
	static char s[5000] = "\"";
	memset(s + 1, 'x', sizeof(s) - 2);
	s[sizeof(s) - 1] = '"';
	tell_buf_done(&out);
	tell_buf_init(&out, 4096);
	ck_assert(!tell_json_embed(&out, s, sizeof(s)));
	ck_assert(out.cut && out.len == 0);
}
END_TEST

static Suite *json_embed_suite(void)
{
	Suite *s = suite_create("encode/json_embed");
	tell_check_add(s, "embed", takes_json_as_it_is, puts_it_on_one_line,
		refuses_what_is_not_json, lone_surrogates_are_json_to_the_letter,
		goes_64_deep_and_no_deeper, says_when_there_is_no_room, NULL);
	return s;
}
TELL_CHECK_MAIN(json_embed_suite)
