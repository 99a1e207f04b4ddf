#include "redact/search.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(the_next_cell_of_a_table)
{
	expect_masked(
		"| db_password | %s |", "hunter2", "| db_password | [REDACTED:pair] |");
	expect_masked("| id | api_token   |   %s   |\n", "a1b2c3",
		"| id | api_token   |   [REDACTED:pair]   |\n");
	expect_masked(
		"| secret_key | %s | 3 |", "x y", "| secret_key | [REDACTED:pair] | 3 |");
	expect_masked("%s", "| db_password | changed_at |\n|---|---|", NULL);
	expect_masked("%s", "grep password | wc -l", NULL);
	expect_masked("%s", "| max_tokens | 300 |", NULL);
	expect_masked("%s", "| password |", NULL);
	expect_masked("%s", "| password | no bar behind", NULL);
}
END_TEST

START_TEST(the_next_argument_of_an_audit_record)
{
	expect_masked("argc=3 a0=\"tool\" a1=\"--password\" a2=\"%s\" key=\"x\"",
		"hunter2",
		"argc=3 a0=\"tool\" a1=\"--password\" a2=\"[REDACTED:pair]\" key=\"x\"");
	expect_masked("%s", "a0=\"tool\" a1=\"--verbose\" a2=\"hunter2\"", NULL);
	expect_masked("%s", "a1=\"--password\" a2=\"no end", NULL);
	expect_masked("%s", "a1=\"--password\" a", NULL);
}
END_TEST

START_TEST(what_follows_the_login_in_netrc)
{
	expect_masked("machine h login ann password %s", "tiger",
		"machine h login ann password [REDACTED:pair]");
	expect_masked(
		"login ann\npassword %s", "tiger", NULL); /* a line of its own is prose */
	expect_masked("%s", "user ann password reset", NULL);
}
END_TEST

START_TEST(hashes_of_crypt_behind_a_sign)
{
	expect_masked("ann:%s:19700:0:99999",
		"$6$"
		"m4wJF0qb$"
		"62QGFZoyHXBaGYikfjrMvM",
		"ann:[REDACTED:token]:19700:0:99999");
	expect_masked("{\"h\": \"%s\"}",
		"$2b$"
		"12$"
		"abcdefghijklmnopqrstuv",
		"{\"h\": \"[REDACTED:token]\"}");
	expect_masked("h=%s",
		"$argon2id$"
		"v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA",
		"h=[REDACTED:token]");
	expect_masked("%s", "cost: $6$ and more", NULL);
	expect_masked("%s", "price=$1$2", NULL);
	expect_masked("%s", "a=$9$abcdefghijklmnopqrstuvwx", NULL);
}
END_TEST

START_TEST(a_variable_of_that_name_is_code)
{
	expect_masked("%s", "this.password = password; // kept", NULL);
	expect_masked("%s", "login(user, token = token)", NULL);
	expect_masked("password = %s", "password", "password = [REDACTED:pair]");
	expect_masked("password = %s;", "passwords", "password = [REDACTED:pair];");
	expect_masked("password=%s;", "password", "password=[REDACTED:pair];");
}
END_TEST

START_TEST(auth_in_what_redis_monitors)
{
	expect_masked("1.1 [0 127.0.0.1:6379] \"AUTH\" \"%s\"", "tiger",
		"1.1 [0 127.0.0.1:6379] \"AUTH\" \"[REDACTED:pair]\"");
	expect_masked("1.1 [0 [::1]:6379] \"auth\" \"ann\" \"%s\"", "tiger",
		"1.1 [0 [::1]:6379] \"auth\" \"ann\" \"[REDACTED:pair]\"");
	expect_masked("%s", "1.1 [0 127.0.0.1:6379] \"GET\" \"auth\"", NULL);
	expect_masked("%s", "1.1 [0 127.0.0.1:6379] \"AUTH\" \"cut", NULL);
}
END_TEST

START_TEST(the_last_field_of_pgpass)
{
	expect_masked("db.example.net:5432:shop:app:%s", "hunter22",
		"db.example.net:5432:shop:app:[REDACTED:pair]");
	expect_masked("a\n*:5432:*:app:%s\nb", "hunter22",
		"a\n*:5432:*:app:[REDACTED:pair]\nb");
	expect_masked("%s", "cart.c:42:5: error: x1y2z3w4 undeclared", NULL);
	expect_masked("%s", "cart.c:42:a:b:undeclared", NULL);
	expect_masked("%s", "at db:5432:shop:app:hunter22 it began", NULL);
	expect_masked("%s", "10:11:12:13:14", NULL);
}
END_TEST

START_TEST(keywords_of_clojure)
{
	expect_masked("{:id 1, :api-token \"%s\"}", "x y",
		"{:id 1, :api-token \"[REDACTED:pair]\"}");
	expect_masked("%s", "{:region \"fra1\"}", NULL);
	expect_masked("%s", "see :password \"cut", NULL);
}
END_TEST

START_TEST(names_in_colour)
{
	expect_masked("\x1b[36mpassword\x1b[0m=%s", "hunter2",
		"\x1b[36mpassword\x1b[0m=[REDACTED:pair]");
	expect_masked("%s", "m=1 [0m=2", NULL);
}
END_TEST

static Suite *placed_suite(void)
{
	Suite *s = suite_create("redact/placed");
	tell_check_add(s, "placed", the_next_cell_of_a_table,
		the_next_argument_of_an_audit_record, what_follows_the_login_in_netrc,
		hashes_of_crypt_behind_a_sign, auth_in_what_redis_monitors,
		the_last_field_of_pgpass, keywords_of_clojure,
		a_variable_of_that_name_is_code, names_in_colour, NULL);
	return s;
}
TELL_CHECK_MAIN(placed_suite)
