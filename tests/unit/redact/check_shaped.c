#include <stdio.h>
#include <string.h>
#include "redact/search.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

static uint64_t seed;

static void hex(char *ret, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = "0123456789abcdef"[tell_unit_random(&seed) % 16];
	ret[n] = '\0';
}

static void goes(const char *token)
{
	expect_masked("seen %s here", token, "seen [REDACTED:token] here");
	expect_masked("{\"v\":\"%s\"}", token, "{\"v\":\"[REDACTED:token]\"}");
	expect_masked("seen x%sx here", token, NULL);
}

START_TEST(tokens_are_told_by_their_shape)
{
	char a[100], b[100], token[300];
	seed = tell_unit_seed();
	made_token(a, 34, &seed);
	(void)snprintf(token, sizeof(token), "123456789:A%s", a);
	goes(token);
	hex(a, 32);
	hex(b, 8);
	(void)snprintf(token, sizeof(token), "%s-us12", a);
	goes(token);
	(void)snprintf(token, sizeof(token), "%s-%s-%s", a, b, b);
	goes(token);
	hex(b, 32);
	(void)snprintf(token, sizeof(token), "1000.%s.%s", a, b);
	goes(token);
	made_token(a, 14, &seed);
	hex(b, 64);
	(void)snprintf(token, sizeof(token), "pat%s.%s", a, b);
	goes(token);
	made_token(a, 24, &seed);
	(void)snprintf(token, sizeof(token), "s.%s", a);
	goes(token);
	made_token(a, 3, &seed);
	made_token(b, 34, &seed);
	(void)snprintf(token, sizeof(token), "%s8Q~%s", a, b);
	goes(token);
}
END_TEST

START_TEST(discord_begins_with_a_number)
{
	char id[64], mac[64], token[200];
	seed = tell_unit_seed();
	made_base64(id, "104839472910482736", true);
	made_token(mac, 38, &seed);
	(void)snprintf(token, sizeof(token), "%s.%s.%s", id, "G7kPq2", mac);
	expect_masked("login %s", token, "login [REDACTED:token]");
	made_base64(id, "not a number, really", true);
	(void)snprintf(token, sizeof(token), "%s.%s.%s", id, "G7kPq2", mac);
	expect_masked("login %s", token, NULL);
}
END_TEST

START_TEST(asana_keeps_who_it_is)
{
	char a[100];
	seed = tell_unit_seed();
	hex(a, 32);
	expect_masked("pat 2/1234567890123456:%s", a,
		"pat 2/1234567890123456:[REDACTED:token]");
}
END_TEST

START_TEST(ids_and_times_stay)
{
	expect_masked("at 12:34:56.789 on 10.0.0.1:8080%s", "", NULL);
	expect_masked("%s",
		"4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 (a trace)", NULL);
	expect_masked(
		"%s", "class com.example.TokenService.validate(TokenService.java)", NULL);
	expect_masked(
		"%s", "v1.2.3-rc.4+build.5 of libs.SomethingThatIsQuiteLong12x", NULL);
}
END_TEST

static Suite *shaped_suite(void)
{
	Suite *s = suite_create("redact/shaped");
	tell_check_add(s, "shaped", tokens_are_told_by_their_shape,
		discord_begins_with_a_number, asana_keeps_who_it_is, ids_and_times_stay,
		NULL);
	return s;
}
TELL_CHECK_MAIN(shaped_suite)
