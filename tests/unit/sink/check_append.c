#include "sink/append.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/check_main.h"
#include "support/scratch.h"
#include "support/unit.h"

static char path[4096];
static struct tell_append a;
static struct tell_run run = { .deadline_ns = UINT64_MAX, .budget_ms = 50 };

static void begin(void)
{
	tell_scratch_make();
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("log"));
}

static void end(void)
{
	tell_scratch_remove();
}

static int open_log(void)
{
	return open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
}

/* The whole file is text. */
static void expect(const char *text)
{
	char *got = tell_scratch_read(path, NULL);
	ck_assert_str_eq(got, text);
	free(got);
}

START_TEST(lines_go_to_the_end)
{
	int error;
	tell_append_init(&a, open_log());
	ck_assert_uint_eq(tell_append_lines(&a, "one\n", 4, &run, &error), 4);
	ck_assert_uint_eq(tell_append_lines(&a, "two\nthree\n", 10, &run, &error), 10);
	expect("one\ntwo\nthree\n");
}
END_TEST

START_TEST(half_a_line_found_there_is_ended_first)
{
	int error;
	tell_scratch_write(path, "one\ntw");
	tell_append_init(&a, open_log());
	ck_assert_uint_eq(tell_append_lines(&a, "three\n", 6, &run, &error), 6);
	expect("one\ntw\nthree\n");
}
END_TEST

/* With room for `room` bytes, append data; in a child, as the limit stays. What the file is
 * then, and afterwards with another process's line and one of ours, must be `want`. */
static void limited(off_t room, const char *data, size_t want_done, const char *want)
{
	pid_t pid = fork();
	if (pid == 0) {
		const struct rlimit limit = { (rlim_t)room, RLIM_INFINITY };
		const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
		int error = 0, other = open_log();
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		tell_append_init(&a, open_log());
		size_t done = tell_append_lines(&a, data, strlen(data), &run, &error);
		if (done != want_done || (done < strlen(data) && error != EFBIG))
			_exit(1);
		(void)setrlimit(RLIMIT_FSIZE, &none);
		tell_append_look(&a);
		if (write(other, "OTHER\n", 6) != 6)
			_exit(2);
		_exit(tell_append_lines(&a, "ours\n", 5, &run, &error) != 5);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	expect(want);
}

/* The host sets it between two lines; SIGXFSZ has its default action, which ends a process. */
START_TEST(fault_23_a_limit_that_is_set_later_ends_nobody)
{
	pid_t pid = fork();
	if (pid == 0) {
		const struct rlimit limit = { 6, RLIM_INFINITY };
		int error = 0;
		(void)signal(SIGXFSZ, SIG_DFL);
		tell_append_init(&a, open_log());
		if (tell_append_lines(&a, "one\n", 4, &run, &error) != 4)
			_exit(1);
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		_exit(tell_append_lines(&a, "longer\n", 7, &run, &error) != 0 ||
			error != EFBIG);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	expect("one\n \n");
}
END_TEST

START_TEST(fault_12_half_a_line_is_painted_over_and_others_lines_stay)
{
	limited(6, "one\nlonger\n", 4, "one\n \nOTHER\nours\n");
}
END_TEST

START_TEST(fault_12_a_single_byte_of_a_line_becomes_its_newline)
{
	limited(5, "one\nlonger\n", 4, "one\n\nOTHER\nours\n");
}
END_TEST

START_TEST(fault_12_what_fits_to_the_byte_is_kept)
{
	limited(4, "one\nlonger\n", 4, "one\nOTHER\nours\n");
}
END_TEST

START_TEST(fault_12_a_long_half_line_is_blank_to_its_end)
{
	char data[2001], want[2100];
	memset(data, 'x', sizeof(data));
	data[1999] = '\n';
	data[2000] = '\0';
	memset(want, ' ', 1499);
	(void)snprintf(want + 1499, sizeof(want) - 1499, "\nOTHER\nours\n");
	limited(1500, data, 0, want);
}
END_TEST

START_TEST(fault_13_what_cannot_be_written_says_why)
{
	int error = 0;
	tell_append_init(&a, open("/dev/full", O_WRONLY | O_APPEND));
	ck_assert_uint_eq(tell_append_lines(&a, "one\n", 4, &run, &error), 0);
	ck_assert_int_eq(error, ENOSPC);
	tell_append_init(&a, -1);
	ck_assert_uint_eq(tell_append_lines(&a, "one\n", 4, &run, &error), 0);
	ck_assert_int_eq(error, EBADF);
}
END_TEST

START_TEST(fault_1_half_a_line_of_another_process_is_ended_and_ours_written_again)
{
	int error, other = open_log();
	tell_append_init(&a, open_log());
	ck_assert_uint_eq(tell_append_lines(&a, "one\n", 4, &run, &error), 4);
	ck_assert_int_eq(write(other, "HAL", 3), 3); /* it was killed there */
	ck_assert_uint_eq(
		tell_append_lines(&a, "two\nand three\n", 14, &run, &error), 14);
	ck_assert_uint_eq(a.n_halves, 1);
	ck_assert_uint_eq(tell_append_lines(&a, "four\n", 5, &run, &error), 5);
	ck_assert_uint_eq(a.n_halves, 1);
	expect("one\nHAL             \ntwo\nand three\nfour\n");
}
END_TEST

START_TEST(whole_lines_of_others_are_left_alone)
{
	int error, other = open_log();
	tell_append_init(&a, open_log());
	ck_assert_uint_eq(tell_append_lines(&a, "one\n", 4, &run, &error), 4);
	ck_assert_int_eq(write(other, "OTHER\n", 6), 6);
	ck_assert_uint_eq(tell_append_lines(&a, "two\n", 4, &run, &error), 4);
	ck_assert_int_eq(ftruncate(other, 0), 0); /* as logrotate's copytruncate */
	ck_assert_uint_eq(tell_append_lines(&a, "three\n", 6, &run, &error), 6);
	ck_assert_uint_eq(a.n_halves, 0);
	expect("three\n");
}
END_TEST

static Suite *append_suite(void)
{
	Suite *s = suite_create("sink/append");
	TCase *tc = tcase_create("append");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, lines_go_to_the_end);
	tcase_add_test(tc, half_a_line_found_there_is_ended_first);
	tcase_add_test(tc, fault_23_a_limit_that_is_set_later_ends_nobody);
	tcase_add_test(tc, fault_12_half_a_line_is_painted_over_and_others_lines_stay);
	tcase_add_test(tc, fault_12_a_single_byte_of_a_line_becomes_its_newline);
	tcase_add_test(tc, fault_12_what_fits_to_the_byte_is_kept);
	tcase_add_test(tc, fault_12_a_long_half_line_is_blank_to_its_end);
	tcase_add_test(tc, fault_13_what_cannot_be_written_says_why);
	tcase_add_test(tc,
		fault_1_half_a_line_of_another_process_is_ended_and_ours_written_again);
	tcase_add_test(tc, whole_lines_of_others_are_left_alone);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(append_suite)
