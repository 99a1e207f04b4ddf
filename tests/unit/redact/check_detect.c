#include "redact/detect.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "record/record.h"
#include "redact/module.h"
#include "stack/args.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

static struct tell_record r;
static struct tell_buf out, work;
static void *line;

static void begin(void)
{
	const struct tell_args none = { 0 };
	struct tell_refusal why;
	tell_buf_init(&out, 0);
	tell_buf_init(&work, 0);
	ck_assert_int_eq(tell_redact_detect.open(&line, &none, &why), 0);
	ck_assert_int_eq(tell_record_begin(&r, 6, TELL_KIND_LOG), 0);
}

static void end(void)
{
	tell_redact_detect.close(line);
	tell_buf_done(&out);
	tell_buf_done(&work);
	tell_record_done(&r);
	r = (struct tell_record){ 0 };
}

static enum tell_verdict run(void)
{
	struct tell_run run = { .record = &r, .out = &out, .work = &work };
	return tell_redact_detect.run(line, &run);
}

static void put(struct tell_field f, uint8_t flags)
{
	tell_record_add(&r, &f, 1, flags, NULL);
}

static struct tell_value get(const char *name)
{
	struct tell_value v;
	ck_assert_msg(tell_record_get(&r, name, strlen(name), &v), "%s", name);
	return v;
}

static void expect(const struct tell_value *v, uint8_t type, const char *text)
{
	ck_assert_int_eq(v->type, type);
	ck_assert_msg(v->len == strlen(text) && memcmp(v->data, text, v->len) == 0,
		"%.*s", (int)v->len, (const char *)v->data);
}

START_TEST(message_text_json_and_bytes_are_read)
{
	tell_record_message(&r, "password=canary1", 16);
	put(tell_str("a", "token: canary2"), TELL_SLOT_SCOPE);
	put(tell_jsonn("b", "{\"secret\":\"canary3\",\"n\":1.50}", 29), 0);
	put(tell_bytes("c",
		    "\0\xff"
		    "pwd=canary4\0",
		    14),
		TELL_SLOT_ADDED);
	put(tell_str("d", "nothing here"), 0);
	put(tell_str("e", "token=canary-safe"), TELL_SLOT_SAFE);
	put(tell_i64("f", 5), 0);
	ck_assert_int_eq(run(), TELL_SUCCESS);
	size_t len;
	const char *text = tell_record_text(&r, &len);
	ck_assert_uint_eq(len, 24);
	ck_assert_mem_eq(text, "password=[REDACTED:pair]", 24);
	struct tell_value v = get("a");
	expect(&v, TELL_TYPE_STR, "token: [REDACTED:pair]");
	v = get("b");
	expect(&v, TELL_TYPE_JSON, "{\"secret\":\"[REDACTED:pair]\",\"n\":1.50}");
	v = get("c");
	ck_assert_int_eq(v.type, TELL_TYPE_BYTES);
	ck_assert_mem_eq(v.data,
		"\0\xff"
		"pwd=[REDACTED:pair]\0",
		v.len);
	v = get("d");
	expect(&v, TELL_TYPE_STR, "nothing here");
	v = get("e");
	expect(&v, TELL_TYPE_STR, "token=canary-safe");
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary1", 7));
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary3", 7));
	ck_assert_uint_eq(tell_redact_detect_found(line, TELL_SPAN_PAIR), 4);
	ck_assert_uint_eq(tell_redact_detect_found(line, TELL_SPAN_JWT), 0);
}
END_TEST

START_TEST(elements_of_lists_are_read_and_the_others_stay)
{
	struct tell_field list[] = { tell_str(NULL, "one"),
		tell_str(NULL, "token=canary"), tell_i64(NULL, 7),
		tell_str(NULL, "http://a:canary@h/"), tell_bool(NULL, true) };
	put(tell_list_of("l", list, 5), 0);
	put(tell_list_of("clean", list, 1), 0);
	ck_assert_int_eq(run(), TELL_SUCCESS);
	struct tell_value l = get("l"), e;
	uint32_t pos = 0;
	ck_assert_int_eq(l.type, TELL_TYPE_LIST);
	ck_assert(tell_value_next(&l, &pos, &e));
	expect(&e, TELL_TYPE_STR, "one");
	ck_assert(tell_value_next(&l, &pos, &e));
	expect(&e, TELL_TYPE_STR, "token=[REDACTED:pair]");
	ck_assert(tell_value_next(&l, &pos, &e));
	ck_assert_int_eq(tell_value_i64(&e), 7);
	ck_assert(tell_value_next(&l, &pos, &e));
	expect(&e, TELL_TYPE_STR, "http://a:[REDACTED:url]@h/");
	ck_assert(tell_value_next(&l, &pos, &e));
	ck_assert_int_eq(e.type, TELL_TYPE_BOOL);
	ck_assert(!tell_value_next(&l, &pos, &e));
	struct tell_record copy;
	ck_assert_int_eq(tell_record_view(&copy, r.head, r.head->size), 0);
	ck_assert_ptr_null(memmem(r.head, r.head->size, "canary", 6));
}
END_TEST

START_TEST(cards_that_are_numbers_go)
{
	char card[32], other[32];
	uint64_t seed = tell_unit_seed();
	made_card(card, "4", 16, 0, true, &seed);
	made_card(other, "4", 16, 0, false, &seed);
	uint64_t pan = strtoull(card, NULL, 10), no_pan = strtoull(other, NULL, 10);
	struct tell_field list[] = { tell_i64(NULL, 7), tell_u64(NULL, pan),
		tell_f64(NULL, (double)pan) };
	put(tell_i64("i", (int64_t)pan), 0);
	put(tell_u64("u", pan), 0);
	put(tell_f64("d", (double)pan), 0);
	put(tell_list_of("l", list, 3), 0);
	put(tell_i64("minus", -(int64_t)pan), 0);
	put(tell_u64("no", no_pan), 0);
	put(tell_u64("safe", pan), TELL_SLOT_SAFE);
	ck_assert_int_eq(run(), TELL_SUCCESS);
	static const char *const names[] = { "i", "u", "d" };
	for (size_t i = 0; i < 3; i++) {
		struct tell_value v = get(names[i]);
		expect(&v, TELL_TYPE_STR, "[REDACTED:card]");
	}
	struct tell_value l = get("l"), e;
	uint32_t pos = 0;
	ck_assert(tell_value_next(&l, &pos, &e));
	ck_assert_int_eq(tell_value_i64(&e), 7);
	for (int i = 0; i < 2; i++) {
		ck_assert(tell_value_next(&l, &pos, &e));
		expect(&e, TELL_TYPE_STR, "[REDACTED:card]");
	}
	ck_assert_int_eq(get("minus").type, TELL_TYPE_I64);
	ck_assert_int_eq(get("no").type, TELL_TYPE_U64);
	ck_assert_int_eq(get("safe").type, TELL_TYPE_U64);
}
END_TEST

START_TEST(a_secret_across_the_limit_goes_before_the_cut)
{
	static char text[TELL_RECORD_LIMIT + 4096];
	char token[64];
	uint64_t seed = tell_unit_seed();
	made_token(token, 40, &seed);
	for (size_t back = 0; back < 60; back += 3) {
		ck_assert_int_eq(tell_record_begin(&r, 6, TELL_KIND_LOG), 0);
		memset(text, ' ', sizeof(text));
		size_t at = TELL_RECORD_LIMIT - 120 - back;
		memcpy(text + at, "password=", 9);
		memcpy(text + at + 9, token, 40);
		tell_record_message(&r, text, sizeof(text));
		ck_assert_int_eq(run(), TELL_SUCCESS);
		tell_record_trim(&r);
		ck_assert_ptr_null(memmem(r.head, r.head->size, token, 8));
	}
}
END_TEST

START_TEST(without_memory_it_fails_and_says_so)
{
	tell_buf_init(&out, 4);
	tell_record_message(&r, "password=canary1", 16);
	ck_assert_int_eq(run(), TELL_FAILED);
}
END_TEST

START_TEST(a_megabyte_is_no_trouble)
{
	size_t n = (size_t)1 << 20;
	static const char *const hostile[] = { "4", "eyJ", "-----BEGIN ", "password=\"",
		"{\"secret\":", "token=", "\\n", "4111 ", "bearer ", "a=b;",
		"http://a:", "cookie: ", "'", "[", "--k " };
	char *text = malloc(n);
	ck_assert_ptr_nonnull(text);
	r.limit = TELL_RECORD_LIMIT_MAX;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		size_t len = strlen(hostile[i]);
		for (size_t k = 0; k < n; k++)
			text[k] = hostile[i][k % len];
		ck_assert_int_eq(tell_record_begin(&r, 6, TELL_KIND_LOG), 0);
		tell_record_message(&r, text, n);
		ck_assert_int_eq(run(), TELL_SUCCESS);
	}
	free(text);
}
END_TEST

static Suite *detect_suite(void)
{
	Suite *s = suite_create("redact/detect");
	TCase *tc = tcase_create("detect");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, message_text_json_and_bytes_are_read);
	tcase_add_test(tc, elements_of_lists_are_read_and_the_others_stay);
	tcase_add_test(tc, cards_that_are_numbers_go);
	tcase_add_test(tc, a_secret_across_the_limit_goes_before_the_cut);
	tcase_add_test(tc, without_memory_it_fails_and_says_so);
	suite_add_tcase(s, tc);
	tc = tcase_create("large");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 120); /* seconds with a sanitizer */
	tcase_add_test(tc, a_megabyte_is_no_trouble);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(detect_suite)
