#include "meter/histogram.h"
#include <errno.h>
#include <math.h>
#include "base/lasting.h"
#include "meter/cells.h"

_Static_assert(TELL_GRID_PLACES % TELL_CHUNK_PLACES == 0, "whole chunks");
_Static_assert(TELL_GRID_BOUNDS < 64, "a bit of `wanted` for each bucket");
_Static_assert(sizeof(struct tell_part) <= TELL_CELLS_MEMORY, "a thread's part");

int tell_histogram_init(struct tell_histogram *h, const struct tell_grid *grid)
{
	*h = (struct tell_histogram){ .grid = grid };
	return tell_cell_new(&h->cell);
}

/* ---- observing ---- */

static struct tell_part *part_make(const struct tell_histogram *h)
{
	struct tell_part *p = tell_cells_memory(sizeof(*p));
	if (!p)
		return NULL;
	if (__atomic_load_n(&h->asked, __ATOMIC_RELAXED))
		p->ring = tell_cells_memory(sizeof(*p->ring)); /* or a reader makes it */
	p->min = (double)INFINITY;
	p->max = -(double)INFINITY;
	__atomic_store_n(&tell__cells[h->cell], (uint64_t)(uintptr_t)p, __ATOMIC_RELEASE);
	return p;
}

struct tell_part *tell_histogram_part(const struct tell_histogram *h)
{
	const uint64_t *cells = tell_cells_mine();
	void *p = cells ? (void *)(uintptr_t)cells[h->cell] : NULL;
	return p || !cells ? p : part_make(h);
}

/* The thread's number for a place. NULL: memory is out. */
static uint64_t *my_number(struct tell_part *p, unsigned place)
{
	uint64_t **at = &p->chunks[place / TELL_CHUNK_PLACES];
	if (!*at) {
		void *chunk = tell_cells_memory(TELL_CHUNK_PLACES * sizeof(uint64_t));
		if (!chunk)
			return NULL;
		__atomic_store_n(at, chunk, __ATOMIC_RELEASE);
	}
	return &(*at)[place % TELL_CHUNK_PLACES];
}

int tell_histogram_add_slowly(struct tell_histogram *h, double value)
{
	unsigned bucket = 0,
		 place = isnan(value) ? 0 : tell_grid_place(h->grid, value, &bucket);
	struct tell_part *p = tell_histogram_part(h);
	uint64_t *n = NULL;
	if (p)
		n = isnan(value) ? &p->refused : my_number(p, place);
	if (!n) {
		tell_cells_lose(1);
		return TELL_OBSERVED;
	}
	tell_u64_bump(n);
	if (isnan(value))
		return TELL_OBSERVED;
	double *sum = &p->sums[place % TELL_N_SUMS];
	if (!isinf(value))
		tell_f64_store(sum, tell_f64_load(sum) + value);
	tell_part_widen(p, value);
	tell_part_keep(p, value);
	return tell_bucket_wanted(h, bucket) ? (int)bucket : TELL_OBSERVED;
}

/* ---- reading ---- */

/* Walk what the threads have of it: the first with *s NULL; NULL at the end. */
static struct tell_part *part_next(
	const struct tell_histogram *h, const struct tell_shard **s)
{
	while ((*s = tell_shard_next(*s))) {
		void *p = (void *)(uintptr_t)tell_shard_get(*s, h->cell);
		if (p)
			return p;
	}
	return NULL;
}

static double sum_of(const struct tell_part *p)
{
	double sum = 0;
	for (size_t i = 0; i < TELL_N_SUMS; i++)
		sum += tell_f64_load(&p->sums[i]);
	return sum;
}

double tell_histogram_buckets(
	const struct tell_histogram *h, uint64_t counts[TELL_GRID_BOUNDS + 1])
{
	const struct tell_grid *g = h->grid;
	const struct tell_part *p;
	const unsigned places = g->first[g->n_bounds + 1];
	double sum = 0;
	for (size_t i = 0; i <= g->n_bounds; i++)
		counts[i] = 0;
	for (const struct tell_shard *s = NULL; (p = part_next(h, &s));) {
		unsigned bucket = 0;
		for (unsigned place = 0; place < places; place++) {
			const uint64_t *chunk = __atomic_load_n(
				&p->chunks[place / TELL_CHUNK_PLACES], __ATOMIC_ACQUIRE);
			if (!chunk) { /* on to the next one */
				place |= TELL_CHUNK_PLACES - 1;
				continue;
			}
			while (place >= g->first[bucket + 1])
				bucket++;
			counts[bucket] += __atomic_load_n(
				&chunk[place % TELL_CHUNK_PLACES], __ATOMIC_RELAXED);
		}
		sum += sum_of(p);
	}
	return sum;
}

uint64_t tell_histogram_count(const struct tell_histogram *h)
{
	uint64_t counts[TELL_GRID_BOUNDS + 1], n = 0;
	(void)tell_histogram_buckets(h, counts); /* the sum is not asked for */
	for (size_t i = 0; i <= h->grid->n_bounds; i++)
		n += counts[i];
	return n;
}

uint64_t tell_histogram_refused(const struct tell_histogram *h)
{
	const struct tell_part *p;
	uint64_t n = 0;
	for (const struct tell_shard *s = NULL; (p = part_next(h, &s));)
		n += __atomic_load_n(&p->refused, __ATOMIC_RELAXED);
	return n;
}

static void read_numbers(const struct tell_part *p, struct tell_tally *ret)
{
	for (size_t i = 0; i < TELL_N_CHUNKS; i++) {
		const uint64_t *chunk = __atomic_load_n(&p->chunks[i], __ATOMIC_ACQUIRE);
		uint64_t *to = &ret->n[i * TELL_CHUNK_PLACES];
		for (size_t k = 0; chunk && k < TELL_CHUNK_PLACES; k++)
			to[k] += __atomic_load_n(&chunk[k], __ATOMIC_RELAXED);
	}
	ret->sum += sum_of(p);
}

void tell_histogram_read(const struct tell_histogram *h, struct tell_tally *ret)
{
	const struct tell_part *p;
	for (const struct tell_shard *s = NULL; (p = part_next(h, &s));) {
		tell_tally_widen(ret, tell_f64_load(&p->min), tell_f64_load(&p->max));
		read_numbers(p, ret);
	}
}

/* What the thread observed before its ring is not known: fewer than were counted. */
static void take_few(struct tell_part *p, struct tell_few *ret)
{
	struct tell_few_ring *r = __atomic_load_n(&p->ring, __ATOMIC_ACQUIRE);
	if (r)
		tell_few_ring_take(r, ret);
	else if ((r = tell_lasting(sizeof(*r))))
		__atomic_store_n(&p->ring, r, __ATOMIC_RELEASE);
}

void tell_histogram_take(struct tell_histogram *h, struct tell_tally *ret)
{
	struct tell_part *p;
	__atomic_store_n(&h->asked, true, __ATOMIC_RELAXED);
	for (const struct tell_shard *s = NULL; (p = part_next(h, &s));) {
		double min = (double)INFINITY, max = -min, old_min, old_max;
		/* Its thread stores only what is further out: nothing is lost between. */
		__atomic_exchange(&p->min, &min, &old_min, __ATOMIC_RELAXED);
		__atomic_exchange(&p->max, &max, &old_max, __ATOMIC_RELAXED);
		tell_tally_widen(ret, old_min, old_max);
		read_numbers(p, ret);
		take_few(p, &ret->few);
	}
}
