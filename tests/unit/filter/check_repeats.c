#include "filter/repeats.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "support/check_main.h"

#define SEC    TELL_NS_PER_SEC
#define WINDOW (30 * SEC)

static struct tell_repeats *fresh(void)
{
	struct tell_repeats *r = calloc(1, sizeof(*r));
	ck_assert_ptr_nonnull(r);
	tell_repeats_init(r, WINDOW);
	return r;
}

static bool again(struct tell_repeats *r, uint64_t key, uint64_t now_ns)
{
	const struct tell_saying s = { key, now_ns, 1000 * SEC + now_ns, 7, 4, "hello",
		5 };
	return tell_repeats_is(r, &s);
}

static uint64_t key_of(uint64_t n)
{
	return n * UINT64_C(0x9e3779b97f4a7c15);
}

START_TEST(the_first_passes_and_the_window_is_not_prolonged)
{
	struct tell_repeats *r = fresh();
	struct tell_repeat one;
	size_t pos = 0;
	ck_assert(!again(r, 1, SEC));
	for (uint64_t s = 2; s < 31; s++)
		ck_assert(again(r, 1, s * SEC));
	ck_assert(!tell_repeats_take(r, &pos, 31 * SEC - 1, false, &one));
	pos = 0;
	ck_assert(tell_repeats_take(r, &pos, 31 * SEC, false, &one));
	ck_assert_uint_eq(one.n, 29);
	ck_assert_uint_eq(one.first_ns, 1002 * SEC);
	ck_assert_uint_eq(one.last_ns, 1030 * SEC);
	ck_assert_uint_eq(one.len, 5);
	ck_assert(memcmp(one.text, "hello", 5) == 0);
	ck_assert(!again(r, 1, 31 * SEC));
	free(r);
}
END_TEST

START_TEST(one_that_was_not_repeated_is_not_said)
{
	struct tell_repeats *r = fresh();
	struct tell_repeat one;
	size_t pos = 0;
	ck_assert(!again(r, 1, SEC));
	ck_assert(!again(r, 1, SEC + WINDOW)); /* a window later it is new */
	ck_assert(!again(r, 2, SEC));
	ck_assert(!tell_repeats_take(r, &pos, 99 * SEC, true, &one));
	free(r);
}
END_TEST

START_TEST(what_nobody_took_goes_on_counting)
{
	struct tell_repeats *r = fresh();
	struct tell_repeat one;
	size_t pos = 0;
	ck_assert(!again(r, 1, SEC));
	ck_assert(again(r, 1, 2 * SEC));
	ck_assert(again(r, 1, 2 * WINDOW));
	ck_assert(tell_repeats_take(r, &pos, 3 * WINDOW, false, &one));
	ck_assert_uint_eq(one.n, 2);
	tell_repeats_untake(r, pos, &one);
	ck_assert(again(r, 1, 3 * WINDOW));
	pos = 0;
	ck_assert(tell_repeats_take(r, &pos, 3 * WINDOW, false, &one));
	ck_assert_uint_eq(one.n, 3);
	ck_assert_uint_eq(r->unsaid, 0);
	free(r);
}
END_TEST

START_TEST(memory_is_bounded_and_what_is_beyond_passes)
{
	struct tell_repeats *r = fresh();
	struct tell_repeat one;
	uint64_t held = 0, said = 0, passed = 0;
	for (uint64_t i = 1; i <= 10000; i++)
		for (int k = 0; k < 3; k++) {
			bool is = again(r, key_of(i), SEC);
			held += is;
			passed += !is;
		}
	ck_assert_uint_eq(held, 2 * TELL_REPEATS);
	ck_assert_uint_eq(r->repeated, held);
	ck_assert_uint_eq(r->full, passed - TELL_REPEATS);
	for (size_t pos = 0; tell_repeats_take(r, &pos, 0, true, &one);)
		said += one.n;
	ck_assert_uint_eq(said, held);
	free(r);
}
END_TEST

START_TEST(one_with_nothing_to_say_makes_room)
{
	struct tell_repeats *r = fresh();
	for (uint64_t i = 1; i <= 10000; i++)
		ck_assert(!again(r, key_of(i), SEC + i));
	ck_assert_uint_eq(r->full, 10000 - TELL_REPEATS); /* forgotten in their windows */
	ck_assert(again(r, key_of(10000), 2 * SEC));
	ck_assert(!again(r, key_of(1), 2 * SEC));
	free(r);
}
END_TEST

START_TEST(one_whose_window_is_over_is_no_loss)
{
	struct tell_repeats *r = fresh();
	for (uint64_t i = 1; i <= 10000; i++)
		ck_assert(!again(r, key_of(i), i * WINDOW));
	ck_assert_uint_eq(r->full, 0);
	free(r);
}
END_TEST

START_TEST(half_a_text_is_not_kept)
{
	static char text[TELL_REPEAT_TEXT + 1];
	struct tell_repeats *r = fresh();
	struct tell_repeat one;
	size_t pos = 0;
	memset(text, 'x', sizeof(text));
	struct tell_saying s = { 1, SEC, SEC, 0, 6, text, TELL_REPEAT_TEXT };
	(void)tell_repeats_is(r, &s);
	(void)tell_repeats_is(r, &s);
	ck_assert(tell_repeats_take(r, &pos, 0, true, &one));
	ck_assert(one.whole && one.len == TELL_REPEAT_TEXT);
	s.len++;
	(void)tell_repeats_is(r, &s);
	(void)tell_repeats_is(r, &s);
	pos = 0;
	ck_assert(tell_repeats_take(r, &pos, 0, true, &one));
	ck_assert(!one.whole && one.len == 0);
	free(r);
}
END_TEST

START_TEST(a_child_begins_anew)
{
	struct tell_repeats *r = fresh();
	(void)again(r, 1, SEC);
	ck_assert(again(r, 1, SEC));
	for (size_t i = 0; i < TELL_REPEAT_LOCKS; i++)
		(void)pthread_mutex_lock(&r->sets[i].lock);
	tell_repeats_child(r);
	ck_assert_uint_eq(r->unsaid, 0);
	ck_assert(!again(r, 1, SEC));
	free(r);
}
END_TEST

#define THREADS 4
#define EACH	20000

static void *flood(void *arg)
{
	uintptr_t n = 0;
	for (uint64_t i = 0; i < EACH; i++)
		n += !again(arg, key_of(1 + i % 20), SEC);
	return (void *)n;
}

START_TEST(threads_lose_nothing)
{
	pthread_t threads[THREADS];
	struct tell_repeats *r = fresh();
	struct tell_repeat one;
	uint64_t passed = 0, said = 0;
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, flood, r), 0);
	for (int i = 0; i < 100; i++)
		for (size_t pos = 0; tell_repeats_take(r, &pos, 0, true, &one);)
			said += one.n;
	for (int i = 0; i < THREADS; i++) {
		void *n;
		ck_assert_int_eq(pthread_join(threads[i], &n), 0);
		passed += (uintptr_t)n;
	}
	for (size_t pos = 0; tell_repeats_take(r, &pos, 0, true, &one);)
		said += one.n;
	ck_assert_uint_eq(said, r->repeated);
	ck_assert_uint_eq(passed + r->repeated, THREADS * EACH);
	free(r);
}
END_TEST

static Suite *repeats_suite(void)
{
	Suite *s = suite_create("filter/repeats");
	tell_check_add(s, "repeats", the_first_passes_and_the_window_is_not_prolonged,
		one_that_was_not_repeated_is_not_said, what_nobody_took_goes_on_counting,
		memory_is_bounded_and_what_is_beyond_passes,
		one_with_nothing_to_say_makes_room, one_whose_window_is_over_is_no_loss,
		half_a_text_is_not_kept, a_child_begins_anew, threads_lose_nothing, NULL);
	return s;
}

TELL_CHECK_MAIN(repeats_suite)
