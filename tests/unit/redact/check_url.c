#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

#define M "[REDACTED:url]"

START_TEST(the_password_goes_and_the_rest_stays)
{
	static const char *const urls[][2] = {
		{ "postgres://ann:%s@db:5432/x", "postgres://ann:" M "@db:5432/x" },
		{ "redis://:%s@cache:6379/0", "redis://:" M "@cache:6379/0" },
		{ "dial \"https://a:%s@h\": refused",
			"dial \"https://a:" M "@h\": refused" },
		{ "DATABASE_URL=mysql+tls://a:%s@h/x?y=1",
			"DATABASE_URL=mysql+tls://a:" M "@h/x?y=1" },
		{ "{\"u\":\"amqp://a:%s@h\"}", "{\"u\":\"amqp://a:" M "@h\"}" },
		{ "{\"u\":\"https:\\/\\/a:%s@h\\/x\"}",
			"{\"u\":\"https:\\/\\/a:" M "@h\\/x\"}" },
		{ "<ftp://a:%s@h>", "<ftp://a:" M "@h>" },
		{ "x=https://a:%s@h/u@v:w", "x=https://a:" M "@h/u@v:w" },
		{ "postgres://ann@corp:%s@db/x", "postgres://ann@corp:" M "@db/x" },
		{ "smtp://ann@b.org:%s@mx", "smtp://ann@b.org:" M "@mx" },
		{ "https://a%40b:%s@h", "https://a%40b:" M "@h" },
	};
	char word[64];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		made_token(word, 20, &seed);
		expect_masked(urls[i][0], word, urls[i][1]);
	}
}
END_TEST

START_TEST(signs_that_should_have_been_escaped_do_not_save_it)
{
	static const char *const words[] = { "p@ss-w0rd", "p/4ss", "pa?ss9", "#1pass",
		"a:b:c", "p$&!*()'x", "b/c@d" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char text[128] = "postgres://svc:";
		strcat(strcat(text, words[i]), "@db/shop");
		ck_assert_msg(!strstr(masked(text), words[i]), "%s", masked(text));
		ck_assert_msg(
			strstr(masked(text), "db/shop") != NULL, "%s", masked(text));
	}
}
END_TEST

START_TEST(a_token_may_be_the_user)
{
	char word[32];
	uint64_t seed = tell_unit_seed();
	made_token(word, 20, &seed);
	expect_masked("clone https://%s@h.example/a.git", word,
		"clone https://[REDACTED:url]@h.example/a.git");
	expect_masked("https://%s@h/", "service-account-of-x", NULL);
	expect_masked("jdbc:oracle:thin:scott/%s@//db:1521/orcl", "tiger",
		"jdbc:oracle:thin:scott/[REDACTED:url]@//db:1521/orcl");
}
END_TEST

START_TEST(urls_without_a_password_stay)
{
	static const char *const urls[] = { "https://h:8443/npm/vue@3.4.12/dist/vue.js",
		"https://h/a:b/c@v9?page=7", "git@h:a/b.git", "ssh://git@h:22/a/b.git",
		"ssh://git@h:org/b.git", "ssh://git@h:org/b@v1", "https://ann@h:8443",
		"s3://logs/year=2026", "http://[::1]:80/x@y", "https://u:@h/", "://a:b@c",
		"http://", "http:/a:b@c", "https://h:80", "https://h:8443/@x:y",
		"a://b:1234 x@y" };
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		expect_masked(urls[i], "", NULL);
}
END_TEST

static Suite *url_suite(void)
{
	Suite *s = suite_create("redact/url");
	tell_check_add(s, "url", the_password_goes_and_the_rest_stays,
		signs_that_should_have_been_escaped_do_not_save_it,
		a_token_may_be_the_user, urls_without_a_password_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(url_suite)
