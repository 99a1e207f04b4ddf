#include "record/record.h"
#include <stdlib.h>
#include <stdio.h>
#include <telltale.h>
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

static bool has(const char *name)
{
	return tell_record_has(&r, name, strlen(name));
}

static size_t count(void)
{
	struct tell_value v;
	size_t n = 0;
	for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);)
		n++;
	return n;
}

static void expect_text(const char *name, const char *text)
{
	struct tell_value v = get(name);
	ck_assert_uint_eq(v.len, strlen(text));
	ck_assert_mem_eq(v.data, text, v.len);
}

START_TEST(every_type_comes_back_as_it_went_in)
{
	uint8_t id[16] = { 1, 2, 3 };
	struct sockaddr sa = { .sa_family = AF_UNIX };
	struct tell_field f[] = { tell_bool("b", true), tell_kv("i", -5),
		tell_kv("u", 7u), tell_kv("d", 1.5), tell_kv("s", "text"),
		tell_strn("n", "a\0b", 3), tell_bytes("y", "\xff\x00", 2),
		tell_hex("h", "\x01", 1), tell_jsonn("j", "{}", 2), tell_ns("t", 1500),
		tell_kv("p", (void *)16), tell_id128("id", id),
		tell_sockaddr("sa", &sa, sizeof(sa)), tell_null("z"),
		tell_kv("when", ((struct timespec){ 2, 3 })) };
	tell_record_add(&r, f, sizeof(f) / sizeof(f[0]), 0, NULL);
	ck_assert_uint_eq(get("b").type, TELL_TYPE_BOOL);
	ck_assert_uint_eq(
		tell_value_u64(&(struct tell_value){ .data = get("b").data }), 1);
	struct tell_value v = get("i");
	ck_assert_int_eq(tell_value_i64(&v), -5);
	v = get("u");
	ck_assert_uint_eq(v.type, TELL_TYPE_U64);
	v = get("d");
	ck_assert(tell_value_f64(&v) == 1.5);
	expect_text("s", "text");
	v = get("n");
	ck_assert_uint_eq(v.len, 3);
	ck_assert_mem_eq(v.data, "a\0b", 3);
	ck_assert_uint_eq(get("y").type, TELL_TYPE_BYTES);
	ck_assert_uint_eq(get("h").type, TELL_TYPE_HEX);
	ck_assert_uint_eq(get("j").type, TELL_TYPE_JSON);
	ck_assert_uint_eq(get("t").type, TELL_TYPE_NS);
	ck_assert_uint_eq(get("p").type, TELL_TYPE_PTR);
	ck_assert_mem_eq(get("id").data, id, 16);
	ck_assert_uint_eq(get("sa").len, sizeof(sa));
	ck_assert_uint_eq(get("z").type, TELL_TYPE_NULL);
	v = get("when");
	ck_assert_int_eq(tell_value_i64(&v), 2000000003);
	ck_assert_uint_eq(count(), 15);
}
END_TEST

START_TEST(a_null_string_is_null)
{
	struct tell_field f[] = { tell_str("s", NULL), tell_bytes("b", NULL, 9),
		tell_kv("c", (char *)NULL) };
	tell_record_add(&r, f, 3, 0, NULL);
	ck_assert_uint_eq(get("s").type, TELL_TYPE_NULL);
	ck_assert_uint_eq(get("b").type, TELL_TYPE_NULL);
	ck_assert_uint_eq(get("c").type, TELL_TYPE_NULL);
}
END_TEST

START_TEST(a_secret_is_not_even_copied)
{
	struct tell_field f = tell_secret("token", "canary-value");
	tell_record_add(&r, &f, 1, 0, NULL);
	ck_assert_uint_eq(get("token").type, TELL_TYPE_SECRET);
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
}
END_TEST

START_TEST(an_errno_is_two_fields)
{
	struct tell_field f = tell_errno(-2);
	tell_record_add(&r, &f, 1, 0, NULL);
	struct tell_value v = get("errno");
	ck_assert_int_eq(tell_value_i64(&v), 2);
	expect_text("error", "No such file or directory");
	f = tell_errno(123456);
	tell_record_add(&r, &f, 1, 0, NULL);
	expect_text("error", "Unknown error");
}
END_TEST

START_TEST(the_message_is_the_first_slot)
{
	size_t len;
	ck_assert_str_eq(tell_record_text(&r, &len), "");
	ck_assert_uint_eq(len, 0);
	tell_record_message(&r, "hello", 5);
	struct tell_field f = tell_kv("message", "mine");
	tell_record_add(&r, &f, 1, 0, NULL);
	ck_assert_mem_eq(tell_record_text(&r, &len), "hello", 5);
	ck_assert_uint_eq(len, 5);
	expect_text("user_message", "mine");
}
END_TEST

START_TEST(the_last_writer_of_a_name_wins)
{
	struct tell_field f[] = { tell_kv("a", 1), tell_kv("b", 2), tell_kv("a", 3),
		tell_str("A", "four") };
	tell_record_add(&r, f, 4, 0, NULL);
	expect_text("a", "four");
	ck_assert_uint_eq(count(), 2);
}
END_TEST

START_TEST(a_list_keeps_its_elements_and_their_types)
{
	struct tell_field f[] = { tell_list("l", "one", 2, (bool)true),
		tell_kv("after", 9) };
	tell_record_add(&r, f, 2, 0, NULL);
	struct tell_value list = get("l"), e;
	uint32_t pos = 0;
	ck_assert(tell_value_next(&list, &pos, &e));
	ck_assert_uint_eq(e.type, TELL_TYPE_STR);
	ck_assert_mem_eq(e.data, "one", 3);
	ck_assert(tell_value_next(&list, &pos, &e));
	ck_assert_int_eq(tell_value_i64(&e), 2);
	ck_assert(tell_value_next(&list, &pos, &e));
	ck_assert_uint_eq(e.type, TELL_TYPE_BOOL);
	ck_assert(!tell_value_next(&list, &pos, &e));
	ck_assert(has("after"));
	ck_assert_uint_eq(r.head->n_slots, 2);
}
END_TEST

START_TEST(a_list_in_a_list_is_null)
{
	struct tell_field inner = tell_list("x", 1);
	struct tell_field f = tell_list_of("l", &inner, 1);
	tell_record_add(&r, &f, 1, 0, NULL);
	struct tell_value list = get("l"), e;
	uint32_t pos = 0;
	ck_assert(tell_value_next(&list, &pos, &e));
	ck_assert_uint_eq(e.type, TELL_TYPE_NULL);
}
END_TEST

START_TEST(names_beyond_the_dictionary_are_kept_in_the_record)
{
	char name[32];
	for (int i = 0; i < TELL_KEYS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "filler%d", i);
		(void)tell_key_of(name, strlen(name));
	}
	struct tell_field f[] = { tell_str("Inline-One", "1"),
		tell_str("inline_two", "2"), tell_str("inline_one", "3") };
	tell_record_add(&r, f, 3, 0, NULL);
	ck_assert_uint_eq(get("inline_one").key, TELL_KEY_INLINE);
	expect_text("inline_one", "3");
	expect_text("inline_two", "2");
	ck_assert_uint_eq(count(), 2);
}
END_TEST

START_TEST(a_thousand_fields_fit_and_the_rest_is_marked)
{
	char name[32];
	r.limit = TELL_RECORD_LIMIT_MAX;
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "f%d", i);
		struct tell_field f = tell_i64(name, i);
		tell_record_add(&r, &f, 1, 0, NULL);
	}
	ck_assert_uint_eq(count(), 1000);
	ck_assert_uint_eq(r.head->flags & TELL_RECORD_CUT, 0);
	for (int i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "g%d", i);
		struct tell_field f = tell_i64(name, i);
		tell_record_add(&r, &f, 1, 0, NULL);
	}
	ck_assert_uint_eq(count(), TELL_SLOTS_MAX);
	ck_assert_uint_eq(r.head->flags & TELL_RECORD_CUT, TELL_RECORD_CUT);
}
END_TEST

START_TEST(a_long_value_keeps_a_margin_for_redaction)
{
	size_t len = 1 << 20;
	char *text = malloc(len);
	memset(text, 'x', len);
	struct tell_field f[] = { tell_strn("big", text, len), tell_kv("after", 1) };
	tell_record_add(&r, f, 2, 0, NULL);
	struct tell_value v = get("big");
	ck_assert_uint_gt(v.len, TELL_RECORD_LIMIT);
	ck_assert_uint_le(r.head->size, TELL_RECORD_LIMIT + TELL_RECORD_MARGIN);
	ck_assert_uint_eq(v.flags & TELL_SLOT_CUT, TELL_SLOT_CUT);
	free(text);
}
END_TEST

START_TEST(a_splice_wins_over_what_is_there)
{
	struct tell_record scope = { 0 };
	ck_assert_int_eq(tell_record_begin(&scope, 0, 0), 0);
	struct tell_field inner[] = { tell_kv("a", 1), tell_kv("b", 2) };
	tell_record_add(&scope, inner, 2, TELL_SLOT_SCOPE, NULL);
	struct tell_field f = tell_kv("a", 9);
	tell_record_add(&r, &f, 1, 0, NULL);
	tell_record_splice(&r, &scope, false);
	struct tell_value v = get("a");
	ck_assert_int_eq(tell_value_i64(&v), 1);
	ck_assert_uint_eq(v.flags, TELL_SLOT_SCOPE);
	f = tell_kv("b", 3);
	tell_record_add(&r, &f, 1, 0, NULL);
	v = get("b");
	ck_assert_int_eq(tell_value_i64(&v), 3);
	ck_assert_uint_eq(count(), 2);
	tell_record_done(&scope);
}
END_TEST

START_TEST(memory_is_kept_small_between_records)
{
	r.limit = TELL_RECORD_LIMIT_MAX;
	char *text = calloc(1, 1 << 20);
	struct tell_field f = tell_strn("big", text, 1 << 20);
	tell_record_add(&r, &f, 1, 0, NULL);
	tell_record_rest(&r);
	ck_assert_uint_eq(r.cap, 0);
	ck_assert_uint_eq(r.limit, TELL_RECORD_LIMIT_MAX);
	free(text);
}
END_TEST

static Suite *record_suite(void)
{
	Suite *s = suite_create("record/record");
	TCase *tc = tcase_create("build");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, every_type_comes_back_as_it_went_in);
	tcase_add_test(tc, a_null_string_is_null);
	tcase_add_test(tc, a_secret_is_not_even_copied);
	tcase_add_test(tc, an_errno_is_two_fields);
	tcase_add_test(tc, the_message_is_the_first_slot);
	tcase_add_test(tc, the_last_writer_of_a_name_wins);
	tcase_add_test(tc, a_list_keeps_its_elements_and_their_types);
	tcase_add_test(tc, a_list_in_a_list_is_null);
	tcase_add_test(tc, names_beyond_the_dictionary_are_kept_in_the_record);
	tcase_add_test(tc, a_thousand_fields_fit_and_the_rest_is_marked);
	tcase_add_test(tc, a_long_value_keeps_a_margin_for_redaction);
	tcase_add_test(tc, a_splice_wins_over_what_is_there);
	tcase_add_test(tc, memory_is_kept_small_between_records);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(record_suite)
