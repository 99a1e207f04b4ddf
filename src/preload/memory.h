#pragma once
#include <stddef.h>

/* The memory of what we do in a process that is not ours. The host's malloc() is not called:
 * a signal's handler may log while the host is inside it, a host may bring one of its own
 * that logs, and one that counts its blocks must not find ours.
 *
 * Shape:   blocks of 32 bytes to 32 KiB, doubling, from chunks of 256 KiB that are kept;
 *          larger ones are mappings of their own, given back when freed. 16 bytes of head
 *          each. Aligned to 16.
 * Threads: any. Not for signal handlers, which never get here: see tell_thread_enter(). A
 *          forked child may go on at any point (preload/wiped.h). */

/* NULL: memory is out, errno is ENOMEM. Not zeroed. */
void *tell_memory_get(size_t n);

/* The same with an alignment: a power of two up to 4096. */
void *tell_memory_get_aligned(size_t align, size_t n);

/* As realloc(). */
void *tell_memory_resize(void *p, size_t n);

/* NULL is allowed. */
void tell_memory_drop(void *p);
