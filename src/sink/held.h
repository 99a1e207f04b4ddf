#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A descriptor kept open in a process that is not ours: a daemon closes all it does not
 * know, and the next open() of the host gets our number. Records must then not end up in
 * its database.
 *
 * Shape:   the number and which object it was, looked at before each use: one fstat().
 * Threads: get by any number of threads; set and forget by one at a time. */
struct tell_held {
	_Atomic int fd; /* -1: none */
	_Atomic dev_t dev;
	_Atomic ino_t ino;
};

void tell_held_init(struct tell_held *h);

/* Hold fd, which becomes ours: moved to 3 or above, where no printf() of the host can hit
 * it. 0, or -errno with fd closed. The one held before is closed, if it is still ours. */
int tell_held_set(struct tell_held *h, int fd);

/* The descriptor; -1: none, or it was closed under us (and is forgotten, not closed). */
int tell_held_get(struct tell_held *h);

/* Close it unless another has the number now. */
void tell_held_close(struct tell_held *h);

/* Is it still ours? If not, it is forgotten. */
bool tell_held_ours(struct tell_held *h);
