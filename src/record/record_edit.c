#include <errno.h>
#include <stdlib.h>
#include "base/utf8.h"
#include "record/record.h"
#include "record/slot.h"

int tell_record_replace(struct tell_record *r, const struct tell_value *v, uint8_t type,
	const void *data, size_t len)
{
	size_t at = v->at;
	size_t old = tell_slot_at(r->head, at)->len;
	if (!old)
		return 0; /* nothing was there to hide or change */

	/* The block may move, and with it the old value, and a new one that lies in it. */
	uintptr_t block = (uintptr_t)r->head, size = r->head->size;
	size_t old_at = (uintptr_t)v->data - block, new_at = (uintptr_t)data - block;
	bool inside = new_at < size;

	/* The new value lies in a dead slot at the end; replacing may pass the margin, as
	 * what hides a secret must never fail for want of room. */
	size_t bytes = sizeof(struct tell_slot) + tell_pad8(len);
	size_t limit = r->limit;
	r->limit = TELL_RECORD_LIMIT_MAX * 2;
	bool ok = tell_record_room(r, bytes);
	r->limit = limit;
	if (!ok)
		return -ENOMEM;

	struct tell_slot *home = tell_slot_at(r->head, r->head->size);
	memset((char *)home + bytes - 8, 0, 8);
	*home = (struct tell_slot){ TELL_KEY_MESSAGE, TELL_TYPE_STR, TELL_SLOT_DEAD,
		(uint32_t)len };
	memcpy(home + 1, inside ? (const char *)r->head + new_at : data, len);
	struct tell_moved moved = {
		.offset = (uint32_t)(r->head->size + sizeof(*home)),
		.len = (uint32_t)len,
	};
	r->head->size += (uint32_t)bytes;

	struct tell_slot *s = tell_slot_at(r->head, at);
	char *value = tell_slot_value(s);
	if (s->flags & TELL_SLOT_MOVED) /* data may lie there: it was copied above */
		memset((char *)r->head + old_at, 0, v->len);
	memset(value, 0, tell_pad8(old));
	memcpy(value, &moved, sizeof(moved));
	s->type = type;
	s->flags |= TELL_SLOT_MOVED;
	return 0;
}

void tell_record_drop(struct tell_record *r, const struct tell_value *v)
{
	struct tell_slot *s = tell_slot_at(r->head, v->at);
	memset((char *)(uintptr_t)v->data, 0, v->len);
	memset(tell_slot_value(s), 0, tell_pad8(s->len));
	s->flags = (uint8_t)((s->flags & ~TELL_SLOT_MOVED) | TELL_SLOT_DEAD);
}

/* ---- trimming ---- */

static bool may_be_cut(const struct tell_value *v)
{
	return v->type == TELL_TYPE_STR || v->type == TELL_TYPE_BYTES ||
		v->type == TELL_TYPE_HEX || v->type == TELL_TYPE_JSON;
}

static size_t bytes_needed(const struct tell_value *v, size_t level)
{
	size_t len = may_be_cut(v) && v->len > level ? level : v->len;
	size_t name = v->key == TELL_KEY_INLINE ? tell_pad8(1 + (size_t)v->name_len) : 0;
	return sizeof(struct tell_slot) + name + tell_pad8(len);
}

/* The block's size if no text were longer than `level`. */
static size_t size_at(const struct tell_record *r, size_t level)
{
	size_t size = sizeof(struct tell_head);
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(r, &pos, &v);)
		size += bytes_needed(&v, level);
	return size;
}

/* The length to which the longest texts are cut so that all fits: a water level. */
static size_t water_level(const struct tell_record *r, size_t limit)
{
	size_t low = 0, high = r->head->size;
	while (low < high) {
		size_t mid = low + (high - low + 1) / 2;
		if (size_at(r, mid) <= limit)
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

/* Append v to the block at `to`, cut to level; its slot's bytes. */
static size_t copy_cut(
	char *to, const struct tell_value *v, size_t level, uint16_t *flags)
{
	size_t len = v->len;
	struct tell_slot s = { v->key, v->type, v->flags & (uint8_t)~TELL_SLOT_MOVED, 0 };
	if (may_be_cut(v) && len > level) {
		len = v->type == TELL_TYPE_STR || v->type == TELL_TYPE_JSON
			? tell_utf8_cut(v->data, len, level)
			: level;
		if (s.type == TELL_TYPE_JSON)
			s.type = TELL_TYPE_STR; /* half a value is no JSON */
		s.flags |= TELL_SLOT_CUT;
		*flags |= TELL_RECORD_CUT;
	}
	s.len = (uint32_t)len;
	size_t bytes = bytes_needed(v, len);
	memset(to, 0, bytes);
	memcpy(to, &s, sizeof(s));
	if (v->key == TELL_KEY_INLINE) {
		to[sizeof(s)] = (char)v->name_len;
		memcpy(to + sizeof(s) + 1, v->name, v->name_len);
	}
	memcpy(to + bytes - tell_pad8(len), v->data, len);
	return bytes;
}

/* Without memory for a copy: leave out whole fields from the end. The message stays, and
 * the encoders have limits of their own. */
static void drop_from_the_end(struct tell_record *r, size_t limit)
{
	r->head->flags |= TELL_RECORD_CUT;
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(r, &pos, &v);)
		if (pos > limit && v.key != TELL_KEY_MESSAGE)
			tell_record_drop(r, &v);
}

void tell_record_trim(struct tell_record *r)
{
	size_t limit = r->limit ? r->limit : TELL_RECORD_LIMIT;
	if (__builtin_expect(r->head->size <= limit, 1))
		return;

	size_t level = water_level(r, limit);
	size_t cap = size_at(r, level);
	char *block = malloc(cap);
	if (!block) {
		drop_from_the_end(r, limit);
		return;
	}
	struct tell_head *h = (struct tell_head *)block;
	*h = *r->head;
	size_t size = sizeof(*h);
	h->n_slots = 0;
	struct tell_value v;
	for (uint32_t pos = 0; tell_record_next(r, &pos, &v);) {
		if (size + bytes_needed(&v, level) >
			limit) { /* names alone are too much */
			h->flags |= TELL_RECORD_CUT;
			break;
		}
		size += copy_cut(block + size, &v, level, &h->flags);
		h->n_slots++;
	}
	h->size = (uint32_t)size;

	if (r->cap)
		free(r->head);
	r->head = h;
	r->cap = cap;
	r->room = cap;
}
