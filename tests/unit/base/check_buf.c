#include "base/buf.h"
#include "support/check_main.h"

START_TEST(an_empty_buffer_holds_nothing_and_is_a_string)
{
	struct tell_buf b;
	tell_buf_init(&b, 0);
	ck_assert_uint_eq(b.len, 0);
	ck_assert(!b.cut);
	ck_assert_str_eq(tell_buf_cstr(&b), "");
	tell_buf_done(&b);
}
END_TEST

START_TEST(bytes_come_out_as_they_went_in)
{
	struct tell_buf b;
	tell_buf_init(&b, 0);
	tell_buf_puts(&b, "one");
	tell_buf_putc(&b, '\0');
	tell_buf_put(&b, "two", 3);
	tell_buf_put(&b, NULL, 0);
	ck_assert_uint_eq(b.len, 7);
	ck_assert_mem_eq(b.data, "one\0two", 7);
	tell_buf_done(&b);
}
END_TEST

START_TEST(a_buffer_grows_and_keeps_what_it_holds)
{
	struct tell_buf b;
	tell_buf_init(&b, 0);
	for (unsigned i = 0; i < 5000; i++)
		tell_buf_putc(&b, (char)(i % 251));
	ck_assert_uint_eq(b.len, 5000);
	for (unsigned i = 0; i < 5000; i++)
		ck_assert_int_eq(b.data[i], (char)(i % 251));
	tell_buf_done(&b);
}
END_TEST

START_TEST(what_is_over_the_limit_is_left_out_whole_and_marked)
{
	struct tell_buf b;
	tell_buf_init(&b, 8);
	tell_buf_puts(&b, "12345678");
	ck_assert(!b.cut);
	tell_buf_puts(&b, "9");
	ck_assert(b.cut);
	ck_assert_uint_eq(b.len, 8);

	tell_buf_clear(&b);
	ck_assert(!b.cut);
	tell_buf_puts(&b, "123456789");
	ck_assert(b.cut);
	ck_assert_uint_eq(b.len, 0);
	tell_buf_done(&b);
}
END_TEST

START_TEST(a_length_near_the_end_of_size_t_does_not_wrap)
{
	struct tell_buf b;
	tell_buf_init(&b, 0);
	tell_buf_puts(&b, "x");
	ck_assert(!tell_buf_reserve(&b, SIZE_MAX));
	ck_assert(!tell_buf_reserve(&b, SIZE_MAX - 1));
	ck_assert(b.cut);
	ck_assert_uint_eq(b.len, 1);
	tell_buf_done(&b);
}
END_TEST

START_TEST(clear_keeps_the_memory)
{
	struct tell_buf b;
	tell_buf_init(&b, 0);
	tell_buf_puts(&b, "something");
	const char *data = b.data;
	size_t cap = b.cap;
	tell_buf_clear(&b);
	tell_buf_puts(&b, "other");
	ck_assert_ptr_eq(b.data, data);
	ck_assert_uint_eq(b.cap, cap);
	tell_buf_done(&b);
}
END_TEST

START_TEST(printf_appends_and_leaves_out_what_does_not_fit)
{
	struct tell_buf b;
	tell_buf_init(&b, 16);
	tell_buf_printf(&b, "%s=%d", "n", 42);
	ck_assert_str_eq(tell_buf_cstr(&b), "n=42");
	tell_buf_printf(&b, "%s", "far too long for what is left");
	ck_assert(b.cut);
	ck_assert_str_eq(tell_buf_cstr(&b), "n=42");
	tell_buf_done(&b);
}
END_TEST

START_TEST(done_allows_reuse_and_a_zeroed_struct)
{
	struct tell_buf zeroed = { 0 };
	tell_buf_done(&zeroed);
	tell_buf_puts(&zeroed, "works");
	ck_assert_str_eq(tell_buf_cstr(&zeroed), "works");
	tell_buf_done(&zeroed);
	ck_assert_ptr_null(zeroed.data);
}
END_TEST

static Suite *buf_suite(void)
{
	Suite *s = suite_create("base/buf");
	tell_check_add(s, "append", an_empty_buffer_holds_nothing_and_is_a_string,
		bytes_come_out_as_they_went_in, a_buffer_grows_and_keeps_what_it_holds,
		printf_appends_and_leaves_out_what_does_not_fit, NULL);
	tell_check_add(s, "limit", what_is_over_the_limit_is_left_out_whole_and_marked,
		a_length_near_the_end_of_size_t_does_not_wrap, NULL);
	tell_check_add(s, "memory", clear_keeps_the_memory,
		done_allows_reuse_and_a_zeroed_struct, NULL);
	return s;
}

TELL_CHECK_MAIN(buf_suite)
