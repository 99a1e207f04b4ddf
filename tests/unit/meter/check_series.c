#include "meter/registry.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_family *family(const char *labels)
{
	struct tell_family *f = NULL;
	ck_assert_int_eq(
		tell_family_new(&f, TELL_METRIC_COUNTER, "requests", "Help.", labels), 0);
	return f;
}

static struct tell_series *with(struct tell_family *f, const char *a, const char *b)
{
	const char *const values[] = { a, b };
	return tell_family_with(f, values, 2, true);
}

START_TEST(values_name_a_series)
{
	struct tell_family *f = family("method status");
	struct tell_series *a = with(f, "GET", "200"), *b = with(f, "GET", "404");
	ck_assert_ptr_ne(a, b);
	ck_assert_ptr_ne(a, &f->own);
	ck_assert_ptr_eq(with(f, "GET", "200"), a);
	ck_assert_ptr_ne(with(f, "GE", "T200"), a); /* not only their bytes */
	ck_assert_str_eq(a->values[0], "GET");
	ck_assert_str_eq(a->values[1], "200");
	ck_assert_ptr_eq(tell_series_next(f, NULL), a);
	ck_assert_ptr_eq(tell_series_next(f, a), b);
	ck_assert_uint_ne(a->number.counter.tell__cell, b->number.counter.tell__cell);
	ck_assert_uint_eq(f->refused, 0);
	ck_assert(!tell_family_shows_own(f));
}
END_TEST

START_TEST(what_is_no_series_is_other_and_counted)
{
	struct tell_family *f = family("method status");
	const char *const one[] = { "GET" };
	ck_assert_ptr_eq(tell_family_with(f, one, 1, true), &f->own);
	ck_assert_ptr_eq(tell_family_with(f, NULL, 0, true), &f->own);
	ck_assert_uint_eq(f->refused, 2);
	const char *const new_one[] = { "GET", "200" };
	ck_assert_ptr_eq(tell_family_with(f, new_one, 2, false), &f->own);
	ck_assert_uint_eq(f->refused, 3);
	ck_assert(tell_family_shows_own(f));
}
END_TEST

START_TEST(a_series_called_other_is_that_one)
{
	struct tell_family *f = family("method status");
	ck_assert_ptr_eq(with(f, "other", "other"), &f->own);
	ck_assert_uint_eq(f->refused, 0);
	ck_assert(tell_family_shows_own(f));
	ck_assert_ptr_ne(with(f, "other", "200"), &f->own);
}
END_TEST

START_TEST(without_labels_there_is_one)
{
	struct tell_family *f = family(NULL);
	ck_assert_ptr_eq(tell_family_with(f, NULL, 0, true), &f->own);
	ck_assert_uint_eq(f->refused, 0);
	ck_assert(tell_family_shows_own(f));
}
END_TEST

START_TEST(beyond_the_limit_all_are_other)
{
	struct tell_family *f = family("user");
	char user[16];
	for (int i = 0; i < 2 * TELL_SERIES_MAX; i++) {
		const char *const values[] = { user };
		(void)snprintf(user, sizeof(user), "u%d", i);
		struct tell_series *s = tell_family_with(f, values, 1, true);
		ck_assert((s == &f->own) == (i >= TELL_SERIES_MAX));
	}
	const char *const known[] = { "u7" };
	ck_assert_ptr_ne(tell_family_with(f, known, 1, true), &f->own);
	ck_assert_uint_eq(f->refused, TELL_SERIES_MAX);
	size_t n = 0;
	for (const struct tell_series *s = NULL; (s = tell_series_next(f, s));)
		n++;
	ck_assert_uint_eq(n, TELL_SERIES_MAX);
}
END_TEST

START_TEST(values_are_cut_and_made_utf8)
{
	struct tell_family *f = family("method status");
	char longer[TELL_LABEL_VALUE * 2];
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	memcpy(longer + TELL_LABEL_VALUE - 1, "\303\244", 2); /* across the limit */
	struct tell_series *s = with(f, longer,
		"\xff"
		"a\xc3");
	ck_assert_uint_eq(strlen(s->values[0]), TELL_LABEL_VALUE - 1);
	ck_assert_str_eq(s->values[1], "?a?");
	longer[sizeof(longer) - 2] = 'y'; /* behind the cut */
	ck_assert_ptr_eq(with(f, longer, "?a?"), s);
	ck_assert_str_eq(with(f, NULL, "")->values[0], "");
}
END_TEST

static void *look_up(void *arg)
{
	struct tell_family *f = arg;
	char user[16];
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(user, sizeof(user), "u%d", i % 500);
		struct tell_series *s = with(f, user, "x");
		ck_assert_str_eq(s->values[0], user);
		tell_counter_add(&s->number.counter, 1);
	}
	return NULL;
}

START_TEST(threads_find_the_same_series)
{
	struct tell_family *f = family("user b");
	pthread_t t[3];
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, look_up, f), 0);
	for (int i = 0; i < 3; i++)
		(void)pthread_join(t[i], NULL);
	size_t n = 0;
	uint64_t sum = 0;
	for (const struct tell_series *s = NULL; (s = tell_series_next(f, s)); n++)
		sum += tell_counter_get(&s->number.counter);
	ck_assert_uint_eq(n, 500);
	ck_assert_uint_eq(sum, 60000);
}
END_TEST

static Suite *series_suite(void)
{
	Suite *s = suite_create("meter/series");
	tell_check_add(s, "series", values_name_a_series,
		what_is_no_series_is_other_and_counted, a_series_called_other_is_that_one,
		without_labels_there_is_one, beyond_the_limit_all_are_other,
		values_are_cut_and_made_utf8, threads_find_the_same_series, NULL);
	return s;
}
TELL_CHECK_MAIN(series_suite)
