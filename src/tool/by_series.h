#pragma once
#include "meter/collect.h"
#include "tool/by_metric.h"

/* The series of a metric and what is known of each: by_metric.c reads the records, by_series.c
 * makes numbers of them.
 *
 * Shape:   rows of a table of hashes, of series and of the runs they are of.
 * Threads: one owner. */
struct tell_by_sample {
	uint64_t ns;
	double value;
};

/* A series of one run of one process; or that run. */
struct tell_by_series {
	uint64_t hash;	  /* 0: free */
	uint64_t service; /* a hash, too */
	uint64_t run;
	uint64_t first_ns, last_ns, every_ns;
	uint64_t whole_ns; /* of a run: when it said all it has */
	double value;	   /* of a counter */
	char *group;	   /* of a gauge: its key, */
	size_t group_len;
	struct tell_by_sample
		*samples; /* and what it was, until the end, when the width is known */
	size_t n_samples, cap;
	size_t n_counts;
	uint64_t *counts; /* of a histogram */
};

/* What holds for all samples of a record. */
struct tell_by_round {
	const struct tell_entry *entry;
	struct tell_by_series *run;
	uint64_t ns, every_ns, run_hash, service_hash;
	enum tell_by_kind kind;
};

/* NULL: there are too many, or memory is out. A new one has no last_ns. */
struct tell_by_series *tell_by_series(struct tell_by_metric *m, uint64_t hash);
uint64_t tell_by_hash(struct tell_by_metric *m, const char *text, size_t len);

/* The series is said to have this value; its group is m->key. */
void tell_by_series_take(struct tell_by_metric *m, const struct tell_by_round *r,
	struct tell_by_series *s, const struct tell_reading *v);
