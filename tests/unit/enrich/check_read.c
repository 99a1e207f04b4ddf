#include "enrich/read.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "support/check_main.h"

/* The first line of a file with this content, or the error. */
static ssize_t read_back(const char *content, size_t len, char *room, size_t size)
{
	char path[] = "/tmp/check_read.XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, content, len), (ssize_t)len);
	ck_assert_int_eq(close(fd), 0);
	ssize_t n = tell_read_line(path, room, size);
	ck_assert_int_eq(unlink(path), 0);
	return n;
}

START_TEST(the_first_line_comes_without_its_end)
{
	char room[16];
	ck_assert_int_eq(read_back("one\ntwo\n", 8, room, sizeof(room)), 3);
	ck_assert_str_eq(room, "one");
	ck_assert_int_eq(read_back("one", 3, room, sizeof(room)), 3);
	ck_assert_str_eq(room, "one");
	ck_assert_int_eq(read_back("0123456789", 10, room, 5), 4);
	ck_assert_str_eq(room, "0123");
}
END_TEST

START_TEST(empty_and_missing_files_are_errors)
{
	char room[16];
	ck_assert_int_eq(read_back("", 0, room, sizeof(room)), -ENODATA);
	ck_assert_int_eq(read_back("\nx", 2, room, sizeof(room)), -ENODATA);
	ck_assert_int_eq(tell_read_line("/nonexistent/x", room, sizeof(room)), -ENOENT);
	ck_assert_int_eq(tell_read_line("/", room, sizeof(room)), -EISDIR);
}
END_TEST

static Suite *read_suite(void)
{
	Suite *s = suite_create("enrich/read");
	tell_check_add(s, "read", the_first_line_comes_without_its_end,
		empty_and_missing_files_are_errors, NULL);
	return s;
}
TELL_CHECK_MAIN(read_suite)
