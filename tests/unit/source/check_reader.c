#include "source/reader.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/unit.h"

static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), (ssize_t)len);
	return fd;
}

static void expect(const char *text, bool backward, const char *want)
{
	struct tell_reader r;
	struct tell_buf got = { 0 };
	const char *line;
	size_t len;
	tell_reader_init(&r, file_of(text, strlen(text)));
	if (backward)
		ck_assert_int_eq(tell_reader_end(&r), 0);
	while ((backward ? tell_reader_previous(&r, &line, &len)
			 : tell_reader_next(&r, false, &line, &len)) > 0) {
		tell_buf_putc(&got, '[');
		tell_buf_put(&got, line, len);
		tell_buf_putc(&got, ']');
	}
	ck_assert_str_eq(tell_buf_cstr(&got), want);
	tell_buf_done(&got);
	tell_reader_done(&r);
}

START_TEST(lines_come_in_either_direction)
{
	expect("", false, "");
	expect("", true, "");
	expect("a\nbc\nd\n", false, "[a][bc][d]");
	expect("a\nbc\nd\n", true, "[d][bc][a]");
	expect("a\nbc\nd", false, "[a][bc][d]");
	expect("a\nbc\nd", true, "[d][bc][a]");
	expect("\n\nx\n\n", false, "[][][x][]");
	expect("\n\nx\n\n", true, "[][x][][]");
	expect("\n", true, "[]");
}
END_TEST

START_TEST(a_line_that_is_being_written_can_wait)
{
	struct tell_reader r;
	const char *line;
	size_t len;
	int fd = file_of("one\ntw", 6);
	tell_reader_init(&r, fd);
	ck_assert_int_eq(tell_reader_next(&r, true, &line, &len), 1);
	ck_assert_int_eq(tell_reader_next(&r, true, &line, &len), 0);
	ck_assert_int_eq(write(fd, "o\n", 2), 2);
	ck_assert_int_eq(tell_reader_next(&r, true, &line, &len), 1);
	ck_assert(len == 3 && memcmp(line, "two", 3) == 0);
	ck_assert_int_eq(tell_reader_next(&r, true, &line, &len), 0);
	tell_reader_done(&r);
}
END_TEST

/* Random lines across the window's edges: backwards is forwards turned round. */
START_TEST(both_directions_see_the_same_lines)
{
	enum { LINES = 300 };
	static size_t begins[LINES + 1];
	uint64_t state = tell_unit_seed();
	struct tell_buf text = { 0 };
	for (int i = 0; i < LINES; i++) {
		begins[i] = text.len;
		state = state * 6364136223846793005u + 1442695040888963407u;
		size_t n = (state >> 33) % ((state >> 20 & 7) == 0 ? 300000 : 3000);
		for (size_t k = 0; k < n; k++)
			tell_buf_putc(&text, (char)('a' + (k + (size_t)i) % 26));
		tell_buf_putc(&text, '\n');
	}
	begins[LINES] = text.len;

	for (int backward = 0; backward <= 1; backward++) {
		struct tell_reader r;
		const char *line;
		size_t len;
		tell_reader_init(&r, file_of(text.data, text.len));
		ck_assert_int_eq(backward ? tell_reader_end(&r) : 0, 0);
		for (int i = 0; i < LINES; i++) {
			int at = backward ? LINES - 1 - i : i;
			ck_assert_int_eq(backward
					? tell_reader_previous(&r, &line, &len)
					: tell_reader_next(&r, false, &line, &len),
				1);
			ck_assert_uint_eq(len, begins[at + 1] - begins[at] - 1);
			ck_assert_mem_eq(line, text.data + begins[at], len);
		}
		tell_reader_done(&r);
	}
	tell_buf_done(&text);
}
END_TEST

START_TEST(a_file_cut_meanwhile_is_short_not_fatal)
{
	struct tell_reader r;
	const char *line;
	size_t len;
	int fd = file_of("one\ntwo\n", 8);
	tell_reader_init(&r, fd);
	ck_assert_int_eq(tell_reader_end(&r), 0);
	ck_assert_int_eq(ftruncate(fd, 2), 0);
	ck_assert_int_lt(tell_reader_previous(&r, &line, &len), 0);
	tell_reader_done(&r);
}
END_TEST

static Suite *reader_suite(void)
{
	Suite *s = suite_create("source/reader");
	tell_check_add(s, "reader", lines_come_in_either_direction,
		a_line_that_is_being_written_can_wait, both_directions_see_the_same_lines,
		a_file_cut_meanwhile_is_short_not_fatal, NULL);
	return s;
}

TELL_CHECK_MAIN(reader_suite)
