#include "base/sha256.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static const char *hex(const uint8_t hash[TELL_SHA256_LEN])
{
	static char text[2 * TELL_SHA256_LEN + 1];
	for (size_t i = 0; i < TELL_SHA256_LEN; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return text;
}

static const char *sum(const char *s, size_t n, size_t piece)
{
	struct tell_sha256 h;
	uint8_t hash[TELL_SHA256_LEN];
	tell_sha256_init(&h);
	for (size_t i = 0; i < n; i += piece)
		tell_sha256_put(&h, s + i, piece < n - i ? piece : n - i);
	tell_sha256_end(&h, hash);
	return hex(hash);
}

/* FIPS 180-4's examples, and a million times "a". */
START_TEST(known_sums_come_out)
{
	static char many[1000000];
	static const char two[] =
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	memset(many, 'a', sizeof(many));
	ck_assert_str_eq(sum("", 0, 1),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	ck_assert_str_eq(sum("abc", 3, 3),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	ck_assert_str_eq(sum(two, sizeof(two) - 1, 7),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	ck_assert_str_eq(sum(many, sizeof(many), 999),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

/* RFC 4231, cases 1, 2 and 6. */
START_TEST(known_keyed_hashes_come_out)
{
	uint8_t key[131], hash[TELL_SHA256_LEN];
	struct tell_hmac h;
	memset(key, 0x0b, 20);
	tell_hmac_init(&h, key, 20);
	for (int twice = 0; twice < 2; twice++) {
		tell_hmac_of(&h, "Hi There", 8, hash);
		ck_assert_str_eq(hex(hash),
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	}
	tell_hmac_init(&h, "Jefe", 4);
	tell_hmac_of(&h, "what do ya want for nothing?", 28, hash);
	ck_assert_str_eq(hex(hash),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	tell_hmac_init(&h, key, sizeof(key));
	tell_hmac_of(
		&h, "Test Using Larger Than Block-Size Key - Hash Key First", 54, hash);
	ck_assert_str_eq(hex(hash),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

static Suite *sha256_suite(void)
{
	Suite *s = suite_create("base/sha256");
	tell_check_add(
		s, "sha256", known_sums_come_out, known_keyed_hashes_come_out, NULL);
	return s;
}
TELL_CHECK_MAIN(sha256_suite)
