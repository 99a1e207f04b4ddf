#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "meter/histogram.h"

/* Exemplars: of each bucket one value and the trace it was observed in.
 *
 * Cost:    who reads a histogram asks for new ones: a bit a bucket in its `wanted`. Only an
 *          observation that finds its bit looks for a trace; the first with one clears it, and
 *          so does a thread that had none TELL_EXEMPLAR_MISSES times.
 * Memory:  asked for by the reader, once some observation had a trace; so there are
 *          exemplars from the second look on.
 * Threads: any, signal handlers too: whoever finds one in use leaves it as it is.
 * Source:  OpenMetrics 1.0, "Exemplars". */
#define TELL_EXEMPLAR_ID     64
#define TELL_EXEMPLAR_MISSES 1000

struct tell_exemplar {
	double value;
	uint64_t realtime_ns;
	char trace_id[TELL_EXEMPLAR_ID + 1]; /* "": there is none */
};

/* New ones are wanted. One thread at a time. */
void tell_exemplars_want(struct tell_histogram *h);

/* The observation had a trace, or none. */
void tell_exemplar_put(
	struct tell_histogram *h, unsigned bucket, const struct tell_exemplar *e);
void tell_exemplar_miss(struct tell_histogram *h);

/* False: the bucket has none. */
bool tell_exemplar_get(
	const struct tell_histogram *h, unsigned bucket, struct tell_exemplar *ret);
