#pragma once
#include <stddef.h>

/* Memory that is given back all at once: what a stack file's lines are kept in.
 *
 * Shape:   pieces of 4 KiB and more; a pool of zeros is empty and holds nothing.
 * Threads: one owner at a time. */
struct tell_pool {
	struct tell_pool_piece *pieces;
};

/* n zeroed bytes, aligned for anything; NULL: memory is out. */
void *tell_pool_get(struct tell_pool *p, size_t n);

/* A copy of n bytes with a NUL behind; NULL: memory is out. */
char *tell_pool_text(struct tell_pool *p, const char *s, size_t n);

/* Frees everything; the pool may be used again. */
void tell_pool_done(struct tell_pool *p);
