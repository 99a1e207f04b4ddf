#include "redact/search.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(signs_may_be_encoded_once_or_twice)
{
	expect_masked("next=/cb%3Ftoken%3D%s%26page%3D2", "hunter2",
		"next=/cb%3Ftoken%3D[REDACTED:pair]%26page%3D2");
	expect_masked("u=%253Fapi_key%253d%s%2526a%253D1", "hunter2",
		"u=%253Fapi_key%253d[REDACTED:pair]%2526a%253D1");
	expect_masked("body=%7B%22password%22%3A%22%s%22%7D", "hunter2",
		"body=%7B%22password%22%3A%22[REDACTED:pair]%22%7D");
	expect_masked("body=%257B%2522password%2522%253A%2522%s%2522%257D", "hunter2",
		"body=%257B%2522password%2522%253A%2522[REDACTED:pair]%2522%257D");
	expect_masked("q=password%3A%20%s&x=1", "hunter2",
		"q=password%3A%20[REDACTED:pair]&x=1");
}
END_TEST

START_TEST(other_names_and_signs_stay)
{
	expect_masked("a=%3Fpage%3D%s%26b", "2", NULL);
	expect_masked("a=%22name%22%3A%22%s%22", "ann", NULL);
	expect_masked("token%20%s", "of", NULL);
	expect_masked("disk 20% used, 30%s", "%3", NULL);
	expect_masked("token%3D%s", "", NULL);
	expect_masked("token%3D%s%26", "null", NULL);
}
END_TEST

static Suite *percent_suite(void)
{
	Suite *s = suite_create("redact/percent");
	tell_check_add(s, "percent", signs_may_be_encoded_once_or_twice,
		other_names_and_signs_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(percent_suite)
