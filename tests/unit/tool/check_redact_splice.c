#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "decode/json_read.h"
#include "tool/redact_json.h"

/* Decode raw, splice `masked` in, compare with want. */
static void spliced(const char *raw, const char *masked, const char *want)
{
	char quoted[256];
	struct tell_json_span span;
	struct tell_buf plain, to;
	tell_buf_init(&plain, 0);
	tell_buf_init(&to, 0);
	(void)snprintf(quoted, sizeof(quoted), "\"%s\"", raw);
	ck_assert(tell_json_check(quoted, strlen(quoted), &span));
	tell_json_decode(&plain, &span);
	tell_redact_json_splice(&to, raw, strlen(raw), &plain, masked, strlen(masked));
	ck_assert_str_eq(tell_buf_cstr(&to), want);
	tell_buf_done(&plain);
	tell_buf_done(&to);
}

START_TEST(what_stays_keeps_its_spelling)
{
	spliced("a\\/b token=x c\\/d", "a/b token=[R] c/d", "a\\/b token=[R] c\\/d");
	spliced("\\u00e9 x \\u00e9", "\xc3\xa9 [R] \xc3\xa9", "\\u00e9 [R] \\u00e9");
	spliced("\\ud83d\\ude00x\\ud83d\\ude00", "\xf0\x9f\x98\x80[R]\xf0\x9f\x98\x80",
		"\\ud83d\\ude00[R]\\ud83d\\ude00");
	spliced("\\u0041x\\u0042", "A[R]B", "\\u0041[R]\\u0042");
}
END_TEST

START_TEST(all_of_it_may_change)
{
	spliced("x", "[R]", "[R]");
	spliced("\\u0070", "[R]", "[R]");
	spliced("", "[R]", "[R]");
	spliced("abc", "", "");
	spliced("a\\nb", "a\nb", "a\\nb");
}
END_TEST

START_TEST(what_is_new_is_escaped)
{
	spliced("a x b", "a \"\\\n b", "a \\\"\\\\\\n b");
	spliced("x", "\xff", "\xef\xbf\xbd");
}
END_TEST

/* Both begin, or end, with some of the bytes of one character. */
START_TEST(characters_stay_whole)
{
	spliced("\xc3\xa9", "\xc3\xa8", "\xc3\xa8");
	spliced("\xe2\x82\xac!", "\xc2\xac!", "\xc2\xac!");
	spliced("\\u00e9", "\xc3\xa8", "\xc3\xa8");
}
END_TEST

START_TEST(front_and_end_do_not_overlap)
{
	spliced("aa", "a", "a");
	spliced("abab", "ab", "ab");
	spliced("a", "aa", "aa");
	spliced("\\/\\/", "/", "\\/");
}
END_TEST

static Suite *splice_suite(void)
{
	Suite *s = suite_create("tool/redact_splice");
	tell_check_add(s, "spelling", what_stays_keeps_its_spelling, all_of_it_may_change,
		what_is_new_is_escaped, NULL);
	tell_check_add(
		s, "bounds", characters_stay_whole, front_and_end_do_not_overlap, NULL);
	return s;
}

TELL_CHECK_MAIN(splice_suite)
