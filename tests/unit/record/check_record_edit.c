#include <stdio.h>
#include <stdlib.h>
#include <telltale.h>
#include "record/record.h"
#include "support/check_main.h"

static struct tell_record r;

static void begin(void)
{
	r = (struct tell_record){ 0 };
	ck_assert_int_eq(tell_record_begin(&r, TELL_INFO, TELL_KIND_LOG), 0);
}

static void end(void)
{
	tell_record_done(&r);
}

static struct tell_value get(const char *name)
{
	struct tell_value v;
	ck_assert_msg(tell_record_get(&r, name, strlen(name), &v), "no field %s", name);
	return v;
}

static void add(const char *name, const char *text, size_t len)
{
	struct tell_field f = tell_strn(name, text, len);
	tell_record_add(&r, &f, 1, 0, NULL);
}

static void replace(const char *name, const char *text)
{
	struct tell_value v = get(name);
	ck_assert_int_eq(
		tell_record_replace(&r, &v, TELL_TYPE_STR, text, strlen(text)), 0);
}

static void expect(const char *name, const char *text)
{
	struct tell_value v = get(name);
	ck_assert_uint_eq(v.len, strlen(text));
	ck_assert_mem_eq(v.data, text, v.len);
}

START_TEST(a_replaced_value_keeps_its_place_and_its_old_bytes_are_gone)
{
	add("a", "first", 5);
	add("b", "canary", 6);
	add("c", "third", 5);
	replace("b", "[REDACTED:something long]");
	expect("b", "[REDACTED:something long]");
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));

	struct tell_value v;
	uint32_t pos = 0;
	const char *order[] = { "a", "b", "c" };
	for (int i = 0; i < 3; i++) {
		ck_assert(tell_record_next(&r, &pos, &v));
		ck_assert_uint_eq(v.name_len, 1);
		ck_assert_int_eq(v.name[0], order[i][0]);
	}
	ck_assert(!tell_record_next(&r, &pos, &v));
}
END_TEST

START_TEST(a_value_replaced_again_may_move_the_block_and_come_from_it)
{
	static char long_text[5000];
	memset(long_text, 'x', sizeof(long_text) - 1);
	add("a", "first", 5);
	add("b", "canary-one", 10);
	replace("b", "canary-two");
	replace("b", long_text); /* more than the first block: it moves */
	expect("b", long_text);
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));

	struct tell_value a = get("a"), b = get("b");
	ck_assert_int_eq(tell_record_replace(&r, &a, TELL_TYPE_STR, b.data, b.len), 0);
	expect("a", long_text);
	expect("b", long_text);
}
END_TEST

START_TEST(a_value_may_be_replaced_again_by_any_length)
{
	add("b", "canary-one", 10);
	replace("b", "canary-two");
	replace("b", "");
	expect("b", "");
	replace("b", "end");
	expect("b", "end");
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
	add("d", "later", 5);
	expect("d", "later");
}
END_TEST

START_TEST(a_number_may_become_text)
{
	struct tell_field f = tell_kv("card", 4111);
	tell_record_add(&r, &f, 1, 0, NULL);
	replace("card", "[REDACTED]");
	ck_assert_uint_eq(get("card").type, TELL_TYPE_STR);
	expect("card", "[REDACTED]");
}
END_TEST

START_TEST(a_dropped_field_is_gone_with_its_bytes)
{
	add("a", "canary", 6);
	replace("a", "canary2");
	struct tell_value v = get("a");
	tell_record_drop(&r, &v);
	ck_assert(!tell_record_has(&r, "a", 1));
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
}
END_TEST

START_TEST(trimming_cuts_the_longest_and_leaves_the_short)
{
	size_t len = 60000;
	char *text = malloc(len);
	memset(text, 'x', len);
	tell_record_message(&r, "message", 7);
	add("short", "short", 5);
	add("long", text, len);
	add("other", text, 8000);
	tell_record_trim(&r);
	ck_assert_uint_le(r.head->size, TELL_RECORD_LIMIT);
	expect("short", "short");
	ck_assert_uint_eq(get("other").len, 8000);
	ck_assert_uint_eq(get("other").flags & TELL_SLOT_CUT, 0);
	ck_assert_uint_lt(get("long").len, 60000);
	ck_assert_uint_gt(get("long").len, 57000);
	ck_assert_uint_eq(get("long").flags & TELL_SLOT_CUT, TELL_SLOT_CUT);
	ck_assert_uint_eq(r.head->flags & TELL_RECORD_CUT, TELL_RECORD_CUT);
	free(text);
}
END_TEST

START_TEST(trimming_never_splits_a_character)
{
	r.limit = 1024;
	char text[3000];
	for (size_t i = 0; i < sizeof(text); i += 3)
		memcpy(text + i, "\xe2\x82\xac", 3);
	add("euro", text, sizeof(text));
	tell_record_trim(&r);
	ck_assert_uint_le(r.head->size, 1024);
	ck_assert_uint_eq(get("euro").len % 3, 0);
	ck_assert_uint_gt(get("euro").len, 900);
}
END_TEST

START_TEST(cut_json_is_text)
{
	r.limit = 1024;
	char json[3000];
	memset(json, ' ', sizeof(json));
	json[0] = '[';
	json[2999] = ']';
	struct tell_field f = tell_jsonn("j", json, sizeof(json));
	tell_record_add(&r, &f, 1, 0, NULL);
	tell_record_trim(&r);
	ck_assert_uint_eq(get("j").type, TELL_TYPE_STR);
}
END_TEST

START_TEST(trimming_takes_moved_values_home)
{
	r.limit = 1024;
	char text[800];
	memset(text, 'x', sizeof(text));
	add("a", text, sizeof(text));
	add("b", text, 200);
	replace("a", "masked");
	replace("b", "too");
	tell_record_trim(&r);
	expect("a", "masked");
	expect("b", "too");
	ck_assert_uint_eq(r.head->flags & TELL_RECORD_CUT, 0);
}
END_TEST

START_TEST(names_alone_may_be_too_much)
{
	r.limit = 4096;
	char name[16];
	tell_record_message(&r, "message", 7);
	for (int i = 0; i < 600; i++) {
		(void)snprintf(name, sizeof(name), "n%d", i);
		add(name, "12345678", 8);
	}
	tell_record_trim(&r);
	size_t len;
	ck_assert_uint_le(r.head->size, 4096);
	(void)tell_record_text(&r, &len);
	ck_assert_uint_eq(r.head->flags & TELL_RECORD_CUT, TELL_RECORD_CUT);
}
END_TEST

static Suite *record_edit_suite(void)
{
	Suite *s = suite_create("record/record_edit");
	TCase *tc = tcase_create("edit");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_replaced_value_keeps_its_place_and_its_old_bytes_are_gone);
	tcase_add_test(tc, a_value_may_be_replaced_again_by_any_length);
	tcase_add_test(tc, a_value_replaced_again_may_move_the_block_and_come_from_it);
	tcase_add_test(tc, a_number_may_become_text);
	tcase_add_test(tc, a_dropped_field_is_gone_with_its_bytes);
	tcase_add_test(tc, trimming_cuts_the_longest_and_leaves_the_short);
	tcase_add_test(tc, trimming_never_splits_a_character);
	tcase_add_test(tc, cut_json_is_text);
	tcase_add_test(tc, trimming_takes_moved_values_home);
	tcase_add_test(tc, names_alone_may_be_too_much);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(record_edit_suite)
