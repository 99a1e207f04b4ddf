#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "queue/format.h"

/* One lane: a ring of records with one writer and one reader.
 *
 * Write:   tell_lane_reserve() gives memory in the ring to build a record in,
 *          tell_lane_commit() publishes it with one store. What was reserved and not
 *          committed never was.
 * Read:    tell_lane_next() from `read` on; what was read stays in the ring, and belongs to
 *          whoever comes after a crash, until tell_lane_done() gives the space back.
 * Threads: the writer's and the reader's parts are apart; nothing is locked.
 * Source:  a bounded queue for one producer and one consumer with indices that only grow
 *          (L. Lamport, Proving the Correctness of Multiprocess Programs, 1977). */
struct tell_lane {
	struct tell_lane_head *shared;
	char *ring;
	uint32_t size; /* a power of two */
	uint32_t number;

	/* the writer's */
	uint64_t head;	     /* where the next entry goes */
	uint64_t open_to;    /* to here it may be in one piece, as far as is known */
	uint64_t tail_seen;  /* shared->tail when last looked at */
	uint64_t n_numbered; /* numbers given: the <n> of TELL_SEQ; atomic */
	uint64_t n_skipped;  /* those whose record was not committed; atomic */
	uint64_t
		vain_tail; /* shared->tail, plus 1, when it was last waited for in vain */

	/* the reader's: a cache line of its own */
	uint64_t read __attribute__((aligned(64)));
	uint64_t n_read; /* records skipped; atomic */
	uint32_t step;	 /* bytes of the entry that tell_lane_next() gave */
};

/* shared: bytes of head and ring behind it, as the file has them. */
void tell_lane_init(struct tell_lane *l, struct tell_lane_head *shared, uint32_t size,
	uint32_t number);

/* Memory for a block of at least n bytes in one piece; *ret_room is how much there is. NULL:
 * the ring is full, or will never have a piece so large. */
void *tell_lane_reserve(struct tell_lane *l, size_t n, size_t *ret_room);

/* Where the entry at l->head is. */
static inline struct tell_entry *tell_lane_entry(const struct tell_lane *l)
{
	return (struct tell_entry *)(l->ring + (l->head & (l->size - 1)));
}

/* Publish the n bytes, a multiple of 8, that were built behind entry `e`, where
 * tell_lane_reserve() last said; they have the number `seq`. */
static inline void tell_lane_commit_at(
	struct tell_lane *l, struct tell_entry *e, size_t n, uint64_t seq)
{
	uint32_t bytes = (uint32_t)(n + sizeof(*e));
	uint64_t head = l->head + bytes;
	*e = (struct tell_entry){ bytes, TELL_ENTRY_RECORD };
	l->head = head;
	__atomic_store_n(&l->n_numbered, seq, __ATOMIC_RELAXED);
	__atomic_store_n(&l->shared->head, head, __ATOMIC_RELEASE);
}

static inline void tell_lane_commit(struct tell_lane *l, size_t n)
{
	tell_lane_commit_at(l, tell_lane_entry(l), n, l->n_numbered + 1);
}

/* The next number is given to a record that is dropped: a gap says that it is missing. */
static inline void tell_lane_skip_number(struct tell_lane *l)
{
	__atomic_store_n(&l->n_skipped, l->n_skipped + 1, __ATOMIC_RELAXED);
	__atomic_store_n(&l->n_numbered, l->n_numbered + 1, __ATOMIC_RELAXED);
}

/* Records committed so far. */
static inline uint64_t tell_lane_n_taken(const struct tell_lane *l)
{
	uint64_t skipped = __atomic_load_n(&l->n_skipped, __ATOMIC_RELAXED);
	return __atomic_load_n(&l->n_numbered, __ATOMIC_RELAXED) - skipped;
}

/* May a block of n bytes go through this lane: at most a quarter of it. */
static inline bool tell_lane_may_hold(const struct tell_lane *l, size_t n)
{
	return n <= l->size / 4 - sizeof(struct tell_entry);
}

/* The next record that was not read yet, *ret_len bytes of it; NULL: none. In a ring that
 * makes no sense: NULL, and *ret_bad. */
const void *tell_lane_next(struct tell_lane *l, size_t *ret_len, bool *ret_bad);

/* Go on behind it. */
void tell_lane_skip(struct tell_lane *l);

/* What is in it makes no sense: go on behind all of it. How many records the writer had put
 * there, if the writer is of this process; else 0. */
uint64_t tell_lane_give_up(struct tell_lane *l);

/* All that was read is delivered: its space may be written again. */
void tell_lane_done(struct tell_lane *l);

/* It was waited for the reader in vain: whether it has moved since tells whether that is
 * worth while again. */
static inline void tell_lane_waited(struct tell_lane *l)
{
	l->vain_tail = __atomic_load_n(&l->shared->tail, __ATOMIC_ACQUIRE) + 1;
}

static inline bool tell_lane_stands_still(const struct tell_lane *l)
{
	return l->vain_tail == __atomic_load_n(&l->shared->tail, __ATOMIC_ACQUIRE) + 1;
}

/* Has the reader delivered all that was published before? */
static inline bool tell_lane_is_empty(const struct tell_lane *l)
{
	return __atomic_load_n(&l->shared->tail, __ATOMIC_ACQUIRE) ==
		__atomic_load_n(&l->shared->head, __ATOMIC_ACQUIRE);
}
