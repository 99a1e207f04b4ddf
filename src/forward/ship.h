#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "forward/batch.h"
#include "forward/target.h"

/* Hand a batch to a receiver until each of its entries is stored there or set aside.
 *
 * Policy:  what the receiver cannot store is halved down to the one entry, which is set aside;
 *          what is too large is halved; what is not answered, or refused for now, is sent again
 *          for ever, 0.5 s to 5 min later, a minute later where somebody must do something. Where
 *          there are too many streams, the target finds out which are there and lessens the others;
 *          one that is refused even so is set aside as a whole. A request is of one group of the batch. One
 *          request at a time, so that a stream keeps its order; a part that was taken is not
 *          sent again.
 * Memory:  the batch, one request, and its answer.
 * Threads: one owner.
 * Source:  the answers are each target's; the waits are Promtail's (its client's backoff_config). */
#define TELL_SHIP_WAIT_MS      500
#define TELL_SHIP_WAIT_MAX_MS  300000
#define TELL_SHIP_FORBIDDEN_MS 60000

struct tell_ship_counts {
	uint64_t requests; /* that were answered for good */
	uint64_t sent;	   /* entries that were taken */
	uint64_t bytes;	   /* over the wire, of all requests */
	uint64_t refused;  /* entries that the receiver did not want */
	uint64_t aside;	   /* of those, ones kept in a file */
	uint64_t again;	   /* requests that have to be sent once more */
	uint64_t lessened; /* entries of a new stream where there were too many */
};

struct tell_ship {
	const struct tell_target *target;
	void *state;
	struct tell_buf body;
	struct tell_ship_counts counts;
	unsigned failures; /* in a row */
	uint64_t away_us;  /* realtime: the first of them; 0: there is none */
	uint64_t unsaid;   /* entries of this batch set aside behind the first */
	bool aside_said, lessened_said;
	uint64_t seed; /* of the waits' chance */
	/* Wait; true: stop now. */
	bool (*wait)(void *arg, uint64_t ms);
	/* One sentence for people. */
	void (*say)(void *arg, const char *text);
	/* The receiver refuses this entry: keep it elsewhere. False: it is gone. */
	bool (*aside)(void *arg, const struct tell_batch *b, size_t i, const char *why);
	void *arg;
};

/* Put in order, and then from the entry *done on; *done is moved past what is dealt with. True: that is all of it. False:
 * stopped, and it may be asked again for the rest. */
bool tell_ship(struct tell_ship *s, struct tell_batch *b, size_t *done);
