#include "redact/search.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(elements_that_name_a_secret_are_emptied)
{
	expect_masked("<user>ann</user><password>%s</password>", "hunter2",
		"<user>ann</user><password>[REDACTED:pair]</password>");
	expect_masked("<wsse:Password Type=\"text\">%s</wsse:Password>", "hun ter&amp;2",
		"<wsse:Password Type=\"text\">[REDACTED:pair]</wsse:Password>");
	expect_masked("<token><![CDATA[%s]]></token>", "a<b",
		"<token><![CDATA[[REDACTED:pair]]]></token>");
	expect_masked("<clientSecret>\n  %s\n</clientSecret>", "hunter2",
		"<clientSecret>\n  [REDACTED:pair]\n</clientSecret>");
	expect_masked("{\"x\":\"<apiKey>%s</apiKey>\"}", "hunter2",
		"{\"x\":\"<apiKey>[REDACTED:pair]</apiKey>\"}");
	expect_masked("<password>%s", "cut off", "<password>[REDACTED:pair]");
}
END_TEST

START_TEST(attributes_say_what_an_element_holds)
{
	expect_masked("<add key=\"DbPassword\" value=\"%s\" />", "hunter2",
		"<add key=\"DbPassword\" value=\"[REDACTED:pair]\" />");
	expect_masked("<add key=\\\"Password\\\" value=\\\"%s\\\"/>", "hunter2",
		"<add key=\\\"Password\\\" value=\\\"[REDACTED:pair]\\\"/>");
	expect_masked("<string name=\"api_key\">%s</string>", "hunter2",
		"<string name=\"api_key\">[REDACTED:pair]</string>");
	expect_masked("<db user='ann' password='%s'/>", "hunter2",
		"<db user='ann' password='[REDACTED:pair]'/>");
}
END_TEST

START_TEST(other_elements_and_arrows_stay)
{
	expect_masked("<name>%s</name> a->b => c List<Token> x", "ann", NULL);
	expect_masked("<password/><b>%s</b>", "x", NULL);
	expect_masked("<password>%s</password>", "", NULL);
	expect_masked("<password>%s</password>", "****", NULL);
	expect_masked("<credentials><user>%s</user></credentials>", "ann", NULL);
	expect_masked("</password>%s", "text behind", NULL);
	expect_masked("<add key=\"timeout\" value=\"%s\"/>", "30", NULL);
}
END_TEST

static Suite *element_suite(void)
{
	Suite *s = suite_create("redact/element");
	tell_check_add(s, "element", elements_that_name_a_secret_are_emptied,
		attributes_say_what_an_element_holds, other_elements_and_arrows_stay,
		NULL);
	return s;
}
TELL_CHECK_MAIN(element_suite)
