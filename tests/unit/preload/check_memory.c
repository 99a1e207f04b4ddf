#include "preload/memory.h"
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/unit.h"

#define N_BLOCKS 200

struct block {
	unsigned char *p, filling;
	size_t n;
};

static size_t some_size(uint64_t *state)
{
	uint64_t r = tell_unit_random(state);
	return r % 10 ? r / 10 % 300 : r / 10 % 200000;
}

static void fill(struct block *b, uint64_t *state)
{
	b->filling = (unsigned char)tell_unit_random(state);
	memset(b->p, b->filling, b->n);
}

static void look(const struct block *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		tell_unit_expect(
			b->p[i] == b->filling, "byte %zu of %zu was changed", i, n);
}

/* Blocks of all sizes that come, grow and go: none ever lies in another. */
static void work(uint64_t seed, int rounds)
{
	struct block blocks[N_BLOCKS] = { { 0 } };
	uint64_t state = seed;
	for (int i = 0; i < rounds; i++) {
		struct block *b = &blocks[tell_unit_random(&state) % N_BLOCKS];
		size_t n = some_size(&state);
		if (b->p && tell_unit_random(&state) % 2) {
			look(b, b->n);
			tell_memory_drop(b->p);
			b->p = NULL;
			continue;
		}
		size_t kept = b->p ? (n < b->n ? n : b->n) : 0;
		b->p = tell_memory_resize(b->p, n);
		tell_unit_expect(b->p && (uintptr_t)b->p % 16 == 0, "no block");
		look(b, kept);
		b->n = n;
		fill(b, &state);
	}
	for (size_t i = 0; i < N_BLOCKS; i++) {
		if (blocks[i].p)
			look(&blocks[i], blocks[i].n);
		tell_memory_drop(blocks[i].p);
	}
}

START_TEST(blocks_keep_what_is_in_them)
{
	work(tell_unit_seed(), 20000);
}
END_TEST

static void *work_too(void *seed)
{
	work(*(uint64_t *)seed, 5000);
	return NULL;
}

START_TEST(threads_do_not_get_the_same_block)
{
	uint64_t seeds[4] = { 1, 2, 3, 4 };
	pthread_t t[4];
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, work_too, &seeds[i]), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(t[i], NULL), 0);
}
END_TEST

/* Nothing but this, so that the lock is held most of the time. */
static void *work_for_ever(void *unused)
{
	(void)unused;
	for (;;) {
		for (int i = 0; i < 1000; i++)
			tell_memory_drop(tell_memory_get(24));
		pthread_testcancel();
	}
	return NULL;
}

START_TEST(a_child_of_busy_threads_has_memory)
{
	pthread_t t[2];
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, work_for_ever, NULL), 0);
	for (int i = 0; i < 100; i++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			(void)alarm(20);
			work((uint64_t)i + 1, 200);
			_exit(0);
		}
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		ck_assert_int_eq(status, 0);
	}
	for (int i = 0; i < 2; i++) {
		(void)pthread_cancel(t[i]);
		(void)pthread_join(t[i], NULL);
	}
}
END_TEST

START_TEST(alignments_are_kept)
{
	for (size_t align = 1; align <= 4096; align *= 2) {
		for (size_t n = 1; n < 100000; n = n * 3 + 1) {
			struct block b = { .p = tell_memory_get_aligned(align, n),
				.n = n };
			ck_assert_ptr_nonnull(b.p);
			ck_assert_uint_eq((uintptr_t)b.p % align, 0);
			memset(b.p, 1, n);
			tell_memory_drop(b.p);
		}
	}
}
END_TEST

START_TEST(what_cannot_be_had_is_enomem)
{
	errno = 0;
	ck_assert_ptr_null(tell_memory_get(SIZE_MAX));
	ck_assert_int_eq(errno, ENOMEM);
	errno = 0;
	ck_assert_ptr_null(tell_memory_get(SIZE_MAX / 2));
	ck_assert_int_eq(errno, ENOMEM);
	errno = 0;
	ck_assert_ptr_null(tell_memory_get((size_t)1 << 40));
	ck_assert_int_eq(errno, ENOMEM);
	tell_memory_drop(NULL);
	void *p = tell_memory_get(0);
	ck_assert_ptr_nonnull(p);
	tell_memory_drop(p);
}
END_TEST

static Suite *memory_suite(void)
{
	Suite *s = suite_create("preload/memory");
	tell_check_add(s, "blocks", blocks_keep_what_is_in_them, alignments_are_kept,
		what_cannot_be_had_is_enomem, NULL);
	tell_check_add(s, "threads", threads_do_not_get_the_same_block,
		a_child_of_busy_threads_has_memory, NULL);
	return s;
}
TELL_CHECK_MAIN(memory_suite)
