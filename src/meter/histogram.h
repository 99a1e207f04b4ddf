#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <telltale/metric.h>
#include "base/relaxed.h"
#include "meter/few.h"
#include "meter/grid.h"
#include "meter/tally.h"

/* The inside of <telltale/metric.h>'s histograms: what an observation does, and reading them.
 *
 * Shape:   a cell of the thread's (meter/cells.h) leads to its part: sum, extremes and, in chunks
 *          that are made when a value falls there, how often each place of the grid was met. A
 *          thread's part of a series takes 384 bytes and 256 for each two powers of two it meets.
 * Life:    as the cells: passed on by threads that end, wiped in a child.
 * Threads: any, no lock; one thread writes to its part with plain stores, but for the
 *          extremes, which a reader may take away (tell_histogram_take()).
 * NaN:     is counted in no bucket, but in tell_histogram_refused(). Infinite values are
 *          counted, and left out of the sum. */
#define TELL_CHUNK_PLACES 32
#define TELL_N_CHUNKS	  (TELL_GRID_PLACES / TELL_CHUNK_PLACES)
#define TELL_N_SUMS	  4

struct tell_histogram {
	uint32_t cell;
	const struct tell_grid *grid; /* the family's */
	uint64_t wanted; /* buckets that want an exemplar, see meter/exemplar.h; atomic */
	struct tell_exemplars *exemplars; /* NULL: none was seen; atomic */
	struct tell_kept *kept;		  /* meter/stats.h's */
	uint8_t asked; /* parts keep the last values from now on; atomic */
};

/* A thread's part. All atomic. */
struct tell_part {
	double sums[TELL_N_SUMS]; /* by place, so that one need not wait for the last */
	double min, max;
	uint64_t refused;	    /* observations that were NaN */
	uint64_t misses;	    /* those without the exemplar that was wanted */
	struct tell_few_ring *ring; /* NULL: nobody has asked */
	uint64_t *chunks[TELL_N_CHUNKS];
};

/* 0 or -ENOSPC. */
int tell_histogram_init(struct tell_histogram *h, const struct tell_grid *grid);

/* The calling thread's part; made when new. NULL: memory is out. */
struct tell_part *tell_histogram_part(const struct tell_histogram *h);

/* The same as tell_histogram_add(), and makes what is missing. */
int tell_histogram_add_slowly(struct tell_histogram *h, double value);

/* Each bucket's count, not summed up; n_bounds + 1 of them. Returns the sum. */
double tell_histogram_buckets(
	const struct tell_histogram *h, uint64_t counts[TELL_GRID_BOUNDS + 1]);

uint64_t tell_histogram_count(const struct tell_histogram *h);
uint64_t tell_histogram_refused(const struct tell_histogram *h);

/* All since the process began, into one that is initialised; extremes since the last _take. */
void tell_histogram_read(const struct tell_histogram *h, struct tell_tally *ret);

/* The same; the extremes begin anew, and the values themselves since the last time are in
 * ret->few. One thread at a time: a value that is observed meanwhile is in these or in the
 * next. */
void tell_histogram_take(struct tell_histogram *h, struct tell_tally *ret);

static inline bool tell_bucket_wanted(const struct tell_histogram *h, unsigned bucket)
{
	return __atomic_load_n(&h->wanted, __ATOMIC_RELAXED) >> bucket & 1;
}

/* For the owner of the part. */
static inline void tell_part_widen(struct tell_part *p, double value)
{
	if (__builtin_expect(value < tell_f64_load(&p->min), 0))
		tell_f64_store(&p->min, value);
	if (__builtin_expect(value > tell_f64_load(&p->max), 0))
		tell_f64_store(&p->max, value);
}

static inline void tell_part_keep(struct tell_part *p, double value)
{
	struct tell_few_ring *r = __atomic_load_n(&p->ring, __ATOMIC_ACQUIRE);
	if (__builtin_expect(r != NULL, 0))
		tell_few_ring_put(r, value);
}

/* What an observation came to, when it is not the bucket that wants an exemplar. */
enum { TELL_OBSERVED = -1, TELL_NOT_OBSERVED = -2 };

/* One observation, if it needs nothing made and nothing asked: else TELL_NOT_OBSERVED. */
static inline int tell_histogram_add_quickly(struct tell_histogram *h, double value)
{
	const uint64_t *cells = tell__cells;
	const struct tell_grid *g = h->grid;
	uint64_t part = tell_grid_part(value);
	if (__builtin_expect(!cells || part >= TELL_GRID_PARTS, 0))
		return TELL_NOT_OBSERVED;
	unsigned bucket = g->below[part];
	if (__builtin_expect(bucket == TELL_GRID_CROWDED, 0))
		return TELL_NOT_OBSERVED;
	bucket += value > g->bounds[bucket]; /* as often as not: without a branch */
	unsigned place = (unsigned)part + 1 + bucket;
	struct tell_part *p = (struct tell_part *)(uintptr_t)cells[h->cell];
	uint64_t *chunk = p ? p->chunks[place / TELL_CHUNK_PLACES] : NULL;
	if (__builtin_expect(!chunk, 0))
		return TELL_NOT_OBSERVED;
	tell_u64_bump(&chunk[place % TELL_CHUNK_PLACES]);
	double *sum = &p->sums[place % TELL_N_SUMS];
	tell_f64_store(sum, tell_f64_load(sum) + value);
	tell_part_widen(p, value);
	tell_part_keep(p, value);
	return __builtin_expect(tell_bucket_wanted(h, bucket), 0) ? (int)bucket
								  : TELL_OBSERVED;
}

/* One observation: the bucket it fell into if that wants an exemplar, else TELL_OBSERVED. */
static inline int tell_histogram_add(struct tell_histogram *h, double value)
{
	int r = tell_histogram_add_quickly(h, value);
	return r == TELL_NOT_OBSERVED ? tell_histogram_add_slowly(h, value) : r;
}
