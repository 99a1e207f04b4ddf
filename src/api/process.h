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
	uint8_t *canary;	       /* one page the kernel clears in a child */
	uint64_t *quick_mark;	       /* in it as well, see api/quick.h; atomic */
	bool exiting;		       /* exit() was called: an unload is no dlclose() */
	uint64_t stderr_next_ns;       /* not before may stderr be told again; atomic */
	struct {
		uint64_t
			nested; /* records of signal handlers that met a call under way */
		uint64_t memory; /* records lost because memory was out */
	} lost;
};
extern struct tell_process tell_process;

/* Slow half of tell_process_check(). */
void tell_process_child(void);
void tell_process_watch(void);

/* At the begin of each entry: are we a forked child that has not cleaned up yet?
 * Source: madvise(2), MADV_WIPEONFORK: also seen after _Fork() and clone(), which run no
 * pthread_atfork handlers. */
static inline void tell_process_check(void)
{
	uint8_t *canary = __atomic_load_n(&tell_process.canary, __ATOMIC_ACQUIRE);
	if (__builtin_expect(canary && !__atomic_load_n(canary, __ATOMIC_RELAXED), 0))
		tell_process_child();
}
