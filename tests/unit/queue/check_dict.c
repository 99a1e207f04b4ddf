#include "queue/dict.h"
#include "record/deferred.h"
#include <stdlib.h>
#include <string.h>
#include <telltale/field.h>
#include "record/place.h"
#include "record/slot.h"
#include "support/check_main.h"
#include "support/unit.h"

static struct tell_dict dict;
static union {
	struct tell_dict_head head;
	char bytes[4096];
} chunk;
static struct tell_record record;
static struct tell_dict_map map;
static struct tell_site site = {
	.line = 12, .file = "till.c", .func = "pay", .logger = "shop.till"
};

static void set_up(void)
{
	memset(&dict, 0, sizeof(dict));
	memset(&chunk, 0, sizeof(chunk));
	memset(&map, 0, sizeof(map));
	dict.chunk = &chunk.head;
	dict.room = sizeof(chunk) - sizeof(chunk.head);
	ck_assert_int_eq(tell_record_begin(&record, 6, 0), 0);
	record.head->place = tell_place_add(&site);
	tell_record_message(&record, "paid", 4);
	const struct tell_field fields[] = { tell_i64("cents", 3),
		tell_str("Who-Paid", "ann") };
	tell_record_add(&record, fields, 2, 0, NULL);
}

static void tear_down(void)
{
	tell_record_done(&record);
	tell_dict_map_done(&map);
}

static size_t used(void)
{
	return sizeof(chunk.head) + chunk.head.used;
}

START_TEST(names_and_places_are_written_once)
{
	ck_assert(!tell_dict_knows(&dict, record.head));
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert(tell_dict_knows(&dict, record.head));
	size_t before = used();
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert_uint_eq(used(), before);
}
END_TEST

START_TEST(a_full_chunk_says_so_and_the_next_goes_on)
{
	static union {
		struct tell_dict_head head;
		char bytes[4096];
	} second;
	dict.room = 64; /* the place, and no more */
	ck_assert(!tell_dict_add(&dict, record.head));
	ck_assert(!tell_dict_knows(&dict, record.head));
	dict.chunk = &second.head;
	dict.room = sizeof(second) - sizeof(second.head);
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert(tell_dict_learn(&map, &chunk, used()));
	ck_assert(tell_dict_learn(&map, &second, sizeof(second)));
	ck_assert(tell_dict_translate(&map, record.head, record.head->size));
	dict.chunk = NULL;
	struct tell_field more = tell_i64("never_seen", 1);
	tell_record_add(&record, &more, 1, 0, NULL);
	ck_assert(!tell_dict_add(&dict, record.head));
}
END_TEST

START_TEST(what_was_written_is_learned)
{
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert(tell_dict_learn(&map, &chunk, used()));
	struct tell_record before = { 0 };
	ck_assert_int_eq(tell_record_copy(&before, record.head, record.head->size), 0);
	ck_assert(tell_dict_translate(&map, record.head, record.head->size));
	ck_assert_mem_eq(before.head, record.head, record.head->size); /* one process */
	tell_record_done(&before);
}
END_TEST

/* Another process gave other numbers: its words say what they mean. */
START_TEST(other_numbers_become_ours)
{
	struct {
		struct tell_dict_head head;
		struct tell_word word;
		char text[8];
		struct tell_word place;
		char where[24];
	} other = { .head = { sizeof(other) - sizeof(other.head) },
		.word = { .bytes = sizeof(struct tell_word) + 8,
			.kind = TELL_WORD_KEY,
			.id = 4000,
			.key_len = 5 },
		.text = "cents",
		.place = { .bytes = sizeof(struct tell_word) + 24,
			.kind = TELL_WORD_PLACE,
			.id = 65535,
			.line = 99,
			.file_len = 3,
			.func_len = 2,
			.logger_len = 4 },
		.where = "a.cgobill" };
	ck_assert(tell_dict_learn(&map, &other, sizeof(other)));
	struct tell_record r = { 0 };
	ck_assert_int_eq(tell_record_begin(&r, 6, 0), 0);
	struct tell_field f = tell_i64("cents", 3);
	tell_record_add(&r, &f, 1, 0, NULL);
	tell_slot_at(r.head, sizeof(*r.head))->key = 4000;
	r.head->place = 65535;
	ck_assert(tell_dict_translate(&map, r.head, r.head->size));
	struct tell_value v;
	ck_assert(tell_record_get(&r, "cents", 5, &v));
	const struct tell_place *p = tell_place(r.head->place);
	ck_assert_str_eq(p->file, "a.c");
	ck_assert_str_eq(p->func, "go");
	ck_assert_str_eq(p->logger, "bill");
	ck_assert_uint_eq(p->line, 99);
	tell_record_done(&r);
}
END_TEST

START_TEST(well_known_names_stay_themselves)
{
	tell_record_service(&record, "other", 5);
	struct tell_key id = *tell_key_by_id(TELL_KEY_MESSAGE_ID);
	const struct tell_field f = { .key = id.name,
		.key_len = id.len,
		.type = TELL_TYPE_STR,
		.len = 1,
		.v.ptr = "x" };
	const uint16_t key = TELL_KEY_MESSAGE_ID;
	tell_record_add(&record, &f, 1, 0, &key);
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert(tell_dict_learn(&map, &chunk, used()));
	ck_assert_uint_eq(map.keys[TELL_KEY_SERVICE], TELL_KEY_SERVICE);
	ck_assert_uint_eq(map.keys[TELL_KEY_MESSAGE_ID], TELL_KEY_MESSAGE_ID);
	ck_assert_uint_eq(map.keys[TELL_KEY_MESSAGE], TELL_KEY_MESSAGE);
}
END_TEST

START_TEST(a_place_has_its_form)
{
	static struct tell_site printf_site = {
		.line = 13, .file = "till.c", .func = "pay", .logger = "shop.till"
	};
	record.head->place = tell_place_add_form(&printf_site, "paid %d by %s");
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert(tell_dict_learn(&map, &chunk, used()));
	ck_assert(tell_dict_translate(&map, record.head, record.head->size));
	ck_assert_str_eq(tell_place(record.head->place)->form, "paid %d by %s");
	ck_assert_str_eq(tell_place(record.head->place)->file, "till.c");
}
END_TEST

START_TEST(fault_32_a_form_that_nobody_keeps_is_none)
{
	static struct tell_site printf_site = {
		.line = 14, .file = "till.c", .func = "pay", .logger = "shop.till"
	};
	record.head->place = tell_place_add_form(&printf_site, "paid %d");
	ck_assert(tell_dict_add(&dict, record.head));
	char *form = memmem(&chunk, sizeof(chunk), "paid %d", 7);
	ck_assert_ptr_nonnull(form);
	form[6] = 'n';
	ck_assert(tell_dict_learn(&map, &chunk, used()));
	ck_assert_ptr_null(tell_place(map.places[record.head->place])->form);
}
END_TEST

START_TEST(a_key_that_nobody_told_refuses_the_record)
{
	ck_assert(!tell_dict_translate(&map, record.head, record.head->size));
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert(tell_dict_learn(&map, &chunk, used()));
	tell_slot_at(record.head, sizeof(*record.head))->key = 4095;
	ck_assert(!tell_dict_translate(&map, record.head, record.head->size));
	tell_slot_at(record.head, sizeof(*record.head))->key = UINT16_MAX;
	ck_assert(!tell_dict_translate(&map, record.head, record.head->size));
}
END_TEST

START_TEST(an_unknown_place_is_a_place_without_a_name)
{
	ck_assert(tell_dict_add(&dict, record.head));
	ck_assert(tell_dict_learn(&map, &chunk, used()));
	record.head->place = 60000;
	ck_assert(tell_dict_translate(&map, record.head, record.head->size));
	ck_assert_uint_eq(record.head->place, 0);
	record.head->place = UINT32_MAX;
	ck_assert(tell_dict_translate(&map, record.head, record.head->size));
	ck_assert_uint_eq(record.head->place, 0);
}
END_TEST

START_TEST(fault_32_words_before_the_damage_count)
{
	ck_assert(tell_dict_add(&dict, record.head));
	uint64_t whole = chunk.head.used;
	for (size_t n = 0; n < used(); n++) {
		struct tell_dict_map one = { 0 };
		ck_assert_msg(!tell_dict_learn(&one, &chunk, n), "%zu bytes", n);
		tell_dict_map_done(&one);
	}
	chunk.head.used = whole - 8;
	ck_assert(!tell_dict_learn(&map, &chunk, used()));
	ck_assert_uint_ne(map.keys[TELL_KEY_MESSAGE], 0);
	const uint64_t wrong[] = { UINT64_MAX, UINT64_MAX - 7, 4096, whole + 1 };
	for (size_t i = 0; i < 4; i++) {
		chunk.head.used = wrong[i];
		ck_assert(!tell_dict_learn(&map, &chunk, sizeof(chunk)));
	}
}
END_TEST

/* In memory of exactly its size, so that ASan sees a step too far. */
START_TEST(fault_32_damaged_words_and_records_never_crash)
{
	uint64_t seed = tell_unit_seed();
	ck_assert(tell_dict_add(&dict, record.head));
	size_t n_words = used(), n_block = record.head->size;
	size_t taken = 0;
	for (int i = 0; i < 20000; i++) {
		uint64_t x = tell_unit_random(&seed);
		char *words = malloc(n_words), *block = malloc(n_block);
		memcpy(words, &chunk, n_words);
		memcpy(block, record.head, n_block);
		if (x & 1)
			words[(x >> 8) % n_words] ^= (char)(1 << (x >> 4 & 7));
		else
			block[(x >> 8) % n_block] ^= (char)(1 << (x >> 4 & 7));
		struct tell_dict_map m = { 0 };
		struct tell_record view;
		(void)tell_dict_learn(&m, words, n_words);
		if (tell_dict_translate(&m, block, n_block) &&
			tell_record_view(&view, block, n_block) == 0)
			taken++;
		tell_dict_map_done(&m);
		free(words);
		free(block);
	}
	ck_assert_uint_gt(taken, 100);
}
END_TEST

static Suite *dict_suite(void)
{
	Suite *s = suite_create("queue/dict");
	TCase *c = tcase_create("dict");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, names_and_places_are_written_once);
	tcase_add_test(c, a_full_chunk_says_so_and_the_next_goes_on);
	tcase_add_test(c, what_was_written_is_learned);
	tcase_add_test(c, other_numbers_become_ours);
	tcase_add_test(c, well_known_names_stay_themselves);
	tcase_add_test(c, a_place_has_its_form);
	tcase_add_test(c, fault_32_a_form_that_nobody_keeps_is_none);
	tcase_add_test(c, a_key_that_nobody_told_refuses_the_record);
	tcase_add_test(c, an_unknown_place_is_a_place_without_a_name);
	tcase_add_test(c, fault_32_words_before_the_damage_count);
	tcase_add_test(c, fault_32_damaged_words_and_records_never_crash);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(dict_suite)
