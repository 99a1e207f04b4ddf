#include <string.h>
#include "support/check_main.h"
#include "support/encoding.h"

static const char *value(struct tell_field f)
{
	static struct encoding e;
	struct tell_value v;
	encoding_end(&e);
	encoding_begin(&e, NULL);
	encoding_add(&e, 0, f);
	uint32_t pos = 0;
	ck_assert(tell_record_next(&e.r, &pos, &v));
	tell_encode_json_value(&e.out, &v);
	return tell_buf_cstr(&e.out);
}

START_TEST(numbers_stay_numbers)
{
	ck_assert_str_eq(value(tell_u64("x", UINT64_MAX)), "18446744073709551615");
	ck_assert_str_eq(value(tell_f64("x", 1e300)), "1e300");
	ck_assert_str_eq(value(tell_f64("x", -0.0)), "-0.0");
	ck_assert_str_eq(value(tell_f64("x", 5e-324)), "5e-324");
	ck_assert_str_eq(value(tell_ns("x", 1)), "0.000000001");
	ck_assert_str_eq(value(tell_bool("x", 1)), "true");
}
END_TEST

START_TEST(what_is_no_number_is_a_string)
{
	struct timespec t = { 0, 0 };
	ck_assert_str_eq(value(tell_time("x", t)), "\"1970-01-01T00:00:00.000000Z\"");
	ck_assert_str_eq(value(tell_ptr("x", (void *)16)), "\"0x10\"");
	ck_assert_str_eq(value(tell_bytes("x", "\xff", 1)), "\"/w==\"");
	ck_assert_str_eq(value(tell_hex("x", "\xff", 1)), "\"ff\"");
	ck_assert_str_eq(value(tell_secret("x", "sesame")), "\"[REDACTED]\"");
	ck_assert_str_eq(
		value(tell_sockaddr("x", (void *)"\1\0/a\"\n", 6)), "\"unix:/a\\\"\\n\"");
}
END_TEST

START_TEST(json_is_embedded_only_when_sound)
{
	ck_assert_str_eq(value(tell_jsonn("x", "{\"a\": [1]}", 10)), "{\"a\":[1]}");
	ck_assert_str_eq(value(tell_jsonn("x", "{\"a\": [1}", 9)), "\"{\\\"a\\\": [1}\"");
	ck_assert_str_eq(value(tell_jsonn("x", "", 0)), "\"\"");
	ck_assert_str_eq(
		value(tell_jsonn("x", "1,\"level\":2", 11)), "\"1,\\\"level\\\":2\"");
}
END_TEST

START_TEST(lists_are_arrays)
{
	const struct tell_field list[] = { tell_i64("", 1), tell_str("", "b"),
		tell_null(""), tell_list_of("", NULL, 0), tell_jsonn("", "{}", 2) };
	ck_assert_str_eq(value(tell_list_of("x", list, 5)), "[1,\"b\",null,null,{}]");
	ck_assert_str_eq(value(tell_list_of("x", list, 0)), "[]");
}
END_TEST

START_TEST(big_values_grow_the_buffer)
{
	static char big[50000];
	memset(big, '"', sizeof(big));
	ck_assert_uint_eq(strlen(value(tell_strn("x", big, sizeof(big)))), 100002);
	ck_assert_uint_eq(strlen(value(tell_hex("x", big, sizeof(big)))), 100002);
	ck_assert_uint_eq(strlen(value(tell_bytes("x", big, 49998))), 66666);
}
END_TEST

static Suite *json_value_suite(void)
{
	Suite *s = suite_create("encode/json_value");
	tell_check_add(s, "values", numbers_stay_numbers, what_is_no_number_is_a_string,
		json_is_embedded_only_when_sound, lists_are_arrays,
		big_values_grow_the_buffer, NULL);
	return s;
}
TELL_CHECK_MAIN(json_value_suite)
