#include <stdio.h>
#include <string.h>
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

START_TEST(every_secret_column_is_masked_in_every_row)
{
	expect_masked(
		"INSERT INTO u (name, password, `secret`, sig, pin) VALUES "
		"('ann', '%s', 's1', 'x', '4711'), ('bob', 'pw2', 's2', 'y', '0815')",
		"pw1",
		"INSERT INTO u (name, password, `secret`, sig, pin) VALUES "
		"('ann', '[REDACTED:pair]', '[REDACTED:pair]', 'x', '[REDACTED:pair]'), "
		"('bob', '[REDACTED:pair]', '[REDACTED:pair]', 'y', '[REDACTED:pair]')");
}
END_TEST

START_TEST(a_hundred_rows_are_masked)
{
	char text[8192] = "INSERT INTO t (password) VALUES ('%s')", want[8192];
	(void)strcpy(want, "INSERT INTO t (password) VALUES ('[REDACTED:pair]')");
	for (int i = 0; i < 99; i++) {
		strcat(text, ", ('pw2')");
		strcat(want, ", ('[REDACTED:pair]')");
	}
	expect_masked(text, "pw1", want);
}
END_TEST

START_TEST(what_lies_behind_64_columns_is_masked)
{
	char text[1024] = "INSERT INTO t (", want[1024];
	for (int i = 0; i < 64; i++)
		strcat(text, "a,");
	strcat(text, "password) VALUES (");
	for (int i = 0; i < 64; i++)
		strcat(text, "0,");
	(void)snprintf(want, sizeof(want), "%s'[REDACTED:pair]')", text);
	strcat(text, "'%s')");
	expect_masked(text, "pw1", want);
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
		every_secret_column_is_masked_in_every_row, a_hundred_rows_are_masked,
		what_lies_behind_64_columns_is_masked, other_statements_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(insert_suite)
