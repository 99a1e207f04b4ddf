#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

#define M "[REDACTED:pem]"

START_TEST(a_key_goes_with_its_marks)
{
	static const char *const labels[] = { "", "RSA ", "EC ", "DSA ", "OPENSSH ",
		"ENCRYPTED " };
	char pem[MADE_MAX];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		made_pem(pem, labels[i], false, false, &seed);
		expect_masked("%s", pem, M);
		expect_masked("key:\n%s\nafter", pem, "key:\n" M "\nafter");
		made_pem(pem, labels[i], true, false, &seed);
		expect_masked(
			"{\"k\":\"%s\\n\",\"n\":1}", pem, "{\"k\":\"" M "\\n\",\"n\":1}");
	}
}
END_TEST

START_TEST(without_an_end_all_that_follows_goes)
{
	char pem[MADE_MAX];
	uint64_t seed = tell_unit_seed();
	made_pem(pem, "RSA ", false, true, &seed);
	expect_masked("key %s\nmore of it", pem, "key " M);
	made_pem(pem, "RSA ", true, true, &seed);
	expect_masked("{\"k\":\"%s\",\"n\":1}", pem, "{\"k\":\"" M "\",\"n\":1}");
	expect_masked("{\"a\":\"{\\\"k\\\":\\\"%s\\\"}\"}", pem,
		"{\"a\":\"{\\\"k\\\":\\\"" M "\\\"}\"}");
}
END_TEST

START_TEST(two_keys_go_and_what_is_between_stays)
{
	char pem[MADE_MAX], two[2 * MADE_MAX + 8];
	uint64_t seed = tell_unit_seed();
	made_pem(pem, "EC ", false, false, &seed);
	(void)snprintf(two, sizeof(two), "%s and %s", pem, pem);
	ck_assert_str_eq(masked(two), M " and " M);
}
END_TEST

START_TEST(what_is_public_stays)
{
	static const char *const texts[] = {
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
		"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
		"----------------", "--", "-----BEGIN ", "-----BEGIN RSA", "---- BEGIN",
		"-----begin rsa"
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_masked(texts[i], "", NULL);
}
END_TEST

static Suite *pem_suite(void)
{
	Suite *s = suite_create("redact/pem");
	tell_check_add(s, "pem", a_key_goes_with_its_marks,
		without_an_end_all_that_follows_goes,
		two_keys_go_and_what_is_between_stays, what_is_public_stays, NULL);
	return s;
}
TELL_CHECK_MAIN(pem_suite)
