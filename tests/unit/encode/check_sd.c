#include "encode/sd.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"

static struct encoding e;

/* All fields as parameters of one element. */
static const char *params(size_t end, bool *ret_cut)
{
	struct tell_sd sd = { .out = &e.out, .end = end };
	struct tell_value v;
	tell_buf_clear(&e.out);
	for (uint32_t pos = 0; tell_record_next(&e.r, &pos, &v);)
		tell_sd_field(&sd, &v);
	*ret_cut = sd.cut;
	return tell_buf_cstr(&e.out);
}

START_TEST(long_names_are_cut_to_27_and_a_hash)
{
	bool cut;
	encoding_begin(&e, NULL);
	encoding_add(&e, 0, tell_i64("a_name_of_exactly_32_characters_", 1));
	encoding_add(&e, 0, tell_i64("a_name_of_rather_more_than_32_characters", 2));
	const char *s = params(1000, &cut);
	ck_assert_mem_eq(s, " a_name_of_exactly_32_characters_=\"1\"", 37);
	ck_assert_mem_eq(s + 37, " a_name_of_rather_more_than_", 28);
	ck_assert_uint_eq(strspn(s + 37 + 29, "0123456789abcdef"), 4);
	ck_assert_mem_eq(s + 37 + 33, "=\"2\"", 4);
	ck_assert(!cut);
}
END_TEST

/* Names with the same beginning: among 65,536 hashes of 500 two pairs meet. */
START_TEST(no_name_comes_twice)
{
	static char seen[500][33];
	bool cut;
	for (int round = 0; round < 2; round++) {
		encoding_begin(&e, NULL);
		for (int i = 0; i < 500; i++) {
			char name[64];
			(void)snprintf(name, sizeof(name),
				"the_same_twenty_seven_bytes_and_then_%d",
				round * 500 + i);
			encoding_add(&e, 0, tell_null(name));
		}
		const char *s = params(1000000, &cut);
		for (int i = 0; i < 500; i++, s += 33 + 7)
			memcpy(seen[i], s + 1, 32);
		ck_assert_str_eq(s, "");
		for (int i = 0; i < 500; i++)
			for (int j = 0; j < i; j++)
				ck_assert_str_ne(seen[i], seen[j]);
		encoding_end(&e);
	}
}
END_TEST

START_TEST(values_are_cut_at_1024_bytes_on_a_character)
{
	static char big[2001];
	bool cut;
	for (size_t i = 0; i < 1998; i += 3)
		memcpy(big + i, "\xe2\x82\xac", 3);
	encoding_begin(&e, NULL);
	encoding_add(&e, 0, tell_strn("x", big, 1998));
	ck_assert_uint_eq(strlen(params(5000, &cut)), 5 + 1023);
	ck_assert(cut);
}
END_TEST

START_TEST(a_parameter_without_room_is_left_out_whole)
{
	bool cut;
	encoding_begin(&e, NULL);
	encoding_add(&e, 0, tell_str("a", "12345"));
	encoding_add(&e, 0, tell_str("b", "12345"));
	encoding_add(&e, 0, tell_str("c", ""));
	ck_assert_str_eq(params(15, &cut), " a=\"12345\" c=\"\"");
	ck_assert(cut);
	ck_assert_str_eq(params(100, &cut), " a=\"12345\" b=\"12345\" c=\"\"");
	ck_assert(!cut);
}
END_TEST

START_TEST(lists_are_one_parameter_of_json)
{
	const struct tell_field list[] = { tell_i64("", 1), tell_str("", "b") };
	bool cut;
	encoding_begin(&e, NULL);
	encoding_add(&e, 0, tell_list_of("l", list, 2));
	encoding_add(&e, 0, tell_bytes("raw", "\xff", 1));
	ck_assert_str_eq(params(100, &cut), " l=\"[1,\\\"b\\\"\\]\" raw=\"/w==\"");
}
END_TEST

static Suite *sd_suite(void)
{
	Suite *s = suite_create("encode/sd");
	tell_check_add(s, "parameters", long_names_are_cut_to_27_and_a_hash,
		no_name_comes_twice, values_are_cut_at_1024_bytes_on_a_character,
		a_parameter_without_room_is_left_out_whole,
		lists_are_one_parameter_of_json, NULL);
	return s;
}
TELL_CHECK_MAIN(sd_suite)
