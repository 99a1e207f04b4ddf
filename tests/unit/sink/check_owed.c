#include "sink/owed.h"

#include <string.h>

#include "support/check_main.h"

static struct tell_owed o;
static struct tell_recent r;

static void begin(void)
{
	tell_owed_init(&o);
	tell_recent_init(&r);
	ck_assert_int_eq(tell_owed_add(&o, "one,", 4), 0);
	ck_assert_int_eq(tell_owed_add(&o, "three,", 6), 0);
	ck_assert_int_eq(tell_owed_add(&o, "two,", 4), 0);
}

static void end(void)
{
	tell_owed_done(&o);
	tell_recent_done(&r);
}

static void expect(const char *text, size_t n)
{
	ck_assert_uint_eq(tell_owed_frames(&o), n);
	ck_assert_uint_eq(o.bytes.len, strlen(text));
	ck_assert_int_eq(memcmp(o.bytes.data, text, o.bytes.len), 0);
}

START_TEST(what_is_out_to_its_last_byte_is_owed_no_more)
{
	o.at = 3;
	tell_owed_settle(&o, &r);
	expect("one,three,two,", 3);
	o.at = 11;
	tell_owed_settle(&o, &r);
	expect("two,", 1);
	ck_assert_uint_eq(o.at, 1);
	o.at = 4;
	tell_owed_settle(&o, &r);
	expect("", 0);
}
END_TEST

START_TEST(what_was_not_acknowledged_goes_again_first_and_whole)
{
	o.at = 11; /* "two," is begun; 5 bytes more are not acknowledged: of "three," */
	tell_owed_settle(&o, &r);
	tell_owed_again(&o, &r, 6);
	expect("three,two,", 2);
	ck_assert_uint_eq(o.at, 0);
	tell_owed_again(&o, &r, 0);
	expect("three,two,", 2);
}
END_TEST

START_TEST(what_is_over_the_limit_leaves_all_as_it_was)
{
	static char big[TELL_OWED_BYTES];
	ck_assert_int_lt(tell_owed_add(&o, big, sizeof(big)), 0);
	expect("one,three,two,", 3);
	ck_assert_int_eq(tell_owed_add(&o, "four,", 5), 0);
	expect("one,three,two,four,", 4);
}
END_TEST

static Suite *owed_suite(void)
{
	Suite *suite = suite_create("sink/owed");
	TCase *tc = tcase_create("owed");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, what_is_out_to_its_last_byte_is_owed_no_more);
	tcase_add_test(tc, what_was_not_acknowledged_goes_again_first_and_whole);
	tcase_add_test(tc, what_is_over_the_limit_leaves_all_as_it_was);
	suite_add_tcase(suite, tc);
	return suite;
}

TELL_CHECK_MAIN(owed_suite)
