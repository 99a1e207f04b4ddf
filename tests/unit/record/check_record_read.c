#include <errno.h>
#include <stdlib.h>
#include <telltale.h>
#include "record/record.h"
#include "support/check_main.h"
#include "support/unit.h"

/* A record with every kind of slot, in memory of its own. */
static char *sample(size_t *ret_len)
{
	struct tell_record r = { 0 };
	uint8_t id[16] = { 7 };
	ck_assert_int_eq(tell_record_begin(&r, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_message(&r, "hello", 5);
	struct tell_field f[] = { tell_kv("s", "text"), tell_kv("i", 1),
		tell_id128("id", id), tell_list("l", "a", 2), tell_kv("s", "again"),
		tell_null("z") };
	tell_record_add(&r, f, 6, 0, NULL);
	struct tell_value v;
	ck_assert(tell_record_get(&r, "i", 1, &v));
	ck_assert_int_eq(tell_record_replace(&r, &v, TELL_TYPE_STR, "moved away", 10), 0);
	*ret_len = r.head->size;
	char *copy = malloc(r.head->size);
	memcpy(copy, r.head, r.head->size);
	tell_record_done(&r);
	return copy;
}

START_TEST(a_copied_block_reads_the_same)
{
	size_t len;
	char *block = sample(&len);
	struct tell_record r;
	ck_assert_int_eq(tell_record_view(&r, block, len), 0);
	struct tell_value v;
	ck_assert(tell_record_get(&r, "i", 1, &v));
	ck_assert_mem_eq(v.data, "moved away", 10);
	ck_assert(tell_record_get(&r, "s", 1, &v));
	ck_assert_mem_eq(v.data, "again", 5);
	size_t text_len;
	ck_assert_mem_eq(tell_record_text(&r, &text_len), "hello", 5);
	free(block);
}
END_TEST

START_TEST(a_service_of_its_own_is_found_if_it_is_there)
{
	struct tell_record r = { 0 };
	struct tell_value v;
	uint32_t pos = 0;
	const char *name;
	size_t len;
	ck_assert_int_eq(tell_record_begin(&r, TELL_INFO, TELL_KIND_LOG), 0);
	tell_record_message(&r, "m", 1);
	ck_assert(!tell_record_named(&r, &name, &len));
	tell_record_service(&r, "cron", 4);
	ck_assert(tell_record_named(&r, &name, &len));
	ck_assert_uint_eq(len, 4);
	ck_assert_mem_eq(name, "cron", 4);
	while (tell_record_next(&r, &pos, &v))
		if (v.key == TELL_KEY_SERVICE)
			tell_record_drop(&r, &v);
	ck_assert(!tell_record_named(&r, &name, &len));
	tell_record_done(&r);
}
END_TEST

START_TEST(a_cut_block_is_refused)
{
	size_t len;
	char *block = sample(&len);
	struct tell_record r;
	for (size_t n = 0; n < len; n++)
		ck_assert_int_eq(tell_record_view(&r, block, n), -EBADMSG);
	free(block);
}
END_TEST

/* Whatever bytes come, reading what was accepted stays inside (ASan watches). */
START_TEST(flipped_bits_are_refused_or_read_within_bounds)
{
	uint64_t state = tell_unit_seed();
	size_t len;
	char *block = sample(&len), *copy = malloc(len);
	volatile unsigned sum = 0;
	for (int i = 0; i < 20000; i++) {
		memcpy(copy, block, len);
		for (unsigned k = 0; k <= (unsigned)i % 4; k++) {
			uint64_t n = tell_unit_random(&state);
			copy[n / 8 % len] = (char)(copy[n / 8 % len] ^ (1 << n % 8));
		}
		struct tell_record r;
		if (tell_record_view(&r, copy, len) < 0)
			continue;
		struct tell_value v, e;
		for (uint32_t pos = 0; tell_record_next(&r, &pos, &v);) {
			for (uint32_t b = 0; b < v.len; b++)
				sum += ((const unsigned char *)v.data)[b];
			for (uint32_t p = 0;
				v.type == TELL_TYPE_LIST && tell_value_next(&v, &p, &e);)
				for (uint32_t b = 0; b < e.len; b++)
					sum += ((const unsigned char *)e.data)[b];
		}
	}
	free(block);
	free(copy);
}
END_TEST

static Suite *record_read_suite(void)
{
	Suite *s = suite_create("record/record_read");
	tell_check_add(s, "service", a_service_of_its_own_is_found_if_it_is_there, NULL);
	tell_check_add(s, "foreign bytes", a_copied_block_reads_the_same,
		a_cut_block_is_refused, flipped_bits_are_refused_or_read_within_bounds,
		NULL);
	return s;
}
TELL_CHECK_MAIN(record_read_suite)
