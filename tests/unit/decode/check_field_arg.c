#include "decode/field_arg.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <telltale/log.h>
#include "support/check_main.h"

static struct tell_field typed(const char *text)
{
	return tell_field_typed("k", text, strlen(text));
}

START_TEST(a_value_that_reads_back_the_same_has_a_type)
{
	ck_assert_int_eq(typed("3").type, TELL_TYPE_I64);
	ck_assert_int_eq(typed("-7").v.i64, -7);
	ck_assert_int_eq(typed("18446744073709551615").type, TELL_TYPE_U64);
	ck_assert_int_eq(typed("0.5").type, TELL_TYPE_F64);
	ck_assert_int_eq(typed("true").type, TELL_TYPE_BOOL);
	ck_assert_uint_eq(typed("false").v.u64, 0);
}
END_TEST

START_TEST(any_other_value_stays_text)
{
	static const char *const texts[] = { "", "007", "+1", "1e5", "1.50", "-0", "0x10",
		"nan", "inf", "True", "null", " 3", "3 ",
		"123456789012345678901234567890" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct tell_field f = typed(texts[i]);
		ck_assert_msg(f.type == TELL_TYPE_STR, "'%s'", texts[i]);
		ck_assert_uint_eq(f.len, strlen(texts[i]));
	}
}
END_TEST

START_TEST(a_field_outlives_the_argument_that_is_hidden)
{
	struct tell_field_args a = { 0 };
	char arg[] = "path=/a=b", word[] = "two words";
	ck_assert_int_eq(tell_field_args_add(&a, arg), 0);
	tell_field_arg_hide(arg);
	tell_arg_hide(word);
	ck_assert_str_eq(arg, "path=****");
	ck_assert_str_eq(word, "*********");
	ck_assert_int_eq(memcmp(a.fields[0].v.ptr, "/a=b", 4), 0);
	tell_field_args_done(&a);
}
END_TEST

START_TEST(fields_have_a_name_and_a_limit)
{
	struct tell_field_args a = { 0 };
	ck_assert_int_eq(tell_field_args_add(&a, "path=/a=b"), 0);
	ck_assert_str_eq(a.fields[0].key, "path");
	ck_assert_uint_eq(a.fields[0].len, 4);
	ck_assert_int_eq(tell_field_args_add(&a, "nothing"), -EINVAL);
	ck_assert_int_eq(tell_field_args_add(&a, "=x"), -EINVAL);
	while (a.n < TELL_FIELDS_ARG_MAX)
		ck_assert_int_eq(tell_field_args_add(&a, "k="), 0);
	ck_assert_int_eq(tell_field_args_add(&a, "k=v"), -E2BIG);
	tell_field_args_done(&a);
	ck_assert_uint_eq(a.n, 0);
}
END_TEST

START_TEST(levels_may_have_a_facility)
{
	int facility = 99;
	ck_assert_int_eq(tell_level_arg("warning", &facility), TELL_WARNING);
	ck_assert_int_eq(facility, -1);
	ck_assert_int_eq(tell_level_arg("local7.err", &facility), TELL_ERROR);
	ck_assert_int_eq(facility, 23);
	ck_assert_int_eq(tell_level_arg("DAEMON.6", &facility), TELL_INFO);
	ck_assert_int_eq(facility, 3);
	ck_assert_int_eq(tell_level_arg("nope.err", &facility), -EINVAL);
	ck_assert_int_eq(tell_level_arg("daemon.nope", &facility), -EINVAL);
	ck_assert_int_eq(tell_level_arg("", &facility), -EINVAL);
	ck_assert_int_eq(facility, 3);
}
END_TEST

static Suite *field_arg_suite(void)
{
	Suite *s = suite_create("decode/field_arg");
	tell_check_add(s, "field_arg", a_value_that_reads_back_the_same_has_a_type,
		any_other_value_stays_text, a_field_outlives_the_argument_that_is_hidden,
		fields_have_a_name_and_a_limit, levels_may_have_a_facility, NULL);
	return s;
}

TELL_CHECK_MAIN(field_arg_suite)
