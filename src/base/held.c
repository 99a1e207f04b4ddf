#include "base/held.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

void tell_held_init(struct tell_held *h)
{
	atomic_init(&h->fd, -1);
	atomic_init(&h->dev, 0);
	atomic_init(&h->ino, 0);
	atomic_init(&h->looked_ns, 0);
}

/* An eighth below the end of what the process may open, and room for more of ours. */
static int high_number(void)
{
	struct rlimit limit;
	rlim_t n = TELL_HELD_MAX;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < n)
		n = limit.rlim_cur;
	return (int)(n - n / 8);
}

static int moved_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, high_number());

	if (moved < 0 && fd > STDERR_FILENO)
		return fd; /* no number left up there */
	if (moved < 0)	   /* but never where a printf() of the host would hit it */
		moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int error = moved < 0 ? -errno : 0;
	(void)close(fd); /* only a number: nothing was written yet */
	return moved < 0 ? error : moved;
}

int tell_held_set(struct tell_held *h, int fd)
{
	struct stat st;

	fd = fd < 0 ? -EBADF : moved_up(fd);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0) {
		int error = -errno;
		(void)close(fd);
		return error;
	}
	tell_held_close(h);
	atomic_store(&h->looked_ns, tell_clock_tick_ns());
	atomic_store(&h->dev, st.st_dev);
	atomic_store(&h->ino, st.st_ino);
	atomic_store(&h->fd, fd);
	return 0;
}

static bool same(struct tell_held *h, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
		st.st_dev == atomic_load_explicit(&h->dev, memory_order_relaxed) &&
		st.st_ino == atomic_load_explicit(&h->ino, memory_order_relaxed);
}

bool tell_held_ours(struct tell_held *h)
{
	int fd = atomic_load(&h->fd);

	if (fd < 0)
		return false;
	if (same(h, fd))
		return true;
	(void)atomic_compare_exchange_strong(
		&h->fd, &fd, -1); /* else: set anew meanwhile */
	return false;
}

int tell_held_get(struct tell_held *h)
{
	uint64_t tick_ns = tell_clock_tick_ns();

	if (atomic_load_explicit(&h->looked_ns, memory_order_relaxed) != tick_ns) {
		if (!tell_held_ours(h))
			return -1;
		atomic_store_explicit(&h->looked_ns, tick_ns, memory_order_relaxed);
	}
	return atomic_load_explicit(&h->fd, memory_order_acquire);
}

void tell_held_close(struct tell_held *h)
{
	int fd = atomic_exchange(&h->fd, -1);

	if (fd >= 0 && same(h, fd))
		(void)close(fd); /* sockets and appended files: close() has no news */
}
