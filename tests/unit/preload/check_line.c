#include "preload/line.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

/* "pri ident pid text" as read; '-' for what is missing. */
static const char *read_n(const char *line, size_t n)
{
	static char text[512];
	struct tell_line l;
	tell_line_read(&l, line, n);
	(void)snprintf(text, sizeof(text), "%d|%.*s|%u|%.*s", l.pri,
		l.ident ? (int)l.ident_len : 1, l.ident ? l.ident : "-", (unsigned)l.pid,
		(int)l.len, l.text);
	return text;
}

static const char *read(const char *line)
{
	return read_n(line, strlen(line));
}

START_TEST(a_whole_line_is_taken_apart)
{
	ck_assert_str_eq(read("<30>Nov 21 02:06:07 dnsmasq[4711]: started, version 2"),
		"30|dnsmasq|4711|started, version 2");
	ck_assert_str_eq(read("<13>Nov  1 02:06:07 me: a: b"), "13|me|0|a: b");
	ck_assert_str_eq(read("<0>Nov 21 02:06:07 a[1]: x"), "0|a|1|x");
	ck_assert_str_eq(read("<191>Nov 21 02:06:07 a[1]: x"), "191|a|1|x");
}
END_TEST

START_TEST(any_part_may_be_missing)
{
	ck_assert_str_eq(read("hello world"), "14|-|0|hello world");
	ck_assert_str_eq(read("<11>hello world"), "11|-|0|hello world");
	ck_assert_str_eq(read("me: hello"), "14|me|0|hello");
	ck_assert_str_eq(read("<11>me[7]:"), "11|me|7|");
	ck_assert_str_eq(read(""), "14|-|0|");
	ck_assert_str_eq(read("Nov 21 02:06:07 "), "14|-|0|Nov 21 02:06:07");
	ck_assert_str_eq(read("<11>Nov 21 02:06:07 x"), "11|-|0|x");
}
END_TEST

START_TEST(what_is_none_stays_text)
{
	ck_assert_str_eq(read("<192>me: x"), "14|<192>me|0|x");
	ck_assert_str_eq(read("<>me: x"), "14|<>me|0|x");
	ck_assert_str_eq(read("<1234>x"), "14|-|0|<1234>x");
	ck_assert_str_eq(
		read("<99999999999999999999>x"), "14|-|0|<99999999999999999999>x");
	ck_assert_str_eq(read("<-1>x"), "14|-|0|<-1>x");
	ck_assert_str_eq(read("<1"), "14|-|0|<1");
	ck_assert_str_eq(read("<11>Nov 21 2:06:07 me: x"), "11|-|0|Nov 21 2:06:07 me: x");
	ck_assert_str_eq(read(": x"), "14|-|0|: x");
	ck_assert_str_eq(read("<11>one two: x"), "11|-|0|one two: x");
}
END_TEST

START_TEST(a_number_in_brackets_is_a_process_or_part_of_the_ident)
{
	ck_assert_str_eq(read("a[b]: x"), "14|a[b]|0|x");
	ck_assert_str_eq(read("a[0]: x"), "14|a[0]|0|x");
	ck_assert_str_eq(read("[12]: x"), "14|[12]|0|x");
	ck_assert_str_eq(read("a[99999999999]: x"), "14|a[99999999999]|0|x");
	ck_assert_str_eq(read("a[1][2]: x"), "14|a[1]|2|x");
	ck_assert_str_eq(read("a]: x"), "14|a]|0|x");
	ck_assert_str_eq(read("]: x"), "14|]|0|x");
}
END_TEST

START_TEST(ends_are_cut_off_and_what_is_inside_stays)
{
	ck_assert_str_eq(read("me: x \n"), "14|me|0|x");
	ck_assert_str_eq(read_n("me: x\n\0", 7), "14|me|0|x");
	ck_assert_str_eq(read("me:  two blanks"), "14|me|0| two blanks");
	ck_assert_str_eq(read("me: a\nb"), "14|me|0|a\nb");
	ck_assert_str_eq(read("  me: x"), "14|me|0|x");
}
END_TEST

static Suite *line_suite(void)
{
	Suite *s = suite_create("preload/line");
	tell_check_add(s, "lines", a_whole_line_is_taken_apart, any_part_may_be_missing,
		what_is_none_stays_text,
		a_number_in_brackets_is_a_process_or_part_of_the_ident,
		ends_are_cut_off_and_what_is_inside_stays, NULL);
	return s;
}
TELL_CHECK_MAIN(line_suite)
