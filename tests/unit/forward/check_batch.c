#include "forward/batch.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_batch b;

START_TEST(entries_keep_bytes_and_stream)
{
	tell_batch_init(&b);
	ck_assert_int_eq(tell_batch_stream(&b, "a", 1), 0);
	ck_assert_int_eq(tell_batch_stream(&b, "bb", 2), 1);
	ck_assert_int_eq(tell_batch_stream(&b, "a", 1), 0);
	for (uint32_t i = 0; i < 3000; i++) {
		tell_buf_printf(&b.bytes, "entry %u", i);
		ck_assert(tell_batch_add(&b, i % 2));
	}
	ck_assert_uint_eq(b.n, 3000);
	ck_assert_uint_eq(b.entries[2999].len, 10);
	ck_assert_uint_eq(b.entries[2999].stream, 1);
	ck_assert(memcmp(tell_batch_at(&b, 2999), "entry 2999", 10) == 0);
	tell_batch_clear(&b);
	ck_assert_uint_eq(b.n + b.n_streams + b.bytes.len, 0);
	ck_assert_int_eq(tell_batch_stream(&b, "bb", 2), 0);
	tell_batch_done(&b);
}
END_TEST

START_TEST(streams_are_bounded)
{
	char text[16];
	tell_batch_init(&b);
	for (int i = 0; i < TELL_BATCH_STREAMS; i++)
		ck_assert_int_eq(tell_batch_stream(&b, text,
					 (size_t)snprintf(text, sizeof(text), "%d", i)),
			i);
	ck_assert_int_eq(tell_batch_stream(&b, "new", 3), -ENOSPC);
	ck_assert_int_eq(tell_batch_stream(&b, "1023", 4), 1023);
	tell_batch_done(&b);
}
END_TEST

START_TEST(what_does_not_fit_leaves_the_others)
{
	tell_batch_init(&b);
	b.bytes.limit = 64;
	tell_buf_puts(&b.bytes, "first");
	ck_assert(tell_batch_add(&b, 0));
	tell_buf_puts(&b.bytes, "half of");
	for (int i = 0; i < 10; i++)
		tell_buf_puts(&b.bytes, "0123456789");
	ck_assert(!tell_batch_add(&b, 0));
	ck_assert_uint_eq(b.n, 1);
	tell_buf_puts(&b.bytes, "second");
	ck_assert(tell_batch_add(&b, 0));
	ck_assert(memcmp(tell_batch_at(&b, 1), "second", 6) == 0);
	tell_batch_done(&b);
}
END_TEST

START_TEST(groups_and_in_them_streams_stand_together_in_their_order)
{
	static const struct {
		const char *stream;
		uint32_t group;
	} streams[] = { { "a", 0 }, { "b", 1 }, { "c", 0 }, { "d", 1 } };
	tell_batch_init(&b);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(tell_batch_stream(&b, streams[i].stream, 1), (int)i);
		b.list[i].group = streams[i].group;
	}
	for (uint32_t i = 0; i < 12; i++) {
		tell_buf_printf(&b.bytes, "%x", i);
		ck_assert(tell_batch_add(&b, (i + 3) % 4));
	}
	tell_batch_gather(&b);
	tell_batch_gather(&b); /* what is in order stays so */
	char order[13] = "";
	for (size_t i = 0; i < 12; i++)
		order[i] = *tell_batch_at(&b, i);
	ck_assert_str_eq(order, "15937b26a048");
	ck_assert_uint_eq(tell_batch_stream_end(&b, 0), 3);
	ck_assert_uint_eq(tell_batch_group_end(&b, 0), 6);
	ck_assert_uint_eq(tell_batch_group_end(&b, 7), 12);
	tell_buf_puts(&b.bytes, "c");
	ck_assert(tell_batch_add(&b, 0));
	ck_assert_int_eq(*tell_batch_at(&b, 12), 'c');
	tell_batch_done(&b);
}
END_TEST

static Suite *batch_suite(void)
{
	Suite *s = suite_create("forward/batch");
	tell_check_add(s, "batch", entries_keep_bytes_and_stream, streams_are_bounded,
		what_does_not_fit_leaves_the_others,
		groups_and_in_them_streams_stand_together_in_their_order, NULL);
	return s;
}

TELL_CHECK_MAIN(batch_suite)
