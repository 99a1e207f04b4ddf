/* --by for programs: tell_by_json(). */
#include "base/clock.h"
#include "base/number.h"
#include "encode/member.h"
#include "tool/by_show.h"

static void member_f64(struct tell_buf *out, const char *name, double n)
{
	char text[TELL_F64_MAX_CHARS];
	tell_member_name(out, name);
	if (n > -1e15 && n < 1e15 && n == (double)(int64_t)n)
		tell_buf_printf(out, "%.0f", n);
	else
		tell_buf_put(out, text, (size_t)(tell_put_f64(text, n) - text));
}

static void put_groups(
	const struct tell_by_view *v, struct tell_buf *out, const struct tell_by_group *g)
{
	bool other = g == &v->set->other;
	const char *text;
	tell_member_name(out, "by");
	tell_buf_putc(out, '{');
	for (size_t i = 0; i < v->n_names; i++) {
		if (!other && tell_by_value(g, i, &text))
			tell_member_text(out, v->names[i], text);
		else {
			tell_member_name(out, v->names[i]);
			tell_buf_puts(out, "null");
		}
	}
	tell_buf_putc(out, '}');
	if (other) {
		tell_member_name(out, "other");
		tell_buf_puts(out, "true");
	}
}

static void put_numbers(const struct tell_by_view *v, struct tell_buf *out,
	const struct tell_by_cell *c, double seconds)
{
	if (v->set->kind == TELL_BY_GAUGE) {
		member_f64(out, "value", c->n);
		return;
	}
	member_f64(out, v->metric ? "added" : "count", c->n);
	if (seconds > 0)
		member_f64(out, "per_sec", c->n / seconds);
	if (!c->spread)
		return;
	if (!v->metric)
		tell_member_text(out, "of", v->of);
	member_f64(out, "p50", tell_by_quantile(v->set, c->spread, 0.50));
	member_f64(out, "p95", tell_by_quantile(v->set, c->spread, 0.95));
	member_f64(out, "p99", tell_by_quantile(v->set, c->spread, 0.99));
}

static void put_line(const struct tell_by_view *v, struct tell_buf *out,
	const struct tell_by_group *g, const struct tell_by_cell *c)
{
	const struct tell_by_set *s = v->set;
	double seconds = tell_by_seconds(v);
	tell_buf_putc(out, '{');
	if (s->timed) {
		tell_member_time(out, "timestamp", tell_by_begin(s, c->at));
		seconds = (double)s->width_ns / (double)TELL_NS_PER_SEC;
	}
	member_f64(out, "seconds", seconds);
	if (v->metric)
		tell_member_text(out, "metric", v->metric);
	if (v->n_names)
		put_groups(v, out, g);
	put_numbers(v, out, c, seconds);
	tell_buf_puts(out, "}\n");
}

static void put_group(
	const struct tell_by_view *v, struct tell_buf *out, const struct tell_by_group *g)
{
	for (size_t i = 0; i < g->n_cells; i++)
		put_line(v, out, g, &g->cells[v->reverse ? g->n_cells - 1 - i : i]);
}

void tell_by_json(const struct tell_by_view *v, struct tell_buf *out)
{
	struct tell_by_set *s = v->set;
	if (v->reverse)
		put_group(v, out, &s->other);
	for (size_t i = 0; i < s->n_groups; i++)
		put_group(v, out, &s->groups[v->reverse ? s->n_groups - 1 - i : i]);
	if (!v->reverse)
		put_group(v, out, &s->other);
}
