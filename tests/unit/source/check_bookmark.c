#include "source/bookmark.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/scratch.h"

static struct tell_bookmark_file file;
static struct tell_bookmark got;
static bool old;

static struct tell_bookmark at(uint64_t us)
{
	struct tell_bookmark b = { .realtime_us = us, .time_us = us, .nth = 3 };
	(void)snprintf(b.cursor, sizeof(b.cursor), "s=%llu;i=2", (unsigned long long)us);
	return b;
}

static void store(uint64_t us)
{
	struct tell_bookmark b = at(us);
	ck_assert_int_eq(tell_bookmark_store(&file, &b), 0);
}

static void damage(const char *name, const char *text)
{
	tell_scratch_write(tell_scratch_path(name), text);
}

/* The directory itself. */
static const char *begin(void)
{
	tell_scratch_make();
	return tell_scratch_path(".");
}

START_TEST(what_is_stored_is_read_again)
{
	const char *dir = begin();
	ck_assert_int_eq(tell_bookmark_open(&file, dir, "loki-a"), 0);
	ck_assert_int_eq(tell_bookmark_load(&file, &got, &old), -ENOENT);
	store(1);
	store(2);
	ck_assert_int_eq(tell_bookmark_load(&file, &got, &old), 0);
	ck_assert_uint_eq(got.realtime_us, 2);
	ck_assert_uint_eq(got.nth, 3);
	ck_assert_str_eq(got.cursor, "s=2;i=2");
	ck_assert(!old);
	tell_bookmark_close(&file);
	tell_scratch_remove();
}
END_TEST

START_TEST(each_entry_has_a_time_of_its_own)
{
	struct tell_bookmark b = { 0 };
	ck_assert_uint_eq(tell_bookmark_time(&b, 7), 7000);
	for (uint64_t i = 1; i < 2500; i++)
		ck_assert_uint_eq(tell_bookmark_time(&b, 7), 7000 + i);
	struct tell_bookmark same = b;
	ck_assert_uint_eq(tell_bookmark_time(&b, 8), 9500);
	ck_assert_uint_eq(tell_bookmark_time(&same, 8), 9500);
	ck_assert_uint_eq(tell_bookmark_time(&b, 9), 9501);
	ck_assert_uint_eq(tell_bookmark_time(&b, 10), 10000);
	ck_assert_uint_eq(tell_bookmark_time(&b, 9), 9000);
	ck_assert_uint_eq(tell_bookmark_time(&b, 10), 10000);
	ck_assert_uint_eq(tell_bookmark_time(&b, 10), 10001);
}
END_TEST

START_TEST(before_the_first_entry_it_has_a_time)
{
	const struct tell_bookmark none = { .realtime_us = 7 };
	const char *dir = begin();
	ck_assert_int_eq(tell_bookmark_open(&file, dir, "loki-a"), 0);
	ck_assert_int_eq(tell_bookmark_store(&file, &none), 0);
	ck_assert_int_eq(tell_bookmark_load(&file, &got, &old), 0);
	ck_assert_uint_eq(got.realtime_us, 7);
	ck_assert_str_eq(got.cursor, "");
	tell_bookmark_close(&file);
	tell_scratch_remove();
}
END_TEST

START_TEST(a_damaged_one_gives_the_one_before)
{
	const char *dir = begin();
	ck_assert_int_eq(tell_bookmark_open(&file, dir, "a"), 0);
	store(1);
	store(2);
	damage("a", ""); /* as after a power cut */
	ck_assert_int_eq(tell_bookmark_load(&file, &got, &old), 0);
	ck_assert_uint_eq(got.realtime_us, 1);
	ck_assert(old);
	damage("a",
		"telltale position 1\nrealtime=9 time=9 nth=0\ncursor=s=9\nsum=00000000\n");
	ck_assert_int_eq(tell_bookmark_load(&file, &got, &old), 0);
	ck_assert_uint_eq(got.realtime_us, 1);
	damage("a.old", "x");
	ck_assert_int_eq(tell_bookmark_load(&file, &got, &old), -EBADMSG);
	tell_bookmark_close(&file);
	tell_scratch_remove();
}
END_TEST

START_TEST(one_process_has_it)
{
	struct tell_bookmark_file other;
	const char *dir = begin();
	ck_assert_int_eq(tell_bookmark_open(&file, dir, "a"), 0);
	ck_assert_int_eq(tell_bookmark_open(&other, dir, "a"), -EBUSY);
	ck_assert_int_eq(tell_bookmark_open(&other, dir, "b"), 0);
	tell_bookmark_close(&other);
	tell_bookmark_close(&file);
	ck_assert_int_eq(tell_bookmark_open(&file, dir, "a"), 0);
	tell_bookmark_close(&file);
	ck_assert_int_eq(tell_bookmark_open(&file, dir, "../a"), -EINVAL);
	ck_assert_int_eq(tell_bookmark_open(&file, dir, ""), -EINVAL);
	ck_assert_int_eq(tell_bookmark_open(&file, "/nowhere", "a"), -ENOENT);
	tell_scratch_remove();
}
END_TEST

static Suite *bookmark_suite(void)
{
	Suite *s = suite_create("source/bookmark");
	tell_check_add(s, "bookmark", what_is_stored_is_read_again,
		each_entry_has_a_time_of_its_own, before_the_first_entry_it_has_a_time,
		a_damaged_one_gives_the_one_before, one_process_has_it, NULL);
	return s;
}

TELL_CHECK_MAIN(bookmark_suite)
