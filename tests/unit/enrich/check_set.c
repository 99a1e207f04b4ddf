#include "support/trial.h"

START_TEST(fields_of_the_line_are_in_each_record)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, "enrich optional set team=payments shard=7 [note=two words]");
	for (int i = 0; i < 2; i++) {
		trial_begin(&t, TELL_INFO);
		ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
		ck_assert_str_eq(trial_text(&t, "team", room), "payments");
		ck_assert_str_eq(trial_text(&t, "note", room), "two words");
		struct tell_value v;
		ck_assert(tell_record_get(&t.record, "shard", 5, &v));
		ck_assert_int_eq(v.type, TELL_TYPE_I64);
		ck_assert_int_eq(tell_value_i64(&v), 7);
	}
	tell_rig_close(&t);
}
END_TEST

START_TEST(of_two_lines_the_first_wins)
{
	struct tell_rig t;
	char room[256];
	trial_open(
		&t, "enrich optional set env=prod\nenrich optional set env=dev zone=a");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	ck_assert_str_eq(trial_text(&t, "env", room), "prod");
	ck_assert_str_eq(trial_text(&t, "zone", room), "a");
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_filter_sees_the_fields)
{
	struct tell_rig t;
	trial_open(
		&t, "enrich optional set env=prod\nfilter required match when=env=prod");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	trial_begin(&t, TELL_INFO);
	trial_add(&t, tell_str("env", "test"));
	ck_assert_int_eq(trial_run(&t), TELL_IGNORE);
	tell_rig_close(&t);
}
END_TEST

START_TEST(a_line_without_a_field_is_refused)
{
	trial_refused("enrich optional set", "no field", "name=value");
	trial_refused("enrich optional set team", "team", "name=value");
}
END_TEST

static Suite *set_suite(void)
{
	Suite *s = suite_create("enrich/set");
	tell_check_add(s, "set", fields_of_the_line_are_in_each_record,
		of_two_lines_the_first_wins, a_filter_sees_the_fields,
		a_line_without_a_field_is_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(set_suite)
