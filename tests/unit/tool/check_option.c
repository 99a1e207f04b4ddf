#include "tool/option.h"
#include <stdlib.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>
#include "support/check_main.h"

static const struct tell_cli_option options[] = {
	{ .help = "A heading" },
	{ 'n', "lines", "N", "a number", NULL },
	{ 'f', "follow", NULL, "a flag", NULL },
	{ TELL_CLI_LONG, "id", "[PID]", "perhaps a value", NULL },
	{ 0 },
};

static struct tell_verb verb = { .name = "query",
	.summary = "test",
	.operands = "",
	.options = options,
	.examples = "" };

static int next(int argc, const char **words)
{
	bool done;
	optind = 0; /* getopt(3): glibc begins anew */
	return tell_cli_next(&verb, argc, (char **)words, &done);
}

START_TEST(letters_and_long_names_mean_the_same)
{
	ck_assert_int_eq(next(3, (const char *[]){ "query", "-n", "5", NULL }), 'n');
	ck_assert_str_eq(optarg, "5");
	ck_assert_int_eq(next(2, (const char *[]){ "query", "--lines=6", NULL }), 'n');
	ck_assert_str_eq(optarg, "6");
	ck_assert_int_eq(next(2, (const char *[]){ "query", "-f", NULL }), 'f');
	ck_assert_int_eq(
		next(2, (const char *[]){ "query", "--id", NULL }), TELL_CLI_LONG);
	ck_assert_ptr_null(optarg);
	ck_assert_int_eq(
		next(2, (const char *[]){ "query", "--id=3", NULL }), TELL_CLI_LONG);
	ck_assert_str_eq(optarg, "3");
}
END_TEST

START_TEST(what_is_unknown_or_incomplete_is_refused)
{
	ck_assert_int_eq(next(2, (const char *[]){ "query", "-x", NULL }), TELL_CLI_BAD);
	ck_assert_int_eq(
		next(2, (const char *[]){ "query", "--lnies", NULL }), TELL_CLI_BAD);
	ck_assert_int_eq(next(2, (const char *[]){ "query", "-n", NULL }), TELL_CLI_BAD);
	ck_assert_int_eq(
		next(2, (const char *[]){ "query", "--follow=x", NULL }), TELL_CLI_BAD);
}
END_TEST

START_TEST(operands_may_stop_the_options)
{
	verb.stop_at_operand = true;
	const char *words[] = { "query", "cmd", "-f", NULL };
	ck_assert_int_eq(next(3, words), TELL_CLI_END);
	ck_assert_int_eq(optind, 1);
	verb.stop_at_operand = false;
	ck_assert_int_eq(next(3, words), 'f');
}
END_TEST

START_TEST(colours_follow_the_word_then_the_environment)
{
	bool color = false;
	setenv("NO_COLOR", "1", 1);
	ck_assert(tell_cli_color("always", STDOUT_FILENO, &color) && color);
	ck_assert(tell_cli_color("auto", STDOUT_FILENO, &color) && !color);
	setenv("NO_COLOR", "", 1);
	setenv("CLICOLOR_FORCE", "1", 1);
	ck_assert(tell_cli_color("auto", STDOUT_FILENO, &color) && color);
	ck_assert(tell_cli_color("never", STDOUT_FILENO, &color) && !color);
	ck_assert(!tell_cli_color("sometimes", STDOUT_FILENO, &color));
}
END_TEST

static Suite *option_suite(void)
{
	Suite *s = suite_create("tool/option");
	tell_check_add(s, "option", letters_and_long_names_mean_the_same,
		what_is_unknown_or_incomplete_is_refused, operands_may_stop_the_options,
		colours_follow_the_word_then_the_environment, NULL);
	return s;
}

TELL_CHECK_MAIN(option_suite)
