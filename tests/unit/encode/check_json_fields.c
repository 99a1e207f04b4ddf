#include <math.h>
#include <stdio.h>
#include <string.h>
#include "encode/json.h"
#include "encode/room.h"
#include "support/check_main.h"
#include "support/encoding.h"

static struct encoding e;

static const char *fields(void)
{
	tell_buf_clear(&e.out);
	char *p = tell_room_begin(&e.out, TELL_SLACK);
	tell_room_end(&e.out, tell_json_fields(&e.out, p, &e.r), 0);
	return tell_buf_cstr(&e.out);
}

START_TEST(every_type_keeps_its_type)
{
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_str("s", "a\nb"));
	encoding_add(&e, 0, tell_i64("i", -7));
	encoding_add(&e, 0, tell_f64("f", 0.5));
	encoding_add(&e, 0, tell_u64("u", UINT64_MAX));
	encoding_add(&e, 0, tell_bool("b", false));
	encoding_add(&e, 0, tell_null("n"));
	encoding_add(&e, 0, tell_ns("d", 1500000000));
	encoding_add(&e, 0, tell_errno(2));
	ck_assert_str_eq(fields(),
		",\"s\":\"a\\nb\",\"i\":-7,\"f\":0.5,\"u\":18446744073709551615,\"b\":false,"
		"\"n\":null,\"d\":1.5,\"errno\":2,\"error\":\"No such file or directory\"");
}
END_TEST

START_TEST(the_last_writer_wins)
{
	encoding_begin(&e, "m");
	encoding_add(&e, TELL_SLOT_SCOPE, tell_i64("n", 1));
	encoding_add(&e, 0, tell_str("x", "y"));
	encoding_add(&e, 0, tell_i64("n", 2));
	ck_assert_str_eq(fields(), ",\"x\":\"y\",\"n\":2");
}
END_TEST

START_TEST(moved_and_dropped_values_are_seen)
{
	struct tell_value v;
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_str("a", "short"));
	encoding_add(&e, 0, tell_i64("b", 1));
	encoding_add(&e, 0, tell_i64("c", 1));
	ck_assert(tell_record_get(&e.r, "a", 1, &v));
	ck_assert_int_eq(
		tell_record_replace(&e.r, &v, TELL_TYPE_STR, "much longer", 11), 0);
	ck_assert(tell_record_get(&e.r, "b", 1, &v));
	tell_record_drop(&e.r, &v);
	ck_assert_str_eq(fields(), ",\"a\":\"much longer\",\"c\":1");
}
END_TEST

START_TEST(what_json_has_no_number_for_is_null_and_marked)
{
	const struct tell_field list[] = { tell_f64("", 1.5), tell_f64("", -HUGE_VAL) };
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_f64("x", (double)NAN));
	encoding_add(&e, 0, tell_f64("y", HUGE_VAL));
	encoding_add(&e, 0, tell_list_of("z", list, 2));
	ck_assert_str_eq(fields(),
		",\"x\":null,\"x_nonfinite\":\"nan\",\"y\":null,"
		"\"y_nonfinite\":\"inf\",\"z\":[1.5,null],"
		"\"z_nonfinite\":[null,\"-inf\"]");
	encoding_add(&e, 0, tell_i64("x_nonfinite", 3));
	ck_assert_ptr_null(strstr(fields(), "\"x_nonfinite\":\"nan\""));
	ck_assert_ptr_nonnull(strstr(fields(), "\"x_nonfinite\":3"));
}
END_TEST

START_TEST(names_of_every_length_come_out_whole)
{
	char name[TELL_NAME_MAX + 1], want[TELL_NAME_MAX + 16];
	for (size_t n = 1; n <= TELL_NAME_MAX; n++) {
		memset(name, 'n', n);
		name[n] = '\0';
		encoding_begin(&e, "m");
		encoding_add(&e, 0, tell_i64(name, 1));
		(void)snprintf(want, sizeof(want), ",\"%s\":1", name);
		ck_assert_str_eq(fields(), want);
		encoding_end(&e);
	}
}
END_TEST

/* Names over the dictionary's size are in the record itself. */
START_TEST(inline_names_come_out_whole)
{
	char name[32];
	for (int i = 0; i < 2 * TELL_KEYS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "filler_%d", i);
		(void)tell_key_of(name, strlen(name));
	}
	encoding_begin(&e, "m");
	encoding_add(&e, 0, tell_str("never_seen_before", "v"));
	encoding_add(&e, 0, tell_i64("nor_this", 1));
	ck_assert_str_eq(fields(), ",\"never_seen_before\":\"v\",\"nor_this\":1");
}
END_TEST

static Suite *json_fields_suite(void)
{
	Suite *s = suite_create("encode/json_fields");
	tell_check_add(s, "fields", every_type_keeps_its_type, the_last_writer_wins,
		moved_and_dropped_values_are_seen,
		what_json_has_no_number_for_is_null_and_marked,
		names_of_every_length_come_out_whole, inline_names_come_out_whole, NULL);
	return s;
}
TELL_CHECK_MAIN(json_fields_suite)
