#pragma once
#include "record/expr_lex.h"

/* Recursive descent, a function a line of the grammar in expr.h. Each returns the place of
 * its node, or a negative errno with the error filled. expr_parse.c has the tests,
 * expr_sum.c the values. */
struct tell_parser {
	struct tell_lexer lex;
	struct tell_expr *expr;
	unsigned depth;
};

int tell_parser_or(struct tell_parser *p);
int tell_parser_sum(struct tell_parser *p);

/* One level deeper, for p->depth-- to leave: 0 or -EINVAL. */
int tell_parser_enter(struct tell_parser *p);

int tell_parser_add(struct tell_parser *p, struct tell_expr_node node);
int tell_parser_add_pair(struct tell_parser *p, enum tell_expr_kind kind, int a, int b);

static inline struct tell_expr_node *tell_parser_node(struct tell_parser *p, int at)
{
	return &p->expr->nodes[at];
}

static inline bool tell_parser_is_value(struct tell_parser *p, int at)
{
	return tell_parser_node(p, at)->kind <= TELL_NODE_DIVIDE;
}

static inline bool tell_parser_is_level(struct tell_parser *p, int at)
{
	const struct tell_expr_node *n = tell_parser_node(p, at);
	return n->kind == TELL_NODE_NAME && n->name == TELL_NAME_LEVEL;
}

static inline bool tell_parser_is_sign(const struct tell_parser *p, char sign)
{
	return p->lex.now.kind == TELL_TOKEN_SIGN && p->lex.now.sign == sign;
}
