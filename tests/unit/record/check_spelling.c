#include "record/spelling.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "support/check_main.h"

#define N 5000

static struct tell_spellings table;
static struct tell_spelling entries[N];
static char texts[N][16];

static const struct tell_spelling *find(const char *text)
{
	return tell_spelling_find(
		&table, tell_hash_bytes(text, strlen(text)), text, strlen(text));
}

static void add(int i)
{
	int n = snprintf(texts[i], sizeof(texts[i]), "spelling_%d", i);
	entries[i] = (struct tell_spelling){ tell_hash_bytes(texts[i], (size_t)n),
		(uint32_t)n, NULL, texts[i] };
	ck_assert(tell_spellings_room(&table));
	tell_spelling_add(&table, &entries[i]);
}

START_TEST(zeroed_memory_is_an_empty_table)
{
	ck_assert_ptr_null(find("anything"));
	ck_assert(tell_spellings_room(&table));
	ck_assert_ptr_null(find("anything"));
}
END_TEST

START_TEST(the_first_table_needs_no_memory)
{
	for (int i = 0; i < TELL_SPELLINGS_FIRST / 2; i++)
		add(i);
	ck_assert_ptr_eq(table.table, &table.first);
	add(TELL_SPELLINGS_FIRST / 2);
	ck_assert_ptr_ne(table.table, &table.first);
}
END_TEST

START_TEST(all_are_found_whatever_the_size)
{
	for (int i = 0; i < N; i++) {
		ck_assert_ptr_null(find("spelling_none"));
		add(i);
		ck_assert_ptr_eq(find("spelling_0"), &entries[0]);
		ck_assert_uint_le(2 * table.n, table.table->mask + 1);
	}
	for (int i = 0; i < N; i++)
		ck_assert_ptr_eq(find(texts[i]), &entries[i]);
}
END_TEST

START_TEST(equal_hashes_are_told_apart_by_length_and_bytes)
{
	static struct tell_spelling one[3] = {
		{ 7, 2, NULL, "ab" },
		{ 7, 3, NULL, "abc" },
		{ 7, 2, NULL, "cd" },
	};
	for (int i = 0; i < 3; i++) {
		ck_assert(tell_spellings_room(&table));
		tell_spelling_add(&table, &one[i]);
	}
	ck_assert_ptr_eq(tell_spelling_find(&table, 7, "abc", 3), &one[1]);
	ck_assert_ptr_eq(tell_spelling_find(&table, 7, "cd", 2), &one[2]);
	ck_assert_ptr_null(tell_spelling_find(&table, 7, "abd", 3));
	ck_assert_ptr_null(tell_spelling_find(&table, 71, "ab", 2));
}
END_TEST

static int n_added; /* atomic: entries below it must be found */

static void *look_for_what_is_there(void *unused)
{
	(void)unused;
	for (int n = 0; n < N;) {
		n = __atomic_load_n(&n_added, __ATOMIC_ACQUIRE);
		for (int i = n > 50 ? n - 50 : 0; i < n; i++)
			ck_assert_ptr_eq(find(texts[i]), &entries[i]);
	}
	return NULL;
}

START_TEST(what_was_added_is_found_while_the_table_grows)
{
	pthread_t t[2];
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(
			pthread_create(&t[i], NULL, look_for_what_is_there, NULL), 0);
	for (int i = 0; i < N; i++) {
		add(i);
		__atomic_store_n(&n_added, i + 1, __ATOMIC_RELEASE);
	}
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
}
END_TEST

static Suite *spelling_suite(void)
{
	Suite *s = suite_create("record/spelling");
	tell_check_add(s, "table", zeroed_memory_is_an_empty_table,
		the_first_table_needs_no_memory, all_are_found_whatever_the_size,
		equal_hashes_are_told_apart_by_length_and_bytes,
		what_was_added_is_found_while_the_table_grows, NULL);
	return s;
}
TELL_CHECK_MAIN(spelling_suite)
