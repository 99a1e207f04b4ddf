#include "sink/held.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void tell_held_init(struct tell_held *h)
{
	atomic_init(&h->fd, -1);
	atomic_init(&h->dev, 0);
	atomic_init(&h->ino, 0);
}

/* 3 or above: a service started with fd 2 closed must not print into our socket. */
static int above_standard(int fd)
{
	if (fd > STDERR_FILENO)
		return fd;
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int error = moved < 0 ? -errno : 0;
	(void)close(fd); /* only a number: nothing was written yet */
	return moved < 0 ? error : moved;
}

int tell_held_set(struct tell_held *h, int fd)
{
	struct stat st;

	fd = above_standard(fd);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0) {
		int error = -errno;
		(void)close(fd);
		return error;
	}
	tell_held_close(h);
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

/* Asked each time: a host that closes what it does not know (closefrom(), daemons) may get
 * our number for a file of its own at any moment, and our bytes must never be in it. One
 * fstat() costs some 150 ns; what lies between it and the write is the host's race. */
int tell_held_get(struct tell_held *h)
{
	return tell_held_ours(h) ? atomic_load_explicit(&h->fd, memory_order_acquire)
				 : -1;
}

void tell_held_close(struct tell_held *h)
{
	int fd = atomic_exchange(&h->fd, -1);

	if (fd >= 0 && same(h, fd))
		(void)close(fd); /* sockets and appended files: close() has no news */
}
