#include "source/journal_left.h"
#include <endian.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/scratch.h"

/* A file's header, as much of it as is read: its bytes up to the last object, and its times. */
static void put(const char *name, const char *signature, uint64_t bytes, uint64_t from_us,
	uint64_t to_us)
{
	unsigned char header[240] = { 0 };
	const uint64_t numbers[] = { htole64(bytes), htole64(from_us), htole64(to_us) };
	FILE *f = fopen(tell_scratch_path(name), "w");
	ck_assert_ptr_nonnull(f);
	memcpy(header, signature, 8);
	memcpy(header + 136, &numbers[0], 8);
	memcpy(header + 184, &numbers[1], 16);
	ck_assert_uint_eq(fwrite(header, 1, sizeof(header), f), sizeof(header));
	ck_assert_int_eq(fclose(f), 0);
}

/* Its row of numbers, and which of them it has. */
static void number(const char *name, unsigned char id, uint64_t head, uint64_t tail)
{
	const uint64_t numbers[] = { htole64(tail), htole64(head) };
	FILE *f = fopen(tell_scratch_path(name), "r+");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fseek(f, 72, SEEK_SET), 0);
	ck_assert_int_eq(fputc(id, f), id);
	ck_assert_int_eq(fseek(f, 160, SEEK_SET), 0);
	ck_assert_uint_eq(fwrite(numbers, 1, sizeof(numbers), f), sizeof(numbers));
	ck_assert_int_eq(fclose(f), 0);
}

static uint64_t left(uint64_t from_us)
{
	const struct tell_journal_spot from = { .us = from_us };
	return tell_journal_left(tell_scratch_path("."), NULL, &from);
}

static void begin(void)
{
	tell_scratch_make();
	put("system@1.journal", "LPKSHHRH", 1000, 100, 200);
	put("system.journal", "LPKSHHRH", 4000, 200, 400);
}

START_TEST(before_all_is_all)
{
	ck_assert_uint_eq(left(50), 5000);
}
END_TEST

START_TEST(behind_all_is_nothing)
{
	ck_assert_uint_eq(left(400), 0);
	ck_assert_uint_eq(left(500), 0);
}
END_TEST

START_TEST(inside_a_file_it_is_by_time)
{
	ck_assert_uint_eq(left(150), 500 + 4000);
	ck_assert_uint_eq(left(300), 2000);
}
END_TEST

/* All of a file's entries may be of its last second. */
START_TEST(where_numbers_are_known_they_say_it)
{
	const char *id = "ab000000000000000000000000000000";
	struct tell_journal_spot from = { .us = 399, .id = id, .number = 25 };
	number("system@1.journal", 0xab, 1, 11);
	number("system.journal", 0xab, 21, 41);
	put("user-1000.journal", "LPKSHHRH", 300, 200, 400);
	number("user-1000.journal", 0xcd, 1, 3);
	ck_assert_uint_eq(
		tell_journal_left(tell_scratch_path("."), NULL, &from), 3200 + 1);
	from.number = 6;
	ck_assert_uint_eq(
		tell_journal_left(tell_scratch_path("."), NULL, &from), 500 + 4000 + 1);
	from.number = 41;
	ck_assert_uint_eq(tell_journal_left(tell_scratch_path("."), NULL, &from), 1);
}
END_TEST

START_TEST(what_is_no_journal_is_nothing)
{
	put("other.journal", "LPKSHHRX", 9000, 200, 400);
	put("system.journal.bak", "LPKSHHRH", 9000, 200, 400);
	tell_scratch_write(tell_scratch_path("short.journal"), "LPKSHHRH");
	ck_assert_uint_eq(left(300), 2000);
}
END_TEST

START_TEST(one_that_was_not_closed_counts)
{
	put("system@2.journal~", "LPKSHHRH", 300, 300, 400);
	ck_assert_uint_eq(left(300), 2300);
}
END_TEST

START_TEST(a_file_of_one_moment_is_whole)
{
	put("user.journal", "LPKSHHRH", 70, 350, 350);
	ck_assert_uint_eq(left(300), 2070);
}
END_TEST

static Suite *left_suite(void)
{
	Suite *s = suite_create("source/journal_left");
	TCase *tc = tcase_create("left");
	tcase_add_checked_fixture(tc, begin, tell_scratch_remove);
	tcase_add_test(tc, before_all_is_all);
	tcase_add_test(tc, behind_all_is_nothing);
	tcase_add_test(tc, inside_a_file_it_is_by_time);
	tcase_add_test(tc, where_numbers_are_known_they_say_it);
	tcase_add_test(tc, what_is_no_journal_is_nothing);
	tcase_add_test(tc, one_that_was_not_closed_counts);
	tcase_add_test(tc, a_file_of_one_moment_is_whole);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(left_suite)
