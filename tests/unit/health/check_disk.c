#include "support/check_main.h"
#include "unit/health/asked.h"

START_TEST(there_is_room_or_not)
{
	ck_assert_int_eq(ask_line("disk path=/proc free=0 inodes=0", 1000), TELL_SUCCESS);
	ck_assert_int_eq(ask_line("disk path=/ free=0 inodes=0", 1000), TELL_SUCCESS);
	double room = number("free_ratio");
	ck_assert(room >= 0 && room < 1);
	ck_assert_str_eq(field("path"), "/");
	ck_assert_int_eq(ask_line("disk path=/ free=100% inodes=0", 1000), TELL_FULL);
	ck_assert_ptr_nonnull(strstr(field("reason"), "of / is free, less than 100%"));
}
END_TEST

START_TEST(inodes_count_as_well)
{
	ck_assert_int_eq(
		ask_line("disk path=/dev/shm free=0 inodes=100%", 1000), TELL_FULL);
	ck_assert_ptr_nonnull(strstr(field("reason"), "inodes of /dev/shm"));
}
END_TEST

START_TEST(what_is_not_there_is_unavailable)
{
	ck_assert_int_eq(ask_line("disk path=/no/such", 1000), TELL_UNAVAILABLE);
	ck_assert_str_eq(
		field("reason"), "cannot look at /no/such: No such file or directory");
}
END_TEST

static Suite *disk_suite(void)
{
	Suite *s = suite_create("health/disk");
	TCase *tc = tcase_create("disk");
	tcase_add_checked_fixture(tc, NULL, done_asking);
	tcase_add_test(tc, there_is_room_or_not);
	tcase_add_test(tc, inodes_count_as_well);
	tcase_add_test(tc, what_is_not_there_is_unavailable);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(disk_suite)
