#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

#define M "[REDACTED:card]"

static const struct {
	const char *prefix;
	size_t n;
} issuers[] = { { "4", 16 }, { "4", 13 }, { "51", 16 }, { "55", 16 }, { "2221", 16 },
	{ "2720", 16 }, { "34", 15 }, { "37", 15 }, { "36", 14 }, { "305", 14 },
	{ "6011", 16 }, { "65", 16 }, { "3528", 16 }, { "62", 16 }, { "62", 19 },
	{ "6759", 18 }, { "2200", 16 } };
#define N_ISSUERS (sizeof(issuers) / sizeof(issuers[0]))

START_TEST(numbers_of_every_issuer_go)
{
	char card[40];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < N_ISSUERS; i++) {
		made_card(card, issuers[i].prefix, issuers[i].n, 0, true, &seed);
		expect_masked("card %s, 42.10 EUR", card, "card " M ", 42.10 EUR");
		expect_masked("{\"pan\":%s}", card, "{\"pan\":\"" M "\"}");
		expect_masked("{\\\"pan\\\": %s}", card, "{\\\"pan\\\": \\\"" M "\\\"}");
		expect_masked("pan=%s&x=1", card, "pan=" M "&x=1");
		expect_masked("\\n%s\\n", card, "\\n" M "\\n");
		expect_masked("order-%s.", card, "order-" M ".");
		expect_masked("/cards/%s/pay", card, "/cards/" M "/pay");
	}
}
END_TEST

START_TEST(groups_as_they_are_printed_go)
{
	char card[40];
	uint64_t seed = tell_unit_seed();
	for (int i = 0; i < 40; i++) {
		char sign = i % 2 ? ' ' : '-';
		made_card(card, i % 4 < 2 ? "4" : "52", 16, sign, true, &seed);
		expect_masked("pay %s 12/27", card, "pay " M " 12/27");
		expect_masked("at 2024 %s", card, "at 2024 " M);
		made_card(card, "37", 15, sign, true, &seed);
		expect_masked("%s", card, M);
		made_card(card, "4", 19, sign, true, &seed);
		expect_masked("x %s y", card, "x " M " y");
	}
}
END_TEST

START_TEST(a_wrong_check_digit_stays)
{
	char card[40];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < N_ISSUERS; i++) {
		made_card(card, issuers[i].prefix, issuers[i].n, 0, false, &seed);
		expect_masked("card %s", card, NULL);
	}
	made_card(card, "4", 16, '-', false, &seed);
	expect_masked("card %s", card, NULL);
}
END_TEST

START_TEST(numbers_nobody_issues_stay)
{
	static const struct {
		const char *prefix;
		size_t n;
	} others[] = { { "1", 16 }, { "9", 16 }, { "4", 15 }, { "4", 19 }, { "51", 17 },
		{ "37", 16 }, { "2000", 16 }, { "2721", 16 }, { "7", 13 }, { "17", 19 } };
	char card[40];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		made_card(card, others[i].prefix, others[i].n, 0, true, &seed);
		expect_masked("n=%s", card, NULL);
	}
}
END_TEST

START_TEST(a_number_inside_something_longer_stays)
{
	static const char *const around[] = { "%s0", "7%s", "a%s", "%sf", "_%s", "%s_1",
		"0.%s", "%s.5", "%s-01", "x7-%s", "+%s", "deadbeef%s",
		"%s00000000000000000000" };
	char card[40];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		/* The mended number must not be one itself: 4, 16 digits and one more. */
		made_card(card, "4", 16, 0, true, &seed);
		expect_masked(around[i], card, NULL);
	}
}
END_TEST

START_TEST(numbers_go_wherever_they_begin_in_a_row_of_groups)
{
	char card[40];
	uint64_t seed = tell_unit_seed();
	for (int i = 0; i < 40; i++) {
		made_card(card, "4", 16, ' ', true, &seed);
		expect_masked("1 22 1111 1 %s", card, "1 22 1111 1 " M);
		expect_masked("1111 22 %s 33", card, "1111 22 " M " 33");
		expect_masked("5 1111 1111 1111 1111 1111 %s 22 1", card,
			"5 1111 1111 1111 1111 1111 " M " 22 1");
		made_card(card, "4", 16, 0, true, &seed);
		expect_masked("1111 %s 1111", card, "1111 " M " 1111");
	}
}
END_TEST

START_TEST(a_number_goes_at_every_offset)
{
	char card[40], text[128], wanted[160];
	uint64_t seed = tell_unit_seed();
	for (int way = 0; way < 3; way++)
		for (int at = 0; at < 70; at++) {
			made_card(card, "4", 16, "\0 -"[way], true, &seed);
			(void)snprintf(text, sizeof(text), "%*s%s", at, "", card);
			(void)snprintf(wanted, sizeof(wanted), "%*s" M, at, "");
			ck_assert_str_eq(masked(text), wanted);
			(void)snprintf(
				text, sizeof(text), "%*s%s tail of it", at, "", card);
			(void)snprintf(
				wanted, sizeof(wanted), "%*s" M " tail of it", at, "");
			ck_assert_str_eq(masked(text), wanted);
		}
}
END_TEST

static Suite *card_suite(void)
{
	Suite *s = suite_create("redact/card");
	tell_check_add(s, "card", numbers_of_every_issuer_go,
		groups_as_they_are_printed_go, a_wrong_check_digit_stays,
		numbers_nobody_issues_stay, a_number_inside_something_longer_stays,
		numbers_go_wherever_they_begin_in_a_row_of_groups,
		a_number_goes_at_every_offset, NULL);
	return s;
}
TELL_CHECK_MAIN(card_suite)
