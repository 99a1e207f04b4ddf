#include "record/name.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_key key;

static bool make(const char *given)
{
	memset(&key, 'x', sizeof(key));
	return tell_name_make(&key, given, strlen(given));
}

START_TEST(a_good_name_stays_and_has_its_upper_spelling)
{
	ck_assert(!make("request_id2"));
	ck_assert_str_eq(key.name, "request_id2");
	ck_assert_str_eq(key.upper, "REQUEST_ID2");
	ck_assert_uint_eq(key.len, 11);
}
END_TEST

START_TEST(case_dashes_and_dots_are_no_renaming)
{
	ck_assert(!make("Request-Id"));
	ck_assert_str_eq(key.name, "request_id");
	ck_assert(!make("http.status"));
	ck_assert_str_eq(key.name, "http_status");
}
END_TEST

START_TEST(a_secret_is_no_part_of_a_name)
{
	ck_assert(make("login?password="
		       "hunter2x"));
	ck_assert_ptr_null(strstr(key.name, "hunter"));
	ck_assert_ptr_nonnull(strstr(key.name, "login_password_"));
	char again[TELL_NAME_MAX + 1];
	(void)snprintf(again, sizeof(again), "%s", key.name);
	ck_assert(!make(again));
	ck_assert_str_eq(key.name, again);
}
END_TEST

START_TEST(what_no_exit_takes_becomes_an_underscore)
{
	ck_assert(make("a b=c"));
	ck_assert_str_eq(key.name, "a_b_c");
	ck_assert(make("gr\xc3\xb6\xc3\x9f\x65"));
	ck_assert_str_eq(key.name, "gr____e");
	ck_assert(make("a\nb"));
	ck_assert_str_eq(key.name, "a_b");
}
END_TEST

START_TEST(names_that_begin_badly_get_user_in_front)
{
	ck_assert(make("9lives"));
	ck_assert_str_eq(key.name, "user_9lives");
	ck_assert(make("_UID"));
	ck_assert_str_eq(
		key.name, "uid"); /* the journal's trusted name is gone already */
	ck_assert(make(""));
	ck_assert_str_eq(key.name, "user_");
	ck_assert(make("___"));
	ck_assert_str_eq(key.name, "user_");
}
END_TEST

START_TEST(names_of_the_exits_get_user_in_front)
{
	static const char *const taken[] = { "message", "LEVEL", "Priority", "code_file",
		"CODE_ANYTHING", "syslog_pid", "object_pid", "tid", "pid", "tell_seq",
		"timestamp", "service", "logger", "caller", "kind", "message_id" };
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		ck_assert(make(taken[i]));
		ck_assert_int_eq(strncmp(key.name, "user_", 5), 0);
	}
	ck_assert(!make("messages"));
	ck_assert(!make("code"));
}
END_TEST

START_TEST(long_names_are_cut_and_stay_apart)
{
	char a[201], b[201], first[TELL_NAME_MAX + 1];
	memset(a, 'a', 200);
	memset(b, 'a', 200);
	a[200] = b[200] = '\0';
	b[199] = 'b';
	ck_assert(make(a));
	ck_assert_uint_eq(key.len, 64);
	memcpy(first, key.name, sizeof(first));
	ck_assert(make(b));
	ck_assert_uint_eq(key.len, 64);
	ck_assert_str_ne(key.name, first);
	a[64] = '\0';
	ck_assert(!make(a));
	ck_assert_str_eq(key.name, a);
}
END_TEST

START_TEST(long_names_keep_their_end)
{
	char a[300];
	for (int len = 65; len < 280; len++) {
		memset(a, 'a', sizeof(a));
		(void)snprintf(a + len - 9, 10, "-Password");
		ck_assert(make(a));
		ck_assert_uint_eq(key.len, 64);
		ck_assert_str_eq(key.name + 64 - 10, "a_password");
		ck_assert_str_eq(key.upper + 64 - 10, "A_PASSWORD");
	}
	memcpy(a, "tell_", 5); /* "user_" goes in front */
	a[62] = '\0';
	ck_assert(make(a));
	ck_assert_uint_eq(key.len, 64);
	ck_assert_int_eq(strncmp(key.name, "user_tell_aaa", 13), 0);
}
END_TEST

START_TEST(every_byte_makes_a_name_the_journal_takes)
{
	for (int c = 0; c < 256; c++) {
		char given[4] = { 'a', (char)c, 'z', 0 };
		(void)tell_name_make(&key, given, 3);
		ck_assert(key.len >= 1 && key.len <= 64);
		ck_assert(key.name[0] >= 'a' && key.name[0] <= 'z');
		for (int i = 0; i < key.len; i++)
			ck_assert(strchr(
				"abcdefghijklmnopqrstuvwxyz0123456789_", key.name[i]));
	}
}
END_TEST

static Suite *name_suite(void)
{
	Suite *s = suite_create("record/name");
	tell_check_add(s, "rule", a_secret_is_no_part_of_a_name,
		a_good_name_stays_and_has_its_upper_spelling,
		case_dashes_and_dots_are_no_renaming,
		what_no_exit_takes_becomes_an_underscore,
		names_that_begin_badly_get_user_in_front,
		names_of_the_exits_get_user_in_front, long_names_are_cut_and_stay_apart,
		long_names_keep_their_end, every_byte_makes_a_name_the_journal_takes,
		NULL);
	return s;
}
TELL_CHECK_MAIN(name_suite)
