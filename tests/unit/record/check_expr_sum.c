#include <math.h>
#include "base/buf.h"
#include "support/check_main.h"
#include "support/unit.h"
#include "unit/record/expr_fixture.h"

/* Random expressions, written with as few parentheses as the grammar allows, and their
 * value worked out beside: whoever gets precedence, direction or missing values wrong
 * comes to another result. */
static uint64_t seed;
static struct tell_buf text;

static unsigned pick(unsigned n)
{
	return (unsigned)(tell_unit_random(&seed) >> 33) % n;
}

static void blank(void)
{
	tell_buf_puts(&text, pick(2) ? " " : "  ");
}

static void open_if(bool yes)
{
	if (yes)
		tell_buf_putc(&text, '(');
}

static void close_if(bool yes)
{
	if (yes)
		tell_buf_putc(&text, ')');
}

/* The numbers of the fixture; NAN without a field is missing. */
static double leaf(bool *missing)
{
	static const struct {
		const char *name;
		double value;
	} names[] = { { "status", 503 }, { "NEG", -3 }, { "zero", 0 }, { "ratio", 0.25 },
		{ "cached", 1 }, { "number", 42 }, { "priority", 4 },
		{ "errors.total", 51 } };
	unsigned i = pick(12);
	if (i < 8) {
		tell_buf_puts(&text, names[i].name);
		return names[i].value;
	}
	if (i == 8) {
		*missing = true;
		tell_buf_puts(&text, "absent");
		return 0;
	}
	tell_buf_printf(&text, "%u", i);
	return i;
}

/* A sum that may stand where `tight` is needed: 0 sum, 1 term, 2 sign. */
static double sum(unsigned depth, unsigned tight, bool *missing)
{
	unsigned op = depth ? pick(7) : 6;
	if (op > 4)
		return leaf(missing);
	if (op == 4) {
		tell_buf_puts(&text, "- ");
		return -sum(depth - 1, 2, missing);
	}
	unsigned own = op < 2 ? 0 : 1;
	open_if(own < tight);
	double a = sum(depth - 1, own, missing);
	blank();
	tell_buf_putc(&text, "+-*/"[op]);
	blank();
	double b = sum(depth - 1, own + 1, missing);
	close_if(own < tight);
	return op == 0 ? a + b : op == 1 ? a - b : op == 2 ? a * b : a / b;
}

static bool compare(void)
{
	static const char *const words[] = { "=", "!=", "<", "<=", ">", ">=" };
	bool missing = false;
	unsigned op = pick(6);
	/* in parentheses: words right of an operator alone would be text */
	tell_buf_putc(&text, '(');
	double a = sum(3, 0, &missing);
	tell_buf_puts(&text, ")");
	blank();
	tell_buf_puts(&text, words[op]);
	blank();
	tell_buf_putc(&text, '(');
	double b = sum(2, 0, &missing);
	tell_buf_puts(&text, ")");
	if (missing || isunordered(a, b))
		return op == 1;
	bool equal = !islessgreater(a, b);
	bool results[] = { equal, !equal, a<b, a <= b, a> b, a >= b };
	return results[op];
}

/* 0 or, 1 and, 2 not. */
static bool test(unsigned depth, unsigned tight)
{
	unsigned op = depth ? pick(4) : 3;
	if (op == 3)
		return compare();
	if (op == 2) {
		tell_buf_puts(&text, pick(2) ? "not " : "NOT ");
		return !test(depth - 1, 2);
	}
	open_if(op < tight);
	bool a = test(depth - 1, op);
	tell_buf_puts(&text, op ? " and " : " or ");
	bool b = test(depth - 1, op + 1);
	close_if(op < tight);
	return op ? a && b : a || b;
}

START_TEST(random_expressions_have_the_value_worked_out_beside)
{
	struct tell_record r;
	unsigned held = 0;
	seed = tell_unit_seed();
	fixture_record(&r);
	tell_buf_init(&text, 0);
	for (unsigned i = 0; i < 3000; i++) {
		tell_buf_clear(&text);
		bool expected = test(3, 0);
		struct tell_expr *e;
		struct tell_expr_error why;
		if (tell_expr_new(&e, tell_buf_cstr(&text), &why) < 0)
			ck_abort_msg("%s: column %u: %s", tell_buf_cstr(&text),
				why.column, why.what);
		if (tell_expr_match(e, &r, &fixture_who) != expected)
			ck_abort_msg("%s: not %d", tell_buf_cstr(&text), expected);
		tell_expr_free(e);
		held += expected;
	}
	ck_assert_uint_gt(held, 500);
	ck_assert_uint_lt(held, 2500);
	tell_buf_done(&text);
	tell_record_done(&r);
}
END_TEST

static Suite *expr_sum_suite(void)
{
	Suite *s = suite_create("record/expr_sum");
	tell_check_add(
		s, "random", random_expressions_have_the_value_worked_out_beside, NULL);
	return s;
}
TELL_CHECK_MAIN(expr_sum_suite)
