#include "base/table.h"
#include <pthread.h>
#include <stdlib.h>
#include "support/check_main.h"

#define N 3000

static const void *first[8];
static struct tell_table table = TELL_TABLE_INIT(first);
static char things[N];

START_TEST(an_empty_table_has_nothing)
{
	ck_assert_ptr_null(tell_table_get(&table, 0));
	ck_assert_ptr_null(tell_table_get(&table, 7));
	ck_assert_ptr_null(tell_table_get(&table, 8));
	ck_assert_ptr_null(tell_table_get(&table, UINT32_MAX));
}
END_TEST

START_TEST(the_owners_array_is_used_up_first)
{
	ck_assert(tell_table_reserve(&table, 7));
	tell_table_set(&table, 7, &things[7]);
	ck_assert_ptr_eq(first[7], &things[7]);
	ck_assert(tell_table_reserve(&table, 8));
	ck_assert_uint_eq(table.room, 16);
	ck_assert_ptr_eq(tell_table_get(&table, 7), &things[7]);
	ck_assert_ptr_null(tell_table_get(&table, 8));
	ck_assert_ptr_null(tell_table_get(&table, 16));
}
END_TEST

START_TEST(room_is_made_for_any_number)
{
	ck_assert(tell_table_reserve(&table, 1000));
	ck_assert_uint_eq(table.room, 1024);
	tell_table_set(&table, 1000, things);
	ck_assert_ptr_eq(tell_table_get(&table, 1000), things);
	ck_assert_ptr_null(tell_table_get(&table, 999));
}
END_TEST

static uint32_t n_set; /* atomic */

static void *read_what_is_there(void *unused)
{
	(void)unused;
	for (uint32_t n = 0; n < N;) {
		n = __atomic_load_n(&n_set, __ATOMIC_ACQUIRE);
		for (uint32_t i = n > 50 ? n - 50 : 0; i < n; i++)
			ck_assert_ptr_eq(tell_table_get(&table, i), &things[i]);
		(void)tell_table_get(&table, n + 1); /* perhaps just now being made */
	}
	return NULL;
}

START_TEST(readers_see_all_while_the_table_grows)
{
	pthread_t t[2];
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(
			pthread_create(&t[i], NULL, read_what_is_there, NULL), 0);
	for (uint32_t i = 0; i < N; i++) {
		ck_assert(tell_table_reserve(&table, i));
		tell_table_set(&table, i, &things[i]);
		__atomic_store_n(&n_set, i + 1, __ATOMIC_RELEASE);
	}
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
}
END_TEST

static Suite *table_suite(void)
{
	Suite *s = suite_create("base/table");
	tell_check_add(s, "table", an_empty_table_has_nothing,
		the_owners_array_is_used_up_first, room_is_made_for_any_number,
		readers_see_all_while_the_table_grows, NULL);
	return s;
}
TELL_CHECK_MAIN(table_suite)
