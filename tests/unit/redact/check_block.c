#include "redact/pair.h"
#include "support/check_main.h"
#include "unit/redact/made.h"

START_TEST(yaml_blocks_go_up_to_what_is_not_indented)
{
	expect_masked("password: |\n  %s\nuser: ann", "hunter2",
		"password: |\n  [REDACTED:pair]\nuser: ann");
	expect_masked("a:\n  token: >-\n    %s\n  b: 1", "one\n    two",
		"a:\n  token: >-\n    [REDACTED:pair]\n  b: 1");
	expect_masked("{\"y\":\"secret: |2\\n  %s\\nb: 1\"}", "hunter2",
		"{\"y\":\"secret: |2\\n  [REDACTED:pair]\\nb: 1\"}");
	expect_masked("password: |\n  %s", "cut off", "password: |\n  [REDACTED:pair]");
}
END_TEST

START_TEST(other_lines_stay)
{
	expect_masked("text: |\n  %s\n", "hunter2", NULL);
	expect_masked("password: |\n%s\n", "user: ann", NULL);
}
END_TEST

static Suite *block_suite(void)
{
	Suite *s = suite_create("redact/block");
	tell_check_add(s, "block", yaml_blocks_go_up_to_what_is_not_indented,
		other_lines_stay, NULL);
	return s;
}
TELL_CHECK_MAIN(block_suite)
