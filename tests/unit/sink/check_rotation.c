#include "sink/rotation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/module.h>
#include <time.h>

#include "base/clock.h"
#include "support/check_main.h"

#define HOUR_NS (UINT64_C(3600) * TELL_NS_PER_SEC)

static struct tell_rotation r;
static struct tell_refusal why;

static struct stat file(uint64_t bytes, uint64_t changed_ns)
{
	struct stat st = { .st_size = (off_t)bytes };
	st.st_mtim.tv_sec = (time_t)(changed_ns / TELL_NS_PER_SEC);
	st.st_mtim.tv_nsec = (long)(changed_ns % TELL_NS_PER_SEC);
	return st;
}

static bool full(uint64_t bytes, uint64_t changed_ns)
{
	struct stat st = file(bytes, changed_ns);
	return tell_rotation_full(&r, &st);
}

START_TEST(sizes_times_and_days_are_told_apart)
{
	ck_assert_int_eq(tell_rotation_parse(&r, "500MB", &why), 0);
	ck_assert_uint_eq(r.size_bytes, 500000000);
	ck_assert_int_eq(tell_rotation_parse(&r, "500MiB", &why), 0);
	ck_assert_uint_eq(r.size_bytes, UINT64_C(500) << 20);
	ck_assert_uint_eq(r.every_ns, 0);
	ck_assert_int_eq(r.daily_min, -1);
	ck_assert_int_eq(tell_rotation_parse(&r, "5m", &why), 0);
	ck_assert_uint_eq(r.every_ns, 300 * TELL_NS_PER_SEC);
	ck_assert_uint_eq(r.size_bytes, 0);
	ck_assert_int_eq(tell_rotation_parse(&r, "5M", &why), 0);
	ck_assert_uint_eq(r.size_bytes, UINT64_C(5) << 20);
	ck_assert_int_eq(tell_rotation_parse(&r, "daily", &why), 0);
	ck_assert_int_eq(r.daily_min, 0);
	ck_assert_int_eq(tell_rotation_parse(&r, "1GB,daily@04:30", &why), 0);
	ck_assert_int_eq(r.daily_min, 270);
	ck_assert_uint_eq(r.size_bytes, 1000000000);
}
END_TEST

START_TEST(anything_else_is_refused_in_words)
{
	static const char *const bad[][2] = { { "500", "has no unit" },
		{ "500 MB", "neither" }, { "500XB", "neither" }, { "", "no list" },
		{ "1h,", "no list" }, { "1h,daily", "second time" },
		{ "daily,1h", "second time" }, { "1MB,2MB", "second size" },
		{ "1kB", "less than 4KiB" }, { "10ms", "shorter" },
		{ "daily@24:00", "time of the day" }, { "daily@4:30", "time of the day" },
		{ "daily@04.30", "time of the day" }, { "weekly", "neither" },
		{ "-1h", "neither" } };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(tell_rotation_parse(&r, bad[i][0], &why), -EINVAL);
		ck_assert_msg(strstr(why.what, bad[i][1]), "%s: %s", bad[i][0], why.what);
		ck_assert_ptr_nonnull(strstr(why.fix, "500MiB"));
	}
}
END_TEST

START_TEST(a_size_is_reached_by_the_line_that_lies_across)
{
	char lines[5000];
	memset(lines, 'x', sizeof(lines));
	lines[999] = lines[4499] = lines[4999] = '\n';
	ck_assert_int_eq(tell_rotation_parse(&r, "4KiB", &why), 0);
	tell_rotation_at(&r, HOUR_NS);
	ck_assert_uint_eq(tell_rotation_room(&r, 0, lines, 1000), 1000);
	ck_assert_uint_eq(tell_rotation_room(&r, 0, lines, 5000), 4500);
	ck_assert_uint_eq(tell_rotation_room(&r, 3096, lines, 5000), 1000);
	ck_assert_uint_eq(tell_rotation_room(&r, 3095, lines, 5000), 4500);
	ck_assert_uint_eq(tell_rotation_room(&r, 9999, lines, 5000), 1000);
	ck_assert(!full(4095, HOUR_NS));
	ck_assert(full(4096, HOUR_NS));
}
END_TEST

START_TEST(fault_19_a_clock_set_back_fills_nothing_and_one_that_jumps_once)
{
	ck_assert_int_eq(tell_rotation_parse(&r, "1h", &why), 0);
	tell_rotation_at(&r, 10 * HOUR_NS + 5);
	ck_assert(!full(1, 10 * HOUR_NS));
	ck_assert(full(1, 10 * HOUR_NS - 1));
	ck_assert(!full(0, 10 * HOUR_NS - 1)); /* nothing in it */
	r.unsure = false;
	tell_rotation_at(&r, 9 * HOUR_NS + 5); /* back */
	ck_assert(r.unsure);
	ck_assert(!full(1, 10 * HOUR_NS + 5));
	r.unsure = false;
	tell_rotation_at(&r, 9 * HOUR_NS + 6);
	ck_assert(!r.unsure); /* one look a period */
	tell_rotation_at(&r, 500000 * HOUR_NS);
	ck_assert(full(1, 10 * HOUR_NS));
	ck_assert(!full(1, 500000 * HOUR_NS));
	/* 2038, and the last second that is written down */
	tell_rotation_at(&r, (UINT64_C(1) << 31) * TELL_NS_PER_SEC);
	ck_assert(full(1, (UINT64_C(1) << 31) * TELL_NS_PER_SEC - 2 * HOUR_NS));
}
END_TEST

/* Berlin: 2026-03-29 had no 02:30, 2026-10-25 had two. */
START_TEST(fault_19_days_of_23_and_25_hours_begin_once)
{
	const uint64_t spring = UINT64_C(1774746000) * TELL_NS_PER_SEC; /* 01:00 UTC */
	const uint64_t autumn = UINT64_C(1792890000) * TELL_NS_PER_SEC; /* 01:00 UTC */
	ck_assert_int_eq(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
	tzset();
	ck_assert_int_eq(tell_rotation_parse(&r, "daily", &why), 0);
	tell_rotation_at(&r, spring);
	ck_assert_uint_eq(r.until_ns - r.from_ns, 23 * HOUR_NS);
	tell_rotation_at(&r, autumn);
	ck_assert_uint_eq(r.until_ns - r.from_ns, 25 * HOUR_NS);
	static const char *const at[] = { "daily@02:30", "daily@03:00", "daily@00:00" };
	for (size_t i = 0; i < 3; i++) {
		for (uint64_t ns = spring - 30 * HOUR_NS; ns < spring + 60 * HOUR_NS;
			ns += HOUR_NS / 4) {
			ck_assert_int_eq(tell_rotation_parse(&r, at[i], &why), 0);
			tell_rotation_at(&r, ns);
			ck_assert_uint_le(r.from_ns, ns);
			ck_assert_uint_gt(r.until_ns, ns);
			ck_assert_uint_le(r.until_ns - r.from_ns, 26 * HOUR_NS);
			ck_assert_uint_ge(r.until_ns - r.from_ns, 22 * HOUR_NS);
		}
	}
}
END_TEST

static Suite *rotation_suite(void)
{
	Suite *s = suite_create("sink/rotation");
	tell_check_add(s, "rotation", sizes_times_and_days_are_told_apart,
		anything_else_is_refused_in_words,
		a_size_is_reached_by_the_line_that_lies_across,
		fault_19_a_clock_set_back_fills_nothing_and_one_that_jumps_once,
		fault_19_days_of_23_and_25_hours_begin_once, NULL);
	return s;
}

TELL_CHECK_MAIN(rotation_suite)
