#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/metric.h>
#include "meter/histogram.h"

/* The registry: every metric of the process, by name, and the series of each.
 *
 * Shape:   families are only added, series are only added; so readers take no lock. A family
 *          begins with its own series: the only one, or the "other" one.
 * Limits:  TELL_FAMILIES_MAX; TELL_SERIES_MAX a family or what meter/limit.h says; names and values as in
 *          <telltale/metric.h>.
 * Threads: any; locks inside for what is new. Process-wide, as its numbers are. */
#define TELL_FAMILIES_MAX   1000
#define TELL_METRIC_NAME    100
#define TELL_LABEL_VALUE    128
#define TELL_METRIC_HELP    1024
#define TELL_SERIES_BUCKETS 256
#define TELL_METRIC_OTHER   "other"

enum tell_metric_kind { TELL_METRIC_COUNTER, TELL_METRIC_GAUGE, TELL_METRIC_HISTOGRAM };

struct tell_gauge {
	uint64_t bits; /* of the double; atomic */
};

/* `number` is first: a handle of the API points there. */
struct tell_series {
	union {
		struct tell_counter counter;
		struct tell_gauge gauge;
		struct tell_histogram histogram;
	} number;
	struct tell_family *family;
	struct tell_series *next;  /* of its bucket; never changes */
	struct tell_series *later; /* of its family, in the order they came; atomic */
	const char *const *values; /* one a label; NULL: the family's own series */
	size_t len;		   /* of all values behind one another */
};

struct tell_family {
	struct tell_series own;	   /* first: the handle of the metric */
	struct tell_family *later; /* atomic */
	const char *name;	   /* without "_total" */
	const char *help;
	enum tell_metric_kind kind;
	struct tell_grid *grid; /* a histogram's; else NULL */
	size_t n_labels;
	const char *labels[TELL_LABELS_MAX];
	uint64_t refused;	      /* look-ups that got "other"; atomic */
	uint8_t meant_other;	      /* somebody asked for those values; atomic */
	struct tell_series **buckets; /* atomic each; NULL without labels */
	pthread_mutex_t lock;	      /* for making series, and these two: */
	struct tell_series *last;
	size_t n_series; /* atomic: also looked at without the lock */
	uint32_t limit;	 /* of series; atomic, meter/limit.h */
};

/* Make a family, or find it: as tell_counter_new(). A histogram has the bounds for seconds. */
int tell_family_new(struct tell_family **ret, enum tell_metric_kind kind,
	const char *name, const char *help, const char *labels);

/* A histogram with bounds of its own; NULL: those for seconds. */
int tell_family_histogram(struct tell_family **ret, const char *name, const char *help,
	const char *labels, const double *bounds, size_t n_bounds);

/* The same for what the library measures itself, "telltale_...". */
int tell_family_ours(struct tell_family **ret, enum tell_metric_kind kind,
	const char *name, const char *help, const char *labels);

/* The one of this name, a counter's with or without "_total"; NULL: there is none. */
struct tell_family *tell_family_find(const char *name);

/* Count one that could not be made. */
void tell_family_refused(const char *name);

/* The series of these values, or the family's own; make: one that is new may be made. */
struct tell_series *tell_family_with(
	struct tell_family *f, const char *const *values, size_t n, bool make);

/* Walk them: the first with NULL; NULL at the end. */
struct tell_family *tell_family_next(const struct tell_family *f);
struct tell_series *tell_series_next(
	const struct tell_family *f, const struct tell_series *s);

/* A gauge that has no value now; the next one that is set ends that. */
void tell_gauge_leave_out(struct tell_gauge *g);
bool tell_gauge_is_left_out(const struct tell_gauge *g);

/* Has its own series something to show: it is the only one, or something was counted as
 * "other"? */
bool tell_family_shows_own(const struct tell_family *f);

/* What a new series of the family counts in. 0, -ENOSPC. */
int tell_series_init(struct tell_series *s, struct tell_family *f);

/* "counter", "gauge", "histogram": as expositions have it. */
const char *tell_metric_kind_word(enum tell_metric_kind kind);

/* The registry's lock, for meter/limit.h; what it says now becomes each family's limit. */
void tell_registry_lock(void);
void tell_registry_unlock(void);
void tell_registry_limit(void);

/* Bytes of a metric's name without "_total". */
size_t tell_metric_base(const char *name);

/* Can this be the name of a metric, of a label? */
bool tell_metric_name_ok(const char *name, size_t len);
bool tell_label_name_ok(const char *name, size_t len);

/* In a forked child. */
void tell_registry_child(void);
