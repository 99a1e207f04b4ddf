#include "redact/search.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(sql_says_passwords_without_a_sign)
{
	expect_masked("CREATE USER ann IDENTIFIED BY '%s';", "hunter2",
		"CREATE USER ann IDENTIFIED BY '[REDACTED:pair]';");
	expect_masked("alter user ann identified with mysql_native_password by '%s'",
		"x1",
		"alter user ann identified with mysql_native_password by "
		"'[REDACTED:pair]'");
	expect_masked("ALTER USER ann IDENTIFIED BY %s;", "tiger",
		"ALTER USER ann IDENTIFIED BY [REDACTED:pair];");
	expect_masked("ALTER ROLE ann WITH LOGIN PASSWORD '%s' VALID", "tiger",
		"ALTER ROLE ann WITH LOGIN PASSWORD '[REDACTED:pair]' VALID");
	expect_masked("{\"q\":\"create user a with password \\\"%s\\\"\"}", "hunter2",
		"{\"q\":\"create user a with password \\\"[REDACTED:pair]\\\"\"}");
}
END_TEST

START_TEST(sentences_may_say_one)
{
	expect_masked(
		"your password is %s.", "hunter2", "your password is [REDACTED:pair].");
	expect_masked("Password for ann, password: %s", "tiger",
		"Password for ann, password: [REDACTED:pair]");
	expect_masked("password was reset, password set to %s", "hunter2!",
		"password was reset, password set to [REDACTED:pair]!");
	expect_masked("logged in with password %s today", "Tr0ub4dor&3",
		"logged in with password [REDACTED:pair] today");
	expect_masked("Das Passwort lautet %s", "hunter2x",
		"Das Passwort lautet [REDACTED:pair]");
}
END_TEST

START_TEST(prose_about_passwords_stays)
{
	static const char *const texts[] = {
		"Failed password for root from 10.0.0.1 port 22",
		"the password is required", "password is too short, min 8 characters",
		"password was changed 12 days ago", "password reset mail sent to ann",
		"password hash uses PBKDF2-SHA256", "Accepted password for ann from ::1",
		"password 'minimum length' failed", "user changed password",
		"answered by the crossword app", "passwordless login",
		"password to enter", "sort by name", "identified by the sensor as a cat",
		"password is (hidden)", "password policy v2 applied"
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_masked("%s", texts[i], NULL);
}
END_TEST

static Suite *phrase_suite(void)
{
	Suite *s = suite_create("redact/phrase");
	tell_check_add(s, "phrase", sql_says_passwords_without_a_sign,
		sentences_may_say_one, prose_about_passwords_stays, NULL);
	return s;
}
TELL_CHECK_MAIN(phrase_suite)
