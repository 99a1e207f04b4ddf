/* What <telltale/metric.h> promises: making metrics and finding their series. */
#include <errno.h>
#include <telltale/metric.h>
#include "api/process.h"
#include "base/clock.h"
#include "meter/exemplar.h"
#include "meter/callback.h"
#include "meter/memo.h"
#include "meter/registry.h"
#include "meter/stats.h"
#include "record/trace.h"

static int family(struct tell_family **ret, enum tell_metric_kind kind, const char *name,
	const char *help, const char *labels)
{
	if (!tell_thread_enter())
		return -EBUSY;
	tell_process_check();
	int r = tell_family_new(ret, kind, name, help, labels);
	tell_thread_leave();
	return r;
}

int tell_counter_new(
	struct tell_counter **ret, const char *name, const char *help, const char *labels)
{
	struct tell_family *f;
	int r = family(&f, TELL_METRIC_COUNTER, name, help, labels);
	if (r == 0)
		*ret = &f->own.number.counter;
	return r;
}

int tell_gauge_new(
	struct tell_gauge **ret, const char *name, const char *help, const char *labels)
{
	struct tell_family *f;
	int r = family(&f, TELL_METRIC_GAUGE, name, help, labels);
	if (r == 0)
		*ret = &f->own.number.gauge;
	return r;
}

int tell_histogram_new(struct tell_histogram **ret, const char *name, const char *help,
	const char *labels, struct tell_bounds bounds)
{
	struct tell_family *f;
	if (!tell_thread_enter())
		return -EBUSY;
	tell_process_check();
	tell_stats_begin(tell_clock_monotonic_ns());
	int r = tell_family_histogram(&f, name, help, labels, bounds.at, bounds.n);
	tell_thread_leave();
	if (r == 0)
		*ret = &f->own.number.histogram;
	return r;
}

/* A handle of the API is the first member of its series. */
static struct tell_series *with(void *metric, const char *const *values, size_t n)
{
	struct tell_series *s = metric;
	struct tell_family *f = s->family;
	struct tell_series **slot = tell_memo_slot(f, values, n);
	s = slot ? tell_memo_get(slot, f, values, n) : NULL;
	if (s)
		return s;
	int saved = errno;
	bool make = tell_thread_enter(); /* in a handler in the middle of it: only look */
	if (make)
		tell_process_check();
	s = tell_family_with(f, values, n, make);
	if (slot && s != &f->own)
		tell_memo_put(slot, s);
	if (make)
		tell_thread_leave();
	errno = saved;
	return s;
}

struct tell_counter *tell__counter_with(
	struct tell_counter *metric, const char *const *values, size_t n)
{
	return metric ? &with(metric, values, n)->number.counter : NULL;
}

struct tell_gauge *tell__gauge_with(
	struct tell_gauge *metric, const char *const *values, size_t n)
{
	return metric ? &with(metric, values, n)->number.gauge : NULL;
}

int tell_gauge_callback(struct tell_callback **ret, struct tell_gauge *gauge,
	double (*read)(void *arg), void *arg)
{
	if (!tell_thread_enter())
		return -EBUSY;
	tell_process_check();
	int r = tell_callback_add(ret, gauge, read, arg);
	tell_thread_leave();
	return r;
}

/* Also by the function itself, which the service thread calls: that one is always inside. */
struct tell_callback *tell_gauge_callback_remove(struct tell_callback *callback)
{
	int saved = errno;
	tell_process_check();
	tell_callback_remove(callback);
	errno = saved;
	return NULL;
}
struct tell_histogram *tell__histogram_with(
	struct tell_histogram *metric, const char *const *values, size_t n)
{
	return metric ? &with(metric, values, n)->number.histogram : NULL;
}

static void exemplify(struct tell_histogram *h, unsigned bucket, double value)
{
	struct tell_exemplar e = { .value = value };
	_Static_assert(sizeof(e.trace_id) > TELL_TRACE_NOW_CHARS, "an id fits");
	if (tell_trace_now(e.trace_id)) {
		e.realtime_ns = tell_clock_realtime_ns();
		tell_exemplar_put(h, bucket, &e);
	} else {
		tell_exemplar_miss(h);
	}
}

/* What an observation rarely needs. */
static __attribute__((noinline)) void observe_slowly(
	struct tell_histogram *h, int wants, double value)
{
	int saved = errno;
	if (wants == TELL_NOT_OBSERVED)
		wants = tell_histogram_add_slowly(h, value);
	if (wants >= 0)
		exemplify(h, (unsigned)wants, value);
	errno = saved;
}

void tell_histogram_observe(struct tell_histogram *h, double value)
{
	int wants = h ? tell_histogram_add_quickly(h, value) : TELL_OBSERVED;
	if (__builtin_expect(wants != TELL_OBSERVED, 0))
		observe_slowly(h, wants, value);
}

int tell_histogram_stats(
	struct tell_histogram *h, unsigned window_s, struct tell_stats *ret)
{
	if (!h)
		return -EINVAL;
	if (!tell_thread_enter())
		return -EBUSY;
	tell_process_check();
	int r = tell_stats_get(h, window_s, tell_clock_monotonic_ns(), ret);
	tell_thread_leave();
	return r;
}
