#include "forward/lumberjack.h"
#include <string.h>
#include "support/check_main.h"

static struct tell_buf out, lines;

static void begin(const char *text)
{
	tell_buf_init(&out, 0);
	tell_buf_init(&lines, 0);
	tell_buf_puts(&lines, text);
}

static void end(void)
{
	tell_buf_done(&out);
	tell_buf_done(&lines);
}

START_TEST(a_window_is_its_frames)
{
	static const char want[] = "2W\0\0\0\2"
				   "2J\0\0\0\1\0\0\0\7{\"a\":1}"
				   "2J\0\0\0\2\0\0\0\10{\"b\":22}";
	begin("{\"a\":1}\n{\"b\":22}\n");
	ck_assert(tell_lumberjack_window(&out, &lines, 2, NULL));
	ck_assert_uint_eq(out.len, sizeof(want) - 1);
	ck_assert_mem_eq(out.data, want, sizeof(want) - 1);
	end();
}
END_TEST

START_TEST(sequences_begin_anew_in_each_window)
{
	begin("{}\n");
	ck_assert(tell_lumberjack_window(&out, &lines, 1, NULL));
	ck_assert(tell_lumberjack_window(&out, &lines, 1, NULL));
	ck_assert_uint_eq(out.len, 2 * (6 + 10 + 2));
	ck_assert_mem_eq(out.data, out.data + out.len / 2, out.len / 2);
	end();
}
END_TEST

START_TEST(packed_is_one_frame_behind_the_window)
{
	struct tell_packer *p = tell_packer_new();
	if (!p)
		return; /* a build without zlib */
	begin("{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n{\"a\":1}\n");
	ck_assert(tell_lumberjack_window(&out, &lines, 4, p));
	ck_assert_mem_eq(out.data,
		"2W\0\0\0\4"
		"2C\0\0\0",
		11);
	ck_assert_uint_eq((unsigned char)out.data[11], out.len - 12);
	ck_assert_int_eq(out.data[12], 0x78); /* RFC 1950: deflate, 32 KiB */
	tell_packer_free(p);
	end();
}
END_TEST

START_TEST(acknowledgements_come_in_any_pieces)
{
	static const unsigned char bytes[] = "2A\0\0\0\0"
					     "2A\0\0\0\3"
					     "2A\0\0\1\4";
	for (size_t cut = 0; cut < sizeof(bytes) - 1; cut++) {
		struct tell_acks a = { .window = 0x104 };
		ck_assert(tell_acks_take(&a, bytes, cut));
		ck_assert_uint_eq(a.last, cut < 12 ? 0 : 3);
		ck_assert(a.busy == (cut >= 6 && cut < 12));
		ck_assert(tell_acks_take(&a, bytes + cut, sizeof(bytes) - 1 - cut));
		ck_assert_uint_eq(a.last, 0x104);
	}
}
END_TEST

START_TEST(an_older_one_takes_nothing_back)
{
	struct tell_acks a = { .window = 9 };
	ck_assert(tell_acks_take(&a, (const unsigned char *)"2A\0\0\0\5", 6));
	ck_assert(tell_acks_take(&a, (const unsigned char *)"2A\0\0\0\0", 6));
	ck_assert(a.busy);
	ck_assert_uint_eq(a.last, 5);
}
END_TEST

START_TEST(what_is_none_is_refused)
{
	static const char *const wrong[] = { "1A\0\0\0\1", "2J\0\0\0\1", "2A\0\0\0\12",
		"HTTP/1" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct tell_acks a = { .window = 9 };
		ck_assert(!tell_acks_take(&a, (const unsigned char *)wrong[i], 6));
		ck_assert_uint_eq(a.last, 0);
	}
}
END_TEST

static Suite *lumberjack_suite(void)
{
	Suite *s = suite_create("forward/lumberjack");
	tell_check_add(s, "window", a_window_is_its_frames,
		sequences_begin_anew_in_each_window,
		packed_is_one_frame_behind_the_window, NULL);
	tell_check_add(s, "acknowledgements", acknowledgements_come_in_any_pieces,
		an_older_one_takes_nothing_back, what_is_none_is_refused, NULL);
	return s;
}

TELL_CHECK_MAIN(lumberjack_suite)
