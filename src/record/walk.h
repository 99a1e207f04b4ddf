#pragma once
#include <assert.h>
#include <string.h>
#include "base/table.h"
#include "record/record.h"
#include "record/slot.h"

/* tell_record_next() for who walks every field of every record: without a call a field. */

/* The dictionary's names by their id; for tell_key_at(). */
extern struct tell_table tell_key_table __attribute__((visibility("hidden")));

/* The key with this id, which a record has: unknown ones do not pass tell_record_view(). */
static inline const struct tell_key *tell_key_at(uint16_t id)
{
	assert(tell_table_get(&tell_key_table, id));
	return __atomic_load_n(&__atomic_load_n(&tell_key_table.at, __ATOMIC_ACQUIRE)[id],
		__ATOMIC_ACQUIRE);
}

/* Fill ret from a live slot; its value where it is now. */
static inline void tell_slot_read(
	const struct tell_head *h, const struct tell_slot *s, struct tell_value *ret)
{
	ret->key = s->key;
	ret->type = s->type;
	ret->flags = s->flags;
	ret->len = s->len;
	ret->data = tell_slot_value(s);
	ret->at = (uint32_t)((const char *)s - (const char *)h);
	if (__builtin_expect(s->key == TELL_KEY_INLINE, 0)) {
		ret->name_len = *(const uint8_t *)(s + 1);
		ret->name = (const char *)(s + 1) + 1;
	} else {
		const struct tell_key *k = tell_key_at(s->key);
		ret->name = k->name;
		ret->name_len = k->len;
	}
	if (__builtin_expect(s->flags & TELL_SLOT_MOVED, 0)) {
		struct tell_moved moved;
		memcpy(&moved, ret->data, sizeof(moved));
		ret->data = (const char *)h + moved.offset;
		ret->len = moved.len;
	}
}

/* As tell_record_next(), of the record with this head. */
static inline bool tell_walk_next(
	const struct tell_head *h, uint32_t *pos, struct tell_value *ret)
{
	uint32_t at = *pos ? *pos : (uint32_t)sizeof(struct tell_head);
	while (at < h->size) {
		const struct tell_slot *s = tell_slot_at(h, at);
		at += (uint32_t)tell_slot_bytes(s);
		if (__builtin_expect(s->flags & TELL_SLOT_DEAD, 0))
			continue;
		tell_slot_read(h, s, ret);
		*pos = at;
		return true;
	}
	*pos = at;
	return false;
}

/* As tell_record_text(). */
static inline const char *tell_walk_text(const struct tell_head *h, size_t *ret_len)
{
	const struct tell_slot *s = tell_slot_at(h, sizeof(struct tell_head));
	if (h->size == sizeof(struct tell_head) || s->key != TELL_KEY_MESSAGE ||
		(s->flags & TELL_SLOT_DEAD)) {
		*ret_len = 0;
		return "";
	}
	if (__builtin_expect(s->flags & TELL_SLOT_MOVED, 0)) {
		struct tell_moved moved;
		memcpy(&moved, s + 1, sizeof(moved));
		*ret_len = moved.len;
		return (const char *)h + moved.offset;
	}
	*ret_len = s->len;
	return (const char *)(s + 1);
}
