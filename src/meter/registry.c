#include "meter/registry.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "base/ascii.h"
#include "meter/cells.h"
#include "meter/limit.h"

#define TOTAL	  "_total"
#define TOTAL_LEN (sizeof(TOTAL) - 1)
#define OURS	  "telltale_"

static struct {
	pthread_mutex_t lock;
	struct tell_family *first, *last; /* first: atomic */
	size_t n;
} registry = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- names ---- */

/* Source: Prometheus, "Data model": names, and labels, which have no colon. */
static bool is_name(const char *s, size_t n, bool colon)
{
	for (size_t i = 0; i < n; i++)
		if (!tell_is_letter(s[i]) && s[i] != '_' && !(colon && s[i] == ':') &&
			!(i > 0 && tell_is_digit(s[i])))
			return false;
	return n > 0 && n <= TELL_METRIC_NAME;
}

bool tell_metric_name_ok(const char *name, size_t len)
{
	return is_name(name, len, true);
}

static bool is(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* "__" is Prometheus' own, "le" and "quantile" are those of histograms and summaries. */
bool tell_label_name_ok(const char *name, size_t len)
{
	return is_name(name, len, false) && strncmp(name, "__", 2) != 0 &&
		!is(name, len, "le") && !is(name, len, "quantile");
}

static bool is_total(const char *name)
{
	size_t n = strlen(name);
	return n > TOTAL_LEN && strcmp(name + n - TOTAL_LEN, TOTAL) == 0;
}

/* What a service may call its metric, or we ours. A gauge that ends as counters do could look like
 * one. */
static bool is_allowed(enum tell_metric_kind kind, const char *name, bool ours)
{
	return name && tell_metric_name_ok(name, strlen(name)) &&
		(strncmp(name, OURS, sizeof(OURS) - 1) == 0) == ours &&
		(kind == TELL_METRIC_COUNTER || !is_total(name));
}

size_t tell_metric_base(const char *name)
{
	size_t n = strlen(name);
	return is_total(name) ? n - TOTAL_LEN : n;
}

/* Counters are stored without the ending that every sample of theirs gets. */
static size_t base_len(enum tell_metric_kind kind, const char *name)
{
	return kind == TELL_METRIC_COUNTER ? tell_metric_base(name) : strlen(name);
}

const char *tell_metric_kind_word(enum tell_metric_kind kind)
{
	switch (kind) {
	case TELL_METRIC_COUNTER:
		return "counter";
	case TELL_METRIC_GAUGE:
		return "gauge";
	case TELL_METRIC_HISTOGRAM:
		return "histogram";
	}
	return "unknown";
}

/* ---- families ---- */

static void family_free(struct tell_family *f)
{
	free((void *)(uintptr_t)f->name);
	free((void *)(uintptr_t)f->help);
	for (size_t i = 0; i < f->n_labels; i++)
		free((void *)(uintptr_t)f->labels[i]);
	free(f->buckets);
	free(f->grid);
	free(f);
}

static int take_labels(struct tell_family *f, const char *labels)
{
	for (const char *s = labels ? labels : ""; *(s += strspn(s, " "));) {
		size_t n = strcspn(s, " ");
		if (f->n_labels == TELL_LABELS_MAX || !tell_label_name_ok(s, n))
			return -EINVAL;
		for (size_t i = 0; i < f->n_labels; i++)
			if (is(s, n, f->labels[i]))
				return -EINVAL;
		f->labels[f->n_labels] = strndup(s, n);
		if (!f->labels[f->n_labels])
			return -ENOMEM;
		f->n_labels++;
		s += n;
	}
	return 0;
}

static int take_bounds(struct tell_family *f, const double *bounds, size_t n)
{
	if (f->kind != TELL_METRIC_HISTOGRAM)
		return 0;
	f->grid = malloc(sizeof(*f->grid));
	return f->grid ? tell_grid_init(f->grid, bounds, n) : -ENOMEM;
}

int tell_series_init(struct tell_series *s, struct tell_family *f)
{
	s->family = f;
	switch (f->kind) {
	case TELL_METRIC_COUNTER:
		return tell_cell_new(&s->number.counter.tell__cell);
	case TELL_METRIC_HISTOGRAM:
		return tell_histogram_init(&s->number.histogram, f->grid);
	case TELL_METRIC_GAUGE:
		break;
	}
	return 0;
}

static int family_make(struct tell_family **ret, enum tell_metric_kind kind,
	const char *name, const char *help, const char *labels, bool ours)
{
	if (!is_allowed(kind, name, ours))
		return -EINVAL;
	struct tell_family *f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	(void)pthread_mutex_init(&f->lock, NULL); /* a default mutex: no errors */
	f->kind = kind;
	f->last = &f->own;
	f->name = strndup(name, base_len(kind, name));
	f->help = strndup(help ? help : "", TELL_METRIC_HELP);
	int r = f->name && f->help ? take_labels(f, labels) : -ENOMEM;
	if (r == 0 && f->n_labels)
		f->buckets = calloc(TELL_SERIES_BUCKETS, sizeof(struct tell_series *));
	if (r == 0 && f->n_labels && !f->buckets)
		r = -ENOMEM;
	if (r < 0)
		family_free(f);
	else
		*ret = f;
	return r;
}

static bool same_shape(const struct tell_family *a, const struct tell_family *b)
{
	if (a->kind != b->kind || a->n_labels != b->n_labels)
		return false;
	for (size_t i = 0; i < a->n_labels; i++)
		if (strcmp(a->labels[i], b->labels[i]) != 0)
			return false;
	return !a->grid || tell_grid_equal(a->grid, b->grid);
}

/* Would a histogram's sample be called as the other metric is? */
static bool clash(const struct tell_family *a, const struct tell_family *b)
{
	static const char *const ends[] = { "_bucket", "_sum", "_count" };
	size_t n = strlen(a->name);
	if (a->kind != TELL_METRIC_HISTOGRAM || strncmp(a->name, b->name, n) != 0)
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(b->name + n, ends[i]) == 0)
			return true;
	return false;
}

/* Put it in, or find the one that is there. The lock is held. */
static int family_add(struct tell_family *f, struct tell_family **ret)
{
	for (struct tell_family *old = registry.first; old; old = old->later) {
		if (clash(old, f) || clash(f, old))
			return -EEXIST;
		if (strcmp(old->name, f->name) != 0)
			continue;
		*ret = old;
		return same_shape(old, f) ? 0 : -EEXIST;
	}
	if (registry.n == TELL_FAMILIES_MAX)
		return -ENOSPC;
	int r = tell_series_init(&f->own, f);
	if (r < 0)
		return r;
	f->limit = tell_limit_of(f->name);
	struct tell_family **at = registry.last ? &registry.last->later : &registry.first;
	__atomic_store_n(at, f, __ATOMIC_RELEASE);
	registry.last = f;
	registry.n++;
	*ret = f;
	return 0;
}

/* Put it in, or let it go where there was one. */
static int family_enter(struct tell_family *f, struct tell_family **ret)
{
	struct tell_family *there = NULL;
	tell_registry_lock();
	int r = family_add(f, &there);
	tell_registry_unlock();
	if (there != f)
		family_free(f);
	if (r == 0)
		*ret = there;
	return r;
}

static int family_get(struct tell_family **ret, enum tell_metric_kind kind,
	const char *name, const char *help, const char *labels, bool ours)
{
	struct tell_family *f = NULL;
	int r = family_make(&f, kind, name, help, labels, ours);
	if (r == 0 && (r = take_bounds(f, NULL, 0)) < 0)
		family_free(f);
	return r < 0 ? r : family_enter(f, ret);
}

int tell_family_new(struct tell_family **ret, enum tell_metric_kind kind,
	const char *name, const char *help, const char *labels)
{
	return family_get(ret, kind, name, help, labels, false);
}

int tell_family_histogram(struct tell_family **ret, const char *name, const char *help,
	const char *labels, const double *bounds, size_t n_bounds)
{
	struct tell_family *f = NULL;
	int r = family_make(&f, TELL_METRIC_HISTOGRAM, name, help, labels, false);
	if (r == 0 && (r = take_bounds(f, bounds, n_bounds)) < 0)
		family_free(f);
	return r < 0 ? r : family_enter(f, ret);
}

int tell_family_ours(struct tell_family **ret, enum tell_metric_kind kind,
	const char *name, const char *help, const char *labels)
{
	return family_get(ret, kind, name, help, labels, true);
}

struct tell_family *tell_family_find(const char *name)
{
	size_t len = tell_metric_base(name);
	struct tell_family *f = NULL;
	while ((f = tell_family_next(f)) &&
		!(strncmp(f->name, name, len) == 0 && f->name[len] == '\0'))
		;
	return f;
}

void tell_family_refused(const char *name)
{
	struct tell_family *f = NULL;
	if (tell_family_ours(&f, TELL_METRIC_COUNTER, "telltale_metrics_refused_total",
		    "Metrics that could not be made.", "metric") < 0)
		return; /* memory is out: that is seen elsewhere */
	tell_counter_add(&tell_family_with(f, &name, 1, true)->number.counter, 1);
}

struct tell_family *tell_family_next(const struct tell_family *f)
{
	return __atomic_load_n(f ? &f->later : &registry.first, __ATOMIC_ACQUIRE);
}

void tell_registry_lock(void)
{
	(void)pthread_mutex_lock(&registry.lock); /* a default mutex: no errors */
}

void tell_registry_unlock(void)
{
	(void)pthread_mutex_unlock(&registry.lock);
}

void tell_registry_limit(void)
{
	for (struct tell_family *f = registry.first; f; f = f->later)
		__atomic_store_n(&f->limit, tell_limit_of(f->name), __ATOMIC_RELAXED);
}

void tell_registry_child(void)
{
	(void)pthread_mutex_init(&registry.lock, NULL); /* owners stayed behind */
	for (struct tell_family *f = registry.first; f; f = f->later)
		(void)pthread_mutex_init(&f->lock, NULL);
}
