#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "api/service.h"

/* All that is global in the library, but for the dictionaries of record/ and the threads.
 *
 * Threads: `services` and starting one under `lock`; counters are atomic. */
struct tell_process {
	pthread_mutex_t lock;
	struct tell_service main;      /* the process's own service; first of the list */
	struct tell_service *services; /* those of tell_new() */
	uint8_t *canary;	       /* one page the kernel clears in a child, */
	uint8_t deaf;		       /* or this where it cannot; see process.c */
	uint64_t *quick_mark;	       /* in that page as well, see api/quick.h; atomic */
	bool started;		       /* the host has called tell_init(); atomic */
	bool hangup_caught;	       /* SIGHUP is ours, see api/reload.h */
	uint32_t hangups;	       /* so many came; atomic */
	bool exiting;		       /* exit() was called: an unload is no dlclose() */
	uint64_t stderr_next_ns;       /* not before may stderr be told again; atomic */
	struct {
		uint64_t nested; /* records of signal handlers that met a call under
				    way, without a queue to put them */
		uint64_t memory; /* records lost because memory was out */
	} lost;
	uint32_t
		n_nested; /* signal handlers that walk a stack, see api/nested.h; atomic */
};
extern struct tell_process tell_process;

/* Call fn for each service that is open. 0, the first error, or -EBUSY in a signal's handler
 * that interrupted one of our calls. */
int tell_process_each(int (*fn)(struct tell_service *, uint64_t), uint64_t arg);

/* Have a canary from now on: before any lock is taken, so that a child of this moment does
 * not find one held by a thread that stayed behind. */
void tell_process_watch(void);

/* What the canary says: 0 a child that has not cleaned up, 1 well, 2 cleaning up now. */
enum { TELL_PROCESS_CHILD, TELL_PROCESS_WELL, TELL_PROCESS_CLEANING };

/* Was an entry made here? Not in a forked child that has made none: what the library holds
 * is its parent's. */
static inline bool tell_process_is_used(void)
{
	const uint8_t *canary = __atomic_load_n(&tell_process.canary, __ATOMIC_ACQUIRE);
	return canary && __atomic_load_n(canary, __ATOMIC_RELAXED) != TELL_PROCESS_CHILD;
}

/* Slow half of tell_process_check(). */
void tell_process_first(void);

/* At the begin of each entry: is it the first, or are we a forked child that has not
 * cleaned up yet? Source: madvise(2), MADV_WIPEONFORK: also seen after _Fork() and clone(),
 * which run no pthread_atfork handlers. While one thread of the child cleans up the others
 * wait: their locks are made anew. */
static inline void tell_process_check(void)
{
	const uint8_t *canary = __atomic_load_n(&tell_process.canary, __ATOMIC_ACQUIRE);
	if (__builtin_expect(!canary ||
			    __atomic_load_n(canary, __ATOMIC_ACQUIRE) !=
				    TELL_PROCESS_WELL,
		    0))
		tell_process_first();
}
