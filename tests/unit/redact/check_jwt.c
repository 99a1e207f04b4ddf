#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

#define M "[REDACTED:jwt]"

START_TEST(a_token_goes_wherever_it_stands)
{
	char jwt[MADE_MAX];
	uint64_t seed = tell_unit_seed();
	made_jwt(jwt, &seed);
	expect_masked("%s", jwt, M);
	expect_masked("saw %s.", jwt, "saw " M ".");
	expect_masked("saw_%s, then", jwt, "saw_" M ", then");
	expect_masked("[\"%s\"]", jwt, "[\"" M "\"]");
	expect_masked("\xc5\xbc%s\xc5\xbc", jwt, "\xc5\xbc" M "\xc5\xbc");
}
END_TEST

START_TEST(a_token_that_was_cut_goes_too)
{
	char jwt[MADE_MAX];
	uint64_t seed = tell_unit_seed();
	made_jwt(jwt, &seed);
	char *last = strrchr(jwt, '.');
	last[1] = '\0';
	expect_masked("x %s", jwt, "x " M ".");
	last[-3] = '\0';
	expect_masked("x %s", jwt, "x " M);
}
END_TEST

START_TEST(five_parts_go_whole)
{
	char jwt[MADE_MAX], more[MADE_MAX + 64];
	uint64_t seed = tell_unit_seed();
	made_jwt(jwt, &seed);
	(void)snprintf(more, sizeof(more), "%s.abcd.efgh", jwt);
	expect_masked("<%s>", more, "<" M ">");
}
END_TEST

START_TEST(what_only_begins_like_one_stays)
{
	static const char *const texts[] = { "eyJ", "eyJ.", "eyJ.a.b", "keyJ", "J",
		"heyJoe.says.hi", "eyJhbGciOiJub25l is a header",
		"cursor=eyJvZmZzZXQiOjEwMH0", "eyeyJ", "monkeyJar.monkeyJar.monkeyJar" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_masked(texts[i], "", NULL);
}
END_TEST

static Suite *jwt_suite(void)
{
	Suite *s = suite_create("redact/jwt");
	tell_check_add(s, "jwt", a_token_goes_wherever_it_stands,
		a_token_that_was_cut_goes_too, five_parts_go_whole,
		what_only_begins_like_one_stays, NULL);
	return s;
}
TELL_CHECK_MAIN(jwt_suite)
