#include "queue/seat.h"
#include "base/clock.h"
#include <sched.h>

#define CLAIM_TRIES 10000

/* The thread ends: its lanes are others' to take, with what is in them. */
static void unseat(struct tell_thread *t)
{
	for (int i = 0; i < TELL_N_SEATS; i++) {
		struct tell_seat *seat = &t->seats[i];
		struct tell_ring *r = seat->ring ? tell_ring_by_number(seat->ring) : NULL;
		if (!r)
			continue;
		size_t n = (size_t)((struct tell_lane *)seat->lane - r->lanes);
		if (n < TELL_RING_OWNED)
			__atomic_store_n(&r->owner[n], 0, __ATOMIC_RELEASE);
		(void)pthread_mutex_unlock(&r->lock);
		seat->ring = 0;
	}
}

/* r->lock is held. */
static struct tell_lane *lane_new(struct tell_ring *r, uint32_t n)
{
	uint32_t number = n + 1 - TELL_RING_NESTED;
	struct tell_lane_head *shared = tell_ring_file_grow(
		&r->file, TELL_CHUNK_LANE, number, sizeof(*shared) + r->lane_bytes);
	if (!shared)
		return NULL;
	tell_lane_init(&r->lanes[n], shared, r->lane_bytes, number);
	__atomic_store_n(&r->n_lanes, n + 1, __ATOMIC_RELEASE);
	return &r->lanes[n];
}

/* r->lock is held: a free lane, a new one, or one of those that are shared. */
static struct tell_lane *lane_find(struct tell_ring *r, uint32_t tid)
{
	for (uint32_t i = TELL_RING_NESTED; i < r->n_lanes && i < TELL_RING_OWNED; i++) {
		if (__atomic_load_n(&r->owner[i], __ATOMIC_ACQUIRE) != 0)
			continue;
		__atomic_store_n(&r->owner[i], tid, __ATOMIC_RELAXED);
		return &r->lanes[i];
	}
	if (r->n_lanes < TELL_RING_LANES) {
		struct tell_lane *l = lane_new(r, r->n_lanes);
		if (l && l - r->lanes < TELL_RING_OWNED)
			__atomic_store_n(&r->owner[l - r->lanes], tid, __ATOMIC_RELAXED);
		if (l)
			return l;
	}
	if (r->n_lanes <= TELL_RING_OWNED)
		return NULL;
	uint32_t n_shared = r->n_lanes - TELL_RING_OWNED;
	return &r->lanes[TELL_RING_OWNED + tid % n_shared];
}

/* One of the thread's seats for this ring; the one of a ring that is no more, else. */
static struct tell_seat *seat_for(struct tell_thread *t, uint64_t ring)
{
	for (int i = 0; i < TELL_N_SEATS; i++)
		if (t->seats[i].ring == ring)
			return &t->seats[i];
	return &t->seats[(ring - 1) % TELL_N_SEATS];
}

static struct tell_lane *sit_down(struct tell_ring *r, struct tell_thread *t)
{
	struct tell_lane *l = NULL;
	struct tell_seat *seat = seat_for(t, r->number);
	if (__atomic_load_n(&r->retry_ns, __ATOMIC_RELAXED) > tell_clock_tick_ns())
		return NULL;
	struct tell_ring *before = seat->ring ? tell_ring_by_number(seat->ring) : NULL;
	if (before) { /* more rings than seats: give the other one's lane up */
		size_t n = (size_t)((struct tell_lane *)seat->lane - before->lanes);
		if (n < TELL_RING_OWNED)
			__atomic_store_n(&before->owner[n], 0, __ATOMIC_RELEASE);
		(void)pthread_mutex_unlock(&before->lock);
	}
	seat->ring = 0;
	(void)pthread_mutex_lock(&r->lock); /* held across the file's system calls, which
					       are in memory */
	if (tell_ring_file_there(r))
		l = lane_find(r, t->tid);
	(void)pthread_mutex_unlock(&r->lock);
	if (!l)
		return NULL;
	*seat = (struct tell_seat){ l, r->number };
	t->unseat = unseat;
	return l;
}

struct tell_seat_taken tell_seat_take(struct tell_ring *r, struct tell_thread *t)
{
	struct tell_seat_taken taken = { NULL, NULL };
	const struct tell_seat *seat = &t->seats[0];
	if (__builtin_expect(seat->ring != r->number, 0))
		seat = seat_for(t, r->number);
	struct tell_lane *l = seat->ring == r->number ? seat->lane : sit_down(r, t);
	if (!l)
		return taken;
	size_t n = (size_t)(l - r->lanes);
	if (__builtin_expect(n >= TELL_RING_OWNED, 0)) {
		uint32_t *claim = &r->claim[n], nobody = 0;
		for (int i = 0; !__atomic_compare_exchange_n(claim, &nobody, t->tid,
			     false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
			i++, nobody = 0) {
			if (i == CLAIM_TRIES)
				return taken;
			(void)sched_yield();
		}
		taken.claim = claim;
	}
	taken.lane = l;
	return taken;
}
