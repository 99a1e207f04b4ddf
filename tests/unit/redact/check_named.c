#include "redact/pair.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(a_name_may_stand_in_a_pair_of_its_own)
{
	expect_masked("{\"name\":\"DB_PASSWORD\",\"value\":\"%s\"}", "hunter2",
		"{\"name\":\"DB_PASSWORD\",\"value\":\"[REDACTED:pair]\"}");
	expect_masked("{\\\"Key\\\": \\\"api_key\\\", \\\"Value\\\": \\\"%s\\\"}",
		"hunter2",
		"{\\\"Key\\\": \\\"api_key\\\", \\\"Value\\\": \\\"[REDACTED:pair]\\\"}");
	expect_masked("- name: DB_PASSWORD\n  value: %s\n", "hunter2",
		"- name: DB_PASSWORD\n  value: [REDACTED:pair]\n");
	expect_masked("name=\"token\" value=\"%s\"", "hunter2",
		"name=\"token\" value=\"[REDACTED:pair]\"");
	expect_masked("{\"name\":\"color\",\"value\":\"%s\"}", "hunter2", NULL);
	expect_masked("{\"type\":\"token\",\"value\":\"%s\"}", "hunter2", NULL);
}
END_TEST

START_TEST(forms_have_the_value_below)
{
	expect_masked(
		"Content-Disposition: form-data; name=\"password\"\r\n\r\n%s\r\n--b",
		"hunter2",
		"Content-Disposition: form-data; name=\"password\"\r\n\r\n"
		"[REDACTED:pair]\r\n--b");
	expect_masked("form-data; name=\\\"pin\\\"\\r\\n\\r\\n%s\\r\\n--b", "98765",
		"form-data; name=\\\"pin\\\"\\r\\n\\r\\n[REDACTED:pair]\\r\\n--b");
	expect_masked("form-data; name=\"user\"\r\n\r\n%s\r\n--b", "ann", NULL);
}
END_TEST

START_TEST(lists_have_it_behind_a_comma)
{
	expect_masked(
		"[\"--token\", \"%s\"]", "hunter", "[\"--token\", \"[REDACTED:pair]\"]");
	expect_masked("{\"a\":\"['--password','%s']\"}", "hunter",
		"{\"a\":\"['--password','[REDACTED:pair]']\"}");
	expect_masked("('password', '%s')", "hunter2", "('password', '[REDACTED:pair]')");
	expect_masked(
		"{password,<<\"%s\">>}", "hunter2", "{password,<<\"[REDACTED:pair]\">>}");
	expect_masked("[[\"x-api-key\",\"%s\"]]", "a1b2",
		"[[\"x-api-key\",\"[REDACTED:pair]\"]]");
	expect_masked("('id', 'password', '%s', 'token')", "email", NULL);
	expect_masked("{\"type\":\"password\",\"%s\":1}", "a1b2", NULL);
	expect_masked("{\"a\":\"token\",\"b\":\"%s\"}", "a1b2", NULL);
}
END_TEST

static Suite *named_suite(void)
{
	Suite *s = suite_create("redact/named");
	tell_check_add(s, "named", a_name_may_stand_in_a_pair_of_its_own,
		forms_have_the_value_below, lists_have_it_behind_a_comma, NULL);
	return s;
}
TELL_CHECK_MAIN(named_suite)
