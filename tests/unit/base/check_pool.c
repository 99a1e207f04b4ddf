#include "base/pool.h"

#include <stdint.h>
#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

START_TEST(what_is_got_is_zeroed_aligned_and_apart)
{
	struct tell_pool pool = { 0 };
	unsigned char *last = NULL;
	for (size_t n = 0; n < 3000; n += 7) {
		unsigned char *got = tell_pool_get(&pool, n);
		ck_assert_uint_eq((uintptr_t)got % 16, 0);
		for (size_t i = 0; i < n; i++)
			tell_unit_expect(got[i] == 0, "byte %zu of %zu", i, n);
		memset(got, 0xff, n);
		ck_assert(last != got || n <= 7); /* the first is empty */
		last = got;
	}
	tell_pool_done(&pool);
	ck_assert_ptr_null(pool.pieces);
}
END_TEST

START_TEST(texts_are_copied_with_a_nul)
{
	struct tell_pool pool = { 0 };
	char *text = tell_pool_text(&pool, "abcdef", 3);
	char *empty = tell_pool_text(&pool, NULL, 0);
	ck_assert_str_eq(text, "abc");
	ck_assert_str_eq(empty, "");
	tell_pool_done(&pool);
}
END_TEST

START_TEST(too_much_is_refused_and_large_pieces_are_had)
{
	struct tell_pool pool = { 0 };
	ck_assert_ptr_null(tell_pool_get(&pool, SIZE_MAX));
	ck_assert_ptr_null(tell_pool_text(&pool, "", SIZE_MAX));
	char *large = tell_pool_get(&pool, 1 << 20);
	large[(1 << 20) - 1] = 'x';
	ck_assert_ptr_nonnull(tell_pool_get(&pool, 1));
	tell_pool_done(&pool);
}
END_TEST

static Suite *pool_suite(void)
{
	Suite *s = suite_create("base/pool");
	tell_check_add(s, "pool", what_is_got_is_zeroed_aligned_and_apart,
		texts_are_copied_with_a_nul, too_much_is_refused_and_large_pieces_are_had,
		NULL);
	return s;
}
TELL_CHECK_MAIN(pool_suite)
