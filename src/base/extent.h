#pragma once
#include <stdbool.h>
#include <stdint.h>

/* The memory of a loaded object: the program or a shared library, from its first byte to
 * behind its last. What lies in it stays what it is until the object is unloaded; nothing
 * else can be mapped there before.
 *
 * Threads: any number at a time. With glibc 2.35 and newer without a lock, also in signal
 *          handlers and in children of any kind of fork.
 * Source:  _dl_find_object in the glibc manual, dl_iterate_phdr(3). */
struct tell_extent {
	uintptr_t first, last; /* last: one behind */
};

/* The extent of the object that holds this address. False: none does (the heap, a stack). */
bool tell_extent_of(const void *address, struct tell_extent *ret);

/* Does it hold the address in memory that nobody writes to, such as a literal? By the headers
 * of the object, which are in its memory as a rule; if not: false. */
bool tell_extent_is_constant(const struct tell_extent *e, const void *address);

static inline bool tell_extent_has(const struct tell_extent *e, const void *address)
{
	return (uintptr_t)address >= e->first && (uintptr_t)address < e->last;
}
