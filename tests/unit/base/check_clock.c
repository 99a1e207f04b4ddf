#include "base/clock.h"

#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

#define SEC(n) ((n)*TELL_NS_PER_SEC)

static const char *rfc3339_text(uint64_t ns)
{
	static char text[TELL_RFC3339_CHARS + 1];
	char *end = tell_put_rfc3339(text, ns);
	tell_unit_expect(end == text + TELL_RFC3339_CHARS, "%" PRIu64, ns);
	*end = '\0';
	return text;
}

static const char *rfc3164_text(uint64_t ns)
{
	static char text[TELL_RFC3164_CHARS + 1];
	char *end = tell_put_rfc3164(text, ns);
	ck_assert(end == text + TELL_RFC3164_CHARS);
	*end = '\0';
	return text;
}

START_TEST(known_times_have_known_texts)
{
	ck_assert_str_eq(rfc3339_text(0), "1970-01-01T00:00:00.000000Z");
	ck_assert_str_eq(rfc3339_text(999), "1970-01-01T00:00:00.000000Z");
	ck_assert_str_eq(rfc3339_text(SEC(1) - 1), "1970-01-01T00:00:00.999999Z");
	ck_assert_str_eq(rfc3339_text(SEC(951782400)), "2000-02-29T00:00:00.000000Z");
	ck_assert_str_eq(
		rfc3339_text(SEC(1795226767) + 123456789), "2026-11-21T02:06:07.123456Z");
	ck_assert_str_eq(rfc3339_text(SEC(4107542399)), "2100-02-28T23:59:59.000000Z");
	ck_assert_str_eq(rfc3339_text(SEC(4107542400)), "2100-03-01T00:00:00.000000Z");
	ck_assert_str_eq(rfc3339_text(UINT64_MAX), "2554-07-21T23:34:33.709551Z");
}
END_TEST

START_TEST(every_day_until_2554_is_that_of_gmtime)
{
	for (uint64_t day = 0; day < 213503; day++) {
		time_t t = (time_t)(day * 86400 + day * 7919 % 86400);
		struct tm tm;
		char want[40];
		if (!gmtime_r(&t, &tm) ||
			!strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000001Z", &tm))
			ck_abort();
		tell_unit_expect(strcmp(rfc3339_text(SEC((uint64_t)t) + 1000), want) == 0,
			"%s", want);
	}
}
END_TEST

START_TEST(a_stamp_writes_the_same_as_without_it)
{
	struct tell_stamp st = { .sec = 0 };
	uint64_t state = tell_unit_seed(),
		 ns = 0; /* the second 0 is not "nothing kept" */
	for (int i = 0; i < 100000; i++) {
		char text[TELL_RFC3339_CHARS + 1];
		char *end = tell_stamp_put(&st, text, ns);
		tell_unit_expect(end == text + TELL_RFC3339_CHARS, "%" PRIu64, ns);
		*end = '\0';
		tell_unit_expect(strcmp(text, rfc3339_text(ns)) == 0, "%s", text);
		/* mostly on by some ms; at times a second back, or far away */
		uint64_t step = tell_unit_random(&state);
		ns = i % 10 ? ns + step % SEC(1) / 4 : i % 100 ? ns - SEC(1) : step;
	}
}
END_TEST

START_TEST(bsd_syslog_gets_local_time_with_a_blank_before_short_days)
{
	struct tell_stamp st = { .sec = 0 };
	char text[TELL_RFC3164_CHARS + 1] = "";
	ck_assert_int_eq(setenv("TZ", "UTC0", 1), 0);
	tzset();
	ck_assert_str_eq(rfc3164_text(SEC(1795226767)), "Nov 21 02:06:07");
	ck_assert_str_eq(rfc3164_text(0), "Jan  1 00:00:00");
	ck_assert_int_eq(setenv("TZ", "XYZ-5:30", 1), 0);
	tzset();
	ck_assert_str_eq(rfc3164_text(SEC(1795226767) + 999999999), "Nov 21 07:36:07");
	ck_assert(tell_stamp_put_rfc3164(&st, text, SEC(1795226767)) ==
		text + TELL_RFC3164_CHARS);
	ck_assert_str_eq(text, "Nov 21 07:36:07");
	tell_stamp_put_rfc3164(&st, text, SEC(1795226767) + 5);
	ck_assert_str_eq(text, "Nov 21 07:36:07");
	tell_stamp_put_rfc3164(&st, text, SEC(1795226768));
	ck_assert_str_eq(text, "Nov 21 07:36:08");
}
END_TEST

START_TEST(clocks_run_forward_and_sleep_takes_its_time)
{
	uint64_t mono = tell_clock_monotonic_ns(), real = tell_clock_realtime_ns();
	tell_clock_sleep_ms(5);
	ck_assert_uint_ge(tell_clock_monotonic_ns() - mono, 5 * TELL_NS_PER_MS);
	ck_assert_uint_gt(real, SEC(UINT64_C(1700000000)));
	tell_clock_sleep_ms(0);
}
END_TEST

START_TEST(the_last_tick_is_never_ahead)
{
	for (int i = 0; i < 1000; i++)
		ck_assert(tell_clock_tick_ns() <= tell_clock_monotonic_ns());
}
END_TEST

static Suite *clock_suite(void)
{
	Suite *s = suite_create("base/clock");
	tell_check_add(s, "clock", known_times_have_known_texts,
		every_day_until_2554_is_that_of_gmtime,
		a_stamp_writes_the_same_as_without_it,
		bsd_syslog_gets_local_time_with_a_blank_before_short_days,
		clocks_run_forward_and_sleep_takes_its_time,
		the_last_tick_is_never_ahead, NULL);
	return s;
}

TELL_CHECK_MAIN(clock_suite)
