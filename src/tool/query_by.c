/* telltale query --by: records, or a metric, counted by fields and time. */
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/number.h"
#include "base/size.h"
#include "encode/parts.h"
#include "tool/by_field.h"
#include "tool/by_known.h"
#include "tool/by_metric.h"
#include "tool/by_show.h"
#include "tool/option.h"
#include "tool/pager.h"
#include "tool/query.h"

#define COLUMNS 80 /* where nothing says how many there are */

struct counted {
	const struct tell_by_wish *wish;
	struct tell_by_set records;
	struct tell_by_metric metrics[TELL_BY_NAMES_MAX]; /* each name may be one */
	const char *others[TELL_BY_NAMES_MAX][TELL_BY_NAMES_MAX];
	bool found[TELL_BY_NAMES_MAX]; /* some record has a field of this name */
	struct tell_by_known known;    /* the names there are, while one is not found */
	struct tell_buf key;
};

/* ---- the option ---- */

static int refuse(const char *what, const char *item, const char *fix)
{
	return tell_cli_error(EX_USAGE, "query", "--by: %s \"%s\"; %s", what, item, fix);
}

static int take_width(struct tell_by_wish *w, const char *item)
{
	if (w->timed)
		return refuse("a second width", item, "write one: --by=level,5m");
	if (tell_parse_duration(item, &w->width_ns) < 0 || w->width_ns < TELL_NS_PER_MS)
		return refuse("no width of time:", item,
			"write 1s, 5m, 1h or 1d, of at least 1ms");
	w->timed = true;
	return 0;
}

static int take_name(struct tell_by_wish *w, char *item)
{
	if (w->n == TELL_BY_NAMES_MAX)
		return refuse("more than 8 names, at", item, "name fewer");
	w->as_written[w->n] = item;
	for (const char *c = item; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') &&
			!(*c >= '0' && *c <= '9') && !strchr("_.-:", *c))
			return refuse(
				"no name:", item, "write fields, as in level,status");
	w->names[w->n] = strdup(item);
	if (!w->names[w->n])
		return tell_cli_error(EX_OSERR, "query", "out of memory");
	for (char *c = w->names[w->n++]; *c; c++)
		*c = *c >= 'A' && *c <= 'Z'	 ? (char)(*c - 'A' + 'a')
			: *c == '.' || *c == '-' ? '_' /* as names are made */
						 : *c;
	return 0;
}

int tell_query_by_take(struct tell_by_wish *w, const char *list)
{
	int r = 0;
	tell_query_by_done(w);
	if (!(w->memory = strdup(list)))
		return tell_cli_error(EX_OSERR, "query", "out of memory");
	for (char *rest = w->memory, *item; r == 0 && (item = strsep(&rest, ","));) {
		if (!*item)
			r = refuse("an empty name in", list, "write --by=level,5m");
		else if (strcmp(item, "time") == 0 && !w->timed)
			w->timed = true;
		else if ((*item >= '0' && *item <= '9') || strcmp(item, "time") == 0)
			r = take_width(w, item);
		else
			r = take_name(w, item);
	}
	w->asked = true;
	return r;
}

int tell_query_by_check(const struct tell_query *q)
{
	if (!q->by.asked)
		return 0;
	if (q->follow || q->print.n_fields)
		return tell_cli_error(EX_USAGE, "query",
			"--by goes with neither -f nor --output-fields");
	if (strcmp(q->print.format, "short") != 0 && strcmp(q->print.format, "json") != 0)
		return tell_cli_error(
			EX_USAGE, "query", "--by has a table, or lines with -o json");
	return 0;
}

void tell_query_by_done(struct tell_by_wish *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->names[i]);
	free(w->memory);
	w->memory = NULL;
	w->n = 0;
	w->timed = false;
	w->width_ns = 0;
}

/* ---- counting ---- */

static void init_set(struct counted *c, struct tell_by_set *s, bool timed)
{
	s->out_of_memory |= tell_by_set_init(s) < 0;
	s->timed = timed;
	s->fit = c->wish->width_ns == 0;
	s->width_ns = s->fit ? TELL_NS_PER_SEC : c->wish->width_ns;
}

static void init(struct counted *c)
{
	init_set(c, &c->records, c->wish->timed);
	for (size_t i = 0; i < c->wish->n; i++) {
		struct tell_by_metric *m = &c->metrics[i];
		m->name = c->wish->as_written[i];
		m->names = c->others[i];
		for (size_t k = 0; k < c->wish->n; k++)
			if (k != i)
				m->names[m->n_names++] = c->wish->names[k];
		m->known = &c->known;
		init_set(c, &m->set, true);
	}
}

/* How far local time is from UTC, for spans of whole hours and days. */
static void set_offset(struct counted *c, uint64_t ns, bool utc)
{
	time_t sec = (time_t)(ns / TELL_NS_PER_SEC);
	struct tm tm;
	long east = !utc && localtime_r(&sec, &tm) ? tm.tm_gmtoff : 0;
	/* A day more, so that it is never negative: then days begin as they do. */
	uint64_t offset_ns = (uint64_t)(east + 86400) * TELL_NS_PER_SEC;
	c->records.offset_ns = offset_ns;
	for (size_t i = 0; i < c->wish->n; i++)
		c->metrics[i].set.offset_ns = offset_ns;
}

static void count_record(struct counted *c, const struct tell_entry *e)
{
	double measured;
	bool all_found = true;
	tell_buf_clear(&c->key);
	for (size_t i = 0; i < c->wish->n; i++) {
		size_t at = c->key.len;
		tell_buf_putc(&c->key, '=');
		if (tell_by_field(e, c->wish->names[i], &c->key))
			c->found[i] = true;
		else if (c->key.len > at)
			c->key.data[at] = '-';
		all_found &= c->found[i];
		tell_by_key_end(&c->key, at);
	}
	if (!all_found)
		tell_by_known_fields(&c->known, e);
	struct tell_by_cell *cell = tell_by_cell(
		&c->records, c->key.data, c->key.len, tell_entry_time(e));
	if (!cell)
		return;
	cell->n++;
	if (tell_by_number(e, c->wish->of, &measured))
		tell_by_measure(&c->records, cell, measured, 1);
}

static uint64_t count(struct tell_query *q, struct tell_sources *s, struct counted *c)
{
	const struct tell_entry *e;
	uint64_t n = 0;
	for (; (e = tell_sources_next(s)) != NULL; n++) {
		if (n == 0)
			set_offset(c, tell_entry_time(e), q->print.utc);
		count_record(c, e);
		for (size_t i = 0; i < c->wish->n; i++)
			tell_by_metric_take(&c->metrics[i], e);
	}
	for (size_t i = 0; i < c->wish->n; i++)
		tell_by_metric_end(&c->metrics[i]);
	return n;
}

/* ---- showing ---- */

static unsigned terminal_columns(void)
{
	struct winsize size;
	const char *text = getenv("COLUMNS");
	uint64_t n;
	if (text && tell_parse_u64(text, strlen(text), &n) && n >= 20 && n <= 1000)
		return (unsigned)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return COLUMNS;
}

/* A name that is a metric's is that. */
static struct tell_by_metric *metric_of(struct counted *c)
{
	for (size_t i = 0; i < c->wish->n; i++)
		if (c->metrics[i].met)
			return &c->metrics[i];
	return NULL;
}

static void say(
	const struct tell_query *q, const struct tell_by_set *s, uint64_t left_out)
{
	if (q->quiet)
		return;
	if (s->other.n_cells && s->n_groups == TELL_BY_GROUPS_MAX)
		(void)tell_cli_error(0, "query",
			"more than %d groups: what came behind them is counted as other",
			TELL_BY_GROUPS_MAX);
	if (s->wider)
		(void)tell_cli_error(0, "query",
			"spans are longer than asked for: there would be more than %d numbers, or %zu MiB of them",
			TELL_BY_CELLS_MAX, TELL_BY_BYTES_MAX >> 20);
	if (left_out)
		(void)tell_cli_error(0, "query",
			"%llu samples were left out: there are more series than fit",
			(unsigned long long)left_out);
}

/* Nothing has that name; a hint, as it may be right for another time. */
static void say_not_found(
	const struct tell_query *q, const struct counted *c, const char *name)
{
	struct tell_buf near = { 0 }, shown = { 0 };
	bool any = tell_by_known_nearest(&c->known, name, &near);
	tell_text_escape(&shown, near.data, near.len, false); /* they come from outside */
	if (!q->quiet)
		(void)tell_cli_error(0, "query", "no record has \"%s\"%s%s", name,
			any ? "; there are " : "", tell_buf_cstr(&shown));
	tell_buf_done(&near);
	tell_buf_done(&shown);
}

static void say_what_is_missing(const struct tell_query *q, const struct counted *c,
	const struct tell_by_metric *m)
{
	for (size_t i = 0; m && i < m->n_names; i++)
		if (!m->found[i])
			say_not_found(q, c, m->names[i]);
	for (size_t i = 0; !m && i < c->wish->n; i++)
		if (!c->found[i])
			say_not_found(q, c, c->wish->as_written[i]);
}

static void show(struct tell_query *q, struct counted *c)
{
	struct tell_by_metric *m = metric_of(c);
	struct tell_by_set *s = m ? &m->set : &c->records;
	struct tell_by_view v = { .set = s,
		.names = m ? m->names : (const char *const *)c->wish->names,
		.n_names = m ? m->n_names : c->wish->n,
		.metric = m ? m->name : NULL,
		.of = c->wish->of,
		.begin_ns = q->select.since_ns ? q->select.since_ns : s->first_ns,
		.end_ns = q->select.until_ns &&
				q->select.until_ns < tell_clock_realtime_ns()
			? q->select.until_ns
			: s->last_ns,
		.print = &q->print,
		.columns = terminal_columns(),
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.reverse = q->reverse };
	struct tell_buf out = { 0 };
	say(q, s, m ? m->left_out : 0);
	say_what_is_missing(q, c, m);
	tell_by_order(s, q->limited ? q->lines : UINT64_MAX);
	if (strcmp(q->print.format, "json") == 0)
		tell_by_json(&v, &out);
	else
		tell_by_table(&v, &out);
	if (!q->no_pager)
		(void)tell_pager_open();	    /* none: straight to the terminal */
	(void)fwrite(out.data, 1, out.len, stdout); /* see tell_cli_flush() */
	tell_pager_close();
	tell_buf_done(&out);
}

static bool out_of_memory(const struct counted *c)
{
	bool out = c->records.out_of_memory;
	for (size_t i = 0; i < c->wish->n; i++)
		out |= c->metrics[i].set.out_of_memory;
	return out;
}

int tell_query_by(struct tell_query *q, struct tell_sources *s)
{
	struct counted *c = calloc(1, sizeof(*c));
	if (!c)
		return tell_cli_error(EX_OSERR, "query", "out of memory");
	c->wish = &q->by;
	init(c);
	int r = tell_sources_seek(s);
	uint64_t n = 0;
	if (r >= 0 && !out_of_memory(c))
		n = count(q, s, c);
	if (r < 0)
		r = tell_cli_error(
			EX_IOERR, "query", "cannot go there: %s", strerror(-r));
	else if (out_of_memory(c))
		r = tell_cli_error(EX_OSERR, "query", "out of memory");
	else if (n > 0)
		show(q, c);
	else if (!q->quiet && !q->silent)
		fputs("-- No entries --\n", stderr);
	tell_by_set_done(&c->records);
	for (size_t i = 0; i < q->by.n; i++)
		tell_by_metric_done(&c->metrics[i]);
	tell_by_known_done(&c->known);
	tell_buf_done(&c->key);
	free(c);
	return r;
}
