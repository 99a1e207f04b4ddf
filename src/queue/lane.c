#include "queue/lane.h"
#include <string.h>

void tell_lane_init(struct tell_lane *l, struct tell_lane_head *shared, uint32_t size,
	uint32_t number)
{
	*l = (struct tell_lane){ .shared = shared,
		.ring = (char *)(shared + 1),
		.size = size,
		.number = number };
	l->head = l->open_to = __atomic_load_n(&shared->head, __ATOMIC_ACQUIRE);
	l->tail_seen = l->read = __atomic_load_n(&shared->tail, __ATOMIC_ACQUIRE);
}

static struct tell_entry *entry_at(const struct tell_lane *l, uint64_t at)
{
	return (struct tell_entry *)(l->ring + (at & (l->size - 1)));
}

/* Bytes that may be written from l->head on before the ring is full. */
static size_t left(struct tell_lane *l, size_t need)
{
	size_t free_bytes = l->size - (size_t)(l->head - l->tail_seen);
	if (free_bytes >= need)
		return free_bytes;
	l->tail_seen = __atomic_load_n(&l->shared->tail, __ATOMIC_ACQUIRE);
	return l->size - (size_t)(l->head - l->tail_seen);
}

void *tell_lane_reserve(struct tell_lane *l, size_t n, size_t *ret_room)
{
	size_t need = n + sizeof(struct tell_entry);
	size_t piece = l->size -
		(size_t)(l->head & (l->size - 1)); /* to the ring's end */
	if (__builtin_expect(piece < need, 0)) {
		if (left(l, piece + need) < piece + need)
			return NULL;
		/* Counts with the next commit; until then it may be written again. */
		*entry_at(l, l->head) = (struct tell_entry){ (uint32_t)piece,
			TELL_ENTRY_PAD };
		l->head += piece;
		piece = l->size;
	}
	size_t free_bytes = left(l, need);
	if (free_bytes < need)
		return NULL;
	if (free_bytes > piece)
		free_bytes = piece;
	l->open_to = l->head + free_bytes;
	*ret_room = free_bytes - sizeof(struct tell_entry);
	return entry_at(l, l->head) + 1;
}

/* Does the entry at l->read lie in the ring in one piece, before `head`? */
static bool is_sound(const struct tell_lane *l, const struct tell_entry *e, uint64_t head)
{
	size_t piece = l->size - (size_t)(l->read & (l->size - 1));
	return e->bytes >= sizeof(*e) && e->bytes % 8 == 0 && e->bytes <= piece &&
		e->bytes <= head - l->read &&
		(e->kind == TELL_ENTRY_RECORD || e->kind == TELL_ENTRY_PAD);
}

const void *tell_lane_next(struct tell_lane *l, size_t *ret_len, bool *ret_bad)
{
	uint64_t head = __atomic_load_n(&l->shared->head, __ATOMIC_ACQUIRE);
	*ret_bad = head - l->read > l->size || (head | l->read) % 8;
	while (!*ret_bad && l->read != head) {
		/* A copy: a hostile writer may change it between two looks. */
		struct tell_entry e;
		memcpy(&e, entry_at(l, l->read), sizeof(e));
		*ret_bad = !is_sound(l, &e, head);
		if (*ret_bad)
			break;
		if (e.kind == TELL_ENTRY_RECORD) {
			l->step = e.bytes;
			*ret_len = e.bytes - sizeof(e);
			return entry_at(l, l->read) + 1;
		}
		l->read += e.bytes;
	}
	return NULL;
}

void tell_lane_skip(struct tell_lane *l)
{
	if (l->step == 0)
		return;
	l->read += l->step;
	l->step = 0;
	__atomic_store_n(&l->n_read, l->n_read + 1, __ATOMIC_RELAXED);
}

uint64_t tell_lane_give_up(struct tell_lane *l)
{
	l->read = __atomic_load_n(&l->shared->head, __ATOMIC_ACQUIRE);
	l->step = 0;
	uint64_t n_taken = tell_lane_n_taken(l);
	if (n_taken <= l->n_read)
		return 0;
	uint64_t lost = n_taken - l->n_read;
	__atomic_store_n(&l->n_read, n_taken, __ATOMIC_RELAXED);
	return lost;
}

void tell_lane_done(struct tell_lane *l)
{
	__atomic_store_n(&l->shared->tail, l->read, __ATOMIC_RELEASE);
}
