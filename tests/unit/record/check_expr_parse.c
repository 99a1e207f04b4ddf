#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "support/check_main.h"
#include "unit/record/expr_fixture.h"

struct row {
	const char *text;
	unsigned column;
	const char *what, *fix; /* a part of each */
};

static const struct row rows[] = {
	{ "", 1, "empty", "level>=warning" },
	{ "   ", 1, "empty", "level>=warning" },
	{ "user =", 7, "ends where a value", "a name" },
	{ "user = and x", 8, "'and' where a value belongs", "quotes" },
	{ "user = NOT", 8, "'NOT' where a value belongs", "quotes" },
	{ "= 5", 1, "operator where a value", "a name" },
	{ "user == ann", 6, "'=='", "write =" },
	{ "user =~ ann", 6, "'=~'", "write ~" },
	{ "user <> ann", 6, "'<>'", "write !=" },
	{ "a => 1", 3, "'=>'", "write >=" },
	{ "a && b", 3, "'&&'", "write and" },
	{ "a || b", 3, "'||'", "write or" },
	{ "!a", 1, "'!'", "write not" },
	{ "a and", 6, "ends where a value", "a name" },
	{ "a or or b", 6, "operator where a value", "a name" },
	{ "and a", 1, "operator where a value", "a name" },
	{ "a b", 3, "follows a whole", "and, or" },
	{ "user = ann smith", 12, "follows a whole", "quotes" },
	{ "a)", 2, "without its (", "remove" },
	{ "(a", 3, "( in column 1", "write )" },
	{ "b and ((a)", 11, "( in column 7", "write )" },
	{ "()", 2, "')' where a value", "a name" },
	{ "a + ", 5, "ends where a value", "a name" },
	{ "* 3", 1, "'*' where a value", "a name" },
	{ "a < b < c", 7, "do not chain", "a<b and b<c" },
	{ "a = b = c", 7, "do not chain", "a<b and b<c" },
	{ "(a = b) = c", 9, "a comparison is compared", "join" },
	{ "a = (b = c)", 5, "a comparison is compared", "join" },
	{ "(a = b) + 1", 1, "not a number", "calculate" },
	{ "1 + (not a)", 5, "not a number", "calculate" },
	{ "-(a and b)", 2, "not a number", "calculate" },
	{ "\"a\" + 1", 1, "text is not a number", "calculate" },
	{ "1 * 'a'", 5, "text is not a number", "calculate" },
	{ "level + 1 > 3", 1, "a level is not a number", "priority" },
	{ "-level", 2, "a level is not a number", "priority" },
	{ "level >= loud", 10, "not a level", "emerg alert crit" },
	{ "level >= 8", 10, "not a level", "emerg alert crit" },
	{ "level >= -1", 10, "not a level", "emerg alert crit" },
	{ "level = 1.5", 9, "not a level", "emerg alert crit" },
	{ "level = (user)", 9, "not a level", "emerg alert crit" },
	{ "level = (level)", 9, "not a level", "emerg alert crit" },
	{ "\"loud\" < level", 1, "not a level", "emerg alert crit" },
	{ "user = \"ann", 8, "without its second \"", "close it" },
	{ "user = 'ann", 8, "without its second '", "close it" },
	{ "user = \"ann\\\"", 8, "without its second \"", "close it" },
	{ "5ms < took", 1, "'5ms' is not a number", "0.05" },
	{ "1.2.3 = a", 1, "'1.2.3' is not a number", "quotes" },
	{ "took > 5ms", 8, "in seconds", "write 0.005" },
	{ "took<=1h30m", 7, "in seconds", "write 5400.0" },
	{ "a~", 3, "no pattern", "in quotes" },
	{ "a~)", 3, "no pattern", "in quotes" },
	{ "a ~ \"(\"", 5, "not a pattern", "regex(7)" },
	{ "a ~ \"[a\"", 5, "not a pattern", "regex(7)" },
	{ "a ~ \"(a)\\1\"", 5, "back references", "regex(7)" },
	{ "a ~ \"(x{40}){40}\"", 5, "written out", "regex(7)" },
	{ "a # b", 3, "'#' has no meaning", "quotes" },
	{ "a = $b and [c", 12, "'[' has no meaning", "quotes" },
	{ "a \x01", 3, "byte 0x01", "quotes" },
	{ "na\xc3\xafve = 1", 3, "byte 0xc3", "quotes" },
	{ "a23456789012345678901234567890123456789012345678901234567890123456 = 1", 1,
		"too long for a name", "64" },
};

START_TEST(what_is_no_expression_is_refused_with_column_and_fix)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct tell_expr *e = NULL;
		struct tell_expr_error why;
		int error = tell_expr_new(&e, row->text, &why);
		ck_assert_msg(error == -EINVAL && !e, "%s: taken", row->text);
		ck_assert_msg(why.column == row->column, "%s: column %u, not %u: %s",
			row->text, why.column, row->column, why.what);
		ck_assert_msg(strstr(why.what, row->what), "%s: %s", row->text, why.what);
		ck_assert_msg(
			strstr(why.fix, row->fix), "%s: fix %s", row->text, why.fix);
	}
}
END_TEST

/* n times `again`, then `end`. */
static int try_long(size_t n, const char *again, const char *end)
{
	size_t step = strlen(again);
	char *text = malloc(n * step + strlen(end) + 1);
	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * step, again, step);
	memcpy(text + n * step, end, strlen(end) + 1);
	struct tell_expr *e = NULL;
	int r = tell_expr_new(&e, text, NULL);
	tell_expr_free(e);
	free(text);
	return r;
}

START_TEST(limits_are_where_the_header_says)
{
	ck_assert_int_eq(try_long(90, "(", "a"), -EINVAL); /* not closed */
	ck_assert_int_eq(try_long(98, "not ", "a"), 0);
	ck_assert_int_eq(try_long(101, "not ", "a"), -EINVAL);
	ck_assert_int_eq(try_long(98, "- ", "a"), 0);
	ck_assert_int_eq(try_long(101, "- ", "a"), -EINVAL);
	ck_assert_int_eq(try_long(127, "a or ", "a"), 0); /* 128 names, 127 ors */
	ck_assert_int_eq(try_long(128, "a or ", "a"), -EINVAL);
	ck_assert_int_eq(try_long(4095, " ", "a"), 0);
	ck_assert_int_eq(try_long(4096, " ", "a"), -EINVAL);
	ck_assert_int_eq(try_long(100000, "(", "a"), -EINVAL);
}
END_TEST

START_TEST(a_long_chain_is_evaluated)
{
	struct tell_record r;
	fixture_record(&r);
	char text[1024] = "1";
	for (int i = 0; i < 126; i++)
		memcpy(text + 1 + 2 * i, "+1", 3);
	memcpy(text + 1 + 2 * 126, "=0", 3); /* 127 ones, 126 sums, 0, = : 255 nodes */
	struct tell_expr *e;
	ck_assert_int_eq(tell_expr_new(&e, text, NULL), 0);
	ck_assert(!tell_expr_match(e, &r, NULL));
	tell_expr_free(e);
	tell_record_done(&r);
}
END_TEST

START_TEST(the_manuals_examples_are_expressions)
{
	char path[4096], line[256];
	unsigned n = 0;
	const char *top = getenv("top_srcdir");
	(void)snprintf(
		path, sizeof(path), "%s/doc/man/telltale-expr.7.scd", top ? top : ".");
	FILE *f = fopen(path, "re");
	ck_assert_msg(f, "cannot read %s", path);
	while (fgets(line, sizeof(line), f)) {
		struct tell_expr *e = NULL;
		if (line[0] != '\t')
			continue;
		ck_assert_msg(tell_expr_new(&e, line, NULL) == 0, "%s", line);
		tell_expr_free(e);
		n++;
	}
	ck_assert_uint_ge(n, 4);
	ck_assert_int_eq(fclose(f), 0);
}
END_TEST

START_TEST(nothing_is_freed_as_nothing)
{
	struct tell_expr *e = NULL;
	ck_assert_ptr_null(tell_expr_free(NULL));
	tell_expr_freep(&e);
	ck_assert_ptr_null(e);
}
END_TEST

static Suite *expr_parse_suite(void)
{
	Suite *s = suite_create("record/expr_parse");
	tell_check_add(
		s, "errors", what_is_no_expression_is_refused_with_column_and_fix, NULL);
	tell_check_add(s, "limits", limits_are_where_the_header_says,
		a_long_chain_is_evaluated, nothing_is_freed_as_nothing,
		the_manuals_examples_are_expressions, NULL);
	return s;
}
TELL_CHECK_MAIN(expr_parse_suite)
