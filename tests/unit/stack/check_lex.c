#include "stack/lex.h"

#include <stdio.h>
#include <string.h>

#include "support/check_main.h"
#include "support/unit.h"

static struct tell_pool pool;
static struct tell_lex lex;
static struct tell_logical line;

static void begin(const char *text)
{
	tell_pool_done(&pool);
	tell_lex_init(&lex, "file", text, strlen(text), &pool);
}

/* The next line's tokens, joined by '|'. */
static const char *tokens(void)
{
	static char joined[256];
	struct tell_token token;
	joined[0] = '\0';
	if (tell_lex_next(&lex, &line) != TELL_LEXED_LINE)
		return "(none)";
	size_t n = 0;
	for (tell_lex_token(&lex, &line, &token); token.text;
		tell_lex_token(&lex, &line, &token))
		n += (size_t)snprintf(
			joined + n, sizeof(joined) - n, "%s%s", n ? "|" : "", token.text);
	return joined;
}

START_TEST(a_line_is_cut_at_blanks_and_tabs)
{
	begin("  sink\trequired  journald \t\nfilter required level");
	ck_assert_str_eq(tokens(), "sink|required|journald");
	ck_assert_str_eq(tokens(), "filter|required|level");
	ck_assert_str_eq(tokens(), "(none)");
}
END_TEST

START_TEST(comments_and_empty_lines_are_nothing)
{
	begin("# all\n\n   \n\t# of it\na b # and this\n#");
	ck_assert_str_eq(tokens(), "a|b");
	ck_assert_str_eq(tokens(), "(none)");
}
END_TEST

START_TEST(brackets_hold_a_token_together)
{
	begin("a [b c] [d\\]e][f] g=[h i]");
	ck_assert_str_eq(tokens(), "a|b c|d]e|f|g=[h|i]");
	begin("[] x");
	ck_assert_str_eq(tokens(), "x"); /* behind an empty one */
}
END_TEST

START_TEST(a_number_sign_ends_the_line_in_brackets_too)
{
	begin("a [b # c] d\ne");
	ck_assert_str_eq(tokens(), "a|b");
	ck_assert_str_eq(tokens(), "e");
}
END_TEST

START_TEST(a_backslash_joins_and_skips_what_is_empty)
{
	begin("a \\\n # no\n\n  b\\ \n\tc\nd \\ # not joined\ne");
	ck_assert_str_eq(tokens(), "a|b|c");
	ck_assert_uint_eq(line.n_pieces, 3);
	ck_assert_str_eq(tokens(), "d|\\");
	ck_assert_str_eq(tokens(), "e");
}
END_TEST

START_TEST(a_backslash_at_the_end_of_the_file_dangles)
{
	begin("a\nb \\\n# c\n");
	ck_assert_int_eq(tell_lex_next(&lex, &line), TELL_LEXED_LINE);
	ck_assert_int_eq(tell_lex_next(&lex, &line), TELL_LEXED_DANGLING);
}
END_TEST

START_TEST(carriage_returns_before_the_end_of_a_line_are_dropped)
{
	begin("a b\r\nc d\\\r\ne\r\n");
	ck_assert_str_eq(tokens(), "a|b");
	ck_assert_str_eq(tokens(), "c|d|e");
}
END_TEST

START_TEST(a_token_knows_its_line_and_column)
{
	struct tell_token token;
	begin("\n  a \\\n\t [b c] d");
	ck_assert_int_eq(tell_lex_next(&lex, &line), TELL_LEXED_LINE);
	tell_lex_token(&lex, &line, &token);
	ck_assert_uint_eq(token.at.line, 2);
	ck_assert_uint_eq(token.at.column, 3);
	tell_lex_token(&lex, &line, &token);
	ck_assert(token.bracket && token.closed);
	ck_assert_uint_eq(token.at.line, 3);
	ck_assert_uint_eq(token.at.column, 3);
	ck_assert_int_eq(strncmp(token.at.source, "\t [b", 4), 0);
	tell_lex_token(&lex, &line, &token);
	ck_assert_uint_eq(token.at.column, 9);
	tell_lex_token(&lex, &line, &token);
	ck_assert_ptr_null(token.text);
	ck_assert_uint_eq(token.at.column, 10);
}
END_TEST

START_TEST(a_bracket_that_is_never_closed_takes_the_rest)
{
	struct tell_token token;
	begin("a [b c");
	ck_assert_int_eq(tell_lex_next(&lex, &line), TELL_LEXED_LINE);
	tell_lex_token(&lex, &line, &token);
	tell_lex_token(&lex, &line, &token);
	ck_assert_str_eq(token.text, "b c");
	ck_assert(token.bracket && !token.closed);
}
END_TEST

static Suite *lex_suite(void)
{
	Suite *s = suite_create("stack/lex");
	tell_check_add(s, "lines", comments_and_empty_lines_are_nothing,
		a_backslash_joins_and_skips_what_is_empty,
		a_backslash_at_the_end_of_the_file_dangles,
		carriage_returns_before_the_end_of_a_line_are_dropped, NULL);
	tell_check_add(s, "tokens", a_line_is_cut_at_blanks_and_tabs,
		brackets_hold_a_token_together,
		a_number_sign_ends_the_line_in_brackets_too,
		a_token_knows_its_line_and_column,
		a_bracket_that_is_never_closed_takes_the_rest, NULL);
	return s;
}
TELL_CHECK_MAIN(lex_suite)
