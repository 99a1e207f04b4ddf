/* telltale/metric.h: numbers that a service counts and measures. To be included beside
 * <telltale.h>; not for libraries that include <telltale/weak.h>.
 *
 *	static struct tell_counter *requests, *get_ok;
 *	static struct tell_gauge *connections;
 *	static struct tell_histogram *latency;
 *
 *	tell_counter_new(&requests, "requests_total", "Requests answered.", "method status");
 *	tell_gauge_new(&connections, "connections", "Connections open.", NULL);
 *	tell_histogram_new(&latency, "request_duration_seconds", "How long.", "path", TELL_SECONDS);
 *	get_ok = tell_counter_with(requests, "GET", "200");    // a series, kept: the fast way
 *	...
 *	tell_counter_add(get_ok, 1);
 *	tell_counter_add(tell_counter_with(requests, method, status), 1);   // looked up
 *	tell_gauge_add(connections, 1);
 *	tell_histogram_observe(tell_histogram_with(latency, path), seconds);
 *	tell_histogram_stats(latency, 300, &stats);             // the last five minutes: p50, p95 ...
 *
 * Shape:   a metric has a name, a sentence and up to TELL_LABELS_MAX labels; each set of
 *          label values is a series with a number of its own. Counters are whole numbers
 *          that only grow, gauges doubles; histograms say how values are spread. All live as
 *          long as the process.
 * Buckets: what a histogram shows are those of its bounds, each counted exactly: "at or
 *          below". Quantiles come from finer ones: off by at most 3.1 % of the value from
 *          2^-30 to 2^42 (0.93 ns, in seconds, and up); below that they are 0, above it
 *          the greatest value, and always between the smallest and greatest observed.
 *          Infinite values count in their bucket and not in the sum; NaN counts in
 *          telltale_observations_refused_total only.
 * Traces:  where the thread's scopes have a trace_id, and no trace_flags that say it is not
 *          sampled, it becomes the bucket's exemplar, now and then (OpenMetrics).
 * Seen:    telltale status --format=prometheus.
 * Limits:  TELL_SERIES_MAX series a metric; further label values count in one series, all of
 *          whose values are "other", so that sums stay right; such calls are counted in
 *          telltale_series_refused_total. 65,000 series and 1,000 metrics a process; label
 *          values of 128 bytes, cut on a character; what is not UTF-8 becomes '?'.
 * Names:   [a-zA-Z_:][a-zA-Z0-9_:]*, of at most 100 bytes, units in full and last
 *          (_seconds, _bytes); labels [a-zA-Z_][a-zA-Z0-9_]*. "_total" is the
 *          end of counters only, and may be left out; a histogram x has also x_bucket, x_sum
 *          and x_count; "telltale_..." is the library's own.
 * Threads: any function by any thread. A thread's additions go to memory of its own: one
 *          that a signal handler makes in the middle of the same thread's addition to the
 *          same counter or histogram may be lost.
 * Memory:  a histogram's series takes 384 bytes a thread that observes, and 256 for each
 *          two powers of two among its values: 1.5 KiB from 1 ms to 1 s.
 * Forks:   a child's counters and histograms start at 0; gauges go on.
 * Source:  Prometheus text format 0.0.4; OpenMetrics 1.0.
 * Licence: MIT, as all that is compiled into a user's program. */
#ifndef TELLTALE_METRIC_H
#define TELLTALE_METRIC_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define TELL_LABELS_MAX 8
#define TELL_SERIES_MAX 1000
#define TELL_BOUNDS_MAX 62

/* One series. */
struct tell_counter {
	uint32_t tell__cell;
};
struct tell_gauge;
struct tell_histogram;

/* Upper bounds of a histogram's buckets, in rising order: n finite numbers, none negative, at most
 * TELL_BOUNDS_MAX; +Inf comes by itself. Borrowed until the call returns; NULL stands for
 * those of TELL_SECONDS: 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10. */
struct tell_bounds {
	const double *at;
	size_t n;
};

/* Make a metric, or find the one of that name. labels: names separated by blanks; NULL: none.
 * Texts are copied. The result is the metric itself: without labels its only series, with
 * labels the one that is "other". 0; -EINVAL: a name cannot be used; -EEXIST: the name is
 * taken by a metric of another kind or with other labels; -ENOSPC; -ENOMEM; -EBUSY: in a
 * signal handler, in the middle of another call. */
int tell_counter_new(struct tell_counter **ret, const char *name, const char *help,
	const char *labels);
int tell_gauge_new(
	struct tell_gauge **ret, const char *name, const char *help, const char *labels);

/* The same; -EINVAL: also for bounds that are none; -EEXIST: also for other bounds than the
 * metric of that name has, or a name that another metric has made of its own (x and x_count). */
int tell_histogram_new(struct tell_histogram **ret, const char *name, const char *help,
	const char *labels, struct tell_bounds bounds);

/* The series of these label values, as many as the metric has labels, made when new; the
 * metric's "other" when it cannot be. Never freed. NULL only for a NULL metric.
 * Use the macros. */
struct tell_counter *tell__counter_with(
	struct tell_counter *metric, const char *const *values, size_t n);
struct tell_gauge *tell__gauge_with(
	struct tell_gauge *metric, const char *const *values, size_t n);
struct tell_histogram *tell__histogram_with(
	struct tell_histogram *metric, const char *const *values, size_t n);

/* tell_counter_with(requests, "GET", "200") */
#define tell_counter_with(metric, ...)                                                   \
	tell__counter_with((metric), TELL__VALUES(__VA_ARGS__))
#define tell_gauge_with(metric, ...) tell__gauge_with((metric), TELL__VALUES(__VA_ARGS__))
#define tell_histogram_with(metric, ...)                                                 \
	tell__histogram_with((metric), TELL__VALUES(__VA_ARGS__))

/* tell_histogram_new(&h, "upload_bytes", "Uploads.", NULL, TELL_BOUNDS(1024, 1048576)) */
#ifdef __cplusplus
}
#include <initializer_list>
extern "C" {
#define TELL__VALUES(...)                                                                \
	std::initializer_list<const char *>{ __VA_ARGS__ }.begin(),                      \
		std::initializer_list<const char *>{ __VA_ARGS__ }.size()
#define TELL_BOUNDS(...)                                                                 \
	(tell_bounds{ std::initializer_list<double>{ __VA_ARGS__ }.begin(),              \
		std::initializer_list<double>{ __VA_ARGS__ }.size() })
#define TELL_SECONDS (tell_bounds{ nullptr, 0 })
#else
#define TELL__VALUES(...)                                                                \
	(const char *const[]){ __VA_ARGS__ },                                            \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)
#define TELL_BOUNDS(...)                                                                 \
	((struct tell_bounds){ (const double[]){ __VA_ARGS__ },                          \
		sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double) })
#define TELL_SECONDS ((struct tell_bounds){ NULL, 0 })
#endif

/* What is counted so far, by all threads. */
uint64_t tell_counter_get(const struct tell_counter *c);

/* NULL does nothing here. */
void tell_gauge_set(struct tell_gauge *g, double value);
void tell_gauge_add(struct tell_gauge *g, double value);
double tell_gauge_get(const struct tell_gauge *g);
void tell_histogram_observe(struct tell_histogram *h, double value);

/* What was observed in some time: min and max as they were, avg = sum / count, quantiles as the
 * head of this file says: the value of the nearest rank, ceil(q * count). All 0 without
 * observations. seconds: how long the time was. */
struct tell_stats {
	uint64_t count;
	double sum, min, max, avg, p50, p95, p99;
	double seconds;
};

/* Of the last window_s seconds, at most 3,600; 0: since the process had histograms. Of one
 * series: of a metric with labels, `other`. The first question makes the library keep the
 * windows of this series: a window that begins before it is as long as the process's whole life, as `seconds` says.
 * Later ones are up to 5 seconds longer than asked for, beyond two minutes up to a minute;
 * where there is no service thread (a stack with queue, metric or control=yes) to look at
 * the clock, up to the time between two questions. Takes 11 KiB of a series that is idle, 240
 * of a busy one, 1.2 MiB at most.
 * 0; -EINVAL: no histogram, or a longer window; -ENOMEM; -EBUSY: in a signal handler, in the
 * middle of another call. */
int tell_histogram_stats(
	struct tell_histogram *h, unsigned window_s, struct tell_stats *ret);

/* ---- private: what tell_counter_add() is made of ---- */

/* The calling thread's numbers, one a cell; NULL before its first. */
extern __thread uint64_t *tell__cells __attribute__((tls_model("initial-exec")));
void tell__counter_add(struct tell_counter *c, uint64_t n);

/* Count n more; a NULL counter does nothing. A load, an addition and a store. */
static inline void tell_counter_add(struct tell_counter *c, uint64_t n)
{
	uint64_t *cell = tell__cells;
	if (!c)
		return;
	if (__builtin_expect(!cell, 0)) {
		tell__counter_add(c, n);
		return;
	}
	cell += c->tell__cell;
	/* The thread is the only one that writes here; others read. */
	__atomic_store_n(
		cell, __atomic_load_n(cell, __ATOMIC_RELAXED) + n, __ATOMIC_RELAXED);
}

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
