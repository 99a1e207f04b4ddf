/* What <telltale/metric.h> promises: metrics that are declared at file scope, and counting by
 * name. */
#include <errno.h>
#include <string.h>
#include <telltale/metric.h>
#include "api/process.h"
#include "base/buf.h"
#include "base/clock.h"
#include "meter/registry.h"
#include "meter/stats.h"

#define LABELS_BYTES (TELL_LABELS_MAX * (TELL_METRIC_NAME + 1))
#define HELP	     "Counted by name."

/* Every `step`th of n texts, as tell_family_new() wants labels. False: they cannot be. */
static bool join(struct tell_buf *labels, const char *const *texts, size_t n, size_t step)
{
	if (n % step)
		return false; /* the last label has no value */
	for (size_t i = 0; i < n; i += step) {
		if (!texts[i] || !*texts[i] || strchr(texts[i], ' '))
			return false;
		tell_buf_puts(labels, texts[i]);
		tell_buf_putc(labels, ' ');
	}
	return !labels->cut;
}

/* NULL, and counted: it cannot be made. */
static struct tell_family *make(enum tell_metric_kind kind, const char *name,
	const char *help, const char *const *labels, size_t n, size_t step,
	const struct tell_bounds *bounds)
{
	struct tell_family *f = NULL;
	struct tell_buf joined;
	tell_buf_init(&joined, LABELS_BYTES);
	bool joins = join(&joined, labels, n, step);
	const char *text = tell_buf_cstr(&joined);
	int r = !joins ? -EINVAL
		: bounds
		? tell_family_histogram(&f, name, help, text, bounds->at, bounds->n)
		: tell_family_new(&f, kind, name, help, text);
	if (r < 0)
		tell_family_refused(name);
	tell_buf_done(&joined);
	return f;
}

static struct tell_family *declare(enum tell_metric_kind kind, const char *const *texts,
	size_t n, const struct tell_bounds *bounds)
{
	int saved = errno;
	struct tell_family *f = NULL;
	if (tell_thread_enter()) { /* else: loaded by a signal's handler */
		tell_process_check();
		if (bounds)
			tell_stats_begin(tell_clock_monotonic_ns());
		f = make(kind, texts[0], texts[1], texts + 2, n - 2, 1, bounds);
		tell_thread_leave();
	}
	errno = saved;
	return f;
}

void tell__counter_make(struct tell_counter **handle, const char *const *texts, size_t n)
{
	struct tell_family *f = declare(TELL_METRIC_COUNTER, texts, n, NULL);
	*handle = f ? &f->own.number.counter : NULL;
}

void tell__gauge_make(struct tell_gauge **handle, const char *const *texts, size_t n)
{
	struct tell_family *f = declare(TELL_METRIC_GAUGE, texts, n, NULL);
	*handle = f ? &f->own.number.gauge : NULL;
}

void tell__histogram_make(struct tell_histogram **handle, const char *const *texts,
	size_t n, struct tell_bounds bounds)
{
	struct tell_family *f = declare(TELL_METRIC_HISTOGRAM, texts, n, &bounds);
	*handle = f ? &f->own.number.histogram : NULL;
}

/* The values of pairs in the order of the labels. False: they are other labels. */
static bool arrange(const char **values, const struct tell_family *f,
	const char *const *pairs, size_t n_texts)
{
	size_t found = 0;
	for (size_t i = 0; i < f->n_labels; i++)
		for (size_t k = 0; k + 1 < n_texts; k += 2) {
			if (!pairs[k] || strcmp(pairs[k], f->labels[i]) != 0)
				continue;
			values[i] = pairs[k + 1];
			found++;
			break;
		}
	return found == f->n_labels && n_texts == 2 * f->n_labels;
}

static void count(struct tell_family *f, uint64_t n, const char *const *pairs,
	size_t n_texts, bool make)
{
	const char *values[TELL_LABELS_MAX];
	size_t n_values = f->n_labels;
	if (!arrange(values, f, pairs, n_texts))
		n_values = f->n_labels + 1; /* as many as it never has: "other" */
	tell_counter_add(&tell_family_with(f, values, n_values, make)->number.counter, n);
}

/* In a handler that met a call nothing is made. */
void tell__count(const char *name, uint64_t n, const char *const *pairs, size_t n_texts)
{
	int saved = errno;
	bool may_make = tell_thread_enter();
	if (may_make)
		tell_process_check();
	struct tell_family *f = name ? tell_family_find(name) : NULL;
	if (!f && may_make)
		f = make(TELL_METRIC_COUNTER, name, HELP, pairs, n_texts, 2, NULL);
	if (f && f->kind == TELL_METRIC_COUNTER)
		count(f, n, pairs, n_texts, may_make);
	else if (f && may_make)
		tell_family_refused(name);
	if (may_make)
		tell_thread_leave();
	errno = saved;
}
