#include "record/expr_term.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/module.h>
#include "base/clock.h"
#include "base/nearest.h"
#include "base/number.h"
#include "meter/callback.h"
#include "meter/gather.h"
#include "meter/host.h"
#include "meter/process.h"
#include "meter/recent.h"

int tell_term_refuse(struct tell_expr_error *error, const char *fix, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	error->column = 1;
	(void)vsnprintf(error->what, sizeof(error->what), fmt, ap); /* cut is fine */
	(void)snprintf(error->fix, sizeof(error->fix), "%s", fix);
	va_end(ap);
	return -EINVAL;
}

/* ---- names ---- */

/* "_p95" at the end of a name of n bytes: how long the rest is; 0: it has no member. */
static size_t split_member(
	const char *name, size_t n, enum tell_term_member *ret, double *ret_q)
{
	static const struct {
		const char *word;
		enum tell_term_member member;
	} words[] = { { "rate", TELL_TERM_RATE }, { "avg", TELL_TERM_AVG },
		{ "count", TELL_TERM_COUNT }, { "sum", TELL_TERM_SUM } };
	const char *at = memrchr(name, '_', n);
	size_t len = at ? n - (size_t)(at + 1 - name) : 0;
	for (size_t i = 0; at && i < sizeof(words) / sizeof(words[0]); i++)
		if (len == strlen(words[i].word) &&
			memcmp(at + 1, words[i].word, len) == 0) {
			*ret = words[i].member;
			return (size_t)(at - name);
		}
	uint64_t digits;
	if (len < 3 || len > 5 || at[1] != 'p' ||
		!tell_parse_u64(at + 2, len - 1, &digits))
		return 0;
	*ret = TELL_TERM_QUANTILE; /* p95, p999 */
	*ret_q = (double)digits;
	for (size_t i = 1; i < len; i++)
		*ret_q /= 10;
	return (size_t)(at - name);
}

/* Names of metrics may have capitals, those of expressions have none. */
static struct tell_family *find_family(const char *name, size_t n)
{
	char text[TELL_METRIC_NAME + 8];
	if (n >= sizeof(text))
		return NULL;
	memcpy(text, name, n);
	text[n] = '\0';
	struct tell_family *f = tell_family_find(text);
	if (f)
		return f;
	size_t bare = n > 6 && strcmp(text + n - 6, "_total") == 0 ? n - 6 : n;
	while ((f = tell_family_next(f)))
		if (strncasecmp(f->name, text, bare) == 0 && !f->name[bare])
			break;
	return f;
}

/* The metric of a term, and what of it is meant. NULL: there is none yet. */
static struct tell_family *resolve(struct tell_term *t)
{
	struct tell_family *f = find_family(t->text, t->len);
	t->member = TELL_TERM_PLAIN;
	t->family_len = t->len;
	if (f)
		return f;
	size_t n = split_member(t->text, t->len, &t->member, &t->q);
	f = n ? find_family(t->text, n) : NULL;
	if (f)
		t->family_len = n;
	else
		t->member = TELL_TERM_PLAIN;
	return f;
}

/* Does it have what is meant? NULL, or what to write. */
static const char *wrong_member(const struct tell_term *t, const struct tell_family *f)
{
	switch (f->kind) {
	case TELL_METRIC_COUNTER:
		return t->member == TELL_TERM_PLAIN || t->member == TELL_TERM_RATE
			? NULL
			: "a counter is used alone, or has .rate";
	case TELL_METRIC_GAUGE:
		return t->member == TELL_TERM_PLAIN ? NULL : "a gauge is used alone";
	case TELL_METRIC_HISTOGRAM:
		break;
	}
	return t->member == TELL_TERM_PLAIN
		? "a histogram has .p50 .p95 .p99, .avg, .count, .sum and .rate"
		: NULL;
}

static int compile_labels(struct tell_term *t, struct tell_expr_error *error)
{
	const char *open = t->text + t->len;
	char *inner = *open ? strndup(open + 1, strlen(open) - 2) : NULL;
	if (!*open)
		return 0;
	if (!inner)
		return -ENOMEM;
	int r = tell_expr_new(&t->labels, inner, error);
	free(inner);
	return r;
}

int tell_term_init(struct tell_term *t, const char *text, struct tell_expr_error *error)
{
	*t = (struct tell_term){
		.text = text, .len = strcspn(text, "{"), .met = UINT64_MAX
	};
	int r = compile_labels(t, error);
	if (r < 0)
		return r;
	const struct tell_family *f = resolve(t);
	const char *wrong = f ? wrong_member(t, f) : NULL;
	return wrong
		? tell_term_refuse(error, wrong, "that is not what there is of %s", text)
		: 0;
}

void tell_term_done(struct tell_term *t)
{
	t->labels = tell_expr_free(t->labels);
	free(t->key);
	t->key = NULL;
}

/* ---- reading ---- */

/* A series' labels, for the expression in {...}. */
struct labels {
	const struct tell_label *list;
	size_t n;
};

static bool find_label(const void *from, const char *name, size_t len,
	struct tell_value *ret, uint64_t *room)
{
	const struct labels *l = from;
	(void)room;
	for (size_t i = 0; i < l->n; i++) {
		if (strlen(l->list[i].name) != len ||
			strncasecmp(l->list[i].name, name, len) != 0)
			continue;
		*ret = (struct tell_value){ .type = TELL_TYPE_STR,
			.data = l->list[i].value,
			.len = (uint32_t)strlen(l->list[i].value) };
		return true;
	}
	return false;
}

static bool choose(
	const void *arg, const struct tell_family *f, const char *const *values)
{
	const struct tell_term *t = arg;
	struct tell_label list[TELL_LABELS_MAX];
	for (size_t i = 0; i < f->n_labels; i++)
		list[i] = (struct tell_label){ f->labels[i],
			values ? values[i] : TELL_METRIC_OTHER };
	const struct labels l = { list, f->n_labels };
	return !t->labels || tell_expr_match_by(t->labels, find_label, &l);
}

static void read_gauge(struct tell_term *t, const struct tell_family *f)
{
	tell_callbacks_run();
	if (tell_family_shows_own(f) && choose(t, f, NULL) &&
		!tell_gauge_is_left_out(&f->own.number.gauge)) {
		t->known = true;
		t->value += tell_gauge_get(&f->own.number.gauge);
	}
	for (const struct tell_series *s = NULL; (s = tell_series_next(f, s));)
		if (choose(t, f, s->values) &&
			!tell_gauge_is_left_out(&s->number.gauge)) {
			t->known = true;
			t->value += tell_gauge_get(&s->number.gauge);
		}
}

static void know(struct tell_term *t, bool known, double value)
{
	t->known = known;
	t->value = known ? value : 0;
}

static void take_tally(struct tell_term *t, const struct tell_family *f,
	const struct tell_tally *tally, uint64_t ns)
{
	double s = (double)ns / (double)TELL_NS_PER_SEC;
	t->met = tell_tally_count(tally);
	switch (t->member) {
	case TELL_TERM_PLAIN:
	case TELL_TERM_COUNT:
		know(t, ns > 0, (double)t->met);
		break;
	case TELL_TERM_RATE:
		know(t, ns > 0, ns ? (double)t->met / s : 0);
		break;
	case TELL_TERM_SUM:
		know(t, ns > 0, tally->sum);
		break;
	case TELL_TERM_AVG:
		know(t, t->met > 0, t->met ? tally->sum / (double)t->met : 0);
		break;
	case TELL_TERM_QUANTILE:
		know(t, t->met > 0, tell_tally_quantile(tally, f->grid, t->q));
		break;
	}
}

/* The name without its member, and the labels. NULL: memory is out. */
static const char *key_of(struct tell_term *t)
{
	if (t->key)
		return t->key;
	size_t size = t->family_len + strlen(t->text + t->len) + 1;
	t->key = malloc(size);
	if (t->key)
		(void)snprintf(t->key, size, "%.*s%s", (int)t->family_len, t->text,
			t->text + t->len); /* fits */
	return t->key;
}

static void read_recent(struct tell_term *t, const struct tell_family *f,
	uint64_t window_ns, uint64_t now_ns)
{
	struct tell_tally tally;
	uint64_t ns = 0;
	tell_tally_init(&tally);
	const char *key = key_of(t);
	int r = key ? tell_recent_read(key, f, choose, t, window_ns, now_ns, &tally, &ns)
		    : -ENOMEM;
	t->met = 0;
	if (r == 0)
		take_tally(t, f, &tally, ns);
	else
		(void)snprintf(t->why, sizeof(t->why), "%s",
			r == -ENOSPC ? "the process asks for more than 64 metrics"
				     : "memory is out");
}

/* What the registry does not have: added up as it is shown. */
struct shown {
	struct tell_term *t;
	bool ours; /* the family that comes now */
};

static void see_family(void *arg, const struct tell_metric *m)
{
	struct shown *s = arg;
	size_t n = strlen(m->name), len = s->t->len;
	bool total = m->kind == TELL_METRIC_COUNTER && len == n + 6 &&
		memcmp(s->t->text + n, "_total", 6) == 0;
	s->ours = (len == n || total) && strncasecmp(m->name, s->t->text, n) == 0;
}

static void see_sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	struct shown *s = arg;
	const struct labels l = { labels, n };
	if (!s->ours || value.buckets ||
		(s->t->labels && !tell_expr_match_by(s->t->labels, find_label, &l)))
		return;
	s->t->known = true;
	s->t->value += value.whole ? (double)value.u64 : value.f64;
}

/* The name that was probably meant, as it is written. "": none is near. */
static void put_nearest(char *text, size_t size, const char *name)
{
	struct tell_nearest best = { 0 };
	char offered[TELL_METRIC_NAME + 8];
	*text = '\0';
	for (const struct tell_family *f = NULL; (f = tell_family_next(f));) {
		size_t steps = best.word ? best.steps : SIZE_MAX;
		(void)snprintf(offered, sizeof(offered), "%s%s", f->name,
			f->kind == TELL_METRIC_COUNTER ? "_total" : ""); /* fits */
		tell_nearest_offer(&best, name, offered);
		if (best.word && best.steps < steps)
			(void)snprintf(text, size, "; is it %s?", offered);
	}
}

static void explain(struct tell_term *t)
{
	char name[TELL_NAME_MAX + 1], near[TELL_METRIC_NAME + 32];
	enum tell_term_member member;
	double q;
	size_t n = split_member(t->text, t->len, &member, &q); /* what is not its name */
	(void)snprintf(
		name, sizeof(name), "%.*s", (int)(n ? n : t->len), t->text); /* fits */
	put_nearest(near, sizeof(near), name);
	(void)snprintf(t->why, sizeof(t->why), "no metric is named %s yet%s", name, near);
}

static void read_shown(struct tell_term *t, const char *service)
{
	struct shown s = { t, false };
	const struct tell_collector to = { see_family, see_sample, &s };
	if (strncmp(t->text, "process_", 8) == 0)
		tell_collect_process(&to);
	else if (strncmp(t->text, "system_", 7) == 0)
		tell_collect_host(&to);
	else if (strncmp(t->text, "telltale_", 9) == 0)
		(void)tell_gather(service, &to); /* or not now: not known */
	if (!t->known)
		explain(t);
}

void tell_term_read(
	struct tell_term *t, const char *service, uint64_t window_ns, uint64_t now_ns)
{
	const struct tell_family *f = resolve(t);
	const char *wrong = f ? wrong_member(t, f) : NULL;
	t->known = false;
	t->value = 0;
	t->met = UINT64_MAX;
	t->why[0] = '\0';
	if (!f)
		read_shown(t, service);
	else if (wrong)
		(void)snprintf(t->why, sizeof(t->why), "%s: %s", t->text, wrong);
	else if (f->kind == TELL_METRIC_GAUGE)
		read_gauge(t, f);
	else
		read_recent(t, f, window_ns, now_ns);
}
