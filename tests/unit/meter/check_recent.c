#include "meter/recent.h"
#include "support/check_main.h"

#define SEC UINT64_C(1000000000)

static struct tell_family *family;

static struct tell_counter *series(const char *value)
{
	return &tell_family_with(family, &value, 1, true)->number.counter;
}

static bool all(const void *arg, const struct tell_family *f, const char *const *values)
{
	(void)arg, (void)f, (void)values;
	return true;
}

static uint64_t length_ns;

static uint64_t recent(uint64_t window_s, uint64_t now_s)
{
	struct tell_tally t;
	tell_tally_init(&t);
	ck_assert_int_eq(tell_recent_read("a", family, all, NULL, window_s * SEC,
				 now_s * SEC, &t, &length_ns),
		0);
	return tell_tally_count(&t);
}

static void set_up(void)
{
	ck_assert_int_eq(
		tell_family_new(&family, TELL_METRIC_COUNTER, "a_total", "A.", "l"), 0);
}

START_TEST(the_first_question_is_about_nothing)
{
	tell_counter_add(series("x"), 7);
	ck_assert_uint_eq(recent(60, 100), 0);
	ck_assert_uint_eq(length_ns, 0);
	tell_counter_add(series("x"), 1);
	ck_assert_uint_eq(recent(60, 101), 1);
	ck_assert_uint_eq(length_ns, SEC);
}
END_TEST

START_TEST(what_is_older_than_the_window_is_out)
{
	(void)recent(60, 100);
	for (uint64_t s = 110; s <= 400; s += 10) {
		tell_counter_add(series("x"), 10); /* one a second */
		uint64_t n = recent(60, s), since = s - 100;
		ck_assert_uint_eq(n, since < 60 ? since : 60);
		ck_assert_uint_eq(length_ns, n * SEC);
	}
	ck_assert_uint_eq(recent(300, 400), 300); /* a longer one of the same */
}
END_TEST

START_TEST(series_that_come_later_count)
{
	(void)recent(60, 100);
	tell_counter_add(series("x"), 1);
	tell_counter_add(series("y"), 2);
	tell_counter_add(&family->own.number.counter, 4); /* `other` */
	ck_assert_uint_eq(recent(60, 110), 7);
	tell_counter_add(series("z"), 8);
	ck_assert_uint_eq(recent(60, 120), 15);
}
END_TEST

static Suite *recent_suite(void)
{
	Suite *s = suite_create("meter/recent");
	TCase *tc = tcase_create("recent");
	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, the_first_question_is_about_nothing);
	tcase_add_test(tc, what_is_older_than_the_window_is_out);
	tcase_add_test(tc, series_that_come_later_count);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(recent_suite)
