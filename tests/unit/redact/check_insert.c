#include "redact/pair.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(values_are_found_by_their_column)
{
	expect_masked("INSERT INTO users (name, password) VALUES ('ann', '%s')",
		"hun''ter",
		"INSERT INTO users (name, password) VALUES ('ann', '[REDACTED:pair]')");
	expect_masked(
		"insert into u (`password`, `id`) values ('%s', 7), (NULL, 8), ('b2', 9)",
		"hunter2",
		"insert into u (`password`, `id`) values ('[REDACTED:pair]', 7), (NULL, 8), "
		"('[REDACTED:pair]', 9)");
	expect_masked("INSERT INTO t (id, api_key, a) VALUES (1, '%s', 'x, y')", "abc",
		"INSERT INTO t (id, api_key, a) VALUES (1, '[REDACTED:pair]', 'x, y')");
}
END_TEST

START_TEST(other_statements_stay)
{
	expect_masked("INSERT INTO users (name, password) VALUES (?, %s)", "?", NULL);
	expect_masked("SELECT (id, password) FROM users WHERE name = '%s'", "ann", NULL);
	expect_masked(
		"INSERT INTO users (password_set, name) VALUES ('%s', 'x')", "y2", NULL);
	expect_masked("f(a, password) VALUES%s", "", NULL);
	expect_masked("(password) values (%s", "'", NULL);
}
END_TEST

static Suite *insert_suite(void)
{
	Suite *s = suite_create("redact/insert");
	tell_check_add(s, "insert", values_are_found_by_their_column,
		other_statements_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(insert_suite)
