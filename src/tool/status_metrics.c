/* telltale status for Prometheus: tell_status_metrics(). */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/number.h"
#include "tool/status.h"

#define LABELS_MAX (TELL_LABELS_MAX + 2) /* and service, pid */

/* A family of one process. */
struct part {
	char *name;
	size_t process; /* which of the list */
	struct tell_json_span family;
};

struct parts {
	struct part *list;
	size_t n, cap;
};

static char *decoded(const struct tell_json_span *string)
{
	struct tell_buf buf = { 0 };
	tell_json_decode(&buf, string);
	char *text = strdup(tell_buf_cstr(&buf));
	tell_buf_done(&buf);
	return text;
}

/* Of a member that is text; NULL: it is none, or memory is out. */
static char *member(const struct tell_json_span *in, const char *key)
{
	struct tell_json_span v;
	return tell_json_get(in, key, &v) && v.kind == TELL_JSON_STRING ? decoded(&v)
									: NULL;
}

static bool grow(struct parts *p)
{
	if (p->n < p->cap)
		return true;
	size_t cap = p->cap ? 2 * p->cap : 64;
	struct part *list = realloc(p->list, cap * sizeof(*list));
	if (!list)
		return false;
	p->list = list;
	p->cap = cap;
	return true;
}

static bool ends_as_counters_do(const char *name)
{
	size_t n = strlen(name);
	return n >= 6 && strcmp(name + n - 6, "_total") == 0;
}

/* A name that could not stand in the text is left out: it would spoil all of it. So would one
 * that is ours to say. */
static void take(struct parts *p, const struct tell_status *s, size_t process)
{
	struct tell_json_span families, key, family;
	if (!tell_json_get(&s->all, "metrics", &families))
		return;
	for (size_t pos = 0; tell_json_next(&families, &pos, &key, &family);) {
		char *name = member(&family, "name");
		if (name && tell_metric_name_ok(name, strlen(name)) &&
			!ends_as_counters_do(name) &&
			strcmp(name, TELL_STATUS_SUPPRESSED) != 0 && grow(p))
			p->list[p->n++] = (struct part){ name, process, family };
		else
			free(name);
	}
}

static int by_name(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int r = strcmp(x->name, y->name);
	return r ? r : (x->process > y->process) - (x->process < y->process);
}

bool tell_status_read_number(const struct tell_json_span *v, struct tell_reading *ret)
{
	*ret = (struct tell_reading){ .whole = true };
	if (v->kind == TELL_JSON_NUMBER && tell_parse_u64(v->text, v->len, &ret->u64))
		return true;
	*ret = (struct tell_reading){ 0 };
	if (v->kind == TELL_JSON_NUMBER)
		return tell_parse_f64(v->text, v->len, &ret->f64);
	static const struct {
		const char *word;
		double value;
	} words[] = { { "NaN", (double)NAN }, { "+Inf", (double)INFINITY },
		{ "-Inf", -(double)INFINITY } };
	for (size_t i = 0; i < 3; i++) {
		if (v->kind != TELL_JSON_STRING || !tell_json_key_is(v, words[i].word))
			continue;
		ret->f64 = words[i].value;
		return true;
	}
	return false;
}

static bool read_value(struct tell_status_buckets *to, enum tell_metric_kind kind,
	const struct tell_json_span *sample, struct tell_reading *ret)
{
	struct tell_json_span v;
	if (kind == TELL_METRIC_HISTOGRAM)
		return tell_status_read_histogram(to, sample, ret);
	return tell_json_get(sample, "value", &v) && tell_status_read_number(&v, ret);
}

/* A label of the metric's own that is called as one of ours gets Prometheus' prefix for that. */
static char *label_name(const struct tell_json_span *key)
{
	char *name = decoded(key), *longer = NULL;
	if (!name || !tell_label_name_ok(name, strlen(name))) {
		free(name);
		return NULL;
	}
	if (strcmp(name, "service") != 0 && strcmp(name, "pid") != 0)
		return name;
	if (asprintf(&longer, "exported_%s", name) < 0)
		longer = NULL;
	free(name);
	return longer;
}

static void put_sample(struct tell_expose *e, const struct tell_running *of,
	const struct tell_json_span *sample)
{
	char pid[16];
	struct tell_json_span own, key, value;
	struct tell_reading reading;
	struct tell_status_buckets buckets __attribute__((uninitialized));
	struct tell_label labels[LABELS_MAX] = { { "service", of->service },
		{ "pid", pid } };
	size_t n = 2;
	(void)snprintf(pid, sizeof(pid), "%d", (int)of->pid); /* fits */
	bool good = read_value(&buckets, e->now.kind, sample, &reading) &&
		tell_json_get(sample, "labels", &own);
	for (size_t pos = 0; good && tell_json_next(&own, &pos, &key, &value);) {
		good = n < LABELS_MAX && value.kind == TELL_JSON_STRING;
		if (!good)
			break;
		char *name = label_name(&key), *text = decoded(&value);
		good = name && text;
		labels[n++] = (struct tell_label){ name, text };
	}
	if (good)
		tell_expose_sample(e, labels, n, reading);
	for (size_t i = 2; i < n; i++) {
		free((void *)(uintptr_t)labels[i].name);
		free((void *)(uintptr_t)labels[i].value);
	}
}

static enum tell_metric_kind kind_of(const struct part *p)
{
	static const enum tell_metric_kind kinds[] = { TELL_METRIC_COUNTER,
		TELL_METRIC_HISTOGRAM };
	struct tell_json_span type;
	if (!tell_json_get(&p->family, "type", &type))
		return TELL_METRIC_GAUGE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (tell_json_key_is(&type, tell_metric_kind_word(kinds[i])))
			return kinds[i];
	return TELL_METRIC_GAUGE;
}

static void put_part(
	struct tell_expose *e, const struct tell_status *list, const struct part *p)
{
	struct tell_json_span samples, key, sample;
	if (!tell_json_get(&p->family, "samples", &samples))
		return;
	for (size_t pos = 0; tell_json_next(&samples, &pos, &key, &sample);)
		put_sample(e, list[p->process].of, &sample);
}

size_t tell_status_metrics(struct tell_buf *out, const struct tell_status *list, size_t n,
	enum tell_expose_format format)
{
	struct tell_expose e = { .out = out, .format = format };
	struct parts parts = { 0 };
	size_t left_out = 0;
	for (size_t i = 0; i < n; i++)
		take(&parts, &list[i], i);
	if (parts.n)
		qsort(parts.list, parts.n, sizeof(*parts.list), by_name);
	for (size_t i = 0; i < parts.n; i++) {
		const struct part *p = &parts.list[i];
		if (i == 0 || strcmp(p->name, parts.list[i - 1].name) != 0) {
			char *help = member(&p->family, "help");
			tell_expose_family(&e,
				&(struct tell_metric){
					p->name, help ? help : "", kind_of(p) });
			free(help);
		}
		if (kind_of(p) == e.now.kind)
			put_part(&e, list, p);
		else
			left_out++;
	}
	bool begun = false;
	for (size_t i = 0; i < n; i++)
		begun = tell_status_expose_journald(&e, &list[i], begun);
	tell_expose_end(&e);
	for (size_t i = 0; i < parts.n; i++)
		free(parts.list[i].name);
	free(parts.list);
	return left_out;
}
