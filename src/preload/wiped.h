#pragma once
#include <pthread.h>
#include "preload/later.h"

/* What begins anew in a forked child, whatever it was in the parent: a page that the kernel
 * clears there (madvise(2), MADV_WIPEONFORK). Zeros are an unlocked mutex on Linux.
 *
 * Threads: any; what a lock protects must be whole between any two stores, as a child may
 *          find it so. */
struct tell_wiped {
	pthread_mutex_t memory;	   /* of preload/memory.c */
	pthread_mutex_t state;	   /* of preload/logstate.c */
	int n_later;		   /* of preload/later.c, atomic: calls that are kept, */
	int later[TELL_LATER_MAX]; /* and what each place is used for */
};

/* Never NULL: without memory for the page one that is not cleared. */
struct tell_wiped *tell_wiped(void);
