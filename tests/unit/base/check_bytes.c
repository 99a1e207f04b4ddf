#include "base/bytes.h"

#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

START_TEST(base64_gives_the_rfcs_examples)
{
	static const char *const rows[][2] = { /* RFC 4648 section 10 */
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[16];
		size_t n = strlen(rows[i][0]);
		*tell_put_base64(text, rows[i][0], n) = '\0';
		ck_assert_str_eq(text, rows[i][1]);
		ck_assert_uint_eq(tell_base64_len(n), strlen(text));
	}
}
END_TEST

static int sextet(char c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	return c == '=' ? 0 : (int)(strchr(alphabet, c) - alphabet);
}

START_TEST(base64_decodes_to_what_came_in)
{
	uint64_t state = tell_unit_seed();
	for (int i = 0; i < 20000; i++) {
		unsigned char bytes[40], back[42];
		char text[56];
		size_t n = tell_unit_random(&state) % sizeof(bytes);
		for (size_t k = 0; k < n; k++)
			bytes[k] = (unsigned char)tell_unit_random(&state);
		char *end = tell_put_base64(text, bytes, n);
		ck_assert_uint_eq((size_t)(end - text), tell_base64_len(n));
		for (size_t k = 0; k < tell_base64_len(n) / 4; k++) {
			const char *c = text + 4 * k;
			int bits = sextet(c[0]) << 18 | sextet(c[1]) << 12 |
				sextet(c[2]) << 6 | sextet(c[3]);
			back[3 * k] = (unsigned char)(bits >> 16);
			back[3 * k + 1] = (unsigned char)(bits >> 8);
			back[3 * k + 2] = (unsigned char)bits;
		}
		ck_assert_mem_eq(back, bytes, n);
	}
}
END_TEST

START_TEST(hex_is_two_lower_case_digits_a_byte)
{
	for (int byte = 0; byte < 256; byte++) {
		unsigned char b = (unsigned char)byte;
		char text[3], want[3];
		*tell_put_hexbytes(text, &b, 1) = '\0';
		(void)snprintf(want, sizeof(want), "%02x", (unsigned)byte);
		ck_assert_str_eq(text, want);
	}
	char text[9] = "";
	ck_assert(tell_put_hexbytes(text, "\xde\xad\xbe\xef", 4) == text + 8);
	ck_assert_str_eq(text, "deadbeef");
}
END_TEST

static Suite *bytes_suite(void)
{
	Suite *s = suite_create("base/bytes");
	tell_check_add(s, "bytes", base64_gives_the_rfcs_examples,
		base64_decodes_to_what_came_in, hex_is_two_lower_case_digits_a_byte,
		NULL);
	return s;
}

TELL_CHECK_MAIN(bytes_suite)
