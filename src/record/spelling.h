#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tell_key;

/* A hash table from spellings to keys, for the dictionary (record/key.h).
 *
 * Shape:   begins with room for 16 in itself, then doubles; entries are never removed. A short
 *          program touches one page of it, not one a key.
 * Threads: finding needs no lock; adding is under the dictionary's. Tables that were outgrown
 *          stay, as a reader may be in them: together they are smaller than the one in use.
 * Memory:  all zero is an empty table. The spellings themselves are the dictionary's. */
#define TELL_SPELLINGS_FIRST 32 /* slots, at most half in use; a power of two */

struct tell_spelling {
	uint32_t hash;
	uint32_t len;
	const struct tell_key *key;
	const char *text;
};

struct tell_spelling_table {
	uint32_t mask;
	const struct tell_spelling **slots;
};

struct tell_spellings {
	struct tell_spelling_table *table; /* atomic; NULL: nothing was added yet */
	uint32_t n;
	struct tell_spelling_table first;
	const struct tell_spelling *first_slots[TELL_SPELLINGS_FIRST];
};

/* NULL: not there, or being added right now. */
const struct tell_spelling *tell_spelling_find(
	const struct tell_spellings *s, uint32_t hash, const char *given, size_t len);

/* Make sure that one more fits. False: memory is out. */
bool tell_spellings_room(struct tell_spellings *s);

/* Add what is not there yet; the caller has made room, and keeps `one` for ever. */
void tell_spelling_add(struct tell_spellings *s, const struct tell_spelling *one);
