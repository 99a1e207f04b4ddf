#pragma once
#include <stdint.h>
#include <string.h>
#include "record/record.h"

/* The bytes of a slot, for the files that build and read a record; see record/record.h. */
struct tell_slot {
	uint16_t key;
	uint8_t type;
	uint8_t flags;
	uint32_t len; /* of the value; of a moved one as it was */
};

/* Where a moved value went; written over the first 8 bytes of the old one. */
struct tell_moved {
	uint32_t offset; /* from the head */
	uint32_t len;
};

static inline size_t tell_pad8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static inline struct tell_slot *tell_slot_at(const struct tell_head *h, size_t offset)
{
	return (struct tell_slot *)((char *)(uintptr_t)h + offset);
}

/* Bytes of an inline name behind the slot's 8; 0 for a key of the dictionary. */
static inline size_t tell_slot_name_bytes(const struct tell_slot *s)
{
	if (s->key != TELL_KEY_INLINE)
		return 0;
	return tell_pad8(1 + (size_t) * (const uint8_t *)(s + 1));
}

static inline char *tell_slot_value(const struct tell_slot *s)
{
	return (char *)(uintptr_t)(s + 1) + tell_slot_name_bytes(s);
}

static inline size_t tell_slot_bytes(const struct tell_slot *s)
{
	return sizeof(*s) + tell_slot_name_bytes(s) + tell_pad8(s->len);
}

static inline uint64_t tell_key_bit(uint16_t key)
{
	return UINT64_C(1) << (key & 63);
}

/* Make room for n more bytes of block, at most TELL_RECORD_MARGIN over the limit. */
bool tell_record_room(struct tell_record *r, size_t n);

/* What a value of this type needs to be, whoever wrote it: its exact length, or any. */
static inline bool tell_type_is_number(uint8_t type)
{
	const uint32_t numbers = 1u << TELL_TYPE_BOOL | 1u << TELL_TYPE_I64 |
		1u << TELL_TYPE_U64 | 1u << TELL_TYPE_F64 | 1u << TELL_TYPE_NS |
		1u << TELL_TYPE_TIME | 1u << TELL_TYPE_PTR;
	return type < 32 && (numbers >> type & 1);
}
