#include "meter/collect.h"
#include "meter/callback.h"
#include "meter/cells.h"
#include "meter/exemplar.h"

static struct tell_reading read_series(
	const struct tell_family *f, const struct tell_series *s)
{
	if (f->kind == TELL_METRIC_COUNTER)
		return tell_reading_u64(tell_counter_get(&s->number.counter));
	return (struct tell_reading){ .f64 = tell_gauge_get(&s->number.gauge) };
}

/* A histogram as somebody reads it. */
struct read_buckets {
	struct tell_buckets b;
	uint64_t counts[TELL_GRID_BOUNDS + 1];
	struct tell_exemplar exemplars[TELL_GRID_BOUNDS + 1];
};

static struct tell_reading read_histogram(
	struct read_buckets *to, struct tell_histogram *h)
{
	size_t n = (size_t)h->grid->n_bounds + 1;
	double sum = tell_histogram_buckets(h, to->counts);
	bool any = false;
	for (size_t i = 1; i < n; i++)
		to->counts[i] += to->counts[i - 1];
	for (unsigned i = 0; i < n; i++) {
		bool got = tell_exemplar_get(h, i, &to->exemplars[i]);
		if (!got)
			to->exemplars[i].trace_id[0] = '\0';
		any |= got;
	}
	tell_exemplars_want(h);
	to->b = (struct tell_buckets){ n, h->grid->bounds, to->counts,
		any ? to->exemplars : NULL, sum };
	struct tell_reading r = tell_reading_u64(to->counts[n - 1]);
	r.buckets = &to->b;
	return r;
}

static void collect_series(const struct tell_collector *to, const struct tell_family *f,
	struct tell_series *s)
{
	struct read_buckets buckets __attribute__((uninitialized));
	struct tell_label labels[TELL_LABELS_MAX];
	if (f->kind == TELL_METRIC_GAUGE && tell_gauge_is_left_out(&s->number.gauge))
		return;
	for (size_t i = 0; i < f->n_labels; i++)
		labels[i] = (struct tell_label){ f->labels[i],
			s->values ? s->values[i] : TELL_METRIC_OTHER };
	to->sample(to->arg, labels, f->n_labels,
		f->grid ? read_histogram(&buckets, &s->number.histogram)
			: read_series(f, s));
}

static void collect_family(const struct tell_collector *to, struct tell_family *f)
{
	const struct tell_metric m = { f->name, f->help, f->kind };
	to->family(to->arg, &m);
	if (tell_family_shows_own(f))
		collect_series(to, f, &f->own);
	for (struct tell_series *s = NULL; (s = tell_series_next(f, s));)
		collect_series(to, f, s);
}

/* A counter with a sample for each family that has something to say. */
static void collect_by_metric(const struct tell_collector *to,
	const struct tell_metric *m, uint64_t (*count)(const struct tell_family *f))
{
	bool begun = false;
	for (const struct tell_family *f = NULL; (f = tell_family_next(f));) {
		uint64_t n = count(f);
		const struct tell_label label = { "metric", f->name };
		if (n && !begun)
			to->family(to->arg, m);
		if (n)
			to->sample(to->arg, &label, 1, tell_reading_u64(n));
		begun |= n > 0;
	}
}

static uint64_t refused(const struct tell_family *f)
{
	return __atomic_load_n(&f->refused, __ATOMIC_RELAXED);
}

static uint64_t no_numbers(const struct tell_family *f)
{
	if (!f->grid)
		return 0;
	uint64_t n = tell_histogram_refused(&f->own.number.histogram);
	for (const struct tell_series *s = NULL; (s = tell_series_next(f, s));)
		n += tell_histogram_refused(&s->number.histogram);
	return n;
}

static void collect_refused(const struct tell_collector *to)
{
	static const struct tell_metric
		series = { "telltale_series_refused",
			"Look-ups of label values that were counted as \"other\".",
			TELL_METRIC_COUNTER },
		observations = { "telltale_observations_refused",
			"Observations of a histogram that were NaN.",
			TELL_METRIC_COUNTER };
	collect_by_metric(to, &series, refused);
	collect_by_metric(to, &observations, no_numbers);
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
	for (struct tell_family *f = NULL; (f = tell_family_next(f));)
		collect_family(to, f);
	collect_refused(to);
	if (tell_cells_lost())
		tell_collect_count(to, "telltale_additions_lost",
			"Additions to counters and histograms lost for want of memory.",
			tell_cells_lost());
	if (tell_callbacks_late())
		tell_collect_count(to, "telltale_gauge_callbacks_late",
			"Calls of gauges' functions that took too long.",
			tell_callbacks_late());
}
