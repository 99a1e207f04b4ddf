#include "meter/exemplar.h"
#include <stdlib.h>

#define WANTS_MEMORY (UINT64_C(1) << 63) /* in `wanted`: there are fewer buckets */

struct tell_exemplars {
	struct {
		uint8_t busy; /* atomic */
		struct tell_exemplar e;
	} at[TELL_GRID_BOUNDS + 1]; /* as many as the histogram has buckets */
};

static size_t bytes(const struct tell_grid *g)
{
	struct tell_exemplars *none = NULL;
	return ((size_t)g->n_bounds + 1) * sizeof(none->at[0]);
}

void tell_exemplars_want(struct tell_histogram *h)
{
	uint64_t wanted = __atomic_load_n(&h->wanted, __ATOMIC_RELAXED);
	if (!h->exemplars && wanted & WANTS_MEMORY)
		__atomic_store_n(
			&h->exemplars, calloc(1, bytes(h->grid)), __ATOMIC_RELEASE);
	uint64_t all = (UINT64_C(2) << h->grid->n_bounds) - 1;
	__atomic_store_n(&h->wanted, all, __ATOMIC_RELAXED);
}

void tell_exemplar_put(
	struct tell_histogram *h, unsigned bucket, const struct tell_exemplar *e)
{
	struct tell_exemplars *all = __atomic_load_n(&h->exemplars, __ATOMIC_ACQUIRE);
	if (!all) {
		__atomic_store_n(&h->wanted, WANTS_MEMORY, __ATOMIC_RELAXED);
		return;
	}
	__atomic_fetch_and(&h->wanted, ~(UINT64_C(1) << bucket), __ATOMIC_RELAXED);
	if (__atomic_exchange_n(&all->at[bucket].busy, 1, __ATOMIC_ACQUIRE))
		return;
	all->at[bucket].e = *e;
	__atomic_store_n(&all->at[bucket].busy, 0, __ATOMIC_RELEASE);
}

void tell_exemplar_miss(struct tell_histogram *h)
{
	struct tell_part *p = tell_histogram_part(h);
	if (p && ++p->misses % TELL_EXEMPLAR_MISSES == 0)
		__atomic_store_n(&h->wanted, 0, __ATOMIC_RELAXED);
}

bool tell_exemplar_get(
	const struct tell_histogram *h, unsigned bucket, struct tell_exemplar *ret)
{
	struct tell_exemplars *all = __atomic_load_n(&h->exemplars, __ATOMIC_ACQUIRE);
	if (!all || __atomic_exchange_n(&all->at[bucket].busy, 1, __ATOMIC_ACQUIRE))
		return false;
	*ret = all->at[bucket].e;
	__atomic_store_n(&all->at[bucket].busy, 0, __ATOMIC_RELEASE);
	return ret->trace_id[0] != '\0';
}
