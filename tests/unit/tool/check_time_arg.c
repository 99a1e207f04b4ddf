#include "tool/time_arg.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>
#include "support/check_main.h"

/* 2026-11-21 12:30:00 UTC, 13:30 in Berlin. */
#define NOW_NS (UINT64_C(1795264200) * 1000000000)

static void expect(const char *text, int utc, uint64_t sec)
{
	uint64_t ns = 7;
	ck_assert_msg(
		tell_time_arg(text, NOW_NS, utc, &ns) == 0, "'%s' is refused", text);
	ck_assert_msg(ns == sec * 1000000000, "'%s' is %" PRIu64, text, ns / 1000000000);
}

static void in_berlin(void)
{
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
}

START_TEST(words_are_midnights)
{
	expect("now", 0, 1795264200);
	expect("today", 0, 1795215600);
	expect("today", 1, 1795219200);
	expect("yesterday", 1, 1795219200 - 86400);
	expect("tomorrow", 1, 1795219200 + 86400);
}
END_TEST

START_TEST(distances_count_from_now)
{
	expect("-1h", 0, 1795264200 - 3600);
	expect("-1h30m", 0, 1795264200 - 5400);
	expect("+5m", 0, 1795264200 + 300);
	expect("2h ago", 0, 1795264200 - 7200);
	expect("-100w", 0, 1795264200 - 100 * 604800);
	expect("-3000w", 0, 0);
}
END_TEST

START_TEST(dates_are_local_unless_utc_is_asked_for)
{
	expect("2026-11-21", 0, 1795215600);
	expect("2026-11-21", 1, 1795219200);
	expect("2026-11-21 10:00", 0, 1795251600);
	expect("2026-11-21 10:00:01", 1, 1795255201);
	expect("2026-11-21T10:00", 1, 1795255200);
	expect("2026-11-21 10:00 UTC", 0, 1795255200);
	expect("10:00", 0, 1795251600);
	expect("2026-07-01 00:00", 0, 1782856800); /* summer time */
	expect("@1795264200", 0, 1795264200);
	expect("2026-11-21T12:30:00+02:00", 0, 1795257000);
	expect("2026-11-21T12:30:00Z", 0, 1795264200);
}
END_TEST

START_TEST(fractions_are_kept)
{
	uint64_t ns;
	ck_assert_int_eq(tell_time_arg("@1795264200.25", NOW_NS, 0, &ns), 0);
	ck_assert_uint_eq(ns, NOW_NS + 250000000);
	ck_assert_int_eq(tell_time_arg("2026-11-21 12:30:00.5", NOW_NS, 1, &ns), 0);
	ck_assert_uint_eq(ns, NOW_NS + 500000000);
}
END_TEST

START_TEST(nonsense_is_refused)
{
	static const char *const bad[] = { "", "nope", "-", "-1", "1h", "-1x", "@", "@-1",
		"@1x", "@99999999999999", "2026-13-01", "2026-02-30", "2026-00-10",
		"2026-11-21 ", "2026-11-21 25:00", "2026-11-21 10:60", "2026-11-21 10",
		"2026-11-21x", "10:00:00.", "1969-01-01", " today",
		"2026-11-21 10:00 PST" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t ns = 7;
		ck_assert_msg(
			tell_time_arg(bad[i], NOW_NS, 1, &ns) == -EINVAL, "'%s'", bad[i]);
	}
}
END_TEST

static Suite *time_arg_suite(void)
{
	Suite *s = suite_create("tool/time_arg");
	TCase *tc = tcase_create("time_arg");
	tcase_add_checked_fixture(tc, in_berlin, NULL);
	tcase_add_test(tc, words_are_midnights);
	tcase_add_test(tc, distances_count_from_now);
	tcase_add_test(tc, dates_are_local_unless_utc_is_asked_for);
	tcase_add_test(tc, fractions_are_kept);
	tcase_add_test(tc, nonsense_is_refused);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(time_arg_suite)
