#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A descriptor kept open in a process that is not ours: a daemon closes all it does not
 * know, and a later open() of the host may get our number. Records must then not end up in
 * its database. Two things keep them out:
 *
 * - Our number is high (below RLIMIT_NOFILE, at most TELL_HELD_MAX): the kernel gives the
 *   lowest that is free, so a host gets ours only when nearly all below are in use.
 * - It is looked at (one fstat()) before the first use in each tick of the coarse clock, 1
 *   to 10 ms; a number that is closed is noticed by the write itself.
 *
 * So a record goes astray only if within one tick, without a record between, the host
 * closes our number and opens hundreds of files. Looking before every record would close
 * that hole as well, and doubled the cost of a record.
 *
 * Shape:   the number, which object it was, and the tick it was last looked at.
 * Threads: get by any number of threads; set and forget by one at a time. */
#define TELL_HELD_MAX 1024 /* what select() and old daemons count up to */

struct tell_held {
	_Atomic int fd; /* -1: none */
	_Atomic dev_t dev;
	_Atomic ino_t ino;
	_Atomic uint64_t looked_ns;
};

void tell_held_init(struct tell_held *h);

/* Hold fd, which becomes ours and is moved to a high number, where neither a printf() nor
 * the next open() of the host can hit it; with few numbers left to one above 2. 0, or -errno
 * with fd closed. The one held before is closed, if it is still ours. */
int tell_held_set(struct tell_held *h, int fd);

/* The descriptor; -1: none, or it is no longer ours (and is forgotten, not closed). */
int tell_held_get(struct tell_held *h);

/* Close it unless another has the number now. */
void tell_held_close(struct tell_held *h);

/* Is it still ours? Looks, whatever the tick; if not, it is forgotten. */
bool tell_held_ours(struct tell_held *h);
