#include "tool/by_metric.h"
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "metric/told.h"
#include "tool/by_field.h"
#include "tool/by_known.h"
#include "tool/by_series.h"
#include "decode/json_read.h"
#include "tool/status.h"

#define TOTAL "_total"
#define RUN   "run" /* a row of a run, beside those of its series */

static uint64_t service_hash(struct tell_by_metric *m, const struct tell_entry *e)
{
	tell_buf_clear(&m->hashed);
	tell_buf_printf(&m->hashed, "%s\n%s", e->who.host, e->who.service);
	return tell_by_hash(m, m->hashed.data, m->hashed.len);
}

static void begin_round(
	struct tell_by_metric *m, struct tell_by_round *r, const struct tell_entry *e)
{
	double every = 0;
	const char whole[] = "whole";
	struct tell_buf word = { 0 };
	(void)tell_by_number(e, "every", &every);
	*r = (struct tell_by_round){ .entry = e,
		.ns = tell_entry_time(e),
		.every_ns = every > 0 && every < 1e9
			? (uint64_t)(every * (double)TELL_NS_PER_SEC)
			: 1 };
	r->service_hash = service_hash(m, e);
	tell_buf_clear(&m->hashed);
	tell_buf_printf(&m->hashed, RUN "\n%08x\n%u\n%016llx", e->record.head->run,
		e->record.head->pid, (unsigned long long)r->service_hash);
	r->run_hash = tell_by_hash(m, m->hashed.data, m->hashed.len);
	r->run = tell_by_series(m, r->run_hash);
	if (!r->run)
		return;
	if (!r->run->first_ns)
		r->run->first_ns = r->ns;
	r->run->last_ns = r->ns;
	r->run->service = r->service_hash;
	if (tell_by_field(e, whole, &word) && strcmp(tell_buf_cstr(&word), "true") == 0 &&
		!r->run->whole_ns)
		r->run->whole_ns = r->ns;
	tell_buf_done(&word);
}

static void know(
	struct tell_by_metric *m, const struct tell_json_span *name, const char *ending)
{
	if (m->known && name->kind == TELL_JSON_STRING)
		tell_by_known_add(m->known, name->text + 1, name->len - 2, ending);
}

/* A label of the sample, else what the record has under that name. */
static void put_name(struct tell_by_metric *m, const struct tell_json_span *labels,
	const struct tell_entry *e, size_t i)
{
	const char *name = m->names[i];
	struct tell_json_span key, value;
	size_t at = m->key.len;
	tell_buf_putc(&m->key, '=');
	for (size_t pos = 0; tell_json_next(labels, &pos, &key, &value);) {
		if (key.len - 2 != strlen(name) ||
			strncasecmp(key.text + 1, name, key.len - 2) != 0) {
			if (!m->found[i])
				know(m, &key, "");
			continue;
		}
		tell_json_decode(&m->key, &value);
		m->found[i] = true;
		return;
	}
	if (tell_by_field(e, name, &m->key))
		m->found[i] = true;
	else if (m->key.len > at)
		m->key.data[at] = '-';
}

static void put_key(struct tell_by_metric *m, const struct tell_json_span *labels,
	const struct tell_entry *e)
{
	tell_buf_clear(&m->key);
	for (size_t i = 0; i < m->n_names; i++) {
		size_t at = m->key.len;
		put_name(m, labels, e, i);
		tell_by_key_end(&m->key, at);
	}
}

static void take_sample(struct tell_by_metric *m, const struct tell_by_round *r,
	const struct tell_json_span *sample)
{
	struct tell_json_span labels, value;
	struct tell_reading v = { 0 };
	struct tell_status_buckets buckets __attribute__((uninitialized));
	if (!tell_json_get(sample, "labels", &labels))
		return;
	bool good = r->kind == TELL_BY_HISTOGRAM
		? tell_status_read_histogram(&buckets, sample, &v)
		: tell_json_get(sample, "value", &value) &&
			tell_status_read_number(&value, &v) &&
			isfinite(tell_reading_f64(v));
	if (!good)
		return;
	tell_buf_clear(&m->hashed);
	tell_buf_put(&m->hashed, &r->run_hash, sizeof(r->run_hash));
	tell_buf_put(&m->hashed, labels.text, labels.len);
	struct tell_by_series *s = tell_by_series(
		m, tell_by_hash(m, m->hashed.data, m->hashed.len));
	if (!s)
		return;
	put_key(m, &labels, r->entry);
	tell_by_series_take(m, r, s, &v);
}

/* With or without the ending that counters have. */
static bool is_named(const struct tell_by_metric *m, const struct tell_json_span *name)
{
	size_t n = name->len - 2, total = sizeof(TOTAL) - 1, len = strlen(m->name);
	return name->kind == TELL_JSON_STRING &&
		strncmp(m->name, name->text + 1, n) == 0 &&
		(len == n || (len == n + total && strcmp(m->name + n, TOTAL) == 0));
}

static enum tell_by_kind kind_of(const struct tell_json_span *family)
{
	struct tell_json_span type;
	if (!tell_json_get(family, "type", &type))
		return TELL_BY_GAUGE;
	if (tell_json_key_is(&type, "counter"))
		return TELL_BY_COUNTER;
	return tell_json_key_is(&type, "histogram") ? TELL_BY_HISTOGRAM : TELL_BY_GAUGE;
}

/* A family that has another type than its namesake before is another metric. */
static void take_family(struct tell_by_metric *m, struct tell_by_round *r,
	const struct tell_json_span *family)
{
	struct tell_json_span name, samples, key, sample;
	if (!tell_json_get(family, "name", &name))
		return;
	if (!is_named(m, &name)) {
		know(m, &name, kind_of(family) == TELL_BY_COUNTER ? TOTAL : "");
		return;
	}
	if (!tell_json_get(family, "samples", &samples))
		return;
	r->kind = kind_of(family);
	if (m->met && r->kind != m->set.kind)
		return;
	m->set.kind = r->kind;
	for (size_t pos = 0; tell_json_next(&samples, &pos, &key, &sample);)
		take_sample(m, r, &sample);
}

void tell_by_metric_take(struct tell_by_metric *m, const struct tell_entry *e)
{
	struct tell_value v;
	struct tell_json_span all, key, family;
	struct tell_by_round r;
	if (e->record.head->kind != TELL_KIND_METRIC ||
		!tell_record_get(&e->record, "metrics", 7, &v) ||
		(v.type != TELL_TYPE_STR && v.type != TELL_TYPE_JSON) ||
		!tell_json_check(v.data, v.len, &all) || all.kind != TELL_JSON_ARRAY)
		return;
	begin_round(m, &r, e);
	for (size_t pos = 0; tell_json_next(&all, &pos, &key, &family);)
		take_family(m, &r, &family);
	if (m->met)
		tell_by_reach(&m->set, r.ns - 1);
}
