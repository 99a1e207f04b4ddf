#include "decode/preamble.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "support/check_main.h"

static void put(struct tell_buf *out, const char *name, struct tell_piece piece)
{
	if (piece.n)
		tell_buf_printf(out, " %s=%.*s", name, (int)piece.n, piece.p);
}

/* A preamble as "severity name=piece ...|message"; "-" for none. */
static void expect(const char *line, const char *want)
{
	struct tell_preamble h;
	struct tell_buf got = { 0 };
	size_t len = strlen(line);
	/* In a block of its size: a step too far is seen. */
	char *copy = malloc(len ? len : 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, line, len);
	size_t n = tell_preamble_read(&h, copy, len);
	if (n) {
		tell_buf_printf(&got, "%d", h.severity);
		put(&got, "time", h.time);
		put(&got, "level", h.level);
		put(&got, "host", h.host);
		put(&got, "program", h.program);
		put(&got, "pid", h.pid);
		put(&got, "thread", h.thread);
		put(&got, "logger", h.logger);
		put(&got, "file", h.file);
		if (h.file.n)
			tell_buf_printf(&got, ":%u", h.line);
		put(&got, "column", h.column);
		put(&got, "func", h.func);
		tell_buf_printf(&got, "|%.*s", (int)(len - n), copy + n);
	}
	ck_assert_msg(strcmp(n ? tell_buf_cstr(&got) : "-", want) == 0,
		"line %s\ngot  %s\nwant %s", line, n ? tell_buf_cstr(&got) : "-", want);
	tell_buf_done(&got);
	free(copy);
}

static void none(const char *line)
{
	expect(line, "-");
}

START_TEST(a_line_that_mentions_a_level_stays_as_it_is)
{
	none("an error occurred");
	none("error");
	none("ERROR");
	none("Error while opening");
	none("ERROR while opening");
	none("errors: 3");
	none("error:x");
	none("no error: fine");
	none("errno: 3");
	none("panic: at the disco");
	none("alert: lunch");
	none("log: file");
	none("[ERROR]");
	none("[ERROR] ");
	none("");
	none(" [ERROR] x");
	none("Note: x");
}
END_TEST

START_TEST(levels_in_brackets_and_before_a_colon)
{
	expect("[ERROR] x", "3 level=ERROR|x");
	expect("[error]x", "3 level=error|x");
	expect("[ Warn  ] x", "4 level=Warn|x");
	expect("(info) x", "6 level=info|x");
	none("(info)x");
	expect("ERROR: x", "3 level=ERROR|x");
	expect("error: x", "3 level=error|x");
	expect("Warning: x", "4 level=Warning|x");
	expect("PANIC: x", "2 level=PANIC|x");
	expect("[emerg] x", "0 level=emerg|x");
	expect("INFO - x", "6 level=INFO|x");
	expect("INFO | x", "6 level=INFO|x");
	none("info - x");
	expect("[DEBUG]: x", "7 level=DEBUG|x");
	expect("ERROR:root:x y", "3 level=ERROR logger=root|x y");
	none("error:root:x");
	expect("[ERROR] [ERROR] x", "3 level=ERROR|[ERROR] x");
}
END_TEST

START_TEST(times_of_many_forms)
{
	static const char *const forms[] = { "2026-11-21T03:54:27Z",
		"2026-11-21 03:54:27", "2026-11-21T03:54:27.123456789+01:00",
		"2026-11-21 03:54:27,123", "2026-11-21 03:54:27.5 +0100",
		"2026-11-21 03:54:27 UTC", "2026-11-21 03:54:27.123 CET",
		"2026/11/21 03:54:27", "20261121T035427Z", "20261121 03:54:27",
		"20261121-03:54:27.123456", "Nov 21 03:54:27", "Nov  1 03:54:27",
		"Nov 21 03:54:27.123", "Nov 21 2026 03:54:27", "Sat Nov 21 03:54:27 2026",
		"Sat Nov 21 03:54:27 UTC 2026", "Sat, 21 Nov 2026 03:54:27 +0100",
		"Sat, 21 Nov 2026 03:54:27 GMT", "21/Nov/2026:03:54:27 +0100",
		"21 Nov 2026 03:54:27.123", "03:54:27", "03:54:27.123", "03:54:27:123",
		"1795226767.123", "1795226767.123456" };
	static const char *const bracketed[] = { "1795226767", "1795226767123",
		"12.345678" };
	char line[200], want[200];
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		(void)snprintf(line, sizeof(line), "%s x", forms[i]);
		(void)snprintf(want, sizeof(want), "-1 time=%s|x", forms[i]);
		expect(line, want);
		(void)snprintf(line, sizeof(line), "[%s] x", forms[i]);
		expect(line, want);
		(void)snprintf(line, sizeof(line), "%s: x", forms[i]);
		expect(line, want);
		none(forms[i]);
	}
	for (size_t i = 0; i < sizeof(bracketed) / sizeof(bracketed[0]); i++) {
		(void)snprintf(line, sizeof(line), "%s x", bracketed[i]);
		none(line);
		(void)snprintf(line, sizeof(line), "[ %s] x", bracketed[i]);
		(void)snprintf(want, sizeof(want), "-1 time=%s|x", bracketed[i]);
		expect(line, want);
	}
}
END_TEST

START_TEST(what_is_no_time_is_the_message)
{
	none("2026-11-21 x");
	none("2026-13-21 03:54:27 x");
	none("2026-02-30 03:54:27 x");
	none("2026-11-21 25:54:27 x");
	none("2026-11-21 03:54:27x");
	none("2026-11-21 03:54 x");
	none("00:11:22:33:44:55 x");
	none("10:20:30::1 x");
	none("03:54 x");
	none("1795226767 bytes");
	none("1795226767.12 x");
	none("Nov x");
	none("Monday x");
	none("Sat 12 x");
	expect("2026-11-21 03:54:27 GET /x", "-1 time=2026-11-21 03:54:27|GET /x");
	expect("2026-11-21 03:54:27 UTCX", "-1 time=2026-11-21 03:54:27|UTCX");
}
END_TEST

static uint64_t ns_of(const char *line)
{
	struct tell_preamble h;
	ck_assert_uint_gt(tell_preamble_read(&h, line, strlen(line)), 0);
	return h.time_ns;
}

START_TEST(only_a_time_with_date_and_zone_is_a_point_in_time)
{
	ck_assert_uint_eq(
		ns_of("2026-11-21T02:06:07.5Z x"), UINT64_C(1795226767500000000));
	ck_assert_uint_eq(
		ns_of("2026-11-21 03:06:07.5 +0100 x"), UINT64_C(1795226767500000000));
	ck_assert_uint_eq(
		ns_of("2026-11-20 21:06:07-05 x"), UINT64_C(1795226767000000000));
	ck_assert_uint_eq(
		ns_of("Sat Nov 21 02:06:07 UTC 2026 x"), UINT64_C(1795226767000000000));
	ck_assert_uint_eq(ns_of("1795226767.000001 x"), UINT64_C(1795226767000001000));
	ck_assert_uint_eq(ns_of("[1795226767123] x"), UINT64_C(1795226767123000000));
	ck_assert_uint_eq(ns_of("2026-11-21 02:06:07 x"), 0);
	ck_assert_uint_eq(ns_of("2026-11-21 02:06:07 CET x"), 0);
	ck_assert_uint_eq(ns_of("Nov 21 02:06:07 UTC x"), 0);
	ck_assert_uint_eq(ns_of("02:06:07 x"), 0);
}
END_TEST

START_TEST(a_level_behind_a_time_needs_no_colon_but_capitals)
{
	expect("03:54:27 ERROR x", "3 time=03:54:27 level=ERROR|x");
	expect("03:54:27 ALERT x", "1 time=03:54:27 level=ALERT|x");
	expect("03:54:27 error x", "-1 time=03:54:27|error x");
	expect("03:54:27 error: x", "3 time=03:54:27 level=error|x");
	expect("03:54:27|WARN|x", "4 time=03:54:27 level=WARN|x");
	expect("03:54:27 - INFO - x", "6 time=03:54:27 level=INFO|x");
	expect("03:54:27 [E] x", "3 time=03:54:27 level=E|x");
	none("[E] x");
	expect("[ERROR] 03:54:27 x", "3 time=03:54:27 level=ERROR|x");
	expect("error: 03:54:27 x", "3 level=error|03:54:27 x");
	expect("03:54:27 DEBUG2: x", "7 time=03:54:27 level=DEBUG2|x");
}
END_TEST

START_TEST(places_of_sources_and_not_of_hosts)
{
	expect("cart.c:42: x", "-1 file=cart.c:42|x");
	expect("src/cart.c:42:10: x", "-1 file=src/cart.c:42 column=10|x");
	expect("cart.c:42:add_item: x", "-1 file=cart.c:42 func=add_item|x");
	expect("cart.cpp:42:Cart::add(): x", "-1 file=cart.cpp:42 func=Cart::add|x");
	expect("cart.c(42): x", "-1 file=cart.c:42|x");
	expect("[cart.c:42] x", "-1 file=cart.c:42|x");
	expect("(cart.c:42:f) x", "-1 file=cart.c:42 func=f|x");
	expect("cart.c:42: error: x", "3 level=error file=cart.c:42|x");
	expect("ERROR: cart.c:42: x", "3 level=ERROR file=cart.c:42|x");
	expect("ERROR:cart.c:42: x", "3 level=ERROR file=cart.c:42|x");
	expect("03:54:27 INFO main.go:42 x",
		"6 time=03:54:27 level=INFO file=main.go:42|x");
	expect("[INFO] lib.rs:42: x", "6 level=INFO file=lib.rs:42|x");
	none("example.rs:80: x");
	none("example.com:80: x");
	none("10.0.0.1:80: x");
	none("cart.c:42 x");
	none("cart.c: x");
	none("cart.c:0: x");
	none("cart.c:4294967296: x");
	none(".c:42: x");
	none("/.c:42: x");
}
END_TEST

START_TEST(process_thread_and_names)
{
	expect("03:54:27 [1234] x", "-1 time=03:54:27 pid=1234|x");
	expect("03:54:27 [1234:56] x", "-1 time=03:54:27 pid=1234 thread=56|x");
	expect("03:54:27 [0x7f12ab] x", "-1 time=03:54:27 thread=0x7f12ab|x");
	expect("03:54:27 [140123456789] x", "-1 time=03:54:27 thread=140123456789|x");
	expect("[ERROR] [pid 12:tid 34] x", "3 level=ERROR pid=12 thread=34|x");
	expect("[ERROR] [tid=34] x", "3 level=ERROR thread=34|x");
	none("[1234] x");
	expect("[ERROR] [1234] x", "3 level=ERROR|[1234] x");
	expect("03:54:27 [error] 12#34: *1 x",
		"3 time=03:54:27 level=error pid=12 thread=34|*1 x");
	expect("Nov 21 03:54:27 host prog[12]: x",
		"-1 time=Nov 21 03:54:27 host=host program=prog pid=12|x");
	expect("Nov 21 03:54:27 prog[12]: x",
		"-1 time=Nov 21 03:54:27 program=prog pid=12|x");
	expect("03:54:27 host prog[12]: x", "-1 time=03:54:27|host prog[12]: x");
	expect("03:54:27 [shop] [error] x", "3 time=03:54:27 level=error logger=shop|x");
	expect("03:54:27 [main] INFO x", "6 time=03:54:27 level=INFO thread=main|x");
	expect("03:54:27 [main] x", "-1 time=03:54:27|[main] x");
	expect("03:54:27 - app.db - ERROR - x",
		"3 time=03:54:27 level=ERROR logger=app.db|x");
	expect("03:54:27 [core:error] [pid 1:tid 2] x",
		"3 time=03:54:27 level=error pid=1 thread=2 logger=core|x");
	expect("[03:54:27 WARN cart.c:42] x",
		"4 time=03:54:27 level=WARN file=cart.c:42|x");
	expect("[2026-11-21T03:54:27Z INFO  shop::cart] x",
		"6 time=2026-11-21T03:54:27Z level=INFO logger=shop::cart|x");
}
END_TEST

START_TEST(the_preamble_of_glog)
{
	expect("E1121 03:54:27.123456 123 file.cc:42] x",
		"3 time=1121 03:54:27.123456 level=E thread=123 file=file.cc:42|x");
	expect("I20261121 03:54:27.123456   123 a/b.go:42] x",
		"6 time=20261121 03:54:27.123456 level=I thread=123 file=a/b.go:42|x");
	none("X1121 03:54:27.123456 123 file.cc:42] x");
	none("E1121 03:54:27.12345 123 file.cc:42] x");
	none("E1121 03:54:27.123456 123 file.cc:42 x");
}
END_TEST

static Suite *preamble_suite(void)
{
	Suite *s = suite_create("decode/preamble");
	tell_check_add(s, "levels", a_line_that_mentions_a_level_stays_as_it_is,
		levels_in_brackets_and_before_a_colon,
		a_level_behind_a_time_needs_no_colon_but_capitals, NULL);
	tell_check_add(s, "times", times_of_many_forms, what_is_no_time_is_the_message,
		only_a_time_with_date_and_zone_is_a_point_in_time, NULL);
	tell_check_add(s, "rest", places_of_sources_and_not_of_hosts,
		process_thread_and_names, the_preamble_of_glog, NULL);
	return s;
}

TELL_CHECK_MAIN(preamble_suite)
