#include "queue/quick.h"
#include <string.h>
#include "record/slot.h"

/* Copy n bytes and zero up to the next multiple of 8; `to` may be written up to there. */
static inline char *put_padded(char *to, const char *from, size_t n)
{
	char *end = to + tell_pad8(n);
	if (n)
		memset(end - 8, 0, 8);
	if (n >= 16) {
		size_t at = 0;
		for (; at + 16 <= n; at += 16)
			memcpy(to + at, from + at, 16);
		memcpy(to + n - 16, from + n - 16, 16); /* overlaps what was copied */
	} else if (n >= 8) {
		memcpy(to, from, 8);
		memcpy(to + n - 8, from + n - 8, 8);
	} else if (n >= 4) {
		memcpy(to, from, 4);
		memcpy(to + n - 4, from + n - 4, 4);
	} else {
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
	}
	return end;
}

static inline char *put_slot(char *p, uint16_t key, uint8_t type, uint32_t len)
{
	struct tell_slot s = { key, type, 0, len };
	memcpy(p, &s, sizeof(s));
	return p + sizeof(s);
}

/* Bytes of the fields' slots; 0: one is not for the short way. */
static inline size_t measure(
	const struct tell_quick_plan *plan, const struct tell_field *fields)
{
	size_t bytes = sizeof(struct tell_slot) * plan->n;
	for (size_t i = 0; i < plan->n; i++) {
		const struct tell_field *f = &fields[i];
		if (__builtin_expect(f->key != plan->key[i], 0))
			return 0;
		if (f->type == TELL_TYPE_STR)
			bytes += tell_pad8(f->len);
		else if (__builtin_expect(tell_type_is_number(f->type), 1))
			bytes += 8;
		else
			return 0;
	}
	return bytes;
}

/* Room for n bytes at the lane's head without going round; NULL: the long way finds out. */
static inline char *room(struct tell_lane *l, size_t n)
{
	size_t at = (size_t)(l->head & (l->size - 1));
	if (__builtin_expect(n > l->size / 4 || at + n > l->size ||
			    l->head + n - l->tail_seen > l->size,
		    0))
		return NULL;
	return l->ring + at;
}

bool tell_quick_put(const struct tell_quick_call *c, const struct tell_quick_plan *plan,
	const char *message, size_t len, const struct tell_field *fields)
{
	const struct tell_head *scopes = c->context ? c->context->head : NULL;
	size_t carried = scopes ? scopes->size - sizeof(*scopes) : 0;
	size_t own = measure(plan, fields);
	size_t size = sizeof(struct tell_head) + sizeof(struct tell_slot) +
		tell_pad8(len) + carried + own;
	if (__builtin_expect(own == 0 && plan->n, 0))
		return false;
	char *p = room(c->lane, sizeof(struct tell_entry) + size);
	if (__builtin_expect(!p, 0))
		return false;

	struct tell_head *h = (struct tell_head *)(p + sizeof(struct tell_entry));
	uint64_t seq = c->lane->n_numbered + 1;
	*h = (struct tell_head){
		.size = (uint32_t)size,
		.n_slots = (uint16_t)(1 + plan->n + (scopes ? scopes->n_slots : 0)),
		.level = c->level,
		.realtime_ns = c->time,
		.seq = seq,
		.run = c->run,
		.lane = (uint16_t)c->lane->number,
		.flags = c->flags,
		.pid = c->pid,
		.tid = c->tid,
		.place = plan->place,
	};
	p = put_slot((char *)(h + 1), TELL_KEY_MESSAGE, TELL_TYPE_STR, (uint32_t)len);
	p = put_padded(p, message, len);
	if (carried) {
		memcpy(p, scopes + 1, carried);
		p += carried;
	}
	for (size_t i = 0; i < plan->n; i++) {
		const struct tell_field *f = &fields[i];
		if (f->type == TELL_TYPE_STR) {
			p = put_slot(p, plan->id[i], f->type, f->len);
			p = put_padded(p, f->v.ptr, f->len);
		} else {
			p = put_slot(p, plan->id[i], f->type, 8);
			memcpy(p, &f->v, 8);
			p += 8;
		}
	}
	tell_lane_commit(c->lane, size);
	__atomic_store_n(&c->lane->n_numbered, seq, __ATOMIC_RELAXED);
	return true;
}
