#include "meter/few.h"
#include <pthread.h>
#include "support/check_main.h"

START_TEST(ranks_are_those_of_sorting)
{
	struct tell_few f = { .n = 0 };
	static const double values[] = { 5, -1, 3, 3, 0 };
	tell_few_join(&f, values, 5, false);
	ck_assert(tell_few_rank(&f, 1) == -1);
	ck_assert(tell_few_rank(&f, 3) == 3 && tell_few_rank(&f, 4) == 3);
	ck_assert(tell_few_rank(&f, 5) == 5);
}
END_TEST

START_TEST(one_too_many_and_they_are_none)
{
	struct tell_few f = { .n = 0 }, g = { .n = 0 };
	for (unsigned i = 0; i < TELL_FEW; i++)
		tell_few_add(&f, i);
	ck_assert(!f.over && f.n == TELL_FEW);
	tell_few_add(&f, 1);
	ck_assert(f.over);
	tell_few_join(&g, f.at, f.n, f.over);
	ck_assert(g.over);
}
END_TEST

START_TEST(a_ring_gives_what_came_since)
{
	struct tell_few_ring r = { .n = 0 };
	for (unsigned n = 0, i = 0; n <= TELL_FEW; n++) {
		struct tell_few f = { .n = 0 };
		unsigned first = i;
		for (unsigned k = 0; k < n; k++)
			tell_few_ring_put(&r, i++);
		tell_few_ring_take(&r, &f);
		ck_assert(!f.over);
		ck_assert_uint_eq(f.n, n);
		for (unsigned k = 0; k < n; k++)
			ck_assert(f.at[k] == first + k);
	}
	struct tell_few f = { .n = 0 };
	for (unsigned i = 0; i <= TELL_FEW; i++)
		tell_few_ring_put(&r, i);
	tell_few_ring_take(&r, &f);
	ck_assert(f.over);
}
END_TEST

#define PUT 300000

static struct tell_few_ring shared;

static void *put_all(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < PUT; i++)
		tell_few_ring_put(&shared, i);
	return NULL;
}

/* What is not over was put, in this order, and nothing else. */
START_TEST(a_ring_is_read_while_it_is_written)
{
	pthread_t t;
	ck_assert_int_eq(pthread_create(&t, NULL, put_all, NULL), 0);
	for (uint64_t seen = 0; seen < PUT;) {
		struct tell_few f = { .n = 0 };
		tell_few_ring_take(&shared, &f);
		ck_assert(f.over || f.n == shared.seen - seen);
		for (unsigned k = 0; k < f.n && !f.over; k++)
			ck_assert(f.at[k] == (double)(seen + k));
		seen = shared.seen;
	}
	ck_assert_int_eq(pthread_join(t, NULL), 0);
}
END_TEST

static Suite *few_suite(void)
{
	Suite *s = suite_create("meter/few");
	tell_check_add(s, "few", ranks_are_those_of_sorting,
		one_too_many_and_they_are_none, a_ring_gives_what_came_since,
		a_ring_is_read_while_it_is_written, NULL);
	return s;
}
TELL_CHECK_MAIN(few_suite)
