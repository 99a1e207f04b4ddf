#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <telltale.h>
#include <telltale/compat/syslog.h>
#include "api/init.h"
#include "api/process.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/peer.h"
#include "support/scratch.h"

static void expect(const char *text)
{
	const char *last = flow_last();
	ck_assert_msg(strstr(last, text) != NULL, "no %s in %s", text, last);
}

START_TEST(a_call_is_a_record_with_level_and_place)
{
	flow_start("");
	errno = ENOENT;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat" /* ISO C does not know %m */
	syslog(LOG_ERR, "cannot open %s: %m\n", "x");
#pragma GCC diagnostic pop
	expect("\"level\":\"error\"");
	expect("\"message\":\"cannot open x: No such file or directory\"");
	expect("check_syslog.c\"");
	expect("\"function\":\"a_call_is_a_record_with_level_and_place_fn\"");
	ck_assert_int_eq(errno, ENOENT);
	int level = LOG_WARNING;
	syslog(LOG_MAIL | level, "%s", "at run time");
	expect("\"level\":\"warning\"");
	syslog(LOG_NOTICE, "100%%");
	expect("\"message\":\"100%\"");
}
END_TEST

static void old_wrapper(int priority, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void old_wrapper(int priority, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsyslog(priority, fmt, ap);
	va_end(ap);
}

START_TEST(a_va_list_is_taken)
{
	flow_start("");
	old_wrapper(LOG_CRIT, "%d of %s", 1, "two");
	expect("\"level\":\"crit\"");
	expect("\"message\":\"1 of two\"");
	expect("\"function\":\"old_wrapper\"");
}
END_TEST

START_TEST(each_call_is_switched_by_its_place)
{
	int n = 0;
	flow_start("");
	syslog(LOG_DEBUG, "details %d", ++n);
	ck_assert_uint_eq(flow_count(), 0);
	ck_assert_int_eq(n, 1); /* arguments are evaluated as syslog(3) does */
	ck_assert_int_eq(tell_level_set("func:old_wrapper debug"), 0);
	syslog(LOG_DEBUG, "details %d", ++n);
	ck_assert_uint_eq(flow_count(), 0);
	old_wrapper(LOG_DEBUG, "details %d", ++n);
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_int_eq(tell_level_set("file:check_syslog.c off"), 0);
	syslog(LOG_EMERG, "x");
	ck_assert_uint_eq(flow_count(), 1);
}
END_TEST

START_TEST(it_is_an_expression)
{
	flow_start("");
	int verbose = 1;
	if (verbose)
		syslog(LOG_INFO, "then");
	else
		syslog(LOG_INFO, "else");
	verbose ? syslog(LOG_INFO, "a") : (void)0;
	for (int i = 0; i < 2; i++, syslog(LOG_INFO, "step"))
		;
	ck_assert_uint_eq(flow_count(), 4);
}
END_TEST

START_TEST(the_ident_is_who_speaks)
{
	flow_start("");
	openlog("postfix/smtpd", 0, 0);
	syslog(LOG_INFO, "x");
	expect("\"service\":\"postfix/smtpd\"");
	openlog(NULL, 0, 0); /* keeps it */
	syslog(LOG_INFO, "x");
	expect("\"service\":\"postfix/smtpd\"");
	tell_info("a call of our own");
	expect("\"service\":\"flow\"");
	closelog();
	syslog(LOG_INFO, "x");
	expect("\"service\":\"flow\"");
}
END_TEST

START_TEST(the_first_openlog_names_the_service)
{
	ck_assert_int_eq(setenv("TELLTALE_CONFDIR", "/nonexistent", 1), 0);
	openlog("my daemon", 0, LOG_DAEMON);
	ck_assert_str_eq(tell_process.main.name, "my_daemon");
	ck_assert_ptr_null(tell__stack());
	openlog("other", LOG_NDELAY,
		LOG_DAEMON); /* a name it has: only the ident changes */
	ck_assert_str_eq(tell_process.main.name, "my_daemon");
	ck_assert_ptr_nonnull(tell__stack()); /* its stack is read at once */
}
END_TEST

START_TEST(the_mask_takes_levels_away)
{
	flow_start("");
	ck_assert_int_eq(setlogmask(0), 0xff);
	ck_assert_int_eq(setlogmask(LOG_UPTO(LOG_WARNING)), 0xff);
	ck_assert_int_eq(setlogmask(0), LOG_UPTO(LOG_WARNING));
	syslog(LOG_NOTICE, "x");
	ck_assert_uint_eq(flow_count(), 0);
	syslog(LOG_WARNING, "x");
	ck_assert_uint_eq(flow_count(), 1);
	tell_notice("its own calls are not syslog's");
	ck_assert_uint_eq(flow_count(), 2);
	setlogmask(LOG_MASK(LOG_DEBUG) | LOG_MASK(LOG_ERR));
	syslog(LOG_DEBUG, "the stack does not want it");
	ck_assert_uint_eq(flow_count(), 2);
	ck_assert_int_eq(tell_level_set("file:check_syslog.c info"), 0);
	syslog(LOG_INFO, "a rule has named it");
	ck_assert_uint_eq(flow_count(), 3);
}
END_TEST

/* What a local syslog daemon gets from a stack whose sink line ends so. */
static const char *received(const char *options, int priority)
{
	static char text[2048];
	char stack[512];
	tell_scratch_make();
	const char *path = tell_scratch_path("log");
	int fd = tell_peer_datagram(path);
	(void)snprintf(
		stack, sizeof(stack), "sink required syslog path=%s%s\n", path, options);
	ck_assert_int_eq(tell__init_text("fac", stack), 0);
	syslog(priority, "x");
	ck_assert_int_gt(tell_peer_receive(fd, text, sizeof(text), 10000, NULL), 0);
	(void)close(fd);
	tell_close();
	tell_scratch_remove();
	return text;
}

static void expect_pri(const char *text, int pri)
{
	char want[16];
	(void)snprintf(want, sizeof(want), "<%d>", pri);
	ck_assert_msg(strncmp(text, want, strlen(want)) == 0, "no %s: %s", want, text);
}

START_TEST(the_facility_reaches_the_sinks)
{
	expect_pri(received("", LOG_INFO), LOG_USER | LOG_INFO); /* root's, too */
	expect_pri(received("", LOG_MAIL | LOG_INFO), LOG_MAIL | LOG_INFO);
	openlog("x", 0, LOG_LOCAL3);
	expect_pri(received("", LOG_ERR), LOG_LOCAL3 | LOG_ERR);
	expect_pri(received("", LOG_AUTHPRIV | LOG_ERR), LOG_AUTHPRIV | LOG_ERR);
	openlog("x", 0, 0); /* keeps it */
	expect_pri(received("", LOG_ERR), LOG_LOCAL3 | LOG_ERR);
	expect_pri(received(" facility=cron", LOG_ERR), LOG_CRON | LOG_ERR);
	ck_assert_ptr_nonnull(strstr(received("", LOG_ERR), " x["));
}
END_TEST

/* What fn writes to stderr. */
static const char *on_stderr(void (*fn)(void))
{
	static char text[1024];
	int ends[2], saved = dup(STDERR_FILENO);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_ge(dup2(ends[1], STDERR_FILENO), 0);
	fn();
	ck_assert_int_ge(dup2(saved, STDERR_FILENO), 0);
	(void)close(ends[1]);
	ssize_t n = read(ends[0], text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	(void)close(ends[0]);
	(void)close(saved);
	return text;
}

static void say(void)
{
	syslog(LOG_INFO, "one\nline, password=%s", "hunter2hunter2");
}

static void say_debug(void)
{
	syslog(LOG_DEBUG, "x");
}

START_TEST(perror_is_a_redacted_copy_on_stderr)
{
	char want[64];
	flow_start("");
	openlog("ident", LOG_PERROR, 0);
	const char *said = on_stderr(say);
	ck_assert_msg(strncmp(said, "ident: one\\nline, password=[REDACTED", 36) == 0,
		"%s", said);
	ck_assert_int_eq(said[strlen(said) - 1], '\n');
	ck_assert_str_eq(on_stderr(say_debug), "");
	openlog("ident", LOG_PERROR | LOG_PID, 0);
	(void)snprintf(want, sizeof(want), "ident[%d]: one", getpid());
	said = on_stderr(say);
	ck_assert_msg(strncmp(said, want, strlen(want)) == 0, "%s", said);
	openlog("ident", 0, 0);
	ck_assert_str_eq(on_stderr(say), "");
}
END_TEST

START_TEST(perror_is_no_second_copy)
{
	openlog("ident", LOG_PERROR, 0);
	ck_assert_int_eq(tell__init_text("err", "sink required stderr format=json\n"), 0);
	const char *said = on_stderr(say);
	ck_assert_int_eq(said[0], '{');
	ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
}
END_TEST

START_TEST(the_environments_service_is_the_stronger)
{
	tell_scratch_make();
	tell_scratch_write(
		tell_scratch_path("wanted"), "sink required stderr format=json\n");
	ck_assert_int_eq(chmod(tell_scratch_path("wanted"), 0644), 0);
	ck_assert_int_eq(setenv("TELLTALE_CONFDIR", tell_scratch_path("."), 1), 0);
	ck_assert_int_eq(setenv("TELLTALE_SERVICE", "wanted", 1), 0);
	openlog("ident", 0, 0);
	ck_assert_str_eq(tell_process.main.name, "wanted");
	ck_assert_ptr_nonnull(strstr(on_stderr(say), "\"service\":\"wanted\""));
	tell_scratch_remove();
}
END_TEST

static Suite *syslog_suite(void)
{
	Suite *s = suite_create("api/syslog");
	tell_check_add(s, "call", a_call_is_a_record_with_level_and_place,
		a_va_list_is_taken, it_is_an_expression, NULL);
	tell_check_add(s, "levels", each_call_is_switched_by_its_place,
		the_mask_takes_levels_away, NULL);
	tell_check_add(s, "ident", the_ident_is_who_speaks,
		the_first_openlog_names_the_service,
		the_environments_service_is_the_stronger, the_facility_reaches_the_sinks,
		NULL);
	tell_check_add(s, "perror", perror_is_a_redacted_copy_on_stderr,
		perror_is_no_second_copy, NULL);
	return s;
}
TELL_CHECK_MAIN(syslog_suite)
