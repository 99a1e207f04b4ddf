#include "record/expr_lex.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

/* A text as one line of what the lexer makes of it: N number, T text, t bare text, names
 * as they are, operators and signs in brackets, keywords in capitals, "!column" an error. */
static const char *words(const char *given, int (*read)(struct tell_lexer *))
{
	static char out[512], room[512];
	struct tell_expr_error error;
	struct tell_lexer l = { .text = given, .room = room, .error = &error };
	size_t n = 0;
	for (;; n = strlen(out)) {
		size_t left = sizeof(out) - n;
		const struct tell_token *t = &l.now;
		if (read(&l) < 0) {
			(void)snprintf(out + n, left, "!%u", error.column);
			return out;
		}
		read = tell_lexer_next;
		if (t->kind == TELL_TOKEN_END)
			break;
		if (t->kind == TELL_TOKEN_TEXT)
			(void)snprintf(out + n, left, "%c(%.*s)", t->bare ? 't' : 'T',
				(int)t->len, t->text);
		else if (t->kind == TELL_TOKEN_NAME)
			(void)snprintf(out + n, left, "%s;", t->text);
		else if (t->kind == TELL_TOKEN_COMPARE)
			(void)snprintf(out + n, left, "[%d]", t->op);
		else if (t->kind == TELL_TOKEN_SIGN)
			(void)snprintf(out + n, left, "[%c]", t->sign);
		else
			(void)snprintf(out + n, left, "%s",
				t->kind == TELL_TOKEN_NUMBER	    ? "N"
					: t->kind == TELL_TOKEN_AND ? "AND"
					: t->kind == TELL_TOKEN_OR  ? "OR"
								    : "NOT");
	}
	out[n] = '\0';
	return out;
}

static void check(
	const char *given, int (*read)(struct tell_lexer *), const char *expected)
{
	const char *got = words(given, read);
	ck_assert_msg(strcmp(got, expected) == 0, "%s: %s, not %s", given, got, expected);
}

START_TEST(words_numbers_and_operators_are_told_apart)
{
	check("", tell_lexer_next, "");
	check(" \t\r\n", tell_lexer_next, "");
	check("A.b_1 AND Or not android", tell_lexer_next, "a_b_1;ANDORNOTandroid;");
	check("=!=<<=>>=~!~", tell_lexer_next, "[0][1][2][3][4][5][6][7]");
	check("= != < <= > >= ~ !~", tell_lexer_next, "[0][1][2][3][4][5][6][7]");
	check("1 1.5 .5 1e3 1e-3 1e+3 7.", tell_lexer_next, "NNNNNNN");
	check("1-2*(a)", tell_lexer_next, "N[-]N[*][(]a;[)]");
	check("1x", tell_lexer_next, "!1");
	check("1e", tell_lexer_next, "!1");
	check("1.2.3", tell_lexer_next, "!1");
	check("99999999999999999999", tell_lexer_next, "!1");
	check(".", tell_lexer_next, "!1");
}
END_TEST

START_TEST(quotes_hold_text_and_few_escapes)
{
	check("\"a 'b'\" 'c \"d\"'", tell_lexer_next, "T(a 'b')T(c \"d\")");
	check("\"\\\"\\\\\\n\\t\\.\\'\"", tell_lexer_next, "T(\"\\\n\t\\.')");
	check("''\"\"", tell_lexer_next, "T()T()");
	check("a = \"b", tell_lexer_next, "a;[0]!5");
}
END_TEST

START_TEST(right_of_a_comparison_a_word_alone_is_text)
{
	check("acme-eu", tell_lexer_value, "t(acme-eu)");
	check("/a/b.c and x", tell_lexer_value, "t(/a/b.c)ANDx;");
	check("2026-11-21)", tell_lexer_value, "t(2026-11-21)[)]");
	check(" 5", tell_lexer_value, "N");
	check("-5", tell_lexer_value, "N");
	check("- 5", tell_lexer_value, "[-]N");
	check("\"x\"", tell_lexer_value, "T(x)");
	check("(limit)", tell_lexer_value, "[(]limit;[)]");
	check("limit * 2", tell_lexer_value, "limit;[*]N");
	check("10*2", tell_lexer_value, "N[*]N");
	check("a-b + 1", tell_lexer_value, "a;[-]b;[+]N");
	check("99999999999999999999", tell_lexer_value, "t(99999999999999999999)");
	check("and", tell_lexer_value, "!1");
	check("", tell_lexer_value, "");
	check("= 5", tell_lexer_value, "[0]N");
}
END_TEST

START_TEST(a_pattern_ends_at_a_blank_or_an_unmatched_parenthesis)
{
	check("^/(a|b)+$ and x", tell_lexer_pattern, "t(^/(a|b)+$)ANDx;");
	check("a=b)", tell_lexer_pattern, "t(a=b)[)]");
	check("\"a b\" or c", tell_lexer_pattern, "T(a b)ORc;");
	check(")", tell_lexer_pattern, "[)]");
	check("", tell_lexer_pattern, "");
}
END_TEST

START_TEST(a_number_is_whole_or_it_is_none)
{
	struct tell_number n;
	ck_assert(tell_expr_number("-9223372036854775808", 20, &n));
	ck_assert(n.kind == TELL_NUMBER_I64 && n.i64 == INT64_MIN);
	ck_assert(tell_expr_number("18446744073709551615", 20, &n));
	ck_assert(n.kind == TELL_NUMBER_U64 && n.u64 == UINT64_MAX);
	ck_assert(!tell_expr_number("18446744073709551616", 20, &n));
	ck_assert(!tell_expr_number("-9223372036854775809", 20, &n));
	ck_assert(tell_expr_number("1e3", 3, &n));
	ck_assert_int_eq(n.kind, TELL_NUMBER_F64);
	ck_assert(!tell_expr_number("", 0, &n));
	ck_assert(!tell_expr_number("-", 1, &n));
	ck_assert(!tell_expr_number("nan", 3, &n));
}
END_TEST

static Suite *expr_lex_suite(void)
{
	Suite *s = suite_create("record/expr_lex");
	tell_check_add(s, "words", words_numbers_and_operators_are_told_apart,
		quotes_hold_text_and_few_escapes,
		right_of_a_comparison_a_word_alone_is_text,
		a_pattern_ends_at_a_blank_or_an_unmatched_parenthesis,
		a_number_is_whole_or_it_is_none, NULL);
	return s;
}
TELL_CHECK_MAIN(expr_lex_suite)
