#include "meter/stats.h"
#include "meter/registry.h"
#include "support/check_main.h"

#define SEC UINT64_C(1000000000)

static struct tell_histogram *make(const char *name)
{
	struct tell_family *f = NULL;
	ck_assert_int_eq(tell_family_histogram(&f, name, "T.", NULL, NULL, 0), 0);
	return &f->own.number.histogram;
}

static struct tell_stats ask(struct tell_histogram *h, unsigned window_s, uint64_t now_s)
{
	struct tell_stats stats;
	ck_assert_int_eq(tell_stats_get(h, window_s, now_s * SEC, &stats), 0);
	return stats;
}

START_TEST(nobody_asked_is_nothing_due)
{
	(void)make("took");
	ck_assert_uint_eq(tell_stats_tick(SEC), UINT64_MAX);
}
END_TEST

START_TEST(the_first_question_is_about_all_there_was)
{
	struct tell_histogram *h = make("took");
	tell_stats_begin(100 * SEC);
	tell_stats_begin(200 * SEC); /* it has begun */
	tell_histogram_add(h, 3);
	struct tell_stats s = ask(h, 60, 5000);
	ck_assert_uint_eq(s.count, 1);
	ck_assert(s.seconds == 4900);
}
END_TEST

START_TEST(ticks_keep_windows_as_long_as_asked_for)
{
	struct tell_histogram *h = make("took"), *other = make("other");
	tell_stats_begin(100 * SEC);
	(void)ask(h, 60, 100);
	(void)ask(other, 60, 102);
	ck_assert_uint_eq(tell_stats_tick(103 * SEC), 105 * SEC);
	for (uint64_t s = 104; s <= 1000; s++) {
		tell_histogram_add(h, (double)s);
		(void)tell_stats_tick(s * SEC); /* the answer is known from above */
	}
	struct tell_stats s = ask(h, 60, 1000);
	ck_assert(s.seconds == 60);
	ck_assert_uint_eq(s.count, 60);
	ck_assert(s.min == 941 && s.max == 1000 && s.avg == 970.5);
	s = ask(h, 0, 1000);
	ck_assert(s.seconds == 900);
	ck_assert_uint_eq(s.count, 897);
	ck_assert(s.min == 104 && s.max == 1000);
	ck_assert_uint_eq(ask(other, 60, 1000).count, 0);
}
END_TEST

static Suite *stats_suite(void)
{
	Suite *s = suite_create("meter/stats");
	tell_check_add(s, "stats", nobody_asked_is_nothing_due,
		the_first_question_is_about_all_there_was,
		ticks_keep_windows_as_long_as_asked_for, NULL);
	return s;
}
TELL_CHECK_MAIN(stats_suite)
