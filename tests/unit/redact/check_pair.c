#include <string.h>
#include "redact/pair.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/redact/made.h"

#define M "[REDACTED:pair]"

static void expect_all(const char *const cases[][2], size_t n)
{
	char word[64];
	uint64_t seed = tell_unit_seed();
	for (size_t i = 0; i < n; i++) {
		made_token(word, 18, &seed);
		expect_masked(cases[i][0], word, cases[i][1]);
	}
}
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof((cases)[0]))

START_TEST(pairs_of_all_spellings_go)
{
	static const char *const cases[][2] = {
		{ "password=%s", "password=" M },
		{ "a=1 password=%s b=2", "a=1 password=" M " b=2" },
		{ "password = %s", "password = " M },
		{ "Password: %s", "Password: " M },
		{ "password:%s", "password:" M },
		{ "password => %s", "password => " M },
		{ ":token=>\"%s\"", ":token=>\"" M "\"" },
		{ "token := \"%s\"", "token := \"" M "\"" },
		{ "if token == '%s'", "if token == '" M "'" },
		{ "\"api_key\":\"%s\"", "\"api_key\":\"" M "\"" },
		{ "'api_key': '%s'", "'api_key': '" M "'" },
		{ "'secret': b'%s'", "'secret': b'" M "'" },
		{ "[password] => %s", "[password] => " M },
		{ "user[password]=%s&a=1", "user[password]=" M "&a=1" },
		{ "API key: %s", "API key: " M },
		{ "Secret Key = %s", "Secret Key = " M },
		{ "--password %s -v", "--password " M " -v" },
		{ "--client-secret=%s", "--client-secret=" M },
		{ "https://h/x?a=1&token=%s&b=2", "https://h/x?a=1&token=" M "&b=2" },
		{ "Server=h;Password=%s;Encrypt=true",
			"Server=h;Password=" M ";Encrypt=true" },
		{ "/password:%s", "/password:" M },
		{ "export DB_PASSWORD=%s; x", "export DB_PASSWORD=" M "; x" },
		{ "x\\npin=%s\\ny=1", "x\\npin=" M "\\ny=1" },
		{ "{User:ann Password:%s}", "{User:ann Password:" M "}" },
		{ "User(name=ann, password=%s)", "User(name=ann, password=" M ")" },
		{ "<password>x</password> token=%s</p>",
			"<password>x</password> token=" M "</p>" },
		{ "password=\"%s", "password=\"" M },
		{ "password            =            %s",
			"password            =            " M },
		{ "\"password\"            :            \"%s\"",
			"\"password\"            :            \"" M "\"" },
	};
	EXPECT_ALL(cases);
}
END_TEST

START_TEST(json_within_json_goes_at_any_depth)
{
	static const char *const cases[][2] = {
		{ "{\"password\":\"%s\",\"n\":1}", "{\"password\":\"" M "\",\"n\":1}" },
		{ "{\"a\":\"{\\\"token\\\": \\\"%s\\\", \\\"n\\\":1}\"}",
			"{\"a\":\"{\\\"token\\\": \\\"" M "\\\", \\\"n\\\":1}\"}" },
		{ "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"pin\\\\\\\":\\\\\\\"%s\\\\\\\"}\\\"}\"}",
			"{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"pin\\\\\\\":\\\\\\\"" M
			"\\\\\\\"}\\\"}\"}" },
		{ "{\"password\" :\n\"%s\"}", "{\"password\" :\n\"" M "\"}" },
		{ "{\"password\":\"a\\\"%s\",\"n\":1}",
			"{\"password\":\"" M "\",\"n\":1}" },
		{ "{\"m\":\"token=%s\",\"n\":1}", "{\"m\":\"token=" M "\",\"n\":1}" },
		{ "{\"m\":\"x token=%s\"}", "{\"m\":\"x token=" M "\"}" },
		{ "{\"m\":\"enter password:\",\"n\":\"%s\"}", NULL },
		{ "{\"secret\":{\"v\":\"%s\",\"a\":[1]},\"n\":1}",
			"{\"secret\":\"" M "\",\"n\":1}" },
		{ "{\"tokens\":2,\"passwords\":[\"}\",\"%s\"]}",
			"{\"tokens\":2,\"passwords\":\"" M "\"}" },
	};
	EXPECT_ALL(cases);
	expect_masked("{\"pin\":1234,\"n\":1}", "", "{\"pin\":\"" M "\",\"n\":1}");
	expect_masked("{\\\"otp\\\":123456}", "", "{\\\"otp\\\":\\\"" M "\\\"}");
	expect_masked("{\"token\":null,\"secret\":true,\"cookie\":{}}", "", NULL);
}
END_TEST

START_TEST(headers_go_up_to_the_end_of_the_line)
{
	static const char *const cases[][2] = {
		{ "Cookie: theme=dark; sid=%s\r\nAccept: */*",
			"Cookie: " M "\r\nAccept: */*" },
		{ "Set-Cookie: sid=%s; Path=/\nHost: h", "Set-Cookie: " M "\nHost: h" },
		{ "{\"h\":\"Cookie: a=%s; b=1\\r\\nHost: h\"}",
			"{\"h\":\"Cookie: " M "\\r\\nHost: h\"}" },
		{ "cookie=a=%s; b=2 next", "cookie=" M " next" },
		{ "curl -H 'Authorization: Bearer %s' https://h",
			"curl -H 'Authorization: Bearer [REDACTED:bearer]' https://h" },
		{ "Authorization: Digest username=\"ann\", response=\"%s\"\nHost: h",
			"Authorization: Digest " M "\nHost: h" },
		{ "authorization: %s", "authorization: " M },
		{ "Authorization: Custom %s", "Authorization: " M },
		{ "\"Authorization\":\"token %s\"", "\"Authorization\":\"token " M "\"" },
		{ "Proxy-Authorization: Negotiate %s, x=1",
			"Proxy-Authorization: Negotiate " M ", x=1" },
		{ "X-Api-Key: %s\r\nHost: h", "X-Api-Key: " M "\r\nHost: h" },
	};
	EXPECT_ALL(cases);
}
END_TEST

START_TEST(what_only_looks_like_a_pair_stays)
{
	static const char *const texts[] = { "=", ":", "password",
		"password:", "password=", "password= user=ann", "tokens=5",
		"max_tokens=5", "token_count: 7",
		"arn:aws:secretsmanager:eu-west-1:1:secret:db/prod", "std::token::next",
		"at TokenService.java:814", "-v /etc/secret:/etc/secret:ro",
		"key=user:1:profile", "PWD=/home/ann ; USER=root", "pin=17",
		"pass=12 fail=0", "http://secret:8080/x", "https://token:@h",
		"password: [REDACTED]", "password=****", "token=null", "token: expired",
		"password=${DB_PASSWORD}", "WHERE token = $1", "password=%s",
		"secret=<hidden>", "--token-stdin", "--password -v", "--password",
		"a=1:b=2", "password=\"\"", "{\"password\":\"\"}", "\"max_tokens\": 100",
		"x!=y", "next_page_token=abc123def", "credentials={user:ann}",
		"cookie_count=7" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t len;
		const char *got = masked_n(texts[i], strlen(texts[i]), &len);
		ck_assert_msg(strcmp(got, texts[i]) == 0, "%s became %s", texts[i], got);
	}
}
END_TEST

/* The same text behind bytes that would complete what it begins with, and others. */
START_TEST(nothing_before_the_text_is_read)
{
	static const char *const texts[][2] = { { "x\x1b[01m:x", "x [01m:x" },
		{ "x]\x1b[1m:x", "x \x1b[1m:x" } };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct tell_pair pair[2];
		size_t end[2] = { 0, 0 };
		bool is[2];
		for (size_t k = 0; k < 2; k++) {
			const char *text = texts[i][k] + 2;
			struct tell_search x = { .s = text, .n = strlen(text) };
			is[k] = tell_pair_read(&x, x.n - 2, &pair[k], &end[k]);
		}
		ck_assert_int_eq(is[0], is[1]);
		ck_assert(!is[0] || memcmp(&pair[0], &pair[1], sizeof(pair[0])) == 0);
		ck_assert_uint_eq(end[0], end[1]);
	}
}
END_TEST

static Suite *pair_suite(void)
{
	Suite *s = suite_create("redact/pair");
	tell_check_add(s, "pair", pairs_of_all_spellings_go,
		json_within_json_goes_at_any_depth, headers_go_up_to_the_end_of_the_line,
		what_only_looks_like_a_pair_stays, nothing_before_the_text_is_read, NULL);
	return s;
}
TELL_CHECK_MAIN(pair_suite)
