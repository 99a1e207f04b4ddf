#include "enrich/fixed.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record/record.h"
#include "support/check_main.h"

static struct tell_record record;

/* Add what f has to an empty record. */
static void run(struct tell_fixed *f)
{
	struct tell_run r = { .record = &record };
	ck_assert_int_eq(tell_record_begin(&record, 6, TELL_KIND_LOG), 0);
	ck_assert_int_eq(tell_fixed_run(f, &r), TELL_SUCCESS);
}

static struct tell_value get(const char *name)
{
	struct tell_value v;
	ck_assert_msg(tell_record_get(&record, name, strlen(name), &v), "no %s", name);
	return v;
}

static struct tell_fixed *new_fixed(void)
{
	struct tell_fixed *f;
	ck_assert_int_eq(tell_fixed_new(&f), 0);
	return f;
}

START_TEST(values_get_a_type_only_when_nothing_is_lost)
{
	static const struct {
		const char *text;
		enum tell_type type;
	} rows[] = { { "7", TELL_TYPE_I64 }, { "-7", TELL_TYPE_I64 },
		{ "18446744073709551615", TELL_TYPE_U64 }, { "0.5", TELL_TYPE_F64 },
		{ "true", TELL_TYPE_BOOL }, { "false", TELL_TYPE_BOOL },
		{ "007", TELL_TYPE_STR }, { "1.50", TELL_TYPE_STR },
		{ "1.2.3", TELL_TYPE_STR }, { "", TELL_TYPE_STR },
		{ "True", TELL_TYPE_STR }, { "eu", TELL_TYPE_STR } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tell_fixed *f = new_fixed();
		ck_assert_int_eq(tell_fixed_typed(f, "x", rows[i].text), 0);
		run(f);
		struct tell_value v = get("x");
		ck_assert_msg(
			v.type == rows[i].type, "%s: type %u", rows[i].text, v.type);
		if (v.type == TELL_TYPE_STR)
			ck_assert_mem_eq(v.data, rows[i].text, v.len);
		tell_fixed_free(f);
	}
	tell_record_done(&record);
}
END_TEST

START_TEST(a_value_survives)
{
	struct tell_fixed *f = new_fixed();
	char text[] = "eu\0west";
	ck_assert_int_eq(tell_fixed_text(f, "a", text, 7, TELL_FIXED_OURS), 0);
	ck_assert_int_eq(tell_fixed_text(f, "b", "", 0, TELL_FIXED_FOREIGN), 0);
	ck_assert_int_eq(tell_fixed_typed(f, "c", "-12"), 0);
	ck_assert_int_eq(tell_fixed_typed(f, "d", "true"), 0);
	memset(text, 'x', 7); /* it was copied */
	run(f);
	ck_assert_uint_eq(get("a").len, 7);
	ck_assert_mem_eq(get("a").data, "eu\0west", 7);
	ck_assert_uint_eq(get("b").len, 0);
	struct tell_value v = get("c");
	ck_assert_int_eq(tell_value_i64(&v), -12);
	v = get("d");
	ck_assert_uint_eq(tell_value_u64(&v), 1);
	tell_fixed_free(f);
	tell_record_done(&record);
}
END_TEST

START_TEST(fields_are_marked_as_added_and_ours_as_safe)
{
	struct tell_fixed *f = new_fixed();
	ck_assert_int_eq(tell_fixed_text(f, "ours", "x", 1, TELL_FIXED_OURS), 0);
	ck_assert_int_eq(tell_fixed_text(f, "theirs", "x", 1, TELL_FIXED_FOREIGN), 0);
	run(f);
	ck_assert_int_eq(get("ours").flags, TELL_SLOT_ADDED | TELL_SLOT_SAFE);
	ck_assert_int_eq(get("theirs").flags, TELL_SLOT_ADDED);
	tell_fixed_free(f);
	tell_record_done(&record);
}
END_TEST

START_TEST(what_the_call_says_wins)
{
	struct tell_fixed *f = new_fixed();
	ck_assert_int_eq(tell_fixed_typed(f, "Region-Name", "eu"), 0);
	ck_assert_int_eq(tell_fixed_typed(f, "shard", "3"), 0);
	struct tell_field own = tell_str("region_name", "us");
	struct tell_run r = { .record = &record };
	ck_assert_int_eq(tell_record_begin(&record, 6, TELL_KIND_LOG), 0);
	tell_record_add(&record, &own, 1, 0, NULL);
	ck_assert_int_eq(tell_fixed_run(f, &r), TELL_SUCCESS);
	ck_assert_mem_eq(get("region_name").data, "us", 2);
	ck_assert_int_eq(get("region_name").flags, 0);
	struct tell_value v = get("shard");
	ck_assert_int_eq(tell_value_i64(&v), 3);
	tell_fixed_free(f);
	tell_record_done(&record);
}
END_TEST

START_TEST(the_first_of_a_name_stays)
{
	struct tell_fixed *f = new_fixed();
	ck_assert_int_eq(tell_fixed_typed(f, "a.b", "1"), 0);
	ck_assert_int_eq(tell_fixed_typed(f, "A_B", "2"), 0);
	ck_assert_int_eq(tell_fixed_text(f, "a-b", "3", 1, TELL_FIXED_OURS), 0);
	run(f);
	struct tell_value v = get("a_b");
	ck_assert_int_eq(tell_value_i64(&v), 1);
	ck_assert_uint_eq(record.head->n_slots, 1);
	tell_fixed_free(f);
	tell_record_done(&record);
}
END_TEST

START_TEST(names_of_the_exits_are_renamed)
{
	struct tell_fixed *f = new_fixed();
	ck_assert_int_eq(tell_fixed_typed(f, "level", "9"), 0);
	run(f);
	ck_assert_uint_eq(get("user_level").len, 8);
	tell_fixed_free(f);
	tell_record_done(&record);
}
END_TEST

START_TEST(there_is_an_end_to_fields_and_to_text)
{
	struct tell_fixed *f = new_fixed();
	char name[16];
	for (int i = 0; i < TELL_FIXED_MAX - 1; i++) {
		(void)snprintf(name, sizeof(name), "f%d", i);
		ck_assert_int_eq(tell_fixed_typed(f, name, "1"), 0);
	}
	char *text = malloc(TELL_FIXED_TEXT_MAX + 10);
	ck_assert_ptr_nonnull(text);
	memset(text, 'a', TELL_FIXED_TEXT_MAX + 10);
	memcpy(text + TELL_FIXED_TEXT_MAX - 1, "\xc3\xa4", 2); /* across the limit */
	ck_assert_int_eq(tell_fixed_text(f, "long", text, TELL_FIXED_TEXT_MAX + 10,
				 TELL_FIXED_OURS),
		0);
	free(text);
	ck_assert_int_eq(tell_fixed_typed(f, "more", "1"), -E2BIG);
	ck_assert_int_eq(tell_fixed_typed(f, "f0", "2"), 0); /* there already: fine */
	run(f);
	ck_assert_uint_eq(get("long").len, TELL_FIXED_TEXT_MAX - 1);
	ck_assert_uint_eq(record.head->n_slots, TELL_FIXED_MAX);
	tell_fixed_free(f);
	tell_fixed_free(NULL);
	tell_record_done(&record);
}
END_TEST

static Suite *fixed_suite(void)
{
	Suite *s = suite_create("enrich/fixed");
	tell_check_add(s, "values", values_get_a_type_only_when_nothing_is_lost,
		a_value_survives, fields_are_marked_as_added_and_ours_as_safe, NULL);
	tell_check_add(s, "names", what_the_call_says_wins, the_first_of_a_name_stays,
		names_of_the_exits_are_renamed, there_is_an_end_to_fields_and_to_text,
		NULL);
	return s;
}
TELL_CHECK_MAIN(fixed_suite)
