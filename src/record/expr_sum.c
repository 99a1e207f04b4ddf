#include <string.h>
#include "record/expr_parse.h"

static enum tell_expr_name name_of(const char *word)
{
	static const struct {
		const char *word;
		enum tell_expr_name name;
	} names[] = { { "level", TELL_NAME_LEVEL }, { "priority", TELL_NAME_PRIORITY },
		{ "message", TELL_NAME_MESSAGE }, { "service", TELL_NAME_SERVICE },
		{ "syslog_identifier", TELL_NAME_SERVICE },
		{ "logger", TELL_NAME_LOGGER }, { "kind", TELL_NAME_KIND },
		{ "file", TELL_NAME_FILE }, { "code_file", TELL_NAME_FILE },
		{ "line", TELL_NAME_LINE }, { "code_line", TELL_NAME_LINE },
		{ "func", TELL_NAME_FUNC }, { "code_func", TELL_NAME_FUNC },
		{ "pid", TELL_NAME_PID }, { "tid", TELL_NAME_TID } };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(word, names[i].word) == 0)
			return names[i].name;
	return TELL_NAME_FIELD;
}

static int parse_group(struct tell_parser *p)
{
	unsigned open = p->lex.now.at;
	int r = tell_lexer_next(&p->lex);
	int inner = r < 0 ? r : tell_parser_or(p);
	if (inner < 0)
		return inner;
	if (!tell_parser_is_sign(p, ')'))
		return tell_lexer_refuse(&p->lex, p->lex.now.at,
			"write ) where the group ends",
			"the ( in column %u is not closed", open + 1);
	r = tell_lexer_next(&p->lex);
	return r < 0 ? r : inner;
}

/* number | text | name | "(" or ")" */
static int parse_primary(struct tell_parser *p)
{
	const struct tell_token *t = &p->lex.now;
	struct tell_expr_node node = { .len = t->len, .v.text = t->text };
	switch (t->kind) {
	case TELL_TOKEN_NUMBER:
		node.kind = TELL_NODE_NUMBER;
		node.v.number = t->number;
		break;
	case TELL_TOKEN_TEXT:
		node.kind = TELL_NODE_TEXT;
		break;
	case TELL_TOKEN_NAME:
		node.kind = TELL_NODE_NAME;
		node.name = (uint8_t)name_of(t->text);
		node.has_name = true;
		break;
	case TELL_TOKEN_SIGN:
		if (t->sign == '(')
			return parse_group(p);
		return tell_lexer_refuse(&p->lex, t->at,
			"a name, a number or \"text\" goes here",
			"'%c' where a value belongs", t->sign);
	case TELL_TOKEN_END:
		return tell_lexer_refuse(&p->lex, t->at,
			"a name, a number or \"text\" goes here",
			"it ends where a value belongs");
	case TELL_TOKEN_COMPARE:
	case TELL_TOKEN_AND:
	case TELL_TOKEN_OR:
	case TELL_TOKEN_NOT:
		return tell_lexer_refuse(&p->lex, t->at,
			"a name, a number or \"text\" goes here",
			"an operator where a value belongs");
	}
	int at = tell_parser_add(p, node);
	int r = at < 0 ? at : tell_lexer_next(&p->lex);
	return r < 0 ? r : at;
}

/* Can the node at `at` be calculated with? */
static int need_number(struct tell_parser *p, int at, unsigned column)
{
	const struct tell_expr_node *n = tell_parser_node(p, at);
	if (!tell_parser_is_value(p, at))
		return tell_lexer_refuse(&p->lex, column,
			"calculate with names and numbers",
			"the result of a comparison is not a number");
	if (n->kind == TELL_NODE_TEXT)
		return tell_lexer_refuse(&p->lex, column,
			"calculate with names and numbers", "text is not a number");
	if (tell_parser_is_level(p, at))
		return tell_lexer_refuse(&p->lex, column,
			"use priority: the level as number", "a level is not a number");
	return 0;
}

static int parse_sign(struct tell_parser *p)
{
	int r = tell_parser_enter(p);
	if (r < 0)
		return r;
	int at;
	if (tell_parser_is_sign(p, '-')) {
		r = tell_lexer_next(&p->lex);
		unsigned column = p->lex.now.at;
		at = r < 0 ? r : parse_sign(p);
		r = at < 0 ? at : need_number(p, at, column);
		if (r >= 0)
			at = tell_parser_add(p,
				(struct tell_expr_node){ .kind = TELL_NODE_NEGATE,
					.has_name = tell_parser_node(p, at)->has_name,
					.a = (uint16_t)at });
		at = r < 0 ? r : at;
	} else {
		at = parse_primary(p);
	}
	p->depth--;
	return at;
}

static bool arithmetic(struct tell_parser *p, const char *signs, enum tell_expr_kind *ret)
{
	if (p->lex.now.kind != TELL_TOKEN_SIGN || !strchr(signs, p->lex.now.sign))
		return false;
	switch (p->lex.now.sign) {
	case '+':
		*ret = TELL_NODE_ADD;
		break;
	case '-':
		*ret = TELL_NODE_SUBTRACT;
		break;
	case '*':
		*ret = TELL_NODE_MULTIPLY;
		break;
	default:
		*ret = TELL_NODE_DIVIDE;
	}
	return true;
}

/* Operands joined by some of the signs, from the left. */
static int parse_chain(
	struct tell_parser *p, const char *signs, int (*operand)(struct tell_parser *))
{
	unsigned left_column = p->lex.now.at;
	int left = operand(p);
	enum tell_expr_kind kind;
	while (left >= 0 && arithmetic(p, signs, &kind)) {
		int r = need_number(p, left, left_column);
		r = r < 0 ? r : tell_lexer_next(&p->lex);
		unsigned column = p->lex.now.at;
		int right = r < 0 ? r : operand(p);
		r = right < 0 ? right : need_number(p, right, column);
		left = r < 0 ? r : tell_parser_add_pair(p, kind, left, right);
	}
	return left;
}

static int parse_term(struct tell_parser *p)
{
	return parse_chain(p, "*/", parse_sign);
}

int tell_parser_sum(struct tell_parser *p)
{
	return parse_chain(p, "+-", parse_term);
}
