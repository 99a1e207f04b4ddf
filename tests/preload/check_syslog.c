/* syslog(3) as programs use it, under libtelltale-preload.so. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "preload/hosted.h"
#include "support/check_main.h"

static void run(const char *scenario)
{
	ck_assert_int_eq(hosted_run(scenario), 0);
}

/* The next record is this: priority, facility, identifier, message. */
static void expect(const char *want)
{
	char got[256];
	ck_assert_msg(hosted_next(), "no more, not: %s", want);
	(void)snprintf(got, sizeof(got), "%s %s %s %s", hosted_field("PRIORITY"),
		hosted_field("SYSLOG_FACILITY"), hosted_field("SYSLOG_IDENTIFIER"),
		hosted_field("MESSAGE"));
	ck_assert_str_eq(got, want);
}

START_TEST(each_level_is_its_own)
{
	hosted_begin("filter required level min=debug");
	run("levels");
	for (int i = 0; i <= 7; i++) {
		char want[64], pid[16];
		(void)snprintf(want, sizeof(want), "%d 2 host level %d", i, i);
		expect(want);
		(void)snprintf(pid, sizeof(pid), "%d", hosted_pid());
		ck_assert_str_eq(hosted_field("SYSLOG_PID"), pid);
		ck_assert_str_eq(hosted_field("CODE_FILE"), "");
	}
	ck_assert(!hosted_next());
	hosted_end();
}
END_TEST

START_TEST(facilities_are_those_of_the_call_of_openlog_or_user)
{
	hosted_begin("");
	run("facilities");
	expect("6 1 host of nobody");
	ck_assert_str_eq(hosted_field("SYSLOG_PID"), ""); /* LOG_PID was not asked for */
	expect("6 2 host of openlog");
	expect("6 9 host of the call");
	expect("3 23 host the last");
	expect("6 0 host zero");
	expect("6 0 host none");
	expect("3 4 host syslog: unknown facility/priority: 1006"); /* glibc's own */
	expect("6 0 host odd bits");
	ck_assert(!hosted_next());
	hosted_end();
}
END_TEST

START_TEST(percent_m_is_the_callers_errno)
{
	hosted_begin("");
	run("percent");
	expect("6 1 host no file: No such file or directory (7%)");
	expect("6 1 host checked: No such file or directory, 8");
	expect("6 1 host errno is kept");
	hosted_end();
}
END_TEST

START_TEST(a_call_is_one_record_whatever_its_text)
{
	static const size_t sizes[] = { 510, 511, 512, 1023, 1024, 1025 };
	hosted_begin("");
	run("texts");
	expect("6 1 host one");
	expect("6 1 host two");
	expect("6 1 host first\nsecond");
	expect("6 1 host ");
	expect("6 1 host \x1b[31m \xff\x01");
	expect("6 1 host 100% %s%n");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ck_assert(hosted_next());
		ck_assert_uint_eq(strlen(hosted_field("MESSAGE")), sizes[i]);
		ck_assert_str_eq(hosted_field("TELL_CUT"), "");
	}
	ck_assert(hosted_next()); /* 70,000 bytes, over the record's limit */
	ck_assert_uint_gt(strlen(hosted_field("MESSAGE")), 65000);
	ck_assert_str_eq(hosted_field("TELL_CUT"), "1");
	ck_assert(!hosted_next());
	hosted_end();
}
END_TEST

START_TEST(the_mask_lets_by_what_it_names)
{
	hosted_begin("");
	run("masks");
	expect("4 1 host seen");
	expect("3 1 host before 0xff now 0x1f");
	ck_assert(!hosted_next());
	hosted_end();
}
END_TEST

/* What stays is shown as it is now, as libc shows it; what may be gone is a copy. */
START_TEST(an_ident_may_be_changed_and_may_be_freed)
{
	hosted_begin("");
	run("idents");
	expect("6 1 host no openlog");
	expect("6 1 static as given");
	expect("6 1 STATIC changed");
	expect("6 1 STATIC the one before");
	ck_assert_str_ne(hosted_field("SYSLOG_PID"), "");
	expect("6 1 heap freed");
	expect("6 1 host closed");
	expect("6 1 HOST upper case");
	ck_assert(hosted_next());
	ck_assert_uint_eq(strlen(hosted_field("SYSLOG_IDENTIFIER")), 10000);
	ck_assert_str_eq(hosted_field("MESSAGE"), "long");
	hosted_end();
}
END_TEST

/* "host[4711]: ..." with the digits away, so that two runs can be compared. */
static char *without_pid(char *text)
{
	char *to = text;
	for (const char *from = text; *from; from++)
		if (*from < '0' || *from > '9')
			*to++ = *from;
	*to = '\0';
	return text;
}

START_TEST(perror_is_as_libc_writes_it)
{
	hosted_begin("");
	run("console");
	char *got = without_pid(hosted_file("stderr"));
	ck_assert_int_eq(hosted_run_bare("console"), 0);
	char *want = without_pid(hosted_file("stderr"));
	ck_assert_str_eq(got, want);
	ck_assert_ptr_nonnull(strstr(got, "host[]: with pid\n"));
	expect("6 1 host with pid");
	expect("6 1 host without, ended");
	ck_assert(!hosted_next());
	free(got);
	free(want);
	hosted_end();
}
END_TEST

START_TEST(percent_n_is_as_dangerous_as_it_was)
{
	hosted_begin("");
	run("by-n");
	expect("6 1 host 12345");
	expect("6 1 host n is 5");
	int status = hosted_run("checked-n");
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	hosted_end();
}
END_TEST

START_TEST(what_is_off_is_libcs)
{
	hosted_begin("");
	hosted_environment("TELLTALE_PRELOAD=off");
	run("levels");
	run("devlog");
	ck_assert_uint_eq(hosted_count(), 0);
	char *said = hosted_file("stderr");
	ck_assert_str_eq(said, "");
	free(said);
	hosted_end();
}
END_TEST

START_TEST(the_environment_names_the_service)
{
	hosted_begin("");
	hosted_environment("TELLTALE_SERVICE=nobody");
	hosted_environment("TELLTALE_PRELOAD=odd,service=host,more=1");
	run("once");
	expect("6 1 host once"); /* whose stack it is; the ident stays */
	hosted_end();
}
END_TEST

START_TEST(records_are_redacted)
{
	hosted_begin("filter required level min=debug");
	run("secret");
	ck_assert(hosted_next());
	ck_assert_ptr_null(strstr(hosted_field("MESSAGE"), "zq7kw9"));
	ck_assert_ptr_nonnull(strstr(hosted_field("MESSAGE"), "REDACTED"));
	hosted_end();
}
END_TEST

static Suite *preload_suite(void)
{
	Suite *s = suite_create("preload/syslog");
	tell_check_add(s, "records", each_level_is_its_own,
		facilities_are_those_of_the_call_of_openlog_or_user,
		percent_m_is_the_callers_errno, a_call_is_one_record_whatever_its_text,
		the_mask_lets_by_what_it_names, records_are_redacted, NULL);
	tell_check_add(s, "identity", an_ident_may_be_changed_and_may_be_freed,
		the_environment_names_the_service, NULL);
	tell_check_add(s, "libc", perror_is_as_libc_writes_it,
		percent_n_is_as_dangerous_as_it_was, what_is_off_is_libcs, NULL);
	return s;
}
HOSTED_MAIN(preload_suite)
