#pragma once
#include <stdint.h>
#include "base/number.h"
#include "record/expr.h"
#include "record/pattern.h"

/* The inside of an expression, shared by expr_lex.c, expr_parse.c and expr_eval.c. */

enum tell_expr_op {
	TELL_OP_EQ,
	TELL_OP_NE,
	TELL_OP_LT,
	TELL_OP_LE,
	TELL_OP_GT,
	TELL_OP_GE,
	TELL_OP_MATCH,
	TELL_OP_UNMATCH
};

enum tell_expr_kind {
	TELL_NODE_NUMBER,
	TELL_NODE_TEXT,
	TELL_NODE_NAME,
	TELL_NODE_NEGATE, /* a */
	TELL_NODE_ADD,	  /* a, b; and the next three */
	TELL_NODE_SUBTRACT,
	TELL_NODE_MULTIPLY,
	TELL_NODE_DIVIDE,
	TELL_NODE_COMPARE, /* a op b */
	TELL_NODE_LEVEL,   /* level op .level */
	TELL_NODE_MATCH,   /* a op .pattern */
	TELL_NODE_NOT,	   /* a */
	TELL_NODE_AND,
	TELL_NODE_OR
};

/* Names that are not (only) fields. */
enum tell_expr_name {
	TELL_NAME_FIELD,
	TELL_NAME_LEVEL,
	TELL_NAME_PRIORITY,
	TELL_NAME_MESSAGE,
	TELL_NAME_SERVICE,
	TELL_NAME_LOGGER,
	TELL_NAME_KIND,
	TELL_NAME_FILE,
	TELL_NAME_LINE,
	TELL_NAME_FUNC,
	TELL_NAME_PID,
	TELL_NAME_TID
};

struct tell_expr_node {
	uint8_t kind; /* enum tell_expr_kind */
	uint8_t op;   /* enum tell_expr_op */
	uint8_t name; /* enum tell_expr_name */
	bool has_name;
	uint16_t a, b; /* places in nodes */
	uint32_t len;  /* of text */
	union {
		const char *text; /* in the expression's own memory, NUL-terminated */
		struct tell_number number;
		struct tell_pattern *pattern;
		int level;
	} v;
};

struct tell_expr {
	char *texts;
	uint16_t n, root;
	struct tell_expr_node nodes[]; /* children stand before their parents */
};

/* A number as the grammar has it: an integer that does not fit 64 bits is none, so that
 * long ids never become equal by rounding. */
bool tell_expr_number(const char *s, size_t n, struct tell_number *ret);
