#include <string.h>
#include <telltale/module.h>
#include "record/expr_node.h"
#include "record/expr_value.h"
#include "record/level.h"
#include "record/place.h"

/* What an expression is evaluated on: a record, or whatever find knows. */
struct scene {
	const struct tell_expr *expr;
	const struct tell_record *record; /* NULL: ask find */
	const struct tell_identity *who;
	tell_expr_find *find;
	const void *from;
};

/* ---- names ---- */

/* "" is missing: the encoders leave it out as well. */
static void set_word(struct tell_operand *o, const char *text, size_t len)
{
	if (len)
		tell_operand_text(o, text, len);
}

static void set_id(struct tell_operand *o, uint64_t id)
{
	if (id)
		tell_operand_u64(o, id);
}

static const char *kind_word(unsigned kind)
{
	static const char *const words[] = { "log", "span", "event", "metric", "health",
		"alert", "cost", "feedback", "loss" };
	return kind < sizeof(words) / sizeof(words[0]) ? words[kind] : "?";
}

static void set_from_head(
	const struct scene *s, const struct tell_expr_node *n, struct tell_operand *o)
{
	const struct tell_head *h = s->record->head;
	const struct tell_place *place = tell_place(h->place);
	const char *text;
	size_t len;
	switch ((enum tell_expr_name)n->name) {
	case TELL_NAME_FIELD:
		break;
	case TELL_NAME_LEVEL:
		text = tell_level_word(h->level);
		set_word(o, text, strlen(text));
		break;
	case TELL_NAME_PRIORITY:
		tell_operand_u64(o, h->level);
		break;
	case TELL_NAME_MESSAGE:
		text = tell_record_text(s->record, &len);
		set_word(o, text, len);
		break;
	case TELL_NAME_SERVICE:
		if (tell_record_named(s->record, &text, &len))
			set_word(o, text, len);
		else if (s->who)
			set_word(o, s->who->service, strlen(s->who->service));
		break;
	case TELL_NAME_LOGGER:
		set_word(o, place->logger, place->logger_len);
		break;
	case TELL_NAME_KIND:
		text = kind_word(h->kind);
		set_word(o, text, strlen(text));
		break;
	case TELL_NAME_FILE:
		set_word(o, place->file, place->file_len);
		break;
	case TELL_NAME_LINE:
		set_id(o, place->line);
		break;
	case TELL_NAME_FUNC:
		set_word(o, place->func, place->func_len);
		break;
	case TELL_NAME_PID:
		set_id(o, h->pid ? h->pid : s->who ? s->who->pid : 0);
		break;
	case TELL_NAME_TID:
		set_id(o, h->tid);
		break;
	}
}

/* Some names may be a field's as well: file, line, func. The others are never a field:
 * record/name.h. */
static bool may_be_field(const struct tell_expr_node *n)
{
	return n->name == TELL_NAME_FIELD || n->name == TELL_NAME_FILE ||
		n->name == TELL_NAME_LINE || n->name == TELL_NAME_FUNC;
}

static void set_name(
	const struct scene *s, const struct tell_expr_node *n, struct tell_operand *o)
{
	struct tell_value v;
	o->kind = TELL_OPERAND_NONE;
	if (!s->record) {
		if (s->find(s->from, n->v.text, n->len, &v, &o->word))
			tell_operand_value(o, &v);
	} else if (may_be_field(n) && tell_record_get(s->record, n->v.text, n->len, &v)) {
		tell_operand_value(o, &v);
	} else {
		set_from_head(s, n, o);
	}
}

/* ---- values ---- */

static void set_value(const struct scene *s, unsigned at, struct tell_operand *o);

/* Apart, so that long sums do not take an operand's room for each step. */
static __attribute__((noinline)) bool leaf_number(
	const struct scene *s, unsigned at, double *ret)
{
	struct tell_operand o;
	struct tell_number n;
	set_value(s, at, &o);
	if (!tell_operand_number(&o, &n))
		return false;
	*ret = tell_number_f64(&n);
	return true;
}

/* The value as a number. False: it is none. */
static bool calculate(const struct scene *s, unsigned at, double *ret)
{
	const struct tell_expr_node *n = &s->expr->nodes[at];
	if (n->kind < TELL_NODE_NEGATE)
		return leaf_number(s, at, ret);
	double a, b = 0;
	if (!calculate(s, n->a, &a))
		return false;
	if (n->kind != TELL_NODE_NEGATE && !calculate(s, n->b, &b))
		return false;
	switch (n->kind) {
	case TELL_NODE_ADD:
		*ret = a + b;
		break;
	case TELL_NODE_SUBTRACT:
		*ret = a - b;
		break;
	case TELL_NODE_MULTIPLY:
		*ret = a * b;
		break;
	case TELL_NODE_DIVIDE:
		*ret = a / b; /* IEEE 754: infinite or NaN for b = 0 */
		break;
	default:
		*ret = -a;
		break;
	}
	return true;
}

static void set_value(const struct scene *s, unsigned at, struct tell_operand *o)
{
	const struct tell_expr_node *n = &s->expr->nodes[at];
	if (n->kind == TELL_NODE_NAME) {
		set_name(s, n, o);
	} else if (n->kind == TELL_NODE_NUMBER) {
		o->kind = TELL_OPERAND_NUMBER;
		o->number = n->v.number;
	} else if (n->kind == TELL_NODE_TEXT) {
		tell_operand_text(o, n->v.text, n->len);
	} else {
		double result;
		o->kind = TELL_OPERAND_NONE;
		if (calculate(s, at, &result))
			tell_operand_f64(o, result);
	}
}

/* ---- tests ---- */

static bool test_order(enum tell_expr_op op, enum tell_order order)
{
	switch (op) {
	case TELL_OP_LT:
		return order == TELL_LESS;
	case TELL_OP_LE:
		return order == TELL_LESS || order == TELL_EQUAL;
	case TELL_OP_GT:
		return order == TELL_GREATER;
	case TELL_OP_GE:
		return order == TELL_GREATER || order == TELL_EQUAL;
	case TELL_OP_EQ:
	case TELL_OP_NE:
	case TELL_OP_MATCH:
	case TELL_OP_UNMATCH:
		break;
	}
	return false;
}

/* a op b, where != is asked as = and !~ as ~; b is NULL for ~. */
static bool test_one(const struct tell_expr_node *n, enum tell_expr_op op,
	struct tell_operand *a, struct tell_operand *b)
{
	if (a->kind == TELL_OPERAND_NONE || (b && b->kind == TELL_OPERAND_NONE))
		return false;
	if (!b) {
		size_t len;
		const char *text = tell_operand_show(a, &len);
		return tell_pattern_match(n->v.pattern, text, len);
	}
	if (op == TELL_OP_EQ)
		return tell_operand_equal(a, b);
	return test_order(op, tell_operand_order(a, b));
}

/* Is it so for one element of the list in a (in b: turned), or for a itself? */
static bool test_any(const struct tell_expr_node *n, enum tell_expr_op op,
	struct tell_operand *a, struct tell_operand *b)
{
	struct tell_operand *list = a->kind == TELL_OPERAND_LIST ? a : b;
	if (!list || list->kind != TELL_OPERAND_LIST)
		return test_one(n, op, a, b);

	struct tell_operand element;
	struct tell_value v;
	for (uint32_t pos = 0; tell_value_next(&list->list, &pos, &v);) {
		tell_operand_value(&element, &v);
		bool yes = list == a ? test_any(n, op, &element, b)
				     : test_one(n, op, a, &element);
		if (yes)
			return true;
	}
	return false;
}

static bool test(const struct scene *s, const struct tell_expr_node *n)
{
	struct tell_operand a, b;
	set_value(s, n->a, &a);
	if (n->kind == TELL_NODE_MATCH) {
		bool yes = test_any(n, TELL_OP_MATCH, &a, NULL);
		return n->op == TELL_OP_UNMATCH ? !yes : yes;
	}
	set_value(s, n->b, &b);
	if (n->op == TELL_OP_NE)
		return !test_any(n, TELL_OP_EQ, &a, &b);
	return test_any(n, (enum tell_expr_op)n->op, &a, &b);
}

/* The level of the record, or what find says about it; -1: missing. */
static int level_of(const struct scene *s)
{
	if (s->record)
		return s->record->head->level;
	struct tell_operand o = { .kind = TELL_OPERAND_NONE };
	struct tell_value v;
	if (!s->find(s->from, "level", 5, &v, &o.word))
		return -1;
	tell_operand_value(&o, &v);
	if (o.kind != TELL_OPERAND_TEXT && o.kind != TELL_OPERAND_NUMBER)
		return -1;
	size_t len;
	const char *word = tell_operand_show(&o, &len);
	int level = tell_level_parse(word, len);
	return level < 0 ? -1 : level;
}

/* Worse is greater, and smaller as a number. */
static bool test_level(const struct scene *s, const struct tell_expr_node *n)
{
	int level = level_of(s);
	if (n->op == TELL_OP_NE)
		return level != n->v.level;
	if (level < 0)
		return false;
	if (n->op == TELL_OP_EQ)
		return level == n->v.level;
	enum tell_order order = level < n->v.level ? TELL_GREATER
		: level > n->v.level		   ? TELL_LESS
						   : TELL_EQUAL;
	return test_order((enum tell_expr_op)n->op, order);
}

static bool holds(const struct scene *s, unsigned at)
{
	const struct tell_expr_node *n = &s->expr->nodes[at];
	switch ((enum tell_expr_kind)n->kind) {
	case TELL_NODE_AND:
		return holds(s, n->a) && holds(s, n->b);
	case TELL_NODE_OR:
		return holds(s, n->a) || holds(s, n->b);
	case TELL_NODE_NOT:
		return !holds(s, n->a);
	case TELL_NODE_COMPARE:
	case TELL_NODE_MATCH:
		return test(s, n);
	case TELL_NODE_LEVEL:
		return test_level(s, n);
	case TELL_NODE_NUMBER:
	case TELL_NODE_TEXT:
	case TELL_NODE_NAME:
	case TELL_NODE_NEGATE:
	case TELL_NODE_ADD:
	case TELL_NODE_SUBTRACT:
	case TELL_NODE_MULTIPLY:
	case TELL_NODE_DIVIDE:
		break;
	}
	struct tell_operand o;
	set_value(s, at, &o);
	return tell_operand_true(&o);
}

bool tell_expr_match(const struct tell_expr *e, const struct tell_record *r,
	const struct tell_identity *who)
{
	struct scene s = { .expr = e, .record = r, .who = who };
	return holds(&s, e->root);
}

bool tell_expr_match_by(const struct tell_expr *e, tell_expr_find *find, const void *from)
{
	struct scene s = { .expr = e, .find = find, .from = from };
	return holds(&s, e->root);
}

/* ---- three answers ---- */

static bool is_open(const struct scene *s, unsigned at)
{
	double value;
	return !calculate(s, at, &value) || value != value;
}

static enum tell_expr_truth truth(bool yes)
{
	return yes ? TELL_EXPR_YES : TELL_EXPR_NO;
}

static enum tell_expr_truth judge(const struct scene *s, unsigned at);

/* decides: no for `and`, yes for `or`. */
static enum tell_expr_truth judge_pair(const struct scene *s,
	const struct tell_expr_node *n, enum tell_expr_truth decides)
{
	enum tell_expr_truth a = judge(s, n->a);
	enum tell_expr_truth b = a == decides ? a : judge(s, n->b);
	if (b == decides)
		return b;
	return a == TELL_EXPR_OPEN ? a : b;
}

static enum tell_expr_truth judge(const struct scene *s, unsigned at)
{
	const struct tell_expr_node *n = &s->expr->nodes[at];
	enum tell_expr_truth a;
	switch (n->kind) {
	case TELL_NODE_AND:
		return judge_pair(s, n, TELL_EXPR_NO);
	case TELL_NODE_OR:
		return judge_pair(s, n, TELL_EXPR_YES);
	case TELL_NODE_NOT:
		a = judge(s, n->a);
		return a == TELL_EXPR_OPEN ? a : truth(a == TELL_EXPR_NO);
	case TELL_NODE_COMPARE:
		if (is_open(s, n->a) || is_open(s, n->b))
			return TELL_EXPR_OPEN;
		return truth(test(s, n));
	default: /* a value alone, or a test that numbers do not have */
		return n->kind <= TELL_NODE_DIVIDE && is_open(s, at)
			? TELL_EXPR_OPEN
			: truth(holds(s, at));
	}
}

enum tell_expr_truth tell_expr_judge_by(
	const struct tell_expr *e, tell_expr_find *find, const void *from)
{
	struct scene s = { .expr = e, .find = find, .from = from };
	return judge(&s, e->root);
}
