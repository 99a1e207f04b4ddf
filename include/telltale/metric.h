/* telltale/metric.h: numbers that a service counts and measures. To be included beside
 * <telltale.h>; not for libraries that include <telltale/weak.h>.
 *
 *	TELL_COUNTER(requests, "requests_total", "Requests answered.", "method", "status");
 *	TELL_GAUGE(connections, "connections", "Connections open.");
 *	TELL_HISTOGRAM(latency, TELL_SECONDS, "request_duration_seconds", "How long.", "path");
 *
 *	struct tell_counter *get_ok = tell_counter_with(requests, "GET", "200");
 *	...
 *	tell_counter_add(get_ok, 1);                     // a series that is kept: the fast way
 *	tell_counter_add(tell_counter_with(requests, method, status), 1);   // looked up
 *	tell_gauge_add(connections, 1);
 *	tell_count_with("mails_total", 1, "queue", queue);                  // by name: slow
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
 *          the greatest value, and always between the smallest and greatest observed. Those of
 *          a window of at most 60 observations are exact, see tell_histogram_stats().
 *          Infinite values count in their bucket and not in the sum; NaN counts in
 *          telltale_observations_refused_total only.
 * Traces:  where the thread's scopes have a trace_id, and no trace_flags that say it is not
 *          sampled, it becomes the bucket's exemplar, now and then (OpenMetrics).
 * Seen:    telltale status --format=prometheus.
 * Limits:  TELL_SERIES_MAX series a metric, or what a line metric limit says; further label values count in one series, all of
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

/* At file scope: a metric that is there from when the program, or the object it stands in, is
 * loaded, and is shown as 0 until it is used.
 *
 *	TELL_COUNTER(requests, "requests_total", "Requests answered.", "method", "status");
 *
 * declares `static struct tell_counter *requests`. Behind the name and the sentence come the
 * labels. The same may stand in several files. One that cannot be made, see
 * tell_counter_new(), stays NULL, which counts nothing, and is counted itself in
 * telltale_metrics_refused_total. Before constructors with a priority of their own it is
 * NULL, too. */
#define TELL_COUNTER(handle, ...) TELL__METRIC(counter, handle, , __VA_ARGS__)
#define TELL_GAUGE(handle, ...)	  TELL__METRIC(gauge, handle, , __VA_ARGS__)
/* bounds: TELL_SECONDS, or TELL_BOUNDS(1024, 1048576). */
#define TELL_HISTOGRAM(handle, bounds, ...)                                              \
	TELL__METRIC(histogram, handle, bounds, __VA_ARGS__)

/* Before constructors without a priority, and C++ objects. A lower one is the compiler's. */
#define TELL__METRIC(kind, handle, bounds, ...)                                          \
	static struct tell_##kind *handle;                                               \
	__attribute__((constructor(101))) static void tell__make_##handle(void)          \
	{                                                                                \
		static const char *const tell__texts[] = { __VA_ARGS__ };                \
		enum { tell__n = sizeof(tell__texts) / sizeof(tell__texts[0]) };         \
		TELL__ASSERT(tell__n >= 2 && tell__n <= 2 + TELL_LABELS_MAX,             \
			"a name, a sentence, and up to 8 labels belong here");           \
		TELL__MAKE_##kind(&handle, tell__texts, tell__n, bounds);                \
	}                                                                                \
	struct tell_##kind /* a semicolon follows */
#define TELL__MAKE_counter(handle, texts, n, bounds) tell__counter_make(handle, texts, n)
#define TELL__MAKE_gauge(handle, texts, n, bounds)   tell__gauge_make(handle, texts, n)
#define TELL__MAKE_histogram(handle, texts, n, bounds)                                   \
	tell__histogram_make(handle, texts, n, bounds)
#ifdef __cplusplus
#define TELL__ASSERT(holds, why) static_assert(holds, why)
#else
#define TELL__ASSERT(holds, why) _Static_assert(holds, why)
#endif

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

void tell__counter_make(struct tell_counter **handle, const char *const *texts, size_t n);
void tell__gauge_make(struct tell_gauge **handle, const char *const *texts, size_t n);
void tell__histogram_make(struct tell_histogram **handle, const char *const *texts,
	size_t n, struct tell_bounds bounds);

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
/* Counted when compiling, as each argument is evaluated once. */
/* clang-format off */
#define TELL__N_TEXTS(...) \
	TELL__17TH(__VA_ARGS__, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define TELL__17TH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, ...) q
/* clang-format on */
#define TELL__VALUES(...)                                                                \
	std::initializer_list<const char *>{ __VA_ARGS__ }.begin(),                      \
		TELL__N_TEXTS(__VA_ARGS__)
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

/* Count n more in the counter of this name, which is made when new: with the labels of the
 * call, in whatever order they are given later. With other labels than it has it is counted
 * as "other"; where the name is no counter's, in telltale_metrics_refused_total. For places
 * that are seldom reached: all metrics are searched for the name.
 *	tell_count("starts_total", 1);
 *	tell_count_with("mails_total", 1, "queue", queue, "result", "sent"); */
#define tell_count(name, n)	      tell__count((name), (n), NULL, 0)
#define tell_count_with(name, n, ...) tell__count((name), (n), TELL__VALUES(__VA_ARGS__))
void tell__count(const char *name, uint64_t n, const char *const *pairs, size_t n_texts);

/* What is counted so far, by all threads. */
uint64_t tell_counter_get(const struct tell_counter *c);

/* NULL does nothing here. */
void tell_gauge_set(struct tell_gauge *g, double value);
void tell_gauge_add(struct tell_gauge *g, double value);
double tell_gauge_get(const struct tell_gauge *g);
void tell_histogram_observe(struct tell_histogram *h, double value);

/* What was observed in some time: min and max as they were, avg = sum / count, quantiles the value
 * of the nearest rank, ceil(q * count): exactly, by sorting, for windows of at most 60
 * observations that begin behind the first question, else as the head of this file says. All 0 without
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

/* A gauge that is asked for: read(arg) is called whenever metrics are collected, and its
 * result is what tell_gauge_set() would set. NaN: nothing to show now.
 *
 *	static double depth_of(void *queue) { return queue_depth(queue); }
 *	tell_gauge_callback(&q->asked, tell_gauge_with(depths, "mail"), depth_of, q);
 *	...
 *	q->asked = tell_gauge_callback_remove(q->asked);    // before q goes away
 *
 * read: is called by the service thread, with signals blocked, or by who takes a snapshot;
 *      no lock of ours is held. It should only read: what it logs on the service thread is
 *      dropped and counted. It cannot be interrupted, and records wait as long as it takes:
 *      when it takes more than 5 ms it is not asked again for 100 times as long (1 s to
 *      5 min), its last value is shown, and telltale_gauge_callbacks_late_total counts it.
 *      50 ms in all are spent a collection; the next one goes on with the others.
 * 0; -EINVAL: no gauge or no function; -ENOSPC: there are 1,000; -ENOMEM; -EBUSY: in a signal
 * handler, in the middle of another call. */
struct tell_callback;
int tell_gauge_callback(struct tell_callback **ret, struct tell_gauge *gauge,
	double (*read)(void *arg), void *arg);

/* It is called no more, and is not running when this returns, unless it calls this itself: so
 * hold no lock that it takes. The gauge shows nothing until it is set. NULL does nothing.
 * Returns NULL. Not for signal handlers. */
struct tell_callback *tell_gauge_callback_remove(struct tell_callback *callback);

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
