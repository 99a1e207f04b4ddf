/* What <telltale/metric.h> promises: making metrics and finding their series. */
#include <errno.h>
#include <telltale/metric.h>
#include "api/process.h"
#include "meter/callback.h"
#include "meter/memo.h"
#include "meter/registry.h"

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
