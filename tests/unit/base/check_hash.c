#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check_main.h"

/* Keys as sites and fields have them; a table of twice their number, as ours are. */
static unsigned longest_bucket(const char *format, unsigned n, unsigned buckets)
{
	unsigned longest = 0;
	unsigned *used = calloc(buckets, sizeof(*used));
	ck_assert_ptr_nonnull(used);
	for (unsigned i = 0; i < n; i++) {
		char key[64];
		int len = snprintf(key, sizeof(key), "%s_%u", format, i);
		unsigned *bucket =
			&used[tell_hash_bytes(key, (size_t)len) & (buckets - 1)];
		longest = ++*bucket > longest ? *bucket : longest;
	}
	free(used);
	return longest;
}

START_TEST(similar_keys_spread_over_a_table)
{
	/* 4096 balls in 8192 bins: 9 in one is a matter of once in 10^7 tables. */
	ck_assert_uint_lt(longest_bucket("k", 4096, 8192), 9);
	ck_assert_uint_lt(longest_bucket("request_id", 4096, 8192), 9);
	ck_assert_uint_lt(longest_bucket("a_rather_long_field_name_here", 4096, 8192), 9);
}
END_TEST

START_TEST(each_bit_of_a_key_changes_the_hash)
{
	unsigned char key[40];
	for (size_t n = 1; n <= sizeof(key); n++) {
		memset(key, 'k', sizeof(key));
		uint32_t hash = tell_hash_bytes(key, n);
		for (size_t bit = 0; bit < 8 * n; bit++) {
			key[bit / 8] ^= (unsigned char)(1u << bit % 8);
			ck_assert_msg(tell_hash_bytes(key, n) != hash,
				"bit %zu of %zu bytes", bit, n);
			key[bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
		ck_assert_uint_eq(tell_hash_bytes(key, n), hash);
	}
}
END_TEST

START_TEST(zeros_of_each_length_differ)
{
	static const char zeros[64];
	for (size_t a = 0; a < sizeof(zeros); a++) {
		for (size_t b = 0; b < a; b++)
			ck_assert_uint_ne(
				tell_hash_bytes(zeros, a), tell_hash_bytes(zeros, b));
	}
}
END_TEST

static Suite *hash_suite(void)
{
	Suite *s = suite_create("base/hash");
	tell_check_add(s, "hash", similar_keys_spread_over_a_table,
		each_bit_of_a_key_changes_the_hash, zeros_of_each_length_differ, NULL);
	return s;
}

TELL_CHECK_MAIN(hash_suite)
