#include "record/expr_metric.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/module.h>
#include "record/expr_node.h"
#include "record/expr_term.h"

struct tell_metric_expr {
	struct tell_expr *expr;
	size_t n;
	struct tell_term terms[TELL_METRIC_TERMS];
};

static int add_term(
	struct tell_metric_expr *e, const char *text, struct tell_expr_error *error)
{
	for (size_t i = 0; i < e->n; i++)
		if (strcmp(e->terms[i].text, text) == 0)
			return 0;
	if (e->n == TELL_METRIC_TERMS)
		return tell_term_refuse(error, "split it over several lines",
			"more than %d names", TELL_METRIC_TERMS);
	return tell_term_init(&e->terms[e->n++], text, error);
}

static int add_node(struct tell_metric_expr *e, const struct tell_expr_node *n,
	struct tell_expr_error *error)
{
	if (n->kind == TELL_NODE_NAME)
		return add_term(e, n->v.text, error);
	if (n->kind == TELL_NODE_TEXT)
		return tell_term_refuse(error,
			"compare with a number; the name of a metric goes into "
			"parentheses: a > (b)",
			"metrics are numbers, \"%s\" is text", n->v.text);
	return 0;
}

/* Only records have a level, or text to look into. */
static int look_at(const struct tell_expr_node *n, struct tell_expr_error *error)
{
	if (n->kind != TELL_NODE_MATCH && n->kind != TELL_NODE_LEVEL)
		return 0;
	return tell_term_refuse(error,
		"choose series so: requests_total{path~\"^/api/\"}",
		"metrics are numbers, and have no level or text");
}

static int take(struct tell_metric_expr *e, struct tell_expr_error *error)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < e->expr->n; i++)
		r = look_at(&e->expr->nodes[i], error);
	for (size_t i = 0; r == 0 && i < e->expr->n; i++)
		r = add_node(e, &e->expr->nodes[i], error);
	if (r == 0 && e->n == 0)
		r = tell_term_refuse(error, "write one, such as errors_total > 10",
			"there is no metric in it");
	return r;
}

int tell_metric_expr_new(struct tell_metric_expr **ret, const char *text,
	struct tell_expr_error *ret_error)
{
	struct tell_metric_expr *e = calloc(1, sizeof(*e));
	*ret_error = (struct tell_expr_error){ .what = "out of memory" };
	if (!e)
		return -ENOMEM;
	int r = tell_expr_new_labels(&e->expr, text, ret_error);
	if (r == 0)
		r = take(e, ret_error);
	if (r < 0)
		tell_metric_expr_free(e);
	else
		*ret = e;
	return r;
}

struct tell_metric_expr *tell_metric_expr_free(struct tell_metric_expr *e)
{
	for (size_t i = 0; e && i < e->n; i++)
		tell_term_done(&e->terms[i]);
	if (e)
		tell_expr_free(e->expr);
	free(e);
	return NULL;
}

void tell_metric_expr_read(struct tell_metric_expr *e, const char *service,
	uint64_t window_ns, uint64_t now_ns)
{
	for (size_t i = 0; i < e->n; i++)
		tell_term_read(&e->terms[i], service, window_ns, now_ns);
}

static bool find_term(const void *from, const char *name, size_t len,
	struct tell_value *ret, uint64_t *room)
{
	const struct tell_metric_expr *e = from;
	for (size_t i = 0; i < e->n; i++) {
		const struct tell_term *t = &e->terms[i];
		if (strlen(t->text) != len || memcmp(t->text, name, len) != 0)
			continue;
		memcpy(room, &t->value, sizeof(*room));
		*ret = (struct tell_value){
			.type = TELL_TYPE_F64, .data = room, .len = sizeof(*room)
		};
		return t->known;
	}
	return false;
}

enum tell_expr_truth tell_metric_expr_judge(const struct tell_metric_expr *e)
{
	return tell_expr_judge_by(e->expr, find_term, e);
}

uint64_t tell_metric_expr_traffic(const struct tell_metric_expr *e)
{
	uint64_t most = UINT64_MAX;
	for (size_t i = 0; i < e->n; i++)
		if (e->terms[i].met != UINT64_MAX &&
			(most == UINT64_MAX || e->terms[i].met > most))
			most = e->terms[i].met;
	return most;
}

bool tell_metric_expr_next(
	const struct tell_metric_expr *e, size_t *pos, struct tell_metric_term *ret)
{
	if (*pos >= e->n)
		return false;
	const struct tell_term *t = &e->terms[(*pos)++];
	*ret = (struct tell_metric_term){ t->text, t->labels != NULL, t->known, t->value,
		*t->why ? t->why : NULL };
	return true;
}
