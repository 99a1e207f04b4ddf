#include "tool/feed.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "support/check_main.h"

static struct tell_feed feed;
static int writer;

static void begin(size_t line_max)
{
	int ends[2];
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(tell_feed_init(&feed, ends[0], line_max), 0);
	writer = ends[1];
}

static void say(const char *bytes, size_t n)
{
	ck_assert_int_eq(write(writer, bytes, n), (ssize_t)n);
}

/* The lines there are now, each in brackets. */
static const char *lines(void)
{
	static struct tell_buf got;
	const char *line;
	size_t len;
	tell_buf_clear(&got);
	(void)tell_feed_read(&feed);
	while (tell_feed_next(&feed, &line, &len)) {
		tell_buf_printf(&got, "[%.*s]", (int)len, line);
		feed.begin = feed.at;
	}
	return tell_buf_cstr(&got);
}

static void end(void)
{
	(void)close(writer);
}

START_TEST(lines_come_whole_however_they_were_written)
{
	begin(100);
	say("a\nbc", 4);
	ck_assert_str_eq(lines(), "[a]");
	say("d", 1);
	ck_assert_str_eq(lines(), "");
	say("\n\ne\n", 4);
	ck_assert_str_eq(lines(), "[bcd][][e]");
	say("last", 4);
	ck_assert_str_eq(lines(), "");
	end();
	ck_assert_str_eq(lines(), "[last]");
	ck_assert_int_eq(feed.fd, -1);
	ck_assert_str_eq(lines(), "");
	tell_feed_done(&feed);
}
END_TEST

START_TEST(a_line_is_cut_at_its_limit_and_the_next_is_whole)
{
	begin(4);
	say("abcdefgh\nnext\n", 14);
	ck_assert_str_eq(lines(), "[abcd][next]");
	for (int i = 0; i < 10; i++) {
		say("0123456789", 10);
		ck_assert_str_eq(lines(), "");
	}
	say("0\nafter\nx", 9);
	ck_assert_str_eq(lines(), "[0123][afte]");
	say("0123456789", 10);
	ck_assert_str_eq(lines(), "");
	end();
	ck_assert_str_eq(lines(), "[x012]");
	tell_feed_done(&feed);
}
END_TEST

START_TEST(what_is_kept_stays_in_memory)
{
	begin(1000);
	say("kept\n", 5);
	const char *line;
	size_t len, n = 0;
	ck_assert(tell_feed_read(&feed));
	ck_assert(tell_feed_next(&feed, &line, &len));
	char big[500];
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\n';
	for (int i = 0; i < 2000; i++) { /* many times the buffer */
		say(big, sizeof(big));
		ck_assert(tell_feed_read(&feed));
		while (tell_feed_next(&feed, &line, &len)) {
			ck_assert_uint_eq(len, sizeof(big) - 1);
			n++;
			/* Only the first line is kept: the owner moves what it keeps. */
			memmove(feed.data + feed.begin + 5, feed.data + feed.at,
				feed.end - feed.at);
			feed.end -= feed.at - feed.begin - 5;
			feed.at = feed.looked = feed.begin + 5;
		}
		ck_assert_int_eq(memcmp(feed.data + feed.begin, "kept\n", 5), 0);
	}
	ck_assert_uint_eq(n, 2000);
	end();
	tell_feed_done(&feed);
}
END_TEST

START_TEST(nothing_to_read_is_no_end)
{
	begin(100);
	ck_assert_int_eq(fcntl(feed.fd, F_SETFL, O_NONBLOCK), 0);
	ck_assert(!tell_feed_read(&feed));
	ck_assert_int_ge(feed.fd, 0);
	say("x\n", 2);
	ck_assert_str_eq(lines(), "[x]");
	end();
	tell_feed_done(&feed);
}
END_TEST

START_TEST(an_empty_one_has_no_lines)
{
	ck_assert_int_eq(tell_feed_init(&feed, -1, 100), 0);
	ck_assert_str_eq(lines(), "");
	tell_feed_done(&feed);
}
END_TEST

static Suite *feed_suite(void)
{
	Suite *s = suite_create("tool/feed");
	tell_check_add(s, "lines", lines_come_whole_however_they_were_written,
		a_line_is_cut_at_its_limit_and_the_next_is_whole,
		what_is_kept_stays_in_memory, nothing_to_read_is_no_end,
		an_empty_one_has_no_lines, NULL);
	return s;
}

TELL_CHECK_MAIN(feed_suite)
