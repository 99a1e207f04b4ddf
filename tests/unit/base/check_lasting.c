#include "base/lasting.h"
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"

#define THREADS 4
#define PIECES	4000

START_TEST(a_piece_is_zeroed_aligned_and_nobody_elses)
{
	unsigned char *before = NULL;
	for (size_t n = 1; n < 3000; n += 17) {
		unsigned char *p = tell_lasting(n);
		ck_assert_ptr_nonnull(p);
		ck_assert_uint_eq((uintptr_t)p % 64, 0);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xff, n);
		ck_assert(!before || p >= before + n - 17 || p + n <= before);
		before = p;
	}
}
END_TEST

START_TEST(a_large_one_is_there_as_well)
{
	unsigned char *p = tell_lasting((size_t)1 << 20);
	ck_assert_ptr_nonnull(p);
	memset(p, 1, (size_t)1 << 20);
	ck_assert_ptr_null(tell_lasting(SIZE_MAX / 4)); /* memory is out */
}
END_TEST

/* Each writes its own number all over its pieces: read again, nobody else's is there. */
static void *get_pieces(void *arg)
{
	uint64_t *pieces[PIECES], me = (uintptr_t)arg;
	for (size_t i = 0; i < PIECES; i++) {
		pieces[i] = tell_lasting(40 + i % 100);
		for (size_t k = 0; k < 5; k++)
			pieces[i][k] = me;
	}
	for (size_t i = 0; i < PIECES; i++)
		for (size_t k = 0; k < 5; k++)
			tell_unit_expect(pieces[i][k] == me, "piece %zu is shared", i);
	return NULL;
}

START_TEST(threads_never_get_the_same_piece)
{
	pthread_t t[THREADS];
	for (uintptr_t i = 0; i < THREADS; i++)
		ck_assert_int_eq(
			pthread_create(&t[i], NULL, get_pieces, (void *)(i + 1)), 0);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(t[i], NULL);
}
END_TEST

static Suite *lasting_suite(void)
{
	Suite *s = suite_create("base/lasting");
	tell_check_add(s, "pieces", a_piece_is_zeroed_aligned_and_nobody_elses,
		a_large_one_is_there_as_well, threads_never_get_the_same_piece, NULL);
	return s;
}
TELL_CHECK_MAIN(lasting_suite)
