#include "sink/wait.h"

#include <errno.h>
#include <poll.h>

#include "base/clock.h"
#include "base/lock.h"

int tell_wait_fd(int fd, short events, uint64_t deadline_ns)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		uint64_t now_ns = tell_clock_monotonic_ns();
		uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
		struct timespec left = {
			.tv_sec = (time_t)(left_ns / TELL_NS_PER_SEC),
			.tv_nsec = (long)(left_ns % TELL_NS_PER_SEC),
		};
		int n = ppoll(&p, 1, &left, NULL);
		if (n > 0)
			return p.revents & POLLNVAL ? -EBADF : 0;
		/* Asked again until the time is over: ppoll() may end early. */
		if (n < 0 && errno != EINTR)
			return -errno;
		if (left_ns == 0)
			return -ETIMEDOUT;
	}
}

int tell_wait_lock(pthread_mutex_t *lock, struct tell_run *run)
{
	if (pthread_mutex_trylock(lock) == 0)
		return 0;
	return tell_lock_by(lock, tell_run_deadline(run));
}
