#include <string.h>
#include "redact/search.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

START_TEST(what_nobody_takes_for_a_word_goes_behind_token_and_key)
{
	char token[64];
	uint64_t seed = tell_unit_seed();
	made_token(token, 24, &seed);
	expect_masked("using token %s for search", token,
		"using token [REDACTED:pair] for search");
	expect_masked("Your API key is %s.", token, "Your API key is [REDACTED:pair].");
	expect_masked("access key [%s]", token, "access key [[REDACTED:pair]]");
	expect_masked(
		"token %s", "0123456789abcdef0123456789abcdef", "token [REDACTED:pair]");
}
END_TEST

START_TEST(words_paths_and_other_keys_stay)
{
	char token[64];
	uint64_t seed = tell_unit_seed();
	made_token(token, 24, &seed);
	expect_masked("cache key %s", token, NULL);
	expect_masked("tokens %s", token, NULL);
	expect_masked("token %s", "/var/run/Secrets2/kubernetes", NULL);
	expect_masked("token %s", "550e8400-e29b-41d4-a716-446655440000", NULL);
	expect_masked("api key %s", "rotated", NULL);
}
END_TEST

static Suite *opaque_suite(void)
{
	Suite *s = suite_create("redact/opaque");
	tell_check_add(s, "opaque",
		what_nobody_takes_for_a_word_goes_behind_token_and_key,
		words_paths_and_other_keys_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(opaque_suite)
