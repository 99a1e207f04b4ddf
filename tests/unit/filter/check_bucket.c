#include "filter/bucket.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/hash.h"
#include "support/check_main.h"

#define SEC TELL_NS_PER_SEC

/* 10 a second, 3 at once. */
static struct tell_buckets *fresh(void)
{
	struct tell_rate rate;
	struct tell_buckets *b = aligned_alloc(64, sizeof(*b));
	ck_assert_ptr_nonnull(b);
	memset(b, 0, sizeof(*b));
	ck_assert_int_eq(tell_rate_set(&rate, 10, SEC, 3), 0);
	tell_buckets_init(b, &rate);
	return b;
}

static bool take(struct tell_buckets *b, uint64_t key, uint64_t now_ns)
{
	const struct tell_spending s = { key, now_ns, 1000 * SEC + now_ns, (uint32_t)key,
		6 };
	return tell_buckets_take(b, &s);
}

static unsigned taken(
	struct tell_buckets *b, uint64_t key, uint64_t now_ns, unsigned tries)
{
	unsigned n = 0;
	for (unsigned i = 0; i < tries; i++)
		n += take(b, key, now_ns);
	return n;
}

START_TEST(each_key_has_a_burst_of_its_own)
{
	struct tell_buckets *b = fresh();
	for (uint64_t key = 1; key <= 100; key++)
		ck_assert_uint_eq(taken(b, key, SEC, 10), 3);
	ck_assert_uint_eq(b->refused, 700);
	ck_assert_uint_eq(b->triggers, 100);
	ck_assert_uint_eq(b->shared, 0);
	ck_assert_uint_eq(taken(b, 7, SEC + SEC / 10, 10), 1);
	free(b);
}
END_TEST

/* Numbers in a row, as sites have, and numbers of no order, as hashes are. */
START_TEST(as_many_keys_as_is_promised_have_one_each)
{
	for (uint64_t round = 0; round < 50; round++) {
		struct tell_buckets *b = fresh();
		for (uint64_t i = 1; i <= TELL_BUCKETS; i++) {
			const uint64_t in[2] = { round, i };
			static const uint8_t secret[16];
			uint64_t key = round ? tell_siphash(secret, in, sizeof(in)) : i;
			ck_assert_uint_eq(taken(b, key, SEC, 4), 3);
		}
		ck_assert_uint_eq(b->shared, 0);
		free(b);
	}
}
END_TEST

START_TEST(memory_is_bounded_and_what_is_beyond_shares_one_bucket)
{
	struct tell_buckets *b = fresh();
	uint64_t passed = 0;
	for (uint64_t key = 1; key <= 50000; key++)
		passed += taken(b, key, SEC, 4);
	ck_assert_uint_le(passed, 3 * (TELL_BUCKET_PLACES + 1));
	ck_assert_uint_gt(passed, 3 * TELL_BUCKETS);
	ck_assert_uint_eq(b->refused, 4 * 50000 - passed);
	ck_assert_uint_gt(b->shared, 4 * (50000 - TELL_BUCKET_PLACES) - 4);
	free(b);
}
END_TEST

START_TEST(a_bucket_that_is_whole_again_goes_to_another_key)
{
	struct tell_buckets *b = fresh();
	for (uint64_t key = 1; key <= 100000; key++)
		ck_assert(take(b, key, key * SEC));
	ck_assert_uint_eq(b->refused, 0);
	free(b);
}
END_TEST

START_TEST(one_with_something_to_say_stays_until_it_is_said)
{
	struct tell_buckets *b = fresh();
	struct tell_refused r;
	size_t pos = 0, n = 0;
	for (uint64_t key = 1; key <= 20000; key++)
		(void)taken(b, key, SEC, 4);
	uint64_t sum = 0, refused = b->refused;
	for (uint64_t key = 30000; key <= 40000; key++)
		ck_assert(!take(b, key, SEC)); /* none is free, and the rest is spent */
	while (tell_buckets_next_due(b, &pos, 90 * SEC, false, &r)) {
		sum += r.n;
		n++;
	}
	ck_assert_uint_eq(sum, refused + 10001);
	ck_assert_uint_gt(n, TELL_BUCKETS);
	ck_assert_uint_eq(b->unsaid, 0);
	free(b);
}
END_TEST

START_TEST(a_sum_is_due_when_the_burst_is_whole_or_after_a_minute)
{
	struct tell_buckets *b = fresh();
	struct tell_refused r;
	size_t pos = 0;
	ck_assert_uint_eq(taken(b, 9, SEC, 5), 3);
	ck_assert(!tell_buckets_next_due(b, &pos, SEC, false, &r));
	pos = 0;
	ck_assert(tell_buckets_next_due(b, &pos, SEC + 3 * SEC / 10, false, &r));
	ck_assert_uint_eq(r.n, 2);
	ck_assert_uint_eq(r.place, 9);
	ck_assert_uint_eq(r.first_ns, 1001 * SEC);
	ck_assert_uint_eq(r.last_ns, 1001 * SEC);
	/* a flood that does not end */
	for (uint64_t ms = 0; ms < 59000; ms += 50)
		(void)take(b, 9, 10 * SEC + ms * TELL_NS_PER_MS);
	for (pos = 0; tell_buckets_next_due(b, &pos, 69 * SEC, false, &r);)
		ck_abort_msg("said too early");
	for (uint64_t ms = 59000; ms < 62000; ms += 50)
		(void)take(b, 9, 10 * SEC + ms * TELL_NS_PER_MS);
	pos = 0;
	ck_assert(tell_buckets_next_due(b, &pos, 72 * SEC, false, &r));
	ck_assert_uint_gt(r.n, 500);
	ck_assert_uint_ge(r.last_ns, 1071 * SEC);
	free(b);
}
END_TEST

START_TEST(what_could_not_be_said_is_said_later)
{
	struct tell_buckets *b = fresh();
	struct tell_refused r;
	size_t pos = 0;
	(void)taken(b, 5, SEC, 10);
	ck_assert(tell_buckets_next_due(b, &pos, SEC, true, &r));
	tell_buckets_untake(b, pos, &r);
	ck_assert_uint_eq(b->unsaid, 7);
	pos = 0;
	ck_assert(tell_buckets_next_due(b, &pos, SEC, true, &r));
	ck_assert_uint_eq(r.n, 7);
	free(b);
}
END_TEST

START_TEST(a_child_begins_anew)
{
	struct tell_buckets *b = fresh();
	(void)taken(b, 5, SEC, 10);
	(void)pthread_mutex_lock(&b->lock); /* as another thread of the parent may have */
	tell_buckets_child(b);
	ck_assert_uint_eq(b->refused, 0);
	ck_assert_uint_eq(b->unsaid, 0);
	ck_assert_uint_eq(taken(b, 5, SEC, 10), 3);
	free(b);
}
END_TEST

#define THREADS 4
#define EACH	20000

static void *flood(void *arg)
{
	uintptr_t n = 0;
	for (uint64_t i = 0; i < EACH; i++)
		n += take(arg, 1 + i % 50, SEC);
	return (void *)n;
}

START_TEST(threads_lose_nothing)
{
	pthread_t threads[THREADS];
	struct tell_buckets *b = fresh();
	struct tell_refused r;
	uint64_t passed = 0, said = 0;
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, flood, b), 0);
	for (int i = 0; i < 100; i++)
		for (size_t pos = 0; tell_buckets_next_due(b, &pos, SEC, true, &r);
			said += r.n)
			;
	for (int i = 0; i < THREADS; i++) {
		void *n;
		ck_assert_int_eq(pthread_join(threads[i], &n), 0);
		passed += (uintptr_t)n;
	}
	for (size_t pos = 0; tell_buckets_next_due(b, &pos, SEC, true, &r); said += r.n)
		;
	ck_assert_uint_eq(passed, 3 * 50);
	ck_assert_uint_eq(passed + b->refused, THREADS * EACH);
	ck_assert_uint_eq(said, b->refused);
	free(b);
}
END_TEST

static Suite *bucket_suite(void)
{
	Suite *s = suite_create("filter/bucket");
	tell_check_add(s, "spending", each_key_has_a_burst_of_its_own,
		as_many_keys_as_is_promised_have_one_each,
		memory_is_bounded_and_what_is_beyond_shares_one_bucket,
		a_bucket_that_is_whole_again_goes_to_another_key,
		one_with_something_to_say_stays_until_it_is_said, a_child_begins_anew,
		threads_lose_nothing, NULL);
	tell_check_add(s, "saying",
		a_sum_is_due_when_the_burst_is_whole_or_after_a_minute,
		what_could_not_be_said_is_said_later, NULL);
	return s;
}

TELL_CHECK_MAIN(bucket_suite)
