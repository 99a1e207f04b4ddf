#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "meter/registry.h"

/* Reading all metrics: whoever wants them gets each family, then its samples.
 *
 *	static void sample(void *arg, const struct tell_label *labels, size_t n,
 *		struct tell_reading value);
 *	tell_collect_registry(&(struct tell_collector){ family, sample, arg });
 *
 * Before:  tell_callbacks_run(), where no lock is held.
 * Threads: the numbers are read while they grow; each is right, their sum of a moment. What
 *          is passed lives until the function returns. */
struct tell_metric {
	const char *name; /* a counter's without "_total" */
	const char *help;
	enum tell_metric_kind kind;
};

struct tell_label {
	const char *name, *value;
};

/* A histogram's buckets, as they were met at one moment: what they are summed up to is `count`
 * for all, also while observations come in. The last bound is +Inf. */
struct tell_buckets {
	size_t n;
	const double *bounds;
	const uint64_t *counts;		       /* of what is at or below the bound */
	const struct tell_exemplar *exemplars; /* one each, or NULL */
	double sum;
};

struct tell_reading {
	const struct tell_buckets
		*buckets; /* of a histogram, whose count is u64; else NULL */
	bool whole;
	union {
		uint64_t u64;
		double f64;
	};
};

struct tell_collector {
	void (*family)(void *arg, const struct tell_metric *m);
	void (*sample)(void *arg, const struct tell_label *labels, size_t n,
		struct tell_reading value);
	void *arg;
};

/* All that the process has made with <telltale/metric.h>, and what was refused there. */
void tell_collect_registry(const struct tell_collector *to);

/* One family of one sample without labels: for numbers that have no handle. */
void tell_collect_count(
	const struct tell_collector *to, const char *name, const char *help, uint64_t n);

static inline struct tell_reading tell_reading_u64(uint64_t n)
{
	return (struct tell_reading){ .whole = true, .u64 = n };
}
