/* --by for people: tell_by_table(). */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "tool/by_show.h"

#define NAME_MAX_COLUMNS 32
#define GRAPH_MIN	 10
#define GRAPH_MAX	 60 /* of a bar: longer ones are no clearer */
#define EMPTY_MAX	 2  /* more spans without anything are one line */
#define NUMBERS		 5

struct lines {
	struct tell_by_line *list;
	size_t n;
};

struct table {
	const struct tell_by_view *v;
	struct lines lines;
	bool measured;
	double most;   /* for bars */
	uint64_t each; /* spans in a column of small bars */
	size_t n_left; /* columns of text, then of numbers */
	unsigned width[TELL_BY_NAMES_MAX + NUMBERS];
	struct tell_buf cell;
};

static const char *const titles[][NUMBERS + 1] = {
	[TELL_BY_RECORDS] = { "records", "per s", "p50", "p95", "p99" },
	[TELL_BY_COUNTER] = { "added", "per s" },
	[TELL_BY_GAUGE] = { "last", "min", "max" },
	[TELL_BY_HISTOGRAM] = { "added", "per s", "p50", "p95", "p99" },
};

bool tell_by_is_plain(const struct tell_by_view *v)
{
	return v->set->timed && v->n_names == 0;
}

double tell_by_seconds(const struct tell_by_view *v)
{
	if (v->end_ns <= v->begin_ns)
		return 0;
	return (double)(v->end_ns - v->begin_ns) / (double)TELL_NS_PER_SEC;
}

/* ---- lines ---- */

static struct tell_by_line *add(struct lines *l)
{
	if ((l->n & (l->n - 1)) == 0) {
		struct tell_by_line *list = reallocarray(
			l->list, l->n ? 2 * l->n : 1, sizeof(*list));
		if (!list)
			return NULL;
		l->list = list;
	}
	l->list[l->n] = (struct tell_by_line){ 0 };
	return &l->list[l->n++];
}

static void add_empty(struct lines *l, uint64_t from, uint64_t n)
{
	struct tell_by_line *line;
	if (n > EMPTY_MAX) {
		if ((line = add(l)))
			line->empty = n;
		return;
	}
	for (uint64_t i = 0; i < n && (line = add(l)); i++) {
		line->sum.at = from + i;
		line->cell = true;
	}
}

static void add_spans(struct lines *l, const struct tell_by_set *s)
{
	const struct tell_by_group *g = &s->groups[0];
	struct tell_by_line *line;
	uint64_t next = s->min_at;
	for (size_t i = 0; i < g->n_cells; i++, next++) {
		add_empty(l, next, g->cells[i].at - next);
		next = g->cells[i].at;
		if (!(line = add(l)))
			return;
		line->sum = g->cells[i];
		line->cell = true;
	}
	add_empty(l, next, s->max_at + 1 - next);
}

static void add_group(
	struct lines *l, struct tell_by_set *s, const struct tell_by_group *g)
{
	struct tell_by_line *line = g->n_cells ? add(l) : NULL;
	if (!line)
		return;
	line->group = g;
	line->other = g == &s->other;
	line->sum = tell_by_sum(s, g);
	line->low = line->high = g->cells[0].n;
	for (size_t i = 1; i < g->n_cells; i++) {
		double n = g->cells[i].n;
		line->low = n < line->low ? n : line->low;
		line->high = n > line->high ? n : line->high;
	}
}

static void make_lines(struct table *t)
{
	struct tell_by_set *s = t->v->set;
	if (s->n_groups && tell_by_is_plain(t->v)) {
		add_spans(&t->lines, s);
	} else {
		for (size_t i = 0; i < s->n_groups; i++)
			add_group(&t->lines, s, &s->groups[i]);
		add_group(&t->lines, s, &s->other);
	}
	for (size_t i = 0; i < t->lines.n; i++) {
		const struct tell_by_cell *c = &t->lines.list[i].sum;
		t->measured |= c->spread != NULL;
		t->most = c->n > t->most ? c->n : t->most;
	}
	for (size_t i = 0; t->v->reverse && i < t->lines.n / 2; i++) {
		struct tell_by_line swap = t->lines.list[i];
		t->lines.list[i] = t->lines.list[t->lines.n - 1 - i];
		t->lines.list[t->lines.n - 1 - i] = swap;
	}
}

/* ---- cells ---- */

static size_t n_numbers(const struct table *t)
{
	enum tell_by_kind kind = t->v->set->kind;
	if (kind == TELL_BY_GAUGE)
		return tell_by_is_plain(t->v) ? 1 : 3;
	return t->measured ? 5 : 2;
}

static void put_time(const struct table *t, struct tell_buf *out, uint64_t ns)
{
	const struct tell_by_set *s = t->v->set;
	uint64_t day = 86400 * TELL_NS_PER_SEC;
	const char *format = s->width_ns < 60 * TELL_NS_PER_SEC ? "%H:%M:%S" : "%H:%M";
	if (!s->timed)
		format = "%H:%M:%S";
	if (!s->timed || s->last_ns - s->first_ns >= day / 2 || s->width_ns >= day)
		tell_print_time(t->v->print, out,
			s->timed && s->width_ns >= day ? "%Y-%m-%d" : "%Y-%m-%d ", false,
			ns);
	if (!s->timed || s->width_ns < day)
		tell_print_time(t->v->print, out, format, false, ns);
	if (s->timed && s->width_ns < TELL_NS_PER_SEC)
		tell_buf_printf(out, ".%03u", (unsigned)(ns % TELL_NS_PER_SEC / 1000000));
}

/* Returns the columns it takes. */
static unsigned put_left(const struct table *t, struct tell_buf *out,
	const struct tell_by_line *l, size_t i)
{
	size_t before = out->len;
	const char *text = "";
	if (tell_by_is_plain(t->v)) {
		if (!l->empty)
			put_time(t, out, tell_by_begin(t->v->set, l->sum.at));
		return (unsigned)(out->len - before);
	}
	if (l->other)
		text = i ? "" : "(other)";
	else if (!tell_by_value(l->group, i, &text))
		text = "-";
	return tell_by_put_text(out, t->v->utf8, text, NAME_MAX_COLUMNS);
}

static void put_gauge(const struct table *t, struct tell_buf *out,
	const struct tell_by_line *l, size_t i)
{
	bool known = !tell_by_is_plain(t->v) || !l->empty;
	if (known)
		tell_by_put_number(out, i == 0 ? l->sum.n : i == 1 ? l->low : l->high);
}

static unsigned put_number(const struct table *t, struct tell_buf *out,
	const struct tell_by_line *l, size_t i)
{
	static const double quantiles[] = { 0.50, 0.95, 0.99 };
	const struct tell_by_set *s = t->v->set;
	size_t before = out->len;
	double seconds = l->cell ? (double)s->width_ns / (double)TELL_NS_PER_SEC
				 : tell_by_seconds(t->v);
	if (l->empty)
		return 0;
	if (s->kind == TELL_BY_GAUGE)
		put_gauge(t, out, l, i);
	else if (i == 0)
		tell_by_put_number(out, l->sum.n);
	else if (i == 1 && seconds > 0)
		tell_by_put_number(out, l->sum.n / seconds);
	else if (i > 1 && l->sum.spread)
		tell_by_put_number(
			out, tell_by_quantile(s, l->sum.spread, quantiles[i - 2]));
	return (unsigned)(out->len - before);
}

/* ---- the table ---- */

static const char *left_title(const struct table *t, size_t i)
{
	return tell_by_is_plain(t->v) ? "time" : t->v->names[i];
}

static void measure(struct table *t)
{
	size_t n = t->n_left + n_numbers(t);
	for (size_t i = 0; i < n; i++) {
		tell_buf_clear(&t->cell);
		const char *title = i < t->n_left
			? left_title(t, i)
			: titles[t->v->set->kind][i - t->n_left];
		t->width[i] = tell_by_put_text(
			&t->cell, t->v->utf8, title, NAME_MAX_COLUMNS);
		for (size_t k = 0; k < t->lines.n; k++) {
			const struct tell_by_line *l = &t->lines.list[k];
			tell_buf_clear(&t->cell);
			unsigned w = i < t->n_left
				? put_left(t, &t->cell, l, i)
				: put_number(t, &t->cell, l, i - t->n_left);
			t->width[i] = w > t->width[i] ? w : t->width[i];
		}
	}
}

static void put_blanks(struct tell_buf *out, unsigned n)
{
	while (n-- > 0)
		tell_buf_putc(out, ' ');
}

static unsigned room(const struct table *t)
{
	unsigned used = 0;
	for (size_t i = 0; i < t->n_left + n_numbers(t); i++)
		used += t->width[i] + 2;
	return t->v->columns > used + GRAPH_MIN ? t->v->columns - used : GRAPH_MIN;
}

static void put_cells(
	const struct table *t, struct tell_buf *out, const struct tell_by_line *l)
{
	for (size_t i = 0; i < t->n_left + n_numbers(t); i++) {
		struct tell_buf *cell = (struct tell_buf *)(uintptr_t)&t->cell;
		bool left = i < t->n_left;
		tell_buf_clear(cell);
		unsigned w = !l && left ? tell_by_put_text(cell, t->v->utf8,
						  left_title(t, i), NAME_MAX_COLUMNS)
			: left		? put_left(t, cell, l, i)
			: l		? put_number(t, cell, l, i - t->n_left)
					: 0;
		if (!l && !left) {
			tell_buf_puts(cell, titles[t->v->set->kind][i - t->n_left]);
			w = (unsigned)cell->len;
		}
		if (!left)
			put_blanks(out, t->width[i] - w);
		tell_buf_put(out, cell->data, cell->len);
		put_blanks(out, left ? t->width[i] - w + 2 : 2);
	}
}

static void put_line(const struct table *t, struct tell_buf *out,
	const struct tell_by_line *l, unsigned columns)
{
	if (l->empty) {
		tell_buf_printf(out, "%s %llu spans with nothing\n",
			t->v->utf8 ? "\u2026" : "...", (unsigned long long)l->empty);
		return;
	}
	put_cells(t, out, l);
	tell_paint(t->v->print, out, TELL_PAINT_NAME);
	if (t->v->set->timed && l->group)
		tell_by_spark(t->v, out, l->group, t->each);
	else if (t->most > 0)
		tell_by_bar(out, t->v->utf8, l->sum.n / t->most,
			columns < GRAPH_MAX ? columns : GRAPH_MAX);
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	tell_paint(t->v->print, out, TELL_PAINT_NONE);
	tell_buf_putc(out, '\n');
}

/* What it is about: "requests_total, a counter; 10:00 to 11:00, 1m a bar". */
static void put_caption(const struct table *t, struct tell_buf *out)
{
	static const char *const kinds[] = { [TELL_BY_RECORDS] = "",
		[TELL_BY_COUNTER] = "counter",
		[TELL_BY_GAUGE] = "gauge",
		[TELL_BY_HISTOGRAM] = "histogram" };
	const struct tell_by_set *s = t->v->set;
	char width[TELL_DURATION_MAX_CHARS];
	tell_paint(t->v->print, out, TELL_PAINT_DIM);
	if (t->v->metric)
		tell_buf_printf(out, "%s, a %s: ", t->v->metric, kinds[s->kind]);
	put_time(t, out, t->v->begin_ns);
	tell_buf_puts(out, " to ");
	put_time(t, out, t->v->end_ns);
	if (s->timed) {
		uint64_t ns = s->width_ns * (tell_by_is_plain(t->v) ? 1 : t->each);
		char *end = tell_put_duration_ns(width, ns);
		tell_buf_puts(out, ", ");
		tell_buf_put(out, width, (size_t)(end - width));
		tell_buf_puts(out, " a bar");
	}
	if (t->measured && !t->v->metric) {
		tell_buf_puts(out, "; p50, p95, p99 of ");
		tell_by_put_text(out, t->v->utf8, t->v->of, NAME_MAX_COLUMNS);
	}
	tell_buf_putc(out, '\n');
	tell_paint(t->v->print, out, TELL_PAINT_NONE);
}

void tell_by_table(const struct tell_by_view *v, struct tell_buf *out)
{
	struct table t = { .v = v, .n_left = tell_by_is_plain(v) ? 1 : v->n_names };
	make_lines(&t);
	measure(&t);
	unsigned columns = room(&t);
	uint64_t spans = v->set->max_at - v->set->min_at + 1;
	t.each = (spans + columns - 1) / columns;
	put_caption(&t, out);
	put_cells(&t, out, NULL);
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	tell_buf_putc(out, '\n');
	for (size_t i = 0; i < t.lines.n; i++) {
		put_line(&t, out, &t.lines.list[i], columns);
		if (!t.lines.list[i].cell)
			tell_by_spread_free(t.v->set, t.lines.list[i].sum.spread);
	}
	free(t.lines.list);
	tell_buf_done(&t.cell);
}
