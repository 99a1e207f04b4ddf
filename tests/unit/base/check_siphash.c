#include <string.h>

#include "base/hash.h"
#include "support/check_main.h"

/* The paper's appendix A, and the first line of its authors' table of vectors. */
START_TEST(the_papers_vectors_come_out)
{
	uint8_t key[16], text[15];
	for (uint8_t i = 0; i < sizeof(key); i++)
		key[i] = i;
	memcpy(text, key, sizeof(text));
	ck_assert(tell_siphash(key, text, sizeof(text)) == UINT64_C(0xa129ca6149be45e5));
	ck_assert(tell_siphash(key, "", 0) == UINT64_C(0x726fdb47dd0e0e31));
}
END_TEST

START_TEST(each_bit_of_key_and_text_changes_the_hash)
{
	uint8_t both[16 + 21] = { 0 };
	uint64_t hash = tell_siphash(both, both + 16, sizeof(both) - 16);
	for (size_t bit = 0; bit < 8 * sizeof(both); bit++) {
		both[bit / 8] ^= (uint8_t)(1u << bit % 8);
		ck_assert(tell_siphash(both, both + 16, sizeof(both) - 16) != hash);
		both[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}
END_TEST

static Suite *siphash_suite(void)
{
	Suite *s = suite_create("base/siphash");
	tell_check_add(s, "siphash", the_papers_vectors_come_out,
		each_bit_of_key_and_text_changes_the_hash, NULL);
	return s;
}

TELL_CHECK_MAIN(siphash_suite)
