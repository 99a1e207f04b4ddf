#include "api/process.h"
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>
#include "api/level.h"
#include "api/lines.h"
#include "api/site.h"
#include "health/callback.h"
#include "base/clock.h"
#include "meter/callback.h"
#include "meter/cells.h"
#include "meter/recent.h"
#include "meter/registry.h"
#include "meter/stats.h"
#include "record/key.h"
#include "record/place.h"

#define END_MS 1000

#define QUICK_AT 64 /* in the canary's page: a cache line of its own */

struct tell_process tell_process = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Handlers of atexit() run before the objects' destructors. */
static void exiting(void)
{
	tell_process.exiting = true;
}

/* One that the kernel clears in a child. NULL: Linux before 4.14, or no memory. */
static uint8_t *canary_new(size_t page)
{
	uint8_t *canary = mmap(
		NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (canary == MAP_FAILED)
		return NULL;
	if (madvise(canary, page, MADV_WIPEONFORK) != 0) {
		(void)munmap(canary, page); /* ours: cannot fail */
		return NULL;
	}
	*canary = TELL_PROCESS_WELL;
	return canary;
}

/* Without one that is cleared a child shares the parent's numbering: seen by its pid. */
void tell_process_watch(void)
{
	if (__atomic_load_n(&tell_process.canary, __ATOMIC_ACQUIRE))
		return;
	size_t page = getauxval(AT_PAGESZ);
	uint8_t *made = canary_new(page), *none = NULL;
	__atomic_store_n(&tell_process.deaf, TELL_PROCESS_WELL, __ATOMIC_RELAXED);
	if (!__atomic_compare_exchange_n(&tell_process.canary, &none,
		    made ? made : &tell_process.deaf, false, __ATOMIC_ACQ_REL,
		    __ATOMIC_ACQUIRE)) {
		if (made)
			(void)munmap(made, page); /* another thread was first */
		return;
	}
	if (made) /* without it there is no short way: a child would be on its parent's */
		__atomic_store_n(&tell_process.quick_mark,
			(uint64_t *)(void *)(made + QUICK_AT), __ATOMIC_RELEASE);
	(void)atexit(exiting); /* without it keys are freed as at a dlclose() */
}

static void clean_up(void)
{
	uint8_t seen = TELL_PROCESS_CHILD;
	if (!__atomic_compare_exchange_n(tell_process.canary, &seen,
		    TELL_PROCESS_CLEANING, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		while (__atomic_load_n(tell_process.canary, __ATOMIC_ACQUIRE) !=
			TELL_PROCESS_WELL)
			(void)sched_yield(); /* another thread of the child cleans up */
		return;
	}
	/* Locks may have been held by threads that stayed behind; nobody else runs here. */
	(void)pthread_mutex_init(&tell_process.lock, NULL);
	tell_cells_child();
	tell_registry_child();
	tell_callbacks_child();
	tell_stats_child(tell_clock_monotonic_ns());
	tell_recent_child();
	tell_keys_child();
	tell_places_child();
	tell_threads_child();
	tell_lines_child();
	tell_callback_child();
	tell_levels_child();
	tell_process.lost.nested = tell_process.lost.memory = 0;
	tell_process.n_nested = 0; /* of threads that stayed behind */
	tell_sites_child();
	tell_sites_made_child();
	tell_service_child(&tell_process.main);
	for (struct tell_service *s = tell_process.services; s; s = s->next)
		tell_service_child(s);
	__atomic_store_n(tell_process.canary, TELL_PROCESS_WELL, __ATOMIC_RELEASE);
}

void tell_process_first(void)
{
	if (__atomic_load_n(&tell_process.canary, __ATOMIC_ACQUIRE))
		clean_up();
	else
		tell_process_watch();
}

int tell_process_each(int (*fn)(struct tell_service *, uint64_t), uint64_t arg)
{
	if (!tell_thread_enter_whole())
		return -EBUSY; /* a signal's handler, in the middle of one of our calls */
	tell_process_check();
	(void)pthread_mutex_lock(&tell_process.lock);
	int first = 0;
	for (struct tell_service *s = &tell_process.main; s;
		s = s == &tell_process.main ? tell_process.services : s->next) {
		int r = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE) ? fn(s, arg) : 0;
		if (r < 0 && first == 0)
			first = r;
	}
	(void)pthread_mutex_unlock(&tell_process.lock);
	tell_thread_leave();
	return first;
}

/* At exit: hand over what sinks hold; they stay open for the destructors that come later.
 * A process that never logged has nothing to hand over, and as a child perhaps no right to
 * any system call but _exit(2) (seccomp(2)). */
__attribute__((destructor)) static void at_exit(void)
{
	if (!tell_process_is_used())
		return;
	tell_lines_end();
	(void)tell_process_each(
		tell_service_end, tell_clock_monotonic_ns() + END_MS * TELL_NS_PER_MS);
}
