/* sd_journal_send(3) as programs use it, under libtelltale-preload.so. That every call gives
 * what libsystemd's own gives is tried beside a real journald: tests/live/preload_journal.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "preload/hosted.h"
#include "support/check_main.h"

#define CLIENT "../live/journal_client"

static void next_is(const char *message)
{
	do
		ck_assert_msg(hosted_next(), "no more, not: %s", message);
	while (strcmp(hosted_field("MESSAGE"), message) != 0);
}

START_TEST(fields_keep_their_names_and_the_call_its_place)
{
	hosted_begin("filter required level min=debug");
	hosted_environment("TELLTALE_SERVICE=host");
	hosted_program(CLIENT);
	ck_assert_int_eq(hosted_run(NULL), 0);
	next_is("paid by ann");
	ck_assert_str_eq(hosted_field("PRIORITY"), "5");
	ck_assert_str_eq(hosted_field("SYSLOG_IDENTIFIER"), "cashier");
	ck_assert_str_eq(hosted_field("SYSLOG_FACILITY"), "17");
	ck_assert_str_eq(hosted_field("MESSAGE_ID"), "0123456789abcdef0123456789abcdef");
	ck_assert_str_eq(hosted_field("REQUEST_ID"), "r1");
	ck_assert_str_eq(hosted_field("CENTS"), "4200");
	ck_assert_str_eq(hosted_field("BIG"), "7 -1 c (nil) 1.500000");
	ck_assert_str_eq(hosted_field("ERRNO"), "2");
	ck_assert_str_eq(hosted_field("CODE_FUNC"), "sends");
	ck_assert_ptr_nonnull(strstr(hosted_field("CODE_FILE"), "journal_client.c"));
	next_is("raw\nlines");
	ck_assert_str_eq(hosted_field("CODE_FILE"), "other.py");
	ck_assert_str_eq(hosted_field("CODE_LINE"), "7");
	hosted_end();
}
END_TEST

START_TEST(in_files_they_are_typed_fields)
{
	hosted_begin("filter required level min=debug\nsink required file path=@/log");
	hosted_environment("TELLTALE_SERVICE=host");
	hosted_program(CLIENT);
	ck_assert_int_eq(hosted_run(NULL), 0);
	char *all = hosted_file("log");
	ck_assert_ptr_nonnull(strstr(all,
		"\"service\":\"cashier\",\"message\":\"paid by ann\","
		"\"message_id\":\"0123456789abcdef0123456789abcdef\","
		"\"request_id\":\"r1\",\"cents\":\"4200\""));
	ck_assert_ptr_nonnull(strstr(all, "\"tag\":[\"new\",\"eu\"],\"errno\":2,"));
	ck_assert_ptr_nonnull(strstr(all, "\"bytes\":\"/wAKAT0=\"")); /* ff 00 0a 01 3d */
	ck_assert_ptr_nonnull(strstr(all,
		"\"message\":\"open: Permission denied\","
		"\"errno\":13,"));
	free(all);
	hosted_end();
}
END_TEST

START_TEST(off_they_are_libsystemds)
{
	hosted_begin("");
	hosted_environment("TELLTALE_PRELOAD=off");
	hosted_program(CLIENT);
	ck_assert_int_eq(hosted_run(NULL), 0);
	ck_assert_uint_eq(hosted_count(), 0);
	char *said = hosted_file("stdout");
	ck_assert_ptr_nonnull(strstr(said, "print: 0\n"));
	ck_assert_ptr_nonnull(strstr(said, "no equals: -22\n"));
	free(said);
	hosted_end();
}
END_TEST

static Suite *journal_suite(void)
{
	Suite *s = suite_create("preload/journal");
	tell_check_add(s, "entries", fields_keep_their_names_and_the_call_its_place,
		in_files_they_are_typed_fields, off_they_are_libsystemds, NULL);
	return s;
}
HOSTED_MAIN(journal_suite)
