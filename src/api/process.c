#include "api/process.h"
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "api/level.h"
#include "meter/cells.h"
#include "meter/registry.h"
#include "record/key.h"
#include "record/place.h"

/* What the canary says: 0 a child that has not cleaned up, 1 well, 2 cleaning up now. */
enum { CHILD, WELL, CLEANING };

struct tell_process tell_process = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Handlers of atexit() run before the objects' destructors. */
static void exiting(void)
{
	tell_process.exiting = true;
}

void tell_process_watch(void)
{
	if (__atomic_load_n(&tell_process.canary, __ATOMIC_ACQUIRE))
		return;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *canary = mmap(
		NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (canary == MAP_FAILED)
		return; /* then a child shares the parent's numbering: seen by its pid */
	if (madvise(canary, page, MADV_WIPEONFORK) != 0) {
		(void)munmap(canary, page); /* Linux before 4.14 */
		return;
	}
	*canary = WELL;
	uint8_t *none = NULL;
	if (!__atomic_compare_exchange_n(&tell_process.canary, &none, canary, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		(void)munmap(canary, page); /* another thread was first */
	else
		(void)atexit(exiting); /* without it keys are freed as at a dlclose() */
}

void tell_process_child(void)
{
	uint8_t seen = CHILD;
	if (!__atomic_compare_exchange_n(tell_process.canary, &seen, CLEANING, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		while (__atomic_load_n(tell_process.canary, __ATOMIC_ACQUIRE) != WELL)
			(void)sched_yield(); /* another thread of the child cleans up */
		return;
	}
	/* Locks may have been held by threads that stayed behind; nobody else runs here. */
	(void)pthread_mutex_init(&tell_process.lock, NULL);
	tell_cells_child();
	tell_registry_child();
	tell_keys_child();
	tell_places_child();
	tell_threads_child();
	tell_levels_child();
	__atomic_store_n(&tell_process.lost.nested, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&tell_process.lost.memory, 0, __ATOMIC_RELAXED);
	tell_service_child(&tell_process.main);
	for (struct tell_service *s = tell_process.services; s; s = s->next)
		tell_service_child(s);
	__atomic_store_n(tell_process.canary, WELL, __ATOMIC_RELEASE);
}
