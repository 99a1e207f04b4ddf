/* printf calls on the short way: their arguments are kept, the service thread makes the text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <telltale.h>
#include <telltale/compat/syslog.h>
#include "api/init.h"
#include "api/quick.h"
#include "stack/stack.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/memory_dir.h"

#define N 50

/* %m, forms that are no literals, a null %s: all of them on purpose. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-overflow"

static void start(const char *lines)
{
	char text[1000];
	ck_assert_ptr_nonnull(memory_dir());
	(void)snprintf(text, sizeof(text), "queue required ring size=64KiB full=sync\n%s",
		lines);
	flow_start(text);
}

/* Did the call go the short way? */
__attribute__((format(printf, 2, 3))) static bool quick(
	struct tell_site *site, const char *form, ...)
{
	va_list ap;
	va_start(ap, form);
	bool done = tell_quick_logf(site, form, ap, __builtin_frame_address(0));
	va_end(ap);
	return done;
}

__attribute__((format(printf, 2, 3))) static void say(
	struct tell_site *site, const char *form, ...)
{
	va_list ap;
	va_start(ap, form);
	tell_vlogf(site, TELL_INFO, form, ap);
	va_end(ap);
}

static void all_here(size_t calls)
{
	struct tell_stack_stats s;
	ck_assert_int_eq(tell_flush(10000), 0);
	tell_service_stats(&tell_process.main, &s);
	ck_assert_uint_eq(s.queued + s.undelivered + s.dropped, 0);
	ck_assert_uint_eq(flow_count(), calls);
}

START_TEST(arguments_become_the_text_that_printf_would_make)
{
	start("");
	for (int i = 0; i < N; i++) {
		char name[8];
		(void)snprintf(name, sizeof(name), "ann%d", i);
		errno = i % 2 ? ENOENT : EACCES;
		tell_infof("paid %d by %-6s| in %.2f: %m", i, name, i / 4.0);
		memset(name, 'x', sizeof(name)); /* it was copied */
		ck_assert_int_eq(errno, i % 2 ? ENOENT : EACCES);
	}
	all_here(N);
	ck_assert_uint_eq(
		flow_count_of("\"paid 7 by ann7  | in 1.75: No such file or directory\""),
		1);
	ck_assert_uint_eq(
		flow_count_of("\"paid 48 by ann48 | in 12.00: Permission denied\""), 1);
	ck_assert_uint_eq(flow_count_of("\"file\":\"check_quick_form.c\"") +
			flow_count_of("check_quick_form.c\",\"line\""),
		N);
}
END_TEST

START_TEST(from_the_second_call_on_literals_are_not_formatted_in_the_call)
{
	struct tell_site *site = TELL_SITE(TELL_INFO);
	static const char form[] = "%d of %s", other[] = "%d as well as %s";
	start("");
	ck_assert(!quick(site, form, 1, "two"));
	for (int i = 0; i < 2; i++) /* its words are written, then known */
		say(site, form, 1, "two");
	ck_assert(quick(site, form, 2, "two"));
	ck_assert(!quick(site, other, 3, "two")); /* one form a site */
	say(site, other, 3, "two");
	ck_assert(quick(site, form, 4, "two"));
	all_here(5);
	ck_assert_uint_eq(flow_count_of("\"4 of two\""), 1);
	ck_assert_uint_eq(flow_count_of("\"3 as well as two\""), 1);
}
END_TEST

START_TEST(forms_that_may_change_are_formatted_at_once)
{
	struct tell_site *site = TELL_SITE(TELL_INFO);
	char form[] = "%d items";
	start("");
	for (int i = 0; i < 3; i++) {
		ck_assert(!quick(site, form, i));
		say(site, form, i);
	}
	memcpy(form, "%d ITEMS", sizeof(form));
	all_here(3);
	ck_assert_uint_eq(flow_count_of("2 items"), 1);
}
END_TEST

START_TEST(arguments_that_are_not_for_keeping_lose_nothing)
{
	static char large[3000];
	const char *none = NULL;
	memset(large, 'y', sizeof(large) - 1);
	start("");
	for (int i = 0; i < 3; i++) {
		tell_infof("large %s end", large);
		tell_infof("none %s end", none);
		tell_infof("wide %*d end", 2000, i);
		tell_infof("long double %Lf end", (long double)i);
		tell_infof("no argument, 100%%");
	}
	all_here(15);
	ck_assert_uint_eq(flow_count_of("yyy end"), 3);
	ck_assert_uint_eq(flow_count_of("none (null) end"), 3);
	ck_assert_uint_eq(flow_count_of("  2 end"), 1);
	ck_assert_uint_eq(flow_count_of("long double 2.000000 end"), 1);
	ck_assert_uint_eq(flow_count_of("\"no argument, 100%\""), 3);
}
END_TEST

START_TEST(secrets_among_them_are_redacted)
{
	start("redact requisite keys\nredact requisite detect\n");
	for (int i = 0; i < 5; i++)
		tell_infof("login user=%s password=%s", "ann", "hunter2");
	all_here(5);
	ck_assert_uint_eq(flow_count_of("hunter2"), 0);
	ck_assert_uint_eq(flow_count_of("user=ann"), 5);
}
END_TEST

START_TEST(scopes_go_with_them)
{
	start("");
	for (int i = 0; i < 5; i++) {
		TELL_SCOPE(tell_kv("request_id", i));
		tell_infof("step %d", i);
	}
	tell_infof("outside %d", 1);
	all_here(6);
	ck_assert_uint_eq(flow_count_of("\"request_id\""), 5);
	ck_assert_uint_eq(flow_count_of("\"message\":\"step 4\",\"request_id\":4"), 1);
}
END_TEST

/* The flag of a name of its own was once that of ticks. */
START_TEST(a_record_with_a_name_of_its_own_keeps_it_through_the_queue)
{
	start("");
	tell_info("first");
	openlog("courier", 0, LOG_DAEMON);
	for (int i = 0; i < 3; i++)
		syslog(LOG_NOTICE, "parcel %d", i);
	closelog();
	all_here(4);
	ck_assert_uint_eq(flow_count_of("\"service\":\"courier\""), 3);
	ck_assert_uint_eq(flow_count_of("\"timestamp\":\"20"), 4);
	ck_assert_uint_eq(flow_count_of("\"timestamp\":\"201"), 0);
}
END_TEST

static Suite *form_suite(void)
{
	Suite *s = suite_create("api/quick_form");
	TCase *c = tcase_create("form");
	tcase_add_checked_fixture(c, NULL, memory_dir_remove);
	tcase_add_test(c, arguments_become_the_text_that_printf_would_make);
	tcase_add_test(c, from_the_second_call_on_literals_are_not_formatted_in_the_call);
	tcase_add_test(c, forms_that_may_change_are_formatted_at_once);
	tcase_add_test(c, arguments_that_are_not_for_keeping_lose_nothing);
	tcase_add_test(c, secrets_among_them_are_redacted);
	tcase_add_test(c, scopes_go_with_them);
	tcase_add_test(c, a_record_with_a_name_of_its_own_keeps_it_through_the_queue);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(form_suite)
