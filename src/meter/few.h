#pragma once
#include <stdbool.h>
#include <stdint.h>

/* The values themselves, as long as they are few: a window of so many knows its quantiles exactly.
 *
 * Shape:   TELL_FEW values in the order they came; one more, and they are none.
 * Threads: one owner at a time. */
#define TELL_FEW      60
#define TELL_FEW_RING 64 /* more, as one is written while it is read */

struct tell_few {
	uint32_t n;
	bool over; /* there were more, or some are not known */
	double at[TELL_FEW];
};

void tell_few_add(struct tell_few *f, double value);
void tell_few_join(struct tell_few *f, const double *values, uint32_t n, bool over);

/* The value of this rank, from 1 to n. */
double tell_few_rank(const struct tell_few *f, uint64_t rank);

/* What a thread observes of a histogram that somebody asked about, until the next look.
 *
 * Threads: the thread puts, in a signal's handler too; a reader reads meanwhile, one at a time.
 *          What a handler put in the middle of another is lost, which the count of all shows. */
struct tell_few_ring {
	uint64_t n;    /* ever put; atomic */
	uint64_t seen; /* the reader's */
	double at[TELL_FEW_RING];
};

static inline void tell_few_ring_put(struct tell_few_ring *r, double value)
{
	uint64_t n = __atomic_load_n(&r->n, __ATOMIC_RELAXED);
	/* Who sees it sees n as well, and so whether it may have taken the place of another. */
	__atomic_store(&r->at[n % TELL_FEW_RING], &value, __ATOMIC_RELEASE);
	__atomic_store_n(&r->n, n + 1, __ATOMIC_RELEASE);
}

/* Those that came since the last time, behind the others of to. */
void tell_few_ring_take(struct tell_few_ring *r, struct tell_few *to);
