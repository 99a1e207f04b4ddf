#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/log.h>
#include <telltale/module.h>
#include "base/clock.h"
#include "base/crash.h"
#include "queue/adopt.h"
#include "queue/merge.h"
#include "queue/nested.h"
#include "queue/rings.h"
#include "queue/seat.h"

/* Calls leave their records in memory and return; the service thread does the rest. What a
 * call has left is in a file of memory, so it outlives the process. */
#define LANE_LEAST ((uint64_t)16 << 10)
#define LANE_MOST  ((uint64_t)TELL_RING_LANE_MOST)
#define WAIT_MS	   10
#define NAP_NS	   100000
#define RESERVE	   1024 /* room asked for before a record is built; most fit */

enum full { WAIT, DROP, SYNC };

struct queue {
	struct tell_ring *ring;
	enum full full;
	uint64_t n_dropped; /* atomic: for want of room */
	bool reads; /* what was handed out through this line is not delivered yet */
};

static const struct tell_option options[] = {
	{ "size", TELL_OPTION_SIZE, "64KiB", NULL,
		"bytes of each thread's ring, 16KiB to 16MiB, rounded up to a power of two",
		false },
	{ "full", TELL_OPTION_CHOICE, "wait", "wait drop sync",
		"no room: wait 10 ms, drop info and debug; drop; wait 25 ms, go past the queue",
		false },
	{ NULL, TELL_OPTION_TEXT, NULL, NULL, NULL, false },
};

/* One reader at a time: a process may have two services of one name. */
static bool read_begin(struct queue *q)
{
	uint32_t nobody = 0;
	if (!q->reads)
		q->reads = __atomic_compare_exchange_n(&q->ring->reading, &nobody, 1,
			false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
	return q->reads;
}

static void read_end(struct queue *q)
{
	if (q->reads)
		__atomic_store_n(&q->ring->reading, 0, __ATOMIC_RELEASE);
	q->reads = false;
}

static void close_ring(void *state)
{
	struct queue *q = state;
	read_end(q);
	tell_ring_put(q->ring);
	free(q);
}

static uint32_t power_of_two(uint64_t n)
{
	uint32_t p = (uint32_t)LANE_LEAST;
	while (p < n)
		p *= 2;
	return p;
}

static int open_ring(void **ret, const struct tell_args *args, struct tell_refusal *why)
{
	uint64_t size = tell_args_u64(args, "size");
	if (size < LANE_LEAST || size > LANE_MOST)
		return tell_refuse(why, -ERANGE, "size",
			"write a size from 16KiB to 16MiB", "size=%s is out of range",
			tell_args_text(args, "size"));
	struct queue *q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	q->full = (enum full)tell_args_choice(args, "full");
	q->ring = tell_ring_get(tell_args_service(args), power_of_two(size));
	if (!q->ring) {
		free(q);
		return -ENOMEM;
	}
	*ret = q;
	return 0;
}

/* ---- the caller's side ---- */

static void *reserve(void *state, size_t *ret_room)
{
	struct queue *q = state;
	struct tell_thread *t = tell_thread_self();
	struct tell_seat_taken seat = { NULL, NULL };
	if (t)
		seat = tell_seat_take(q->ring, t);
	/* A shared lane is not held while a record is built: it is copied in. */
	void *at = seat.lane && !seat.claim
		? tell_lane_reserve(seat.lane, RESERVE, ret_room)
		: NULL;
	tell_seat_leave(&seat);
	return at;
}

static void *lane(void *state, const struct tell_record *r)
{
	struct queue *q = state;
	struct tell_thread *t = tell_thread_self();
	struct tell_seat_taken seat = { NULL, NULL };
	if (t)
		seat = tell_seat_take(q->ring, t);
	void *own = seat.lane && !seat.claim && tell_dict_knows(&q->ring->words, r->head)
		? seat.lane
		: NULL;
	tell_seat_leave(&seat);
	return own;
}

static void wake(const struct tell_run *run)
{
	if (run->wake)
		run->wake(run->wake_arg);
}

/* Half of what a call may wait is the queue's, the rest the sinks': who waited in vain here
 * must still find time there. */
static uint64_t half_time_ns(struct tell_run *run)
{
	return tell_run_deadline(run) - run->budget_ms * TELL_NS_PER_MS / 2;
}

/* Until the lane's records are delivered: what goes past the queue now should not overtake
 * them. */
static void let_pass(const struct tell_lane *l, struct tell_run *run)
{
	const struct timespec nap = { .tv_nsec = NAP_NS };
	uint64_t until_ns = half_time_ns(run);
	while (!tell_lane_is_empty(l) && !tell_lane_stands_still(l) &&
		tell_clock_monotonic_ns() < until_ns) {
		wake(run);
		(void)nanosleep(&nap, NULL); /* a signal only makes it shorter */
	}
}

/* Memory for the block; NULL: none within the time that `full` gives. */
static void *room_for(
	struct queue *q, struct tell_lane *l, size_t n, struct tell_run *run)
{
	const struct timespec nap = { .tv_nsec = NAP_NS };
	size_t room;
	void *at = tell_lane_reserve(l, n, &room);
	if (at)
		return at;
	/* While sinks stand still one call waits, not each: the caller's p99 does not move. */
	if (q->full == DROP || tell_lane_stands_still(l)) {
		wake(run); /* it may sleep long yet, and all would be dropped meanwhile */
		return NULL;
	}
	uint64_t until_ns = q->full == SYNC
		? half_time_ns(run)
		: tell_clock_monotonic_ns() + WAIT_MS * TELL_NS_PER_MS;
	do {
		wake(run);
		(void)nanosleep(&nap, NULL);
		at = tell_lane_reserve(l, n, &room);
	} while (!at && tell_clock_monotonic_ns() < until_ns);
	if (!at)
		tell_lane_waited(l);
	return at;
}

/* No room: dropped, or on without the queue. */
static enum tell_verdict without_room(
	struct queue *q, struct tell_lane *l, struct tell_run *run)
{
	if (q->full == DROP ||
		(q->full == WAIT && run->record->head->level >= TELL_INFO)) {
		__atomic_fetch_add(&q->n_dropped, 1, __ATOMIC_RELAXED);
		return TELL_LIMITED;
	}
	let_pass(l, run);
	return TELL_FULL;
}

/* Names and places that the file does not have yet. */
static bool words_there(struct tell_ring *r, const struct tell_head *h)
{
	if (__builtin_expect(tell_dict_knows(&r->words, h), 1))
		return true;
	(void)pthread_mutex_lock(&r->lock); /* held across fallocate() at times: memory */
	bool there = tell_ring_words(r, h);
	(void)pthread_mutex_unlock(&r->lock);
	return there;
}

static enum tell_verdict put(struct queue *q, struct tell_lane *l, struct tell_run *run)
{
	struct tell_head *h = run->record->head;
	size_t n = h->size;
	if (!tell_lane_may_hold(l, n) || !words_there(q->ring, h)) {
		let_pass(l, run);
		return TELL_UNAVAILABLE;
	}
	h->run = run->run_id;
	h->lane = (uint16_t)l->number;
	h->seq = l->n_numbered + 1;
	void *at = room_for(q, l, n, run);
	if (!at) {
		enum tell_verdict v = without_room(q, l, run);
		if (v == TELL_LIMITED)
			tell_lane_skip_number(l);
		return v;
	}
	TELL_CRASH_POINT("after-reserve");
	if (at != (void *)h)
		memcpy(at, h, n);
	TELL_CRASH_POINT("before-commit");
	tell_lane_commit(l, n);
	TELL_CRASH_POINT("after-commit");
	return TELL_SUCCESS;
}

static enum tell_verdict run_ring(void *state, struct tell_run *run)
{
	struct queue *q = state;
	struct tell_thread *t = tell_thread_self();
	struct tell_seat_taken seat = { NULL, NULL };
	if (t)
		seat = tell_seat_take(q->ring, t);
	if (!seat.lane) {
		tell_note(run, TELL_WARNING, "queue-none",
			"no memory for the queue (a tmpfs is needed): calls wait for the "
			"sinks until there is");
		return TELL_UNAVAILABLE;
	}
	enum tell_verdict v = put(q, seat.lane, run);
	tell_seat_leave(&seat);
	return v;
}

/* ---- the reader's side ---- */

static size_t drain_own(
	struct tell_ring *r, size_t max, tell_drain_fn *fn, void *arg, uint64_t *ret_lost)
{
	struct tell_merge m;
	size_t n = 0;
	uint32_t n_lanes = __atomic_load_n(&r->n_lanes, __ATOMIC_ACQUIRE);
	if (n_lanes == 0)
		return 0; /* nor a file */
	struct tell_tick_pair pairs[2] = { r->pairs[0] };
	pairs[1] = tell_ring_renew(r);
	tell_merge_begin(&m, r->lanes, n_lanes, pairs);
	for (int i; n < max && (i = tell_merge_next(&m)) >= 0; n++) {
		struct tell_head *h = (struct tell_head *)(uintptr_t)m.block[i];
		h->flags &= (uint16_t)~TELL_RECORD_RECOVERED; /* counted apart */
		fn(arg, h, m.len[i], m.due_ns[i]);
		tell_merge_step(&m, (uint32_t)i);
	}
	r->n_bad += m.n_bad;
	*ret_lost = m.n_lost;
	return n;
}

static size_t drain_any(struct queue *q, size_t max, tell_drain_fn *fn, void *arg)
{
	struct tell_ring *r = q->ring;
	uint64_t lost = 0;
	size_t n;
	if (!r->looked) {
		r->looked = true;
		r->adopt = tell_adopt_look(r->service);
	}
	if (r->adopt && (n = tell_adopt_drain(r->adopt, max, fn, arg)) > 0)
		return n;
	r->adopt = tell_adopt_close(r->adopt);
	n = drain_own(r, max, fn, arg, &lost);
	if (lost)
		__atomic_fetch_add(&q->n_dropped, lost, __ATOMIC_RELAXED);
	return n;
}

static size_t drain(void *state, size_t max, tell_drain_fn *fn, void *arg)
{
	struct queue *q = state;
	if (!read_begin(q))
		return 0;
	size_t n = drain_any(q, max, fn, arg);
	if (n == 0)
		read_end(q);
	return n;
}

static void delivered(void *state)
{
	struct queue *q = state;
	struct tell_ring *r = q->ring;
	uint32_t n_lanes = __atomic_load_n(&r->n_lanes, __ATOMIC_ACQUIRE);
	if (r->adopt)
		tell_adopt_delivered(r->adopt);
	for (uint32_t i = 0; i < n_lanes; i++)
		tell_lane_done(&r->lanes[i]);
	read_end(q);
}

static void counts(const void *state, struct tell_queue_counts *ret)
{
	const struct queue *q = state;
	uint32_t n_lanes = __atomic_load_n(&q->ring->n_lanes, __ATOMIC_ACQUIRE);
	*ret = (struct tell_queue_counts){ .queued = tell_ring_queued(q->ring),
		.dropped = __atomic_load_n(&q->n_dropped, __ATOMIC_RELAXED),
		.lanes = n_lanes ? n_lanes - TELL_RING_NESTED : 0 };
}

/* Wait for the service thread to deliver what is there now. */
static int flush_ring(void *state, struct tell_run *run)
{
	struct tell_ring *r = ((struct queue *)state)->ring;
	uint32_t n_lanes = __atomic_load_n(&r->n_lanes, __ATOMIC_ACQUIRE);
	if (!run->wake)
		return 0; /* nobody to wait for: who asks reads it all */
	for (uint32_t i = 0; i < n_lanes; i++) {
		const struct tell_lane *l = &r->lanes[i];
		uint64_t head = __atomic_load_n(&l->shared->head, __ATOMIC_ACQUIRE);
		const struct timespec nap = { .tv_nsec = NAP_NS };
		while ((int64_t)(head -
			       __atomic_load_n(&l->shared->tail, __ATOMIC_ACQUIRE)) > 0) {
			if (tell_clock_monotonic_ns() >= tell_run_deadline(run))
				return -ETIMEDOUT;
			wake(run);
			(void)nanosleep(&nap, NULL);
		}
	}
	return 0;
}

static void child_ring(void *state)
{
	struct queue *q = state;
	q->reads = false;
	q->n_dropped = 0; /* the parent's */
	tell_ring_child(q->ring);
}

static void end(void *state)
{
	struct tell_ring *r = ((struct queue *)state)->ring;
	if (!tell_ring_is_last(r))
		return; /* another service of this name writes into it */
	(void)pthread_mutex_lock(&r->lock);
	tell_ring_end(r);
	(void)pthread_mutex_unlock(&r->lock);
}

static enum tell_verdict nested_begin(void *state, struct tell_nested *ret)
{
	struct queue *q = state;
	enum tell_verdict v = tell_nested_begin(q->ring, ret);
	if (v == TELL_LIMITED)
		__atomic_fetch_add(&q->n_dropped, 1, __ATOMIC_RELAXED);
	return v;
}

static bool nested_words(void *state, const struct tell_head *h)
{
	return tell_nested_words(((struct queue *)state)->ring, h);
}

static const struct tell_queue queue = { reserve, lane, drain, delivered, end, counts,
	nested_begin, nested_words, tell_nested_end };

const struct tell_module tell_queue_ring = {
	TELL_MODULE_ABI,
	"queue",
	"ring",
	"leaves records in memory that outlives the process, for the service thread",
	.options = options,
	.open = open_ring,
	.run = run_ring,
	.close = close_ring,
	.flush = flush_ring,
	.child = child_ring,
	.queue = &queue,
};
