#include "queue/quick.h"
#include <string.h>
#include "base/crash.h"
#include "base/lasting.h"
#include "record/slot.h"

/* The rest of a head: a plain record's is zero. */
#define BEHIND_CONTEXT offsetof(struct tell_head, facility)

#define MOST_LIKELY 1024 /* bytes: with less in one piece it is looked for elsewhere */

/* Plans of sites that are gone, by their first word; atomic. */
static void *idle_plans;

void tell_quick_plan_free(struct tell_quick_plan *plan)
{
	void *next = __atomic_load_n(&idle_plans, __ATOMIC_RELAXED);
	do
		memcpy(plan, &next, sizeof(next));
	while (!__atomic_compare_exchange_n(
		&idle_plans, &next, plan, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

/* All of them are taken and the rest put back: what is looked at is nobody else's. */
struct tell_quick_plan *tell_quick_plan_new(void)
{
	struct tell_quick_plan *plan = __atomic_load_n(&idle_plans, __ATOMIC_RELAXED)
		? __atomic_exchange_n(&idle_plans, NULL, __ATOMIC_ACQUIRE)
		: NULL;
	if (!plan)
		return tell_lasting(sizeof(*plan));
	void *rest;
	memcpy(&rest, plan, sizeof(rest));
	while (rest) {
		void *one = rest;
		memcpy(&rest, one, sizeof(rest));
		tell_quick_plan_free(one);
	}
	memset(plan, 0, sizeof(*plan));
	return plan;
}

/* Copy n > 0 bytes and zero up to the next multiple of 8; `to` may be written up to there. */
static inline __attribute__((always_inline)) char *put_padded(
	char *to, const char *from, size_t n)
{
	char *end = to + tell_pad8(n);
	memset(end - 8, 0, 8);
	if (__builtin_expect(n >= 16, 1)) {
		for (size_t at = 0; at < n - 16; at += 16)
			memcpy(to + at, from + at, 16);
		memcpy(to + n - 16, from + n - 16, 16); /* overlaps what was copied */
		return end;
	}
	if (n >= 8) {
		memcpy(to, from, 8);
		memcpy(to + n - 8, from + n - 8, 8);
	} else {
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
	}
	return end;
}

static inline void put_word(char *p, uint64_t word)
{
	memcpy(p, &word, sizeof(word));
}

/* The ring's end is near, or it looked full when the tail was last asked: once a lap. */
static __attribute__((noinline)) char *room_elsewhere(
	struct tell_lane *l, size_t n, char **ret_end)
{
	size_t most;
	char *at = tell_lane_reserve(l, n > MOST_LIKELY ? n : MOST_LIKELY, &most);
	if (!at)
		return NULL;
	size_t quarter = l->size / 4 - sizeof(struct tell_entry);
	*ret_end = at + (most < quarter ? most : quarter);
	return at - sizeof(struct tell_entry);
}

/* Where the lane's next entry may lie, with room for n bytes and more up to *ret_end; NULL:
 * the long way finds out. */
static inline char *room(struct tell_lane *l, size_t n, char **ret_end)
{
	size_t at = (size_t)(l->head & (l->size - 1));
	size_t free_bytes = l->size - (size_t)(l->head - l->tail_seen);
	size_t piece = l->size - at;
	if (__builtin_expect(
		    piece < MOST_LIKELY || free_bytes < MOST_LIKELY || n > MOST_LIKELY,
		    0))
		return room_elsewhere(l, n, ret_end);
	size_t most = l->size / 4;
	most = most < piece ? most : piece;
	most = most < free_bytes ? most : free_bytes;
	*ret_end = l->ring + at + most;
	return l->ring + at;
}

/* The fields' slots from p on, before end: where they end, or NULL. */
static inline char *put_fields(char *p, const char *end,
	const struct tell_quick_plan *plan, const struct tell_field *f)
{
	for (size_t i = 0; i < plan->n; i++, f++) {
		if (__builtin_expect(f->key != plan->key[i] || f->type != plan->type[i] ||
				    (size_t)(end - p) < 16,
			    0))
			return NULL;
		if (f->type != TELL_TYPE_STR) {
			put_word(p, plan->head[i] | UINT64_C(8) << 32);
			put_word(p + 8, f->v.u64);
			p += 16;
			continue;
		}
		size_t n = f->len;
		if (__builtin_expect((size_t)(end - p) < 16 + n, 0))
			return NULL;
		put_word(p, plan->head[i] | (uint64_t)n << 32);
		p = n ? put_padded(p + 8, f->v.ptr, n) : p + 8;
	}
	return p;
}

bool tell_quick_put(struct tell_lane *l, const struct tell_quick_call *c,
	const struct tell_quick_plan *plan, const char *message, size_t len,
	const struct tell_field *fields)
{
	const size_t heads = sizeof(struct tell_entry) + sizeof(struct tell_head) +
		sizeof(struct tell_slot);
	const struct tell_head *scopes = c->context ? c->context->head : NULL;
	size_t carried = scopes ? scopes->size - sizeof(*scopes) : 0;
	char *end, *begin = room(l, heads + len + 8 + carried, &end);
	if (__builtin_expect(!begin || len == 0 ||
			    (size_t)(end - begin) < heads + len + 8 + carried,
		    0))
		return false;

	struct tell_head *h = (struct tell_head *)(begin + sizeof(struct tell_entry));
	char *p = (char *)(h + 1);
	put_word(p, TELL_KEY_MESSAGE | TELL_TYPE_STR << 16 | (uint64_t)len << 32);
	p = put_padded(p + 8, message, len);
	TELL_CRASH_POINT("mid-copy");
	if (carried) {
		memcpy(p, scopes + 1, carried);
		p += carried;
	}
	p = put_fields(p, end, plan, fields);
	if (__builtin_expect(!p, 0))
		return false;

	size_t size = (size_t)(p - (char *)h);
	uint64_t seq = l->n_numbered + 1;
	h->size = (uint32_t)size;
	h->n_slots = (uint16_t)(1 + plan->n + (scopes ? scopes->n_slots : 0));
	h->level = c->level;
	h->kind = 0;
	h->realtime_ns = c->time;
	h->seq = seq;
	memcpy(&h->run, &c->run_lane_flags, 8);
	memcpy(&h->pid, &c->pid_tid, 8);
	h->place = __atomic_load_n(&plan->place, __ATOMIC_RELAXED);
	h->context = 0;
	memset((char *)h + BEHIND_CONTEXT, 0, sizeof(*h) - BEHIND_CONTEXT);
	TELL_CRASH_POINT("before-commit");
	tell_lane_commit(l, size);
	TELL_CRASH_POINT("after-commit");
	__atomic_store_n(&l->n_numbered, seq, __ATOMIC_RELAXED);
	return true;
}
