#include "tool/by_series.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "metric/told.h"

#define STALE 13 /* rounds; a process says all each twelfth time */
#define PARTS 16 /* that what fell into a bucket is spread over */

/* ---- the table ---- */

static struct tell_by_series *find(struct tell_by_series *list, size_t cap, uint64_t hash)
{
	size_t i = hash & (cap - 1);
	while (list[i].hash && list[i].hash != hash)
		i = (i + 1) & (cap - 1);
	return &list[i];
}

uint64_t tell_by_hash(struct tell_by_metric *m, const char *text, size_t len)
{
	uint64_t hash = tell_siphash(m->secret, text, len);
	return hash + (hash == 0);
}

struct tell_by_series *tell_by_series(struct tell_by_metric *m, uint64_t hash)
{
	if (!m->list) {
		m->cap = 2 * 16384; /* a power of two, over twice the limit */
		m->list = calloc(m->cap, sizeof(*m->list));
	}
	if (!m->list) {
		m->set.out_of_memory = true;
		return NULL;
	}
	struct tell_by_series *s = find(m->list, m->cap, hash);
	if (s->hash == 0 && m->n == TELL_BY_SERIES_MAX) {
		m->left_out++;
		return NULL;
	}
	m->n += s->hash == 0;
	s->hash = hash;
	return s;
}

/* ---- samples ---- */

static struct tell_by_cell *cell(struct tell_by_metric *m, uint64_t ns)
{
	return tell_by_cell(&m->set, m->key.data, m->key.len, ns);
}

static uint64_t span_end(const struct tell_by_set *s, uint64_t ns)
{
	return ns - (ns + s->offset_ns) % s->width_ns + s->width_ns;
}

/* What came in the time before a record, evenly in all spans that are in it. */
static void spread_evenly(struct tell_by_metric *m, const struct tell_by_round *r,
	double n, void (*put)(void *arg, struct tell_by_cell *to, double part), void *arg)
{
	uint64_t from = r->ns > r->every_ns ? r->ns - r->every_ns : 0;
	/* Each round of the loop is a cell more, or the spans become wider: few are met. */
	for (uint64_t begin = from, end; begin < r->ns; begin = end) {
		end = span_end(&m->set, begin);
		end = end < r->ns ? end : r->ns;
		double part = (double)(end - begin) / (double)(r->ns - from);
		struct tell_by_cell *to = cell(m, begin);
		if (to) {
			to->n += n * part;
			if (put)
				put(arg, to, part);
		}
	}
}

/* Was it zero when the run had said all it had? Then all of it is new. */
static bool begins_at_zero(const struct tell_by_round *r)
{
	return r->run && r->run->whole_ns && r->ns - r->run->whole_ns > r->every_ns / 2;
}

static void take_counter(struct tell_by_metric *m, const struct tell_by_round *r,
	struct tell_by_series *s, double value)
{
	bool known = s->last_ns || begins_at_zero(r);
	double grown = value < s->value ? value : value - s->value;
	s->value = value;
	if (known)
		spread_evenly(m, r, grown, NULL, NULL);
	else
		(void)cell(m, r->ns - 1); /* the begin, with nothing in it yet */
}

static void take_gauge(struct tell_by_metric *m, const struct tell_by_round *r,
	struct tell_by_series *s, double value)
{
	if (m->n_samples == TELL_BY_SAMPLES_MAX) {
		m->left_out++;
		return;
	}
	if (s->n_samples == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 4;
		struct tell_by_sample *list = reallocarray(
			s->samples, cap, sizeof(*list));
		s->samples = list ? list : s->samples;
		s->cap = list ? cap : s->cap;
	}
	if (!s->group && (s->group = malloc(m->key.len + 1))) {
		if (m->key.len) /* else there may be no key at all */
			memcpy(s->group, m->key.data, m->key.len);
		s->group_len = m->key.len;
	}
	if (!s->group || s->n_samples == s->cap || !cell(m, r->ns)) {
		m->set.out_of_memory = true;
		return;
	}
	s->samples[s->n_samples++] = (struct tell_by_sample){ r->ns, value };
	m->n_samples++;
}

struct fallen {
	struct tell_by_set *set;
	const struct tell_buckets *b;
	const uint64_t *before; /* NULL: nothing */
};

/* What fell into each bucket, as if evenly between its bounds; as histogram_quantile() has
 * it, what is above all bounds is at the last one. */
static void put_buckets(void *arg, struct tell_by_cell *to, double part)
{
	const struct fallen *f = arg;
	double low = 0;
	uint64_t counted = 0;
	for (size_t i = 0; i < f->b->n; i++) {
		uint64_t n = f->b->counts[i] - (f->before ? f->before[i] : 0);
		double bound = isinf(f->b->bounds[i]) ? low : f->b->bounds[i];
		double each = (double)(n - counted) * part / PARTS;
		for (int k = 0; n > counted && k < PARTS; k++)
			tell_by_measure(f->set, to,
				low + (bound - low) * (k + 0.5) / PARTS, each);
		counted = n;
		low = bound;
	}
}

/* The same buckets, none of them less than it was? */
static bool goes_on(const struct tell_by_series *s, const struct tell_buckets *b)
{
	if (s->n_counts != b->n)
		return false;
	for (size_t i = 0; i < b->n; i++) {
		uint64_t now = b->counts[i] - (i ? b->counts[i - 1] : 0);
		uint64_t was = s->counts[i] - (i ? s->counts[i - 1] : 0);
		if (now < was)
			return false;
	}
	return true;
}

static void take_histogram(struct tell_by_metric *m, const struct tell_by_round *r,
	struct tell_by_series *s, const struct tell_buckets *b)
{
	bool known = s->last_ns || begins_at_zero(r);
	bool on = goes_on(s, b);
	struct fallen fallen = { &m->set, b, on ? s->counts : NULL };
	uint64_t n = b->counts[b->n - 1] - (on ? s->counts[b->n - 1] : 0);
	if (known)
		spread_evenly(m, r, (double)n, put_buckets, &fallen);
	else
		(void)cell(m, r->ns - 1);
	uint64_t *counts = reallocarray(s->counts, b->n, sizeof(*counts));
	if (!counts) {
		m->set.out_of_memory = true;
		return;
	}
	memcpy(counts, b->counts, b->n * sizeof(*counts));
	s->counts = counts;
	s->n_counts = b->n;
}

void tell_by_series_take(struct tell_by_metric *m, const struct tell_by_round *r,
	struct tell_by_series *s, const struct tell_reading *v)
{
	switch (r->kind) {
	case TELL_BY_HISTOGRAM:
		take_histogram(m, r, s, v->buckets);
		break;
	case TELL_BY_COUNTER:
		take_counter(m, r, s, tell_reading_f64(*v));
		break;
	case TELL_BY_GAUGE:
	case TELL_BY_RECORDS:
		take_gauge(m, r, s, tell_reading_f64(*v));
		break;
	}
	s->last_ns = r->ns;
	s->every_ns = r->every_ns;
	s->service = r->service_hash;
	s->run = r->run_hash;
	m->met = true;
}

/* ---- the end ---- */

/* How long a gauge that was not heard of again has held: until another process of the service
 * took its place. */
static uint64_t held_until(const struct tell_by_metric *m, const struct tell_by_series *s)
{
	const struct tell_by_series *run = find(m->list, m->cap, s->run);
	uint64_t until_ns = m->set.last_ns + m->set.width_ns;
	for (size_t i = 0; i < m->cap; i++) {
		const struct tell_by_series *other = &m->list[i];
		if (other->first_ns > run->last_ns && other->service == s->service &&
			other->first_ns < until_ns)
			until_ns = other->first_ns;
	}
	return until_ns;
}

/* The gauge's value into each span at whose end it held. */
static void fill(struct tell_by_metric *m, const struct tell_by_series *s)
{
	struct tell_by_set *set = &m->set;
	for (size_t i = 0; i < s->n_samples; i++) {
		uint64_t ns = s->samples[i].ns, stale_ns = ns + STALE * s->every_ns;
		uint64_t until_ns = i + 1 < s->n_samples ? s->samples[i + 1].ns
							 : held_until(m, s);
		until_ns = until_ns < stale_ns ? until_ns : stale_ns;
		for (uint64_t end; (end = span_end(set, ns)) <= until_ns; ns = end) {
			struct tell_by_cell *to = tell_by_cell(
				set, s->group, s->group_len, ns);
			if (to)
				to->n += s->samples[i].value;
		}
	}
}

/* All groups have a cell by now; the spans must not become wider while they are filled, or some
 * would count twice. */
void tell_by_metric_end(struct tell_by_metric *m)
{
	struct tell_by_set *s = &m->set;
	if (!m->met || s->kind != TELL_BY_GAUGE)
		return;
	while ((s->max_at - s->min_at + 1) * (s->n_groups + 1) > TELL_BY_CELLS_MAX ||
		(s->fit && s->max_at - s->min_at >= TELL_BY_FIT)) {
		s->wider = !s->fit;
		tell_by_widen(s, tell_by_next_factor(s));
	}
	for (size_t i = 0; i < m->cap; i++)
		if (m->list[i].group)
			fill(m, &m->list[i]);
}

void tell_by_metric_done(struct tell_by_metric *m)
{
	for (size_t i = 0; i < m->cap; i++) {
		free(m->list[i].group);
		free(m->list[i].samples);
		free(m->list[i].counts);
	}
	free(m->list);
	tell_buf_done(&m->key);
	tell_buf_done(&m->hashed);
	tell_by_set_done(&m->set);
}
