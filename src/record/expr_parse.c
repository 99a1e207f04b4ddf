#include "record/expr_parse.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/size.h"
#include "record/level.h"

int tell_parser_add(struct tell_parser *p, struct tell_expr_node node)
{
	if (p->expr->n == TELL_EXPR_NODES_MAX)
		return tell_lexer_refuse(&p->lex, p->lex.now.at,
			"split it over several lines of the stack", "more than %d parts",
			TELL_EXPR_NODES_MAX);
	p->expr->nodes[p->expr->n] = node;
	return p->expr->n++;
}

int tell_parser_add_pair(struct tell_parser *p, enum tell_expr_kind kind, int a, int b)
{
	return tell_parser_add(p,
		(struct tell_expr_node){ .kind = (uint8_t)kind,
			.has_name = tell_parser_node(p, a)->has_name ||
				tell_parser_node(p, b)->has_name,
			.a = (uint16_t)a,
			.b = (uint16_t)b });
}

int tell_parser_enter(struct tell_parser *p)
{
	if (++p->depth <= TELL_EXPR_DEPTH_MAX)
		return 0;
	return tell_lexer_refuse(&p->lex, p->lex.now.at,
		"write it with fewer parentheses", "more than %d deep",
		TELL_EXPR_DEPTH_MAX);
}

/* ---- comparisons ---- */

/* left ~ pattern; the operator is the current token. */
static int parse_match(struct tell_parser *p, int left, enum tell_expr_op op)
{
	int r = tell_lexer_pattern(&p->lex);
	if (r < 0)
		return r;
	struct tell_token t = p->lex.now;
	if (t.kind != TELL_TOKEN_TEXT)
		return tell_lexer_refuse(&p->lex, t.at,
			"write the pattern in quotes: path~\"^/api/\"", "no pattern");

	char why[100];
	struct tell_pattern *pattern;
	r = tell_pattern_new(&pattern, t.text, why, sizeof(why));
	if (r == -EINVAL)
		return tell_lexer_refuse(&p->lex, t.at,
			"write a POSIX extended regular expression, see regex(7)",
			"not a pattern: %s", why);
	if (r < 0)
		return r;
	int at = tell_parser_add(p,
		(struct tell_expr_node){ .kind = TELL_NODE_MATCH,
			.op = (uint8_t)op,
			.a = (uint16_t)left,
			.v.pattern = pattern });
	if (at < 0) {
		tell_pattern_free(pattern);
		return at;
	}
	r = tell_lexer_next(&p->lex);
	return r < 0 ? r : at;
}

/* level op constant; the other way round for constant op level. */
static int add_level(
	struct tell_parser *p, int constant, enum tell_expr_op op, unsigned column)
{
	static const char fix[] =
		"one of emerg alert crit error warning notice info debug";
	const struct tell_expr_node *n = tell_parser_node(p, constant);
	int level = -EINVAL;
	if (n->kind == TELL_NODE_TEXT)
		level = tell_level_parse(n->v.text, n->len);
	else if (n->kind == TELL_NODE_NUMBER && n->v.number.kind == TELL_NUMBER_I64 &&
		n->v.number.i64 >= TELL_EMERG && n->v.number.i64 <= TELL_DEBUG)
		level = (int)n->v.number.i64;
	if (level < 0)
		return tell_lexer_refuse(&p->lex, column, fix, "not a level");
	return tell_parser_add(p,
		(struct tell_expr_node){ .kind = TELL_NODE_LEVEL,

			.op = (uint8_t)op,
			.v.level = level });
}

static enum tell_expr_op turned(enum tell_expr_op op)
{
	switch (op) {
	case TELL_OP_LT:
		return TELL_OP_GT;
	case TELL_OP_LE:
		return TELL_OP_GE;
	case TELL_OP_GT:
		return TELL_OP_LT;
	case TELL_OP_GE:
		return TELL_OP_LE;
	case TELL_OP_EQ:
	case TELL_OP_NE:
	case TELL_OP_MATCH:
	case TELL_OP_UNMATCH:
		break;
	}
	return op;
}

/* "took>5ms" would compare with text and never hold: say how to write it. */
static int refuse_duration(
	struct tell_parser *p, const struct tell_token *t, enum tell_expr_op op)
{
	uint64_t ns;
	if (t->kind != TELL_TOKEN_TEXT || !t->bare || op < TELL_OP_LT ||
		op > TELL_OP_GE || tell_parse_duration(t->text, &ns) < 0)
		return 0;
	char fix[80] = "write ";
	char *end = tell_put_f64(fix + 6, (double)ns / (double)TELL_NS_PER_SEC);
	*end = '\0';
	return tell_lexer_refuse(
		&p->lex, t->at, fix, "durations are compared in seconds, without a unit");
}

/* left op right; the operator is the current token. */
static int parse_compare(
	struct tell_parser *p, int left, enum tell_expr_op op, unsigned column)
{
	int r = tell_parser_node(p, left)->has_name ? tell_lexer_value(&p->lex)
						    : tell_lexer_next(&p->lex);
	if (r < 0)
		return r;
	struct tell_token t = p->lex.now;
	r = refuse_duration(p, &t, op);
	int right = r < 0 ? r : tell_parser_sum(p);
	if (right < 0)
		return right;
	if (!tell_parser_is_value(p, right))
		return tell_lexer_refuse(&p->lex, t.at,
			"join comparisons with and, or, not",
			"the result of a comparison is compared");
	if (tell_parser_is_level(p, left))
		return add_level(p, right, op, t.at);
	if (tell_parser_is_level(p, right))
		return add_level(p, left, turned(op), column);
	int at = tell_parser_add_pair(p, TELL_NODE_COMPARE, left, right);
	if (at >= 0)
		tell_parser_node(p, at)->op = (uint8_t)op;
	return at;
}

static int parse_test(struct tell_parser *p)
{
	unsigned column = p->lex.now.at;
	int left = tell_parser_sum(p);
	if (left < 0 || p->lex.now.kind != TELL_TOKEN_COMPARE)
		return left;
	enum tell_expr_op op = p->lex.now.op;
	if (!tell_parser_is_value(p, left))
		return tell_lexer_refuse(&p->lex, p->lex.now.at,
			"join comparisons with and, or, not",
			"the result of a comparison is compared");
	int at = op >= TELL_OP_MATCH ? parse_match(p, left, op)
				     : parse_compare(p, left, op, column);
	if (at >= 0 && p->lex.now.kind == TELL_TOKEN_COMPARE)
		return tell_lexer_refuse(&p->lex, p->lex.now.at, "write a<b and b<c",
			"comparisons do not chain");
	return at;
}

/* ---- and, or, not ---- */

static int parse_not(struct tell_parser *p)
{
	if (p->lex.now.kind != TELL_TOKEN_NOT)
		return parse_test(p);
	int r = tell_parser_enter(p);
	r = r < 0 ? r : tell_lexer_next(&p->lex);
	int inner = r < 0 ? r : parse_not(p);
	if (inner < 0)
		return inner;
	p->depth--;
	return tell_parser_add(p,
		(struct tell_expr_node){ .kind = TELL_NODE_NOT, .a = (uint16_t)inner });
}

static int parse_and(struct tell_parser *p)
{
	int left = parse_not(p);
	while (left >= 0 && p->lex.now.kind == TELL_TOKEN_AND) {
		int r = tell_lexer_next(&p->lex);
		int right = r < 0 ? r : parse_not(p);
		left = right < 0 ? right
				 : tell_parser_add_pair(p, TELL_NODE_AND, left, right);
	}
	return left;
}

int tell_parser_or(struct tell_parser *p)
{
	int left = parse_and(p);
	while (left >= 0 && p->lex.now.kind == TELL_TOKEN_OR) {
		int r = tell_lexer_next(&p->lex);
		int right = r < 0 ? r : parse_and(p);
		left = right < 0 ? right
				 : tell_parser_add_pair(p, TELL_NODE_OR, left, right);
	}
	return left;
}

static int parse_all(struct tell_parser *p)
{
	int r = tell_lexer_next(&p->lex);
	if (r == 0 && p->lex.now.kind == TELL_TOKEN_END)
		return tell_lexer_refuse(&p->lex, 0, "write one, such as level>=warning",
			"an empty expression");
	int root = r < 0 ? r : tell_parser_or(p);
	if (root < 0 || p->lex.now.kind == TELL_TOKEN_END)
		return root;
	if (tell_parser_is_sign(p, ')'))
		return tell_lexer_refuse(
			&p->lex, p->lex.now.at, "remove it", "a ) without its (");
	return tell_lexer_refuse(&p->lex, p->lex.now.at,
		"join tests with and, or; put text with blanks into quotes",
		"something follows a whole expression");
}

static int new_expr(struct tell_expr **ret, size_t len)
{
	struct tell_expr *e = calloc(
		1, sizeof(*e) + TELL_EXPR_NODES_MAX * sizeof(struct tell_expr_node));
	if (!e)
		return -ENOMEM;
	e->texts = malloc(2 * len + 1);
	if (!e->texts) {
		free(e);
		return -ENOMEM;
	}
	*ret = e;
	return 0;
}

static int compile(struct tell_expr **ret, const char *text, bool labels,
	struct tell_expr_error *ret_error)
{
	struct tell_expr_error unused;
	struct tell_parser p = { .lex = { .text = text,
					 .labels = labels,
					 .error = ret_error ? ret_error : &unused } };
	*p.lex.error = (struct tell_expr_error){ .what = "out of memory" };
	size_t len = strlen(text);
	if (len > TELL_EXPR_TEXT_MAX)
		return tell_lexer_refuse(&p.lex, TELL_EXPR_TEXT_MAX,
			"split it over several lines of the stack",
			"longer than %d bytes", TELL_EXPR_TEXT_MAX);
	int r = new_expr(&p.expr, len);
	if (r < 0)
		return r;
	p.lex.room = p.expr->texts;
	int root = parse_all(&p);
	if (root < 0) {
		tell_expr_free(p.expr);
		return root;
	}
	p.expr->root = (uint16_t)root;
	struct tell_expr *fit = realloc(
		p.expr, sizeof(*fit) + p.expr->n * sizeof(struct tell_expr_node));
	*ret = fit ? fit : p.expr;
	return 0;
}

int tell_expr_new(
	struct tell_expr **ret, const char *text, struct tell_expr_error *ret_error)
{
	return compile(ret, text, false, ret_error);
}

int tell_expr_new_labels(
	struct tell_expr **ret, const char *text, struct tell_expr_error *ret_error)
{
	return compile(ret, text, true, ret_error);
}

struct tell_expr *tell_expr_free(struct tell_expr *e)
{
	for (unsigned i = 0; e && i < e->n; i++)
		if (e->nodes[i].kind == TELL_NODE_MATCH)
			tell_pattern_free(e->nodes[i].v.pattern);
	if (e)
		free(e->texts);
	free(e);
	return NULL;
}

void tell_expr_freep(struct tell_expr **e)
{
	*e = tell_expr_free(*e);
}
