#include "record/key.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static const struct tell_key *of(const char *given)
{
	return tell_key_of(given, strlen(given));
}

START_TEST(a_spelling_always_has_the_same_key)
{
	const struct tell_key *k = of("request_id");
	ck_assert_ptr_nonnull(k);
	ck_assert_ptr_eq(of("request_id"), k);
	ck_assert_ptr_eq(tell_key_by_id(k->id), k);
	ck_assert_uint_ge(k->id, TELL_KEY_FIRST_FREE);
}
END_TEST

START_TEST(spellings_of_one_name_share_its_key)
{
	ck_assert_ptr_eq(of("Request-Id"), of("request.id"));
	ck_assert_str_eq(of("REQUEST_ID")->name, "request_id");
}
END_TEST

START_TEST(well_known_names_have_their_numbers)
{
	ck_assert_uint_eq(of("trace_id")->id, TELL_KEY_TRACE_ID);
	ck_assert_uint_eq(of("errno")->id, TELL_KEY_ERRNO);
	ck_assert_str_eq(tell_key_by_id(TELL_KEY_MESSAGE)->upper, "MESSAGE");
	ck_assert_str_eq(of("message")->name, "user_message");
	ck_assert_str_eq(tell_key_by_id(TELL_KEY_MESSAGE_ID)->upper, "MESSAGE_ID");
	ck_assert_str_eq(of("message_id")->name, "user_message_id");
	ck_assert_str_eq(of("SERVICE")->name, "user_service");
	ck_assert(!tell_key_is_field(TELL_KEY_MESSAGE) &&
		!tell_key_is_field(TELL_KEY_SERVICE));
	ck_assert(tell_key_is_field(TELL_KEY_INLINE) &&
		tell_key_is_field(TELL_KEY_MESSAGE_ID));
}
END_TEST

START_TEST(a_well_known_id_is_known_before_any_look_up)
{
	ck_assert_str_eq(tell_key_by_id(TELL_KEY_SPAN_ID)->name, "span_id");
	ck_assert_ptr_null(tell_key_by_id(TELL_KEY_INLINE));
	ck_assert_ptr_null(tell_key_by_id(4000));
	ck_assert_ptr_null(tell_key_by_id(65535));
}
END_TEST

START_TEST(renaming_is_counted_once_a_spelling)
{
	uint64_t before = tell_keys_renamed();
	(void)of("priority");
	(void)of("priority");
	(void)of("plain");
	ck_assert_uint_eq(tell_keys_renamed(), before + 1);
}
END_TEST

START_TEST(a_full_dictionary_refuses_and_keeps_what_it_has)
{
	char name[32];
	const struct tell_key *first = of("first_of_all");
	int refused = 0;
	for (int i = 0; i < TELL_KEYS_MAX + 100; i++) {
		(void)snprintf(name, sizeof(name), "name_%d", i);
		refused += !of(name);
	}
	ck_assert_int_ge(refused, 100);
	ck_assert_ptr_eq(of("first_of_all"), first);
	struct tell_key made;
	ck_assert(!tell_key_make(&made, "brand_new", 9));
	ck_assert_uint_eq(made.id, TELL_KEY_INLINE);
	ck_assert_str_eq(made.name, "brand_new");
}
END_TEST

/* Otherwise a record could hold one name twice. */
START_TEST(a_name_has_one_key_however_long_its_spelling)
{
	static char given[3000];
	memset(given, '\xff', sizeof(given));
	const struct tell_key *k = tell_key_of(given, sizeof(given));
	ck_assert_ptr_nonnull(k);
	ck_assert_ptr_eq(tell_key_of("\xff", 1), k);
	ck_assert_ptr_eq(tell_key_of("", 0), k);

	char name[32];
	(void)of("Known-Before");
	for (int i = 0; i < 2 * TELL_KEYS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "Filler-%d", i);
		(void)of(name);
	}
	ck_assert_ptr_eq(of("KNOWN.before"), of("known_before"));
	ck_assert_ptr_nonnull(of("known_BEFORE"));
	ck_assert_ptr_eq(tell_key_of(given, 2999), k);
	ck_assert_ptr_null(of("never_seen"));
}
END_TEST

START_TEST(a_name_has_one_key_however_many_its_spellings)
{
	char spelling[64];
	const struct tell_key *k = of("many_ways");
	for (int i = 0; i < 6 * TELL_KEYS_MAX; i++) {
		int n = snprintf(spelling, sizeof(spelling), "many_ways");
		for (int bit = 0; bit < 9; bit++) /* upper case in 512 ways, padded */
			if (i >> bit & 1 && spelling[bit] != '_')
				spelling[bit] = (char)(spelling[bit] - 'a' + 'A');
		memmove(spelling + i / 512, spelling, (size_t)n + 1);
		memset(spelling, '-', (size_t)(i / 512));
		ck_assert_ptr_eq(of(spelling), k);
	}
	const struct tell_key *late = of("late");
	ck_assert_ptr_nonnull(late);
	ck_assert_ptr_eq(of("late"), late);
	ck_assert_ptr_eq(of("-LATE"), late);
}
END_TEST

static void *look_up_many(void *arg)
{
	const struct tell_key **found = arg;
	char name[32];
	for (int i = 0; i < 500; i++) {
		(void)snprintf(name, sizeof(name), "shared_%d", i);
		found[i] = of(name);
	}
	return NULL;
}

START_TEST(threads_agree_on_keys)
{
	static const struct tell_key *found[4][500];
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, look_up_many, found[i]), 0);
	for (int i = 0; i < 4; i++)
		(void)pthread_join(t[i], NULL);
	for (int i = 0; i < 500; i++)
		for (int k = 1; k < 4; k++)
			ck_assert_ptr_eq(found[0][i], found[k][i]);
}
END_TEST

static Suite *key_suite(void)
{
	Suite *s = suite_create("record/key");
	tell_check_add(s, "dictionary", a_spelling_always_has_the_same_key,
		spellings_of_one_name_share_its_key, well_known_names_have_their_numbers,
		a_well_known_id_is_known_before_any_look_up,
		renaming_is_counted_once_a_spelling,
		a_full_dictionary_refuses_and_keeps_what_it_has,
		a_name_has_one_key_however_long_its_spelling,
		a_name_has_one_key_however_many_its_spellings, threads_agree_on_keys,
		NULL);
	return s;
}
TELL_CHECK_MAIN(key_suite)
