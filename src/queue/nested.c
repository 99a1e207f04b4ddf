#include "queue/nested.h"
#include <sched.h>
#include <unistd.h>
#include "base/crash.h"

#define TRIES 100

/* A lane that nobody writes to, with room. NULL: none now; *ret_busy: some were claimed. */
static struct tell_lane *claim(struct tell_ring *r, struct tell_nested *n, bool *ret_busy)
{
	*ret_busy = false;
	for (uint32_t i = 0; i < TELL_RING_NESTED; i++) {
		uint32_t nobody = 0;
		n->claim = &r->claim[i];
		if (!__atomic_compare_exchange_n(n->claim, &nobody, n->tid, false,
			    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
			*ret_busy = true;
			continue;
		}
		n->at = tell_lane_reserve(&r->lanes[i], TELL_NESTED_MOST, &n->room);
		if (n->at)
			return &r->lanes[i];
		__atomic_store_n(n->claim, 0, __ATOMIC_RELEASE);
	}
	return NULL;
}

enum tell_verdict tell_nested_begin(struct tell_ring *r, struct tell_nested *ret)
{
	if (__atomic_load_n(&r->n_lanes, __ATOMIC_ACQUIRE) < TELL_RING_NESTED)
		return TELL_UNAVAILABLE;
	ret->tid = (uint32_t)gettid();
	bool busy = true;
	ret->lane = NULL;
	ret->filling = true;
	for (int i = 0; busy && i < TRIES; i++) {
		if (i)
			(void)sched_yield();
		ret->lane = claim(r, ret, &busy);
		if (ret->lane)
			break;
	}
	if (!ret->lane)
		return TELL_LIMITED;
	const struct tell_lane *l = ret->lane;
	ret->filling = l->head - l->tail_seen > l->size / 2;
	ret->room = TELL_NESTED_MOST; /* and no more, wherever in the ring it lies */
	return TELL_SUCCESS;
}

bool tell_nested_words(struct tell_ring *r, const struct tell_head *h)
{
	if (tell_dict_knows(&r->words, h))
		return true;
	if (pthread_mutex_trylock(&r->lock) != 0)
		return false; /* perhaps by the very thread that was interrupted */
	bool there = tell_dict_add(&r->words, h);
	(void)pthread_mutex_unlock(&r->lock);
	return there;
}

void tell_nested_end(struct tell_nested *n, uint32_t run_id, bool keep)
{
	struct tell_lane *l = n->lane;
	struct tell_head *h = n->at;
	if (keep) {
		h->run = run_id;
		h->lane = (uint16_t)l->number;
		h->seq = l->n_numbered + 1;
		TELL_CRASH_POINT("before-commit");
		tell_lane_commit(l, h->size);
	}
	__atomic_store_n(n->claim, 0, __ATOMIC_RELEASE);
}
