#include "base/lock.h"
#include <errno.h>
#include <time.h>
#include "base/clock.h"

#ifdef __SANITIZE_THREAD__

/* gcc 12's ThreadSanitizer does not know pthread_mutex_clocklock() and would miss the lock:
 * in its builds we ask again and again. */
int tell_lock_by(pthread_mutex_t *lock, uint64_t deadline_ns)
{
	while (pthread_mutex_trylock(lock) != 0) {
		if (tell_clock_monotonic_ns() >= deadline_ns)
			return -ETIMEDOUT;
		(void)nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
	}
	return 0;
}

#else

int tell_lock_by(pthread_mutex_t *lock, uint64_t deadline_ns)
{
	struct timespec t = {
		.tv_sec = (time_t)(deadline_ns / TELL_NS_PER_SEC),
		.tv_nsec = (long)(deadline_ns % TELL_NS_PER_SEC),
	};
	return pthread_mutex_clocklock(lock, CLOCK_MONOTONIC, &t) ? -ETIMEDOUT : 0;
}

#endif
