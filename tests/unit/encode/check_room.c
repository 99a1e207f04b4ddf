#include "encode/room.h"
#include "support/check_main.h"

START_TEST(room_moves_along_with_the_memory)
{
	struct tell_buf out;
	tell_buf_init(&out, 0);
	char *p = tell_room_begin(&out, 10);
	p = TELL_PUT(p, "0123456789");
	p = tell_room(&out, p, 100000);
	ck_assert_ptr_nonnull(p);
	p = TELL_PUT(p, "abc");
	tell_room_end(&out, p, 0);
	ck_assert_str_eq(tell_buf_cstr(&out), "0123456789abc");
	tell_buf_done(&out);
}
END_TEST

START_TEST(no_room_leaves_what_was_there)
{
	struct tell_buf out;
	tell_buf_init(&out, 100);
	tell_buf_puts(&out, "before");
	char *p = tell_room_begin(&out, 10);
	p = TELL_PUT(p, "lost");
	p = tell_room(&out, p, 1000);
	ck_assert_ptr_null(p);
	ck_assert_ptr_null(tell_room(&out, p, 1));
	ck_assert_ptr_null(tell_room(&out, p, 100000));
	tell_room_end(&out, p, 6);
	ck_assert(out.cut);
	ck_assert_str_eq(tell_buf_cstr(&out), "before");
	tell_buf_done(&out);
}
END_TEST

START_TEST(nothing_comes_from_an_empty_buffer)
{
	struct tell_buf out;
	tell_buf_init(&out, 8);
	ck_assert_ptr_null(tell_room_begin(&out, 9));
	ck_assert_ptr_null(tell_room(&out, NULL, 1));
	ck_assert(out.cut);
}
END_TEST

START_TEST(blocks_copy_every_length)
{
	char from[200], to[200];
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (char)i;
	for (size_t n = 0; n < 100; n++) {
		memset(to, 0, sizeof(to));
		ck_assert_ptr_eq(tell_put_blocks(to, from, n), to + n);
		ck_assert_mem_eq(to, from, n);
		ck_assert_int_eq(to[n + TELL_PUT_SPARE], 0);
	}
}
END_TEST

static Suite *room_suite(void)
{
	Suite *s = suite_create("encode/room");
	tell_check_add(s, "room", room_moves_along_with_the_memory,
		no_room_leaves_what_was_there, nothing_comes_from_an_empty_buffer,
		blocks_copy_every_length, NULL);
	return s;
}
TELL_CHECK_MAIN(room_suite)
