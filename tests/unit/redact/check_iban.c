#include <stdio.h>
#include <string.h>
#include "redact/search.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

/* An account number of n characters: the check digits are what is left to 98 (ISO 7064). */
static void make_iban(
	char *ret, const char *country, const char *bban, size_t n, uint64_t *seed)
{
	size_t have = strlen(bban);
	(void)snprintf(ret, 40, "%s00%s", country, bban);
	for (size_t i = 4 + have; i < n; i++)
		ret[i] = (char)('0' + tell_unit_random(seed) % 10);
	ret[n] = '\0';
	unsigned rest = 0;
	for (size_t i = 0; i < n; i++) {
		char c = ret[(i + 4) % n];
		if (c >= 'A')
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
		else
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
	}
	unsigned check = 98 - rest;
	ret[2] = (char)('0' + check / 10);
	ret[3] = (char)('0' + check % 10);
}

static void group(char *ret, const char *iban, char sign)
{
	for (size_t i = 0; iban[i]; i++) {
		if (i && i % 4 == 0)
			*ret++ = sign;
		*ret++ = iban[i];
	}
	*ret = '\0';
}

START_TEST(account_numbers_go_in_one_piece_and_in_groups)
{
	static const struct {
		const char *country, *bban;
		size_t n;
	} cases[] = { { "DE", "", 22 }, { "GB", "NWBK", 22 }, { "NL", "ABNA", 18 },
		{ "FR", "", 27 }, { "ES", "", 24 }, { "PL", "", 28 }, { "CH", "", 21 },
		{ "MT", "MALT", 31 }, { "NO", "", 15 }, { "BE", "", 16 },
		{ "IT", "X", 27 }, { "SA", "", 24 }, { "RU", "", 33 } };
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int k = 0; k < 30; k++) {
			char iban[40], grouped[50];
			make_iban(
				iban, cases[i].country, cases[i].bban, cases[i].n, &seed);
			expect_masked("to %s booked", iban, "to [REDACTED:iban] booked");
			expect_masked(
				"{\"to\":\"%s\"}", iban, "{\"to\":\"[REDACTED:iban]\"}");
			group(grouped, iban, k % 2 ? ' ' : '-');
			expect_masked("to %s EUR 5", grouped, "to [REDACTED:iban] EUR 5");
		}
}
END_TEST

START_TEST(what_is_none_stays)
{
	uint64_t seed = tell_unit_seed();
	char iban[40];
	make_iban(iban, "DE", "", 22, &seed);
	iban[21] = (char)(iban[21] == '9' ? '0' : iban[21] + 1);
	expect_masked("wrong digit %s", iban, NULL);
	make_iban(iban, "DE", "", 24, &seed);
	expect_masked("wrong length %s", iban, NULL);
	make_iban(iban, "QQ", "", 22, &seed);
	expect_masked("no country %s", iban, NULL);
	make_iban(iban, "DE", "", 22, &seed);
	expect_masked("in a word A%s", iban, NULL);
	expect_masked("in a word %sA", iban, NULL);
	expect_masked("ORDER 1234 AB12 3456%s", "", NULL);
}
END_TEST

static Suite *iban_suite(void)
{
	Suite *s = suite_create("redact/iban");
	tell_check_add(s, "iban", account_numbers_go_in_one_piece_and_in_groups,
		what_is_none_stays, NULL);
	return s;
}
TELL_CHECK_MAIN(iban_suite)
