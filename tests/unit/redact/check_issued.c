#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "redact/issuers.h"
#include "redact/search.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

static const char all[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			  "-_.+/%$@";

static char any_of(unsigned alphabet, uint64_t *seed)
{
	for (;;) {
		char c = all[tell_unit_random(seed) % (sizeof(all) - 1)];
		if (tell_issuer_class(c) & alphabet)
			return c;
	}
}

/* What stands behind the prefix: n characters, the last one a letter or digit. */
static void make_body(
	char *ret, const struct tell_issuer *issuer, size_t n, uint64_t *seed)
{
	unsigned plain = issuer->alphabet & 0x1f;
	for (size_t i = 0; i < n; i++)
		ret[i] = any_of(i && i + 1 < n ? issuer->alphabet & 0xfff : plain, seed);
	/* what by chance might be missing, or stand in a row at the end */
	static const unsigned some[] = { TELL_ISSUER_DIGIT,
		TELL_ISSUER_A_F | TELL_ISSUER_G_Z,
		TELL_ISSUER_UP_A_F | TELL_ISSUER_UP_G_Z };
	for (size_t i = 0; i < 3; i++)
		if (plain & some[i])
			ret[1 + i] = any_of(plain & some[i], seed);
	ret[n - 2] = any_of(plain, seed);
	ret[4] = any_of(plain, seed); /* no dash where a UUID has one */
	ret[n] = '\0';
}

static void expect_gone(const char *around, const char *token, const char *body)
{
	char text[3000];
	const char *at = strstr(around, "%s");
	(void)snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - around), around, token,
		at + 2);
	const char *got = masked(text);
	ck_assert_msg(!strstr(got, body), "%s\n became %s", text, got);
	ck_assert_msg(strstr(got, "[REDACTED:token]") || strstr(got, "[REDACTED:pair]"),
		"%s\n became %s", text, got);
	ck_assert_str_eq(masked(got), got);
}

START_TEST(no_two_alphabets_share_a_slot)
{
	unsigned slots[64] = { 0 };
	const struct tell_issuer *issuer;
	for (size_t i = 0; (issuer = tell_issuer_at(i)); i++) {
		unsigned alphabet = issuer->alphabet & TELL_ISSUER_ALPHABET;
		size_t slot = tell_issuer_slot(alphabet);
		ck_assert_uint_lt(slot, sizeof(slots) / sizeof(slots[0]));
		ck_assert(!slots[slot] || slots[slot] == alphabet);
		slots[slot] = alphabet;
	}
}
END_TEST

START_TEST(every_issuers_token_goes_wherever_it_stands)
{
	static const char *const places[] = { "%s", "using %s for search", "[%s]",
		"{\"a\":\"%s\"}", "{\\\"v\\\":\\\"%s\\\"}", "https://%s@h/", "x\\n%s\\n",
		"next%3D%s%26page", "a \xe2\x80\x9c%s\xe2\x80\x9d", "got %s, then left",
		"https://h/cb#x/%s" };
	uint64_t seed = tell_unit_seed();
	const struct tell_issuer *issuer;
	for (size_t i = 0; (issuer = tell_issuer_at(i)); i++)
		for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
			char body[1500], token[1600];
			bool holds = (issuer->alphabet & TELL_ISSUER_PERCENT && p == 7) ||
				(issuer->alphabet & TELL_ISSUER_AT && p == 5);
			if (holds) /* what stands around is of its alphabet */
				continue;
			size_t most = issuer->max < 1000 ? issuer->max : 1000;
			size_t n = tell_unit_random(&seed) % 2 ? issuer->min : most;
			make_body(body, issuer, n, &seed);
			(void)snprintf(
				token, sizeof(token), "%s%s", issuer->prefix, body);
			expect_gone(places[p], token, body);
		}
}
END_TEST

START_TEST(what_has_another_length_or_no_lot_stays)
{
	char digits[64];
	uint64_t seed = tell_unit_seed();
	made_token(digits, 35, &seed);
	expect_masked("got gh"
		      "p_%s.",
		digits, NULL); /* too short */
	made_token(digits, 37, &seed);
	expect_masked("got n"
		      "pm_%s.",
		digits, NULL); /* too long */
	expect_masked("npm_%s", "config_registry_that_is_a_name_of_npm", NULL);
	expect_masked("AKIA%s", "XXXXXXXXXXXXXXXX", NULL);
	expect_masked("sk-%s", "learn-and-other-words-that-are-kebab-case", NULL);
	expect_masked("ghp_%s", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL);
	made_token(digits, 16, &seed);
	expect_masked("my_sk_live_%s", digits, NULL); /* the end of a longer name */
}
END_TEST

START_TEST(a_token_that_was_cut_goes_too)
{
	char body[64];
	uint64_t seed = tell_unit_seed();
	made_token(body, 20, &seed);
	expect_masked("token is gh"
		      "p_%s",
		body, "token is [REDACTED:token]");
	expect_masked("used gh"
		      "p_%s...",
		body, "used [REDACTED:token]...");
	body[5] = '\0';
	expect_masked("used gh"
		      "p_%s...",
		body, NULL);
}
END_TEST

/* github.blog, "Behind GitHub's new authentication token formats": computed here once more,
 * by the table of the polynomial. */
static void checksum(char *ret, const char *text)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";
	uint32_t crc = ~UINT32_C(0);
	for (; *text; text++) {
		uint32_t row = (crc ^ (unsigned char)*text) & 0xff;
		for (int i = 0; i < 8; i++)
			row = row & 1 ? row >> 1 ^ UINT32_C(0xedb88320) : row >> 1;
		crc = crc >> 8 ^ row;
	}
	crc = ~crc;
	for (int i = 5; i >= 0; i--, crc /= 62)
		ret[i] = digits[crc % 62];
	ret[6] = '\0';
}

START_TEST(a_checksum_makes_up_for_company)
{
	char body[40], check[8];
	uint64_t seed = tell_unit_seed();
	made_token(body, 30, &seed);
	checksum(check, body);
	strcat(body, check); /* NOLINT: a test, and there is room */
	expect_masked("idgh"
		      "p_%s_x",
		body, "id[REDACTED:token]_x");
	body[35] = body[35] == 'a' ? 'b' : 'a';
	expect_masked("idgh"
		      "p_%s_x",
		body, NULL);
}
END_TEST

START_TEST(the_secret_of_an_aws_key_goes_with_its_id)
{
	char secret[64];
	uint64_t seed = tell_unit_seed();
	made_token(secret, 40, &seed);
	secret[7] = '/';
	expect_masked("creds AKI"
		      "AIOSFODNN7ABCDEFG %s",
		secret, "creds [REDACTED:token] [REDACTED:token]");
	secret[39] = '\0';
	ck_assert_ptr_nonnull(strstr(masked(secret), secret));
}
END_TEST

START_TEST(the_address_of_a_webhook_stays)
{
	char path[64];
	uint64_t seed = tell_unit_seed();
	made_token(path, 44, &seed);
	path[9] = path[19] = '/';
	expect_masked("POST https://hooks.slack.com/services/%s ok", path,
		"POST https://hooks.slack.com/services/[REDACTED:token] ok");
}
END_TEST

START_TEST(the_search_stops_at_every_anchor)
{
	const struct tell_issuer *issuer;
	for (size_t i = 0; (issuer = tell_issuer_at(i)); i++) {
		ck_assert_uint_ge(issuer->anchor, 2);
		ck_assert_uint_le(issuer->min, issuer->max);
		ck_assert_uint_eq(
			tell_issuer_next(issuer->prefix, issuer->anchor - 1u, i), i);
		ck_assert_uint_lt(strlen(issuer->name), sizeof(issuer->name));
	}
	ck_assert_uint_ge(tell_issuer_next("xyz", 2, 0), SIZE_MAX);
}
END_TEST

static Suite *issued_suite(void)
{
	Suite *s = suite_create("redact/issued");
	tell_check_add(s, "issued", every_issuers_token_goes_wherever_it_stands,
		what_has_another_length_or_no_lot_stays, a_token_that_was_cut_goes_too,
		a_checksum_makes_up_for_company,
		the_secret_of_an_aws_key_goes_with_its_id, the_address_of_a_webhook_stays,
		the_search_stops_at_every_anchor, no_two_alphabets_share_a_slot, NULL);
	return s;
}
TELL_CHECK_MAIN(issued_suite)
