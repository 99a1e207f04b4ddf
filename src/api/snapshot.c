/* What <telltale/snapshot.h> promises. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/snapshot.h>
#include "api/gather.h"
#include "api/process.h"
#include "api/show.h"
#include "base/pool.h"
#include "meter/callback.h"

/* Metrics of the process are collected under its lock, gauges are asked before. False: the
 * thread is in the middle of another call. */
static bool begin(void)
{
	if (tell_thread_inside)
		return false;
	tell_process_check();
	tell_callbacks_run();
	if (!tell_thread_enter_whole())
		return false;
	(void)pthread_mutex_lock(&tell_process.lock); /* a default mutex: no errors */
	return true;
}

static void end(void)
{
	(void)pthread_mutex_unlock(&tell_process.lock);
	tell_thread_leave();
}

/* ---- to walk ---- */

/* Begins with what its user sees. */
struct snapshot {
	struct tell_metrics seen;
	struct tell_pool pool;
	const struct tell_metrics_family **next_family;
	const struct tell_metrics_series **next_series;
	enum tell_metrics_kind kind; /* of the last family */
	bool short_of_memory;
};

static void *get(struct snapshot *s, size_t n)
{
	void *p = s->short_of_memory ? NULL : tell_pool_get(&s->pool, n);
	s->short_of_memory |= !p;
	return p;
}

/* `end` behind it: "" or a counter's. */
static const char *text_of(struct snapshot *s, const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);
	char *copy = get(s, n + k + 1); /* zeroed */
	if (!copy)
		return NULL;
	memcpy(copy, text, n);
	memcpy(copy + n, end, k);
	return copy;
}

static void take_family(void *arg, const struct tell_metric *m)
{
	struct snapshot *s = arg;
	struct tell_metrics_family *f = get(s, sizeof(*f));
	if (!f)
		return;
	bool counter = m->kind == TELL_METRIC_COUNTER;
	f->name = text_of(s, m->name, counter ? "_total" : "");
	f->help = text_of(s, m->help, "");
	f->kind = counter			   ? TELL_METRICS_COUNTER
		: m->kind == TELL_METRIC_HISTOGRAM ? TELL_METRICS_HISTOGRAM
						   : TELL_METRICS_GAUGE;
	s->kind = f->kind;
	*s->next_family = f;
	s->next_family = &f->next;
	s->next_series = &f->series;
}

/* A family of buckets says each with those below it, as expositions do. */
static void take_buckets(struct snapshot *s, struct tell_metrics_series *one,
	const struct tell_buckets *from)
{
	struct tell_metrics_bucket *own = get(s, from->n * sizeof(*own));
	if (!own)
		return;
	for (size_t i = 0; i < from->n; i++)
		own[i] = (struct tell_metrics_bucket){ from->bounds[i], from->counts[i] };
	one->buckets = own;
	one->n_buckets = from->n;
	one->value = from->sum;
}

static void take_sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	struct snapshot *s = arg;
	struct tell_metrics_series *one = get(s, sizeof(*one));
	struct tell_metrics_label *own = n ? get(s, n * sizeof(*own)) : NULL;
	if (s->short_of_memory)
		return;
	for (size_t i = 0; i < n; i++)
		own[i] = (struct tell_metrics_label){ text_of(s, labels[i].name, ""),
			text_of(s, labels[i].value, "") };
	one->labels = own;
	one->n_labels = n;
	one->value = value.whole ? (double)value.u64 : value.f64;
	one->count = value.whole && s->kind != TELL_METRICS_GAUGE ? value.u64 : 0;
	if (value.buckets)
		take_buckets(s, one, value.buckets);
	*s->next_series = one;
	s->next_series = &one->next;
}

int tell_metrics_snapshot(struct tell_metrics **ret)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->next_family = &s->seen.families;
	bool begun = begin();
	if (begun) {
		tell_gather_process(
			&(struct tell_collector){ take_family, take_sample, s });
		end();
	}
	if (begun && !s->short_of_memory) {
		*ret = &s->seen;
		return 0;
	}
	(void)tell_metrics_free(&s->seen);
	return begun ? -ENOMEM : -EBUSY;
}

struct tell_metrics *tell_metrics_free(struct tell_metrics *m)
{
	struct snapshot *s = (struct snapshot *)m;
	if (s)
		tell_pool_done(&s->pool);
	free(s);
	return NULL;
}

/* ---- as text ---- */

static bool gather(const void *none, const struct tell_collector *to)
{
	(void)none;
	tell_gather_process(to);
	return true;
}

int tell_metrics_text(char **ret, enum tell_metrics_format format, size_t *ret_len)
{
	struct tell_buf out;
	if ((unsigned)format > TELL_METRICS_JSON)
		return -EINVAL;
	if (!begin())
		return -EBUSY;
	tell_buf_init(&out, 0);
	(void)tell_show_metrics(&out, format, gather, NULL); /* gathers always */
	end();
	size_t len = out.len;
	tell_buf_putc(&out, '\0');
	if (out.cut) {
		tell_buf_done(&out);
		return -ENOMEM;
	}
	*ret = out.data;
	*ret_len = len;
	return 0;
}
