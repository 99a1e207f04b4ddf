#include "base/crc32c.h"
#include "support/check_main.h"
#include "support/unit.h"

START_TEST(it_is_that_of_the_standard)
{
	/* RFC 3720, B.4 */
	unsigned char zeros[32] = { 0 }, ones[32], up[32], down[32];
	for (unsigned i = 0; i < 32; i++) {
		ones[i] = 0xff;
		up[i] = (unsigned char)i;
		down[i] = (unsigned char)(31 - i);
	}
	ck_assert_uint_eq(tell_crc32c(0, zeros, 32), 0x8a9136aau);
	ck_assert_uint_eq(tell_crc32c(0, ones, 32), 0x62a8ab43u);
	ck_assert_uint_eq(tell_crc32c(0, up, 32), 0x46dd794eu);
	ck_assert_uint_eq(tell_crc32c(0, down, 32), 0x113fdb5cu);
	ck_assert_uint_eq(tell_crc32c(7, up, 0), 7);
}
END_TEST

START_TEST(table_and_instruction_agree_from_any_place_in_any_pieces)
{
	unsigned char bytes[300];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)tell_unit_random(&seed);
	for (size_t from = 0; from < 9; from++)
		for (size_t n = 0; n + from <= sizeof(bytes); n++) {
			uint32_t all = tell_crc32c_plain(3, bytes + from, n);
			uint32_t part = tell_crc32c(3, bytes + from, n / 3);
			ck_assert_uint_eq(tell_crc32c(3, bytes + from, n), all);
			ck_assert_uint_eq(
				tell_crc32c(part, bytes + from + n / 3, n - n / 3), all);
		}
}
END_TEST

static Suite *crc32c_suite(void)
{
	Suite *s = suite_create("base/crc32c");
	tell_check_add(s, "crc32c", it_is_that_of_the_standard,
		table_and_instruction_agree_from_any_place_in_any_pieces, NULL);
	return s;
}
TELL_CHECK_MAIN(crc32c_suite)
