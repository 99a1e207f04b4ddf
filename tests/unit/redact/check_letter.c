#include "redact/search.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(options_of_known_commands_go)
{
	expect_masked("run: mysql -u root -p%s shop", "hunter2",
		"run: mysql -u root -p[REDACTED:pair] shop");
	expect_masked("COMMAND=/usr/bin/mysqldump -h db -p%s", "hunter2",
		"COMMAND=/usr/bin/mysqldump -h db -p[REDACTED:pair]");
	expect_masked("+ curl -s -u ann:%s https://h/", "hunter2",
		"+ curl -s -u ann:[REDACTED:pair] https://h/");
	expect_masked("curl -u 'ann:%s' https://h/", "hunter 2",
		"curl -u 'ann:[REDACTED:pair]' https://h/");
	expect_masked("{\"cmd\":\"curl -u \\\"ann:%s\\\" h\"}", "hunter2",
		"{\"cmd\":\"curl -u \\\"ann:[REDACTED:pair]\\\" h\"}");
	expect_masked("sshpass -p %s ssh ann@h", "hunter2",
		"sshpass -p [REDACTED:pair] ssh ann@h");
	expect_masked("redis-cli -h r -a %s ping", "hunter2",
		"redis-cli -h r -a [REDACTED:pair] ping");
	expect_masked("docker login -u ann -p %s reg.example", "hunter2",
		"docker login -u ann -p [REDACTED:pair] reg.example");
	expect_masked("smbclient //h/s -U ann%%s", "hunter2",
		"smbclient //h/s -U ann%[REDACTED:pair]");
	expect_masked(
		"ldapsearch -x -w %s", "hunter2", "ldapsearch -x -w [REDACTED:pair]");
}
END_TEST

START_TEST(options_whose_name_is_a_secret_go)
{
	expect_masked("keytool -storepass %s -alias a", "changeit",
		"keytool -storepass [REDACTED:pair] -alias a");
	expect_masked("Connect-X -User ann -Password %s", "hunter2",
		"Connect-X -User ann -Password [REDACTED:pair]");
}
END_TEST

START_TEST(the_same_letters_elsewhere_stay)
{
	static const char *const texts[] = { "mkdir -p /var/lib/x",
		"docker run -p 80:80 web", "ssh -p 2222 ann@h", "mysql -p shop",
		"ps -u root", "cp -a x y", "id -u ann", "mysql -u root; mkdir -p/tmp/x",
		"curl -u ann https://h/", "a - b -p", "mysql -u root\nmkdir -pz",
		"grep -p x | mysql -h y", "redis-cli -a -h x" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect_masked("%s", texts[i], NULL);
}
END_TEST

static Suite *letter_suite(void)
{
	Suite *s = suite_create("redact/letter");
	tell_check_add(s, "letter", options_of_known_commands_go,
		options_whose_name_is_a_secret_go, the_same_letters_elsewhere_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(letter_suite)
