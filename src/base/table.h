#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pointers by number, only ever added to, read without a lock.
 *
 * Shape:   begins as an array of its owner's, TELL_TABLE_INIT(array), and doubles. A short
 *          program touches no page for what it does not use.
 * Threads: reading needs no lock; setting is under the owner's. Arrays that were outgrown
 *          stay, as a reader may be in them: together they are smaller than the one in use. */
struct tell_table {
	const void **at; /* atomic */
	uint32_t room;	 /* atomic, set after `at` */
};

#define TELL_TABLE_INIT(array)                                                           \
	{                                                                                \
		array, sizeof(array) / sizeof((array)[0])                                \
	}

/* What number i is; NULL: nothing yet. */
static inline const void *tell_table_get(const struct tell_table *t, uint32_t i)
{
	/* The room first: the array is then as new, or newer. */
	if (__builtin_expect(i >= __atomic_load_n(&t->room, __ATOMIC_ACQUIRE), 0))
		return NULL;
	return __atomic_load_n(
		&__atomic_load_n(&t->at, __ATOMIC_ACQUIRE)[i], __ATOMIC_ACQUIRE);
}

/* Make room for number i. False: memory is out. */
bool tell_table_reserve(struct tell_table *t, uint32_t i);

/* There is room for it. */
void tell_table_set(struct tell_table *t, uint32_t i, const void *p);
