#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <telltale.h>
#include "support/check_main.h"
#include "support/flow.h"
#include <telltale/compat/stdio.h> /* the last: macros named printf, err, warn */

static void expect(const char *text)
{
	const char *end = flow_last();
	ck_assert_msg(strstr(end, text) != NULL, "no %s in %s", text, end);
}

START_TEST(stdout_is_info_and_stderr_a_warning)
{
	flow_start("");
	ck_assert_int_eq(printf("hello %s\n", "world"), 12);
	expect("\"level\":\"info\"");
	expect("\"message\":\"hello world\"");
	expect("check_stdio.c\"");
	ck_assert_int_eq(fprintf(stderr, "%d\n", 5), 2);
	expect("\"level\":\"warning\"");
	ck_assert_int_eq(fprintf(stdout, "out\n"), 4);
	expect("\"level\":\"info\"");
	ck_assert_uint_eq(flow_count(), 3);
}
END_TEST

static int wrapped(FILE *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static int wrapped(FILE *f, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vfprintf(f, fmt, ap);
	va_end(ap);
	return n;
}

START_TEST(all_ways_to_print_come_together)
{
	flow_start("");
	printf("a");
	ck_assert_int_eq(putchar('b'), 'b');
	ck_assert_int_eq(putc('c', stdout), 'c');
	ck_assert_int_eq(fputc('\xe9', stdout), 0xe9);
	ck_assert_int_ge(fputs("d", stdout), 0);
	ck_assert_int_ge(fputs("", stdout), 0);
	ck_assert_uint_eq(fwrite("efgh", 2, 2, stdout), 2);
	ck_assert_int_eq(wrapped(stdout, "%d", 42), 2);
	ck_assert_int_eq(dprintf(STDOUT_FILENO, "i"), 1);
	ck_assert_int_eq(putchar_unlocked('j'), 'j');
	ck_assert_uint_eq(flow_count(), 0);
	ck_assert_int_ge(puts("!"), 0);
	ck_assert_uint_eq(flow_count(), 1);
	expect("abc\xef\xbf\xbd"
	       "defgh42ij!");
	ck_assert_uint_eq(fwrite("x\0y\n", 1, 4, stderr), 4);
	expect("\"message\":\"x\\u0000y\"");
	ck_assert_uint_eq(fwrite("", 0, 5, stderr), 0);
}
END_TEST

START_TEST(other_files_are_what_they_were)
{
	char text[64];
	flow_start("");
	FILE *f = tmpfile();
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fprintf(f, "%d,", 5), 2);
	ck_assert_int_eq(wrapped(f, "%s", "v"), 1);
	ck_assert_int_ge(fputs("s", f), 0);
	ck_assert_int_eq(putc('c', f), 'c');
	ck_assert_uint_eq(fwrite("w", 1, 1, f), 1);
	ck_assert_int_eq(fflush(f), 0);
	ck_assert_int_eq(dprintf(fileno(f), "d"), 1);
	rewind(f);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), f));
	ck_assert_str_eq(text, "5,vscwd");
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_uint_eq(flow_count(), 0);
}
END_TEST

START_TEST(fflush_sends_what_is_there)
{
	flow_start("");
	printf("progress");
	ck_assert_int_eq(fflush(stdout), 0);
	expect("\"message\":\"progress\"");
	fprintf(stderr, "more");
	ck_assert_int_eq(fflush(NULL), 0);
	expect("\"message\":\"more\"");
}
END_TEST

START_TEST(perror_has_the_errors_fields)
{
	flow_start("");
	errno = ENOENT;
	perror("open");
	expect("\"level\":\"error\"");
	expect("\"message\":\"open\",\"errno\":2,\"error\":\"No such file or directory\"");
	fprintf(stderr, "config: ");
	errno = EACCES;
	perror(NULL);
	expect("\"message\":\"config: Permission denied\",\"errno\":13");
	ck_assert_uint_eq(flow_count(), 2);
}
END_TEST

static int print_debug_level(void)
{
	return printf("switched\n");
}

START_TEST(each_call_is_switched_by_its_place)
{
	int n = 0;
	flow_start("");
	ck_assert_int_eq(tell_level_set("func:print_debug_level off"), 0);
	ck_assert_int_eq(print_debug_level(), 9); /* as if it had been printed */
	ck_assert_uint_eq(flow_count(), 0);
	printf("%d\n", ++n);
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_int_eq(tell_level_set("file:check_stdio.c warning"), 0);
	printf("%d\n", ++n);
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_int_eq(n, 2);
	fprintf(stderr, "a warning\n");
	ck_assert_uint_eq(flow_count(), 2);
}
END_TEST

static void ends_by_exit(void)
{
	fprintf(stderr, "last words");
	_exit(3);
}

static void ends_by_abort(void)
{
	fprintf(stderr, "last words");
	abort();
}

static void ends_by_exec(void)
{
	fprintf(stderr, "last words");
	execl("/bin/sh", "sh", "-c", "exit 4", (char *)NULL);
	_exit(1);
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
	return status;
}

START_TEST(last_words_are_a_record)
{
	flow_start("");
	ck_assert_int_eq(WEXITSTATUS(status_of(ends_by_exit)), 3);
	ck_assert_uint_eq(flow_count_of("\"message\":\"last words\""), 1);
	ck_assert_int_eq(WTERMSIG(status_of(ends_by_abort)), SIGABRT);
	ck_assert_uint_eq(flow_count_of("\"message\":\"last words\""), 2);
	ck_assert_int_eq(WEXITSTATUS(status_of(ends_by_exec)), 4);
	ck_assert_uint_eq(flow_count_of("\"message\":\"last words\""), 3);
}
END_TEST

static Suite *stdio_suite(void)
{
	Suite *s = suite_create("api/stdio");
	tell_check_add(s, "print", stdout_is_info_and_stderr_a_warning,
		all_ways_to_print_come_together, other_files_are_what_they_were,
		each_call_is_switched_by_its_place, NULL);
	tell_check_add(s, "ends", fflush_sends_what_is_there,
		perror_has_the_errors_fields, last_words_are_a_record, NULL);
	return s;
}
TELL_CHECK_MAIN(stdio_suite)
