/* Programs that write to /dev/log themselves, under libtelltale-preload.so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "preload/hosted.h"
#include "support/check_main.h"

static void expect(const char *want)
{
	char got[256];
	ck_assert_msg(hosted_next(), "no more, not: %s", want);
	(void)snprintf(got, sizeof(got), "%s %s %s %s %s", hosted_field("PRIORITY"),
		hosted_field("SYSLOG_FACILITY"), hosted_field("SYSLOG_IDENTIFIER"),
		hosted_field("SYSLOG_PID"), hosted_field("MESSAGE"));
	ck_assert_str_eq(got, want);
}

START_TEST(what_they_write_is_a_record_by_whatever_function)
{
	hosted_begin("");
	ck_assert_int_eq(hosted_run("devlog"), 0);
	expect("6 3 own 4711 by write");
	expect("5 1 own  by send");
	expect("4 4 own  by parts");
	expect("4 4 own  by parts");
	expect("6 1 host  no ident");
	expect("4 4 own  by parts");
	expect("6 1 host  wrote 40 of 40, errno 77");
	ck_assert(!hosted_next());
	hosted_end();
}
END_TEST

START_TEST(a_number_that_is_another_files_now_is_left_alone)
{
	hosted_begin("");
	ck_assert_int_eq(hosted_run("devlog-reused"), 0);
	expect("6 3 own  log");
	ck_assert(hosted_next());
	ck_assert_ptr_nonnull(strstr(hosted_field("MESSAGE"), "same number, pair, "));
	ck_assert(!hosted_next());
	char *file = hosted_file("host.db");
	ck_assert_str_eq(file, "mine\n");
	free(file);
	hosted_end();
}
END_TEST

START_TEST(many_sockets_are_kept_apart)
{
	hosted_begin("sink required file path=@/log");
	ck_assert_int_eq(hosted_run("devlog-many"), 0);
	char *all = hosted_file("log"), *at = all;
	size_t n = 0;
	for (; (at = strstr(at, "\"message\":\"socket ")); at++)
		n++;
	free(all);
	ck_assert_uint_eq(n, 8 * 20); /* so many at once are taken over */
	hosted_end();
}
END_TEST

static Suite *devlog_suite(void)
{
	Suite *s = suite_create("preload/devlog");
	tell_check_add(
		s, "datagrams", what_they_write_is_a_record_by_whatever_function, NULL);
	tell_check_add(s, "descriptors", a_number_that_is_another_files_now_is_left_alone,
		many_sockets_are_kept_apart, NULL);
	return s;
}
HOSTED_MAIN(devlog_suite)
