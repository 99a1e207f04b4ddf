/* telltale/snapshot.h: all metrics of the process as they are now: to look at, to serve on a
 * page of your own.
 *
 *	struct tell_metrics *m = NULL;
 *	if (tell_metrics_snapshot(&m) < 0)
 *		return;
 *	for (const struct tell_metrics_family *f = m->families; f; f = f->next)
 *		for (const struct tell_metrics_series *s = f->series; s; s = s->next)
 *			printf("%s has %zu labels: %g\n", f->name, s->n_labels, s->value);
 *	m = tell_metrics_free(m);
 *
 * Shape:   what <telltale/metric.h> made, and what the library measures itself of the process
 *          and its own service. Copies: nothing in it changes, or goes away before
 *          tell_metrics_free().
 * Seen:    what telltale status shows has service and pid as labels, too, as it is of many
 *          processes.
 * Threads: any. Gauges' callbacks are called in the calling thread. Each number is right, all
 *          together are of about one moment.
 * Limits:  text has 64 MiB.
 * Source:  Prometheus text format 0.0.4; OpenMetrics 1.0.
 * Licence: MIT, as all that is compiled into a user's program. */
#ifndef TELLTALE_SNAPSHOT_H
#define TELLTALE_SNAPSHOT_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum tell_metrics_kind {
	TELL_METRICS_COUNTER,
	TELL_METRICS_GAUGE,
	TELL_METRICS_HISTOGRAM
};

struct tell_metrics_label {
	const char *name, *value;
};

/* Of a histogram: how many observations were at or below `le`; the last one's is infinite. */
struct tell_metrics_bucket {
	double le;
	uint64_t count;
};

/* In lists, not arrays: a later version may put members behind the last. */
struct tell_metrics_series {
	const struct tell_metrics_series *next;
	const struct tell_metrics_label *labels;
	size_t n_labels;
	double value;	/* a histogram's sum */
	uint64_t count; /* a counter's exactly, up to 2^64; a histogram's observations */
	const struct tell_metrics_bucket *buckets; /* NULL: no histogram */
	size_t n_buckets;
};

struct tell_metrics_family {
	const struct tell_metrics_family *next;
	const char *name; /* a counter's with "_total" */
	const char *help;
	enum tell_metrics_kind kind;
	const struct tell_metrics_series *series;
};

struct tell_metrics {
	const struct tell_metrics_family *families;
};

/* 0; -ENOMEM; -EBUSY: in a signal handler, or in a gauge's callback, in the middle of another
 * call. */
int tell_metrics_snapshot(struct tell_metrics **ret);

/* NULL is allowed. Returns NULL. */
struct tell_metrics *tell_metrics_free(struct tell_metrics *m);

/* The Content-Type of the first is "text/plain; version=0.0.4; charset=utf-8", of the second
 * "application/openmetrics-text; version=1.0.0; charset=utf-8". JSON is an object with one
 * member "metrics", as in telltale status --format=json. */
enum tell_metrics_format {
	TELL_METRICS_PROMETHEUS,
	TELL_METRICS_OPENMETRICS,
	TELL_METRICS_JSON,
};

/* The same as text, *ret_len bytes and a NUL, to be freed with free(3). 0; -EINVAL: no such
 * format; -ENOMEM; -EBUSY as above. */
int tell_metrics_text(char **ret, enum tell_metrics_format format, size_t *ret_len);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
