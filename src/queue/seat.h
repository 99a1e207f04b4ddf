#pragma once
#include <stdbool.h>
#include "queue/rings.h"
#include "record/thread.h"

/* Which lane a thread writes to: its own as long as there are free ones, else one that it
 * shares with others and claims for the time of a call.
 *
 * Threads: the calling thread's. */
struct tell_seat_taken {
	struct tell_lane *lane; /* NULL: none can be had */
	uint32_t *claim;	/* of a shared one: set to 0 when done; or NULL */
};

/* Take a lane for this call, made when need be. In a shared lane that others hold, waits for
 * them: they are about as long as a copy. */
struct tell_seat_taken tell_seat_take(struct tell_ring *r, struct tell_thread *t);

static inline void tell_seat_leave(struct tell_seat_taken *s)
{
	if (s->claim)
		__atomic_store_n(s->claim, 0, __ATOMIC_RELEASE);
	s->lane = NULL;
	s->claim = NULL;
}
