#pragma once
#include <stdint.h>
#include "base/ticks.h"
#include "queue/lane.h"

/* Lanes read as one, the oldest record first: exact within a lane, by the records' times
 * across them.
 *
 * Threads: the reader's. */
struct tell_merge {
	struct tell_tick_pair pairs[2]; /* what the records' ticks mean */
	struct tell_lane *lanes;
	uint32_t n;
	uint64_t due_ns
		[TELL_RING_LANES]; /* of each lane's next record; UINT64_MAX: none */
	const void *block[TELL_RING_LANES]; /* the record itself, of len bytes */
	size_t len[TELL_RING_LANES];
	uint64_t n_bad;	 /* lanes that made no sense and were given up */
	uint64_t n_lost; /* records in them, where that is known */
};

void tell_merge_begin(struct tell_merge *m, struct tell_lane *lanes, uint32_t n,
	const struct tell_tick_pair pairs[2]);

/* The lane whose next record is the oldest; -1: all are empty. */
int tell_merge_next(const struct tell_merge *m);

/* Its record was read: go on behind it. */
void tell_merge_step(struct tell_merge *m, uint32_t lane);
