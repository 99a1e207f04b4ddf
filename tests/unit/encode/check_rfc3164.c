#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "support/check_main.h"
#include "support/encoding.h"

static struct encoding e;

static void setup(void)
{
	(void)setenv("TZ", "UTC", 1);
	tzset();
}

START_TEST(a_message_is_what_syslog_sends)
{
	encoding_begin(&e, "paid");
	ck_assert_str_eq(
		encoding_text(&e, "rfc3164"), "<30>Nov 21 02:06:07 shop[4711]: paid");
	e.l.message_full = true;
	encoding_add(&e, 0, tell_str("user", "ann b"));
	ck_assert_str_eq(encoding_text(&e, "rfc3164"),
		"<30>Nov 21 02:06:07 shop[4711]: paid user=\"ann b\"");
	encoding_add(&e, TELL_SLOT_SCOPE, tell_str("request_id", "r1"));
	e.l.message_all = true;
	ck_assert_str_eq(encoding_text(&e, "rfc3164"),
		"<30>Nov 21 02:06:07 shop[4711]: paid user=\"ann b\" request_id=r1");
}
END_TEST

START_TEST(the_tag_is_one_word)
{
	encoding_begin(&e, "m");
	e.who.service = "my shop: [x]/\x1b\xff";
	ck_assert_str_eq(encoding_text(&e, "rfc3164"),
		"<30>Nov 21 02:06:07 my_shop___x____[4711]: m");
	e.who.service = "";
	ck_assert_str_eq(encoding_text(&e, "rfc3164"), "<30>Nov 21 02:06:07 -[4711]: m");
}
END_TEST

START_TEST(a_call_is_one_message)
{
	encoding_begin(&e, "a\n<0>Nov 21 02:06:07 evil[1]: b\x1b");
	ck_assert_str_eq(encoding_text(&e, "rfc3164"),
		"<30>Nov 21 02:06:07 shop[4711]: a\\n<0>Nov 21 02:06:07 evil[1]: b\\x1b");
}
END_TEST

START_TEST(what_is_over_the_limit_is_cut_on_a_character)
{
	static char big[9001];
	for (size_t i = 0; i < 9000; i += 2)
		memcpy(big + i, "\xc3\xa4", 2);
	encoding_begin(&e, big);
	const char *s = encoding_text(&e, "rfc3164");
	ck_assert_uint_le(strlen(s), 8192);
	ck_assert_uint_gt(strlen(s), 8180);
	ck_assert_str_eq(s + strlen(s) - 8, "\xc3\xa4 [cut]");
	e.l.limit = 300;
	ck_assert_uint_le(strlen(encoding_text(&e, "rfc3164")), 300);
	e.l.limit = 1;
	ck_assert_uint_le(strlen(encoding_text(&e, "rfc3164")), 256);
}
END_TEST

static Suite *rfc3164_suite(void)
{
	Suite *s = suite_create("encode/rfc3164");
	TCase *tc = tcase_create("messages");
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, a_message_is_what_syslog_sends);
	tcase_add_test(tc, the_tag_is_one_word);
	tcase_add_test(tc, a_call_is_one_message);
	tcase_add_test(tc, what_is_over_the_limit_is_cut_on_a_character);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(rfc3164_suite)
