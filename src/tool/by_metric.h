#pragma once
#include <stddef.h>
#include <stdint.h>
#include "tool/by.h"

/* One metric over time, out of records of kind metric (metric publish), which come in the
 * order of time. Counters and histograms: by how much they grew; gauges: what they were, the
 * sum of all series of a group.
 *
 * What is not known: what a process had counted before its first record that is read. That of
 *          the EVERY before a record counts as having come evenly in that time.
 * Ends:    a gauge holds until its process says another value, or STALE rounds nothing, or
 *          another process of its service has begun behind its last record.
 * Limits:  TELL_BY_SERIES_MAX series and runs together, TELL_BY_SAMPLES_MAX values of gauges;
 *          further ones are counted only.
 * Threads: one owner. */
#define TELL_BY_SERIES_MAX  10000
#define TELL_BY_SAMPLES_MAX 200000

struct tell_by_series;
struct tell_by_known;

struct tell_by_metric {
	const char *name;   /* as it was asked for */
	const char **names; /* and by what, in lower case: labels, else the record's */
	size_t n_names;
	struct tell_by_set set;
	struct tell_by_series *list; /* a table of hashes */
	size_t n, cap, n_samples;
	uint64_t left_out; /* samples */
	uint8_t secret[16];
	struct tell_buf key, hashed;
	bool met;		       /* there were samples */
	bool found[TELL_BY_NAMES_MAX]; /* which of the names some sample or record has */
	struct tell_by_known
		*known; /* gets the names of other metrics; NULL: nobody asks */
};

/* Take an entry, which need not be such a record. */
void tell_by_metric_take(struct tell_by_metric *m, const struct tell_entry *e);

/* There are no more. */
void tell_by_metric_end(struct tell_by_metric *m);
void tell_by_metric_done(struct tell_by_metric *m);
