#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

#define M "[REDACTED:bearer]"

START_TEST(a_bearer_token_goes_and_the_word_stays)
{
	char token[64];
	uint64_t seed = tell_unit_seed();
	made_token(token, 32, &seed);
	expect_masked("Bearer %s", token, "Bearer " M);
	expect_masked("got bearer %s from peer", token, "got bearer " M " from peer");
	expect_masked("BEARER   %s\n", token, "BEARER   " M "\n");
	expect_masked("{\"h\":\"Bearer %s\"}", token, "{\"h\":\"Bearer " M "\"}");
	expect_masked("a\\nbearer %s\\n", token, "a\\nbearer " M "\\n");
	expect_masked("Bearer %s==, x", token, "Bearer " M ", x");
}
END_TEST

START_TEST(basic_credentials_go_when_they_decode)
{
	char coded[64];
	made_base64(coded, "ann:correct horse", false);
	expect_masked("Basic %s", coded, "Basic " M);
	expect_masked("> basic %s <", coded, "> basic " M " <");
	made_base64(coded, "no colon here", false);
	expect_masked("Basic %s", coded, NULL);
}
END_TEST

START_TEST(escaped_slashes_belong_to_the_token)
{
	char token[64], coded[64], text[160];
	uint64_t seed = tell_unit_seed();
	made_token(token, 32, &seed);
	expect_masked("{\"h\":\"Bearer ab1\\/%s\"}", token, "{\"h\":\"Bearer " M "\"}");
	expect_masked("\\\"Bearer ab1\\\\\\/%s\\\"", token, "\\\"Bearer " M "\\\"");
	expect_masked("Bearer %s\\n", token, "Bearer " M "\\n");
	made_base64(coded, "ann:~?~~?~~?", false);
	size_t n = 0;
	for (const char *p = coded; *p; p++) {
		if (*p == '/')
			text[n++] = '\\';
		text[n++] = *p;
	}
	text[n] = '\0';
	ck_assert_ptr_nonnull(strchr(text, '\\'));
	expect_masked("{\"h\":\"Basic %s\"}", text, "{\"h\":\"Basic " M "\"}");
}
END_TEST

START_TEST(prose_with_these_words_stays)
{
	static const char *const prose[] = { "bearer of news",
		"bearer authentication failed", "Bearer realm=\"api\"",
		"Bearer error=\"x\", y", "basic auth", "Basic usage",
		"basic authentication required", "bearers Abc123def456", "forbearer x",
		"bear", "basi", "Bearer", "basic ", "ring bearer 12", "be", "ba",
		"Basic HTTP/1.1" };
	for (size_t i = 0; i < sizeof(prose) / sizeof(prose[0]); i++)
		expect_masked(prose[i], "", NULL);
}
END_TEST

static Suite *bearer_suite(void)
{
	Suite *s = suite_create("redact/bearer");
	tell_check_add(s, "bearer", a_bearer_token_goes_and_the_word_stays,
		basic_credentials_go_when_they_decode,
		escaped_slashes_belong_to_the_token, prose_with_these_words_stays, NULL);
	return s;
}
TELL_CHECK_MAIN(bearer_suite)
