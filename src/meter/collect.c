#include "meter/collect.h"
#include "meter/callback.h"
#include "meter/cells.h"

static struct tell_reading read_series(
	const struct tell_family *f, const struct tell_series *s)
{
	if (f->kind == TELL_METRIC_COUNTER)
		return tell_reading_u64(tell_counter_get(&s->number.counter));
	return (struct tell_reading){ .f64 = tell_gauge_get(&s->number.gauge) };
}

static void collect_series(const struct tell_collector *to, const struct tell_family *f,
	const struct tell_series *s)
{
	struct tell_label labels[TELL_LABELS_MAX];
	if (f->kind == TELL_METRIC_GAUGE && tell_gauge_is_left_out(&s->number.gauge))
		return;
	for (size_t i = 0; i < f->n_labels; i++)
		labels[i] = (struct tell_label){ f->labels[i],
			s->values ? s->values[i] : TELL_METRIC_OTHER };
	to->sample(to->arg, labels, f->n_labels, read_series(f, s));
}

static void collect_family(const struct tell_collector *to, const struct tell_family *f)
{
	const struct tell_metric m = { f->name, f->help, f->kind };
	to->family(to->arg, &m);
	if (tell_family_shows_own(f))
		collect_series(to, f, &f->own);
	for (const struct tell_series *s = NULL; (s = tell_series_next(f, s));)
		collect_series(to, f, s);
}

static void collect_refused(const struct tell_collector *to)
{
	static const struct tell_metric m = { "telltale_series_refused",
		"Look-ups of label values that were counted as \"other\".",
		TELL_METRIC_COUNTER };
	bool begun = false;
	for (const struct tell_family *f = NULL; (f = tell_family_next(f));) {
		uint64_t n = __atomic_load_n(&f->refused, __ATOMIC_RELAXED);
		const struct tell_label label = { "metric", f->name };
		if (n && !begun)
			to->family(to->arg, &m);
		if (n)
			to->sample(to->arg, &label, 1, tell_reading_u64(n));
		begun |= n > 0;
	}
}

void tell_collect_count(
	const struct tell_collector *to, const char *name, const char *help, uint64_t n)
{
	const struct tell_metric m = { name, help, TELL_METRIC_COUNTER };
	to->family(to->arg, &m);
	to->sample(to->arg, NULL, 0, tell_reading_u64(n));
}

void tell_collect_registry(const struct tell_collector *to)
{
	for (const struct tell_family *f = NULL; (f = tell_family_next(f));)
		collect_family(to, f);
	collect_refused(to);
	if (tell_cells_lost())
		tell_collect_count(to, "telltale_additions_lost",
			"Additions to counters lost for want of memory.",
			tell_cells_lost());
	if (tell_callbacks_late())
		tell_collect_count(to, "telltale_gauge_callbacks_late",
			"Calls of gauges' functions that took too long.",
			tell_callbacks_late());
}
