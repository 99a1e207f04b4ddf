#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/flow.h"
#include <telltale/compat/err.h> /* the last: macros named err and warn */

static void expect(const char *text)
{
	const char *last = flow_last();
	ck_assert_msg(strstr(last, text) != NULL, "no %s in %s", text, last);
}

START_TEST(warn_has_the_errors_fields)
{
	flow_start("");
	errno = ENOENT;
	warn("cannot open %s", "x");
	ck_assert_int_eq(errno, ENOENT);
	expect("\"level\":\"warning\"");
	expect("\"message\":\"cannot open x\",\"errno\":2,\"error\":\"No such file or directory\"");
	expect("\"function\":\"warn_has_the_errors_fields_fn\"");
	warn(NULL);
	expect("\"message\":\"No such file or directory\",\"errno\":2");
	warnx("%d%%", 100);
	expect("\"message\":\"100%\",\"pid\"");
	warnx(NULL);
	expect("\"message\":\"\"");
}
END_TEST

static int changes_errno(void)
{
	errno = EACCES;
	return 1;
}

START_TEST(errno_is_that_after_the_arguments)
{
	flow_start("");
	errno = ENOENT;
	warn("%d", changes_errno());
	expect("\"errno\":13");
}
END_TEST

static void list(void (*fn)(const char *, va_list), const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void list(void (*fn)(const char *, va_list), const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fn(fmt, ap);
	va_end(ap);
}

__attribute__((format(printf, 1, 0))) static void by_vwarn(const char *fmt, va_list ap)
{
	vwarn(fmt, ap);
}

__attribute__((format(printf, 1, 0))) static void by_vwarnx(const char *fmt, va_list ap)
{
	vwarnx(fmt, ap);
}

START_TEST(va_lists_are_taken)
{
	flow_start("");
	errno = ENOENT;
	list(by_vwarn, "%d", 1);
	expect("\"message\":\"1\",\"errno\":2");
	list(by_vwarnx, "%d", 2);
	expect("\"message\":\"2\",\"pid\"");
}
END_TEST

static void ends_by_err(void)
{
	errno = ENOENT;
	err(7, "cannot open %s", "x");
}

static void ends_by_errx(void)
{
	errx(0, "usage: %s", "x");
}

__attribute__((format(printf, 1, 0))) static void by_verr(const char *fmt, va_list ap)
{
	verr(9, fmt, ap);
}

__attribute__((format(printf, 1, 0))) static void by_verrx(const char *fmt, va_list ap)
{
	verrx(10, fmt, ap);
}

static void ends_by_verr(void)
{
	errno = EACCES;
	list(by_verr, "%d", 3);
}

static void ends_by_verrx(void)
{
	list(by_verrx, "%d", 4);
}

static int status_of(void (*fn)(void))
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0) {
		fn();
		_exit(99);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(err_keeps_its_status)
{
	flow_start("");
	ck_assert_int_eq(status_of(ends_by_err), 7);
	expect("\"level\":\"error\"");
	expect("\"message\":\"cannot open x\",\"errno\":2");
	ck_assert_int_eq(status_of(ends_by_errx), 0);
	expect("\"message\":\"usage: x\",\"pid\"");
	ck_assert_int_eq(status_of(ends_by_verr), 9);
	expect("\"message\":\"3\",\"errno\":13");
	ck_assert_int_eq(status_of(ends_by_verrx), 10);
	expect("\"message\":\"4\",\"pid\"");
}
END_TEST

static Suite *err_suite(void)
{
	Suite *s = suite_create("api/err");
	tell_check_add(s, "warn", warn_has_the_errors_fields,
		errno_is_that_after_the_arguments, va_lists_are_taken, NULL);
	tell_check_add(s, "err", err_keeps_its_status, NULL);
	return s;
}
TELL_CHECK_MAIN(err_suite)
