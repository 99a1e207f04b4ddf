#include "api/line.h"
#include <string.h>
#include <telltale.h>
#include "support/check_main.h"
#include "support/flow.h"

static struct tell_line line;
static struct tell_site first = {
	.level = TELL__LEVEL_VARIES, .file = "first.c", .func = "f", .logger = ""
};
static struct tell_site second = {
	.level = TELL__LEVEL_VARIES, .file = "second.c", .func = "f", .logger = ""
};

static void start(const char *stack)
{
	flow_start(stack);
	tell_buf_init(&line.text, 0);
}

/* Print fmt at a place as tell_lines_vprintf() does. */
static void print(struct tell_site *site, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void print(struct tell_site *site, int level, const char *fmt, ...)
{
	size_t before = line.text.len;
	va_list ap;
	va_start(ap, fmt);
	(void)tell_line_append(&line, fmt, ap);
	va_end(ap);
	if (before == 0)
		level = tell_line_level(&line, fmt, level);
	ck_assert(tell_thread_enter());
	tell_line_send(&line, tell_thread_self(), site, level, before, false);
	tell_thread_leave();
}

static void flush(void)
{
	ck_assert(tell_thread_enter());
	tell_line_flush(&line);
	tell_thread_leave();
}

static void expect(const char *text)
{
	const char *last = flow_last();
	ck_assert_msg(strstr(last, text) != NULL, "no %s in %s", text, last);
}

START_TEST(a_newline_ends_the_record)
{
	start("");
	print(&first, TELL_INFO, "a %d", 1);
	ck_assert_uint_eq(flow_count(), 0);
	print(&second, TELL_ERROR, " and %s", "b\n");
	ck_assert_uint_eq(flow_count(), 1);
	expect("\"message\":\"a 1 and b\"");
	expect("first.c");
	expect("\"level\":\"info\"");
	print(&second, TELL_ERROR, "c\n");
	expect("\"message\":\"c\"");
	expect("second.c");
	expect("\"level\":\"error\"");
}
END_TEST

START_TEST(a_newline_within_is_part_of_it)
{
	start("");
	print(&first, TELL_INFO, "x\ny\nz");
	ck_assert_uint_eq(flow_count(), 1);
	expect("\"message\":\"x\\ny\"");
	print(&second, TELL_INFO, "!\n\n");
	expect("\"message\":\"z!\"");
	expect("first.c");
	print(&first, TELL_INFO, "\n\r\n\n");
	ck_assert_uint_eq(flow_count(), 2);
	print(&first, TELL_INFO, "\n\ncrlf\r\n");
	expect("\"message\":\"crlf\"");
}
END_TEST

START_TEST(a_rest_is_sent_when_asked_for)
{
	start("");
	flush();
	ck_assert_uint_eq(flow_count(), 0);
	print(&first, TELL_INFO, "rest");
	flush();
	expect("\"message\":\"rest\"");
	flush();
	ck_assert_uint_eq(flow_count(), 1);
}
END_TEST

START_TEST(a_format_says_its_level_data_does_not)
{
	start("");
	print(&first, TELL_INFO, "<3>disk full\n");
	expect("\"level\":\"error\"");
	expect("\"message\":\"disk full\"");
	print(&first, TELL_INFO, "<%d>made\n", 4);
	expect("\"level\":\"warning\"");
	print(&first, TELL_INFO, "%s\n", "<0>forged");
	expect("\"level\":\"info\"");
	expect("\"message\":\"<0>forged\"");
	print(&first, TELL_INFO, "<%s> joined\n", "0");
	expect("\"message\":\"<0> joined\"");
	print(&first, TELL_INFO, "<9>no level\n");
	expect("\"message\":\"<9>no level\"");
	print(&first, TELL_INFO, "<%d>\n", 12);
	expect("\"message\":\"<12>\"");
	print(&first, TELL_INFO, "in the middle: ");
	print(&first, TELL_INFO, "<3>x\n");
	expect("\"message\":\"in the middle: <3>x\"");
}
END_TEST

START_TEST(the_place_decides_that_began_it)
{
	start("");
	ck_assert_int_eq(tell_level_set("file:first.c off"), 0);
	first.state = second.state = TELL__UNRESOLVED;
	print(&first, TELL_INFO, "nobody ");
	print(&second, TELL_INFO, "hears it\n");
	ck_assert_uint_eq(flow_count(), 0);
	print(&second, TELL_INFO, "but ");
	print(&first, TELL_INFO, "this\n");
	expect("\"message\":\"but this\"");
	print(&second, TELL_DEBUG, "debug is off\n");
	ck_assert_uint_eq(flow_count(), 1);
	ck_assert_int_eq(tell_level_set("file:second.c debug"), 0);
	second.state = TELL__UNRESOLVED;
	print(&second, TELL_DEBUG, "and ");
	print(&second, TELL_DEBUG, "on\n");
	expect("\"message\":\"and on\"");
}
END_TEST

START_TEST(a_long_line_is_cut_in_pieces_and_whole)
{
	static char text[3 * TELL_LINE_MAX];
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text + TELL_LINE_MAX - 1, "\xc3\xa4", 2); /* across the cut */
	start("");
	print(&first, TELL_INFO, "%s", text);
	print(&first, TELL_INFO, "end\n");
	ck_assert_uint_ge(flow_count(), 3);
	expect("\"message\":\"end\"");
	ck_assert_uint_eq(flow_count_of("\xc3\xa4"), 1);
	size_t n = 0;
	for (const char *c = flow_all(); *c; c++)
		n += *c == 'x';
	ck_assert_uint_ge(n, sizeof(text) - 3);
}
END_TEST

START_TEST(finishing_takes_fields)
{
	const struct tell_field error = tell_errno(2);
	start("");
	print(&first, TELL_INFO, "cannot open");
	ck_assert(tell_thread_enter());
	tell_line_finish(&line, &second, TELL_ERROR, &error, 1);
	tell_thread_leave();
	expect("\"message\":\"cannot open\",\"errno\":2");
	expect("second.c");
	ck_assert_uint_eq(line.text.len, 0);
}
END_TEST

static Suite *line_suite(void)
{
	Suite *s = suite_create("api/line");
	tell_check_add(s, "line", a_newline_ends_the_record,
		a_newline_within_is_part_of_it, a_rest_is_sent_when_asked_for,
		a_long_line_is_cut_in_pieces_and_whole, finishing_takes_fields, NULL);
	tell_check_add(s, "level", a_format_says_its_level_data_does_not,
		the_place_decides_that_began_it, NULL);
	return s;
}
TELL_CHECK_MAIN(line_suite)
