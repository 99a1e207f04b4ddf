#include "sink/recent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

static struct tell_recent r;
static struct tell_buf out, lens;

static void begin(void)
{
	tell_recent_init(&r);
	tell_buf_init(&out, 0);
	tell_buf_init(&lens, 0);
}

static void end(void)
{
	tell_recent_done(&r);
	tell_buf_done(&out);
	tell_buf_done(&lens);
}

static size_t n_tail; /* frames in it */

static const char *tail(size_t unacked)
{
	tell_buf_clear(&out);
	tell_buf_clear(&lens);
	n_tail = tell_recent_tail(&r, unacked, &out, &lens);
	ck_assert_uint_eq(lens.len, n_tail * sizeof(uint32_t));
	return tell_buf_cstr(&out);
}

START_TEST(the_tail_is_the_frames_that_hold_the_last_bytes)
{
	tell_recent_add(&r, "one,", 4);
	tell_recent_add(&r, "three,", 6);
	tell_recent_add(&r, "two,", 4);
	ck_assert_str_eq(tail(0), "");
	ck_assert_str_eq(tail(1), "two,");
	ck_assert_str_eq(tail(4), "two,");
	ck_assert_uint_eq(n_tail, 1);
	ck_assert_str_eq(tail(5), "three,two,");
	ck_assert_uint_eq(n_tail, 2);
	ck_assert_str_eq(tail(10), "three,two,");
	ck_assert_str_eq(tail(11), "one,three,two,");
	ck_assert_str_eq(tail(1000), "one,three,two,");
	tell_recent_clear(&r);
	ck_assert_str_eq(tail(1000), "");
	ck_assert_uint_eq(n_tail, 0);
}
END_TEST

START_TEST(the_oldest_are_forgotten_at_the_limit)
{
	char frame[1000];
	uint64_t state = tell_unit_seed();
	for (unsigned i = 0; i < 20000; i++) {
		memset(frame, 'x', sizeof(frame));
		int n = snprintf(frame, sizeof(frame), "%08u", i);
		frame[n] = 'x';
		tell_recent_add(&r, frame, 8 + tell_unit_random(&state) % 990);
	}
	ck_assert_uint_le(r.bytes.len, 2 * TELL_RECENT_BYTES);
	(void)tail(TELL_RECENT_BYTES);
	ck_assert_uint_le(out.len, TELL_RECENT_BYTES);
	ck_assert_uint_ge(out.len, TELL_RECENT_BYTES * 9 / 10);
	(void)tail(1);
	ck_assert_int_eq(memcmp(out.data, "00019999", 8), 0);
}
END_TEST

START_TEST(a_frame_beyond_all_measure_is_not_kept)
{
	char *big = calloc(1, TELL_RECENT_BYTES);
	tell_recent_add(&r, "one", 3);
	tell_recent_add(&r, big, TELL_RECENT_BYTES);
	ck_assert_str_eq(tail(1000), "one");
	free(big);
}
END_TEST

static Suite *recent_suite(void)
{
	Suite *s = suite_create("sink/recent");
	TCase *tc = tcase_create("recent");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, the_tail_is_the_frames_that_hold_the_last_bytes);
	tcase_add_test(tc, the_oldest_are_forgotten_at_the_limit);
	tcase_add_test(tc, a_frame_beyond_all_measure_is_not_kept);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(recent_suite)
