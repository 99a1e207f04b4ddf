#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "queue/format.h"
#include "record/record.h"

/* The names and places that a ring's records know by number, written into its file before
 * the first record that uses them.
 *
 * Shape:   a bit for each key and each place that is in the file already.
 * Limits:  keys and places have theirs (record/key.h, place.h); chunks are the ring's.
 * Threads: `known` by any number; adding by one at a time. */
#define TELL_DICT_PLACES 65536

struct tell_dict {
	uint64_t keys[TELL_KEYS_MAX / 64];
	uint64_t places[TELL_DICT_PLACES / 64];
	struct tell_dict_head *chunk; /* where words go; NULL: none yet */
	uint64_t room;		      /* bytes for words in it */
};

static inline bool tell_dict_has(const uint64_t *bits, uint32_t id)
{
	return __atomic_load_n(&bits[id / 64], __ATOMIC_ACQUIRE) >> (id % 64) & 1;
}

/* Are all numbers of this record known? */
bool tell_dict_knows(const struct tell_dict *d, const struct tell_head *h);

/* Add those that are not. False: the chunk is full, give it another and call again. */
bool tell_dict_add(struct tell_dict *d, const struct tell_head *h);

/* ---- reading another's ---- */

/* What the numbers of another process mean in this one. */
struct tell_dict_map {
	uint16_t keys[TELL_KEYS_MAX]; /* 0: not known */
	uint32_t *places;	      /* TELL_DICT_PLACES, allocated at the first */
};

/* Learn the words of a chunk: bytes long with its head. False: it makes no sense from some
 * word on; those before count. -ENOMEM as well is a place that stays unknown. */
bool tell_dict_learn(struct tell_dict_map *m, const void *chunk, size_t bytes);

/* Put this process's numbers into a record that was copied from another's ring, and is no
 * longer than len. False: a key that nobody told, or no record at all. */
bool tell_dict_translate(const struct tell_dict_map *m, void *block, size_t len);

void tell_dict_map_done(struct tell_dict_map *m);
