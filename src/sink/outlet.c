#include "sink/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sink/mask.h"
#include "sink/wait.h"

static enum tell_outlet_kind kind_of(int fd, mode_t mode)
{
	if (S_ISFIFO(mode))
		return TELL_OUTLET_PIPE;
	if (S_ISSOCK(mode))
		return TELL_OUTLET_SOCKET;
	if (S_ISCHR(mode) && isatty(fd))
		return TELL_OUTLET_TERMINAL;
	return TELL_OUTLET_FILE;
}

bool tell_outlet_look(struct tell_outlet *o, int fd)
{
	struct stat st;
	struct rlimit limit;
	enum tell_outlet_kind was = o->kind;

	o->fd = fd;
	int flags = fcntl(fd, F_GETFL);
	/* One that is only read would be opened anew for writing. */
	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fstat(fd, &st) < 0) {
		o->kind = TELL_OUTLET_CLOSED;
		return was != TELL_OUTLET_CLOSED;
	}
	o->limited = S_ISREG(st.st_mode) && getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
		limit.rlim_cur != RLIM_INFINITY;
	if (was != TELL_OUTLET_CLOSED && st.st_dev == o->dev && st.st_ino == o->ino)
		return false;
	o->dev = st.st_dev;
	o->ino = st.st_ino;
	o->kind = kind_of(fd, st.st_mode);
	o->cannot_nowait = o->kind != TELL_OUTLET_PIPE;
	return true;
}

/* A description of our own of the same pipe or terminal; -1: none can be had. */
static int open_anew(int fd)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd); /* fits */
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* To a pipe or terminal: bytes, or -1 and errno. */
static ssize_t write_at_once(struct tell_outlet *o, const char *data, size_t len)
{
	struct iovec part = { .iov_base = (void *)(uintptr_t)data, .iov_len = len };

	if (!o->cannot_nowait) {
		ssize_t n = pwritev2(o->fd, &part, 1, -1, RWF_NOWAIT);
		if (n >= 0 || errno == EAGAIN || errno == EINTR || errno == EPIPE ||
			errno == EBADF)
			return n;
		o->cannot_nowait = true; /* EOPNOTSUPP; ENOSYS, EPERM of a sandbox */
	}
	TELL_CLEANUP(tell_closep) int own = open_anew(o->fd);
	if (own >= 0)
		return write(own, data, len);
	int r = tell_wait_fd(o->fd, POLLOUT, 0);
	if (r < 0) {
		errno = r == -ETIMEDOUT ? EAGAIN : -r;
		return -1;
	}
	return write(o->fd, data, len);
}

ssize_t tell_outlet_write(struct tell_outlet *o, const char *data, size_t len)
{
	struct tell_mask mask;
	bool asks = o->kind == TELL_OUTLET_PIPE || o->kind == TELL_OUTLET_TERMINAL;
	int signal = o->kind == TELL_OUTLET_PIPE ? SIGPIPE : o->limited ? SIGXFSZ : 0;

	if (o->kind == TELL_OUTLET_CLOSED)
		return -EBADF;
	if (o->kind == TELL_OUTLET_SOCKET) {
		ssize_t sent = send(o->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		return sent < 0 ? -errno : sent;
	}
	if (asks && len > PIPE_BUF)
		len = PIPE_BUF;
	if (signal)
		tell_mask_on(&mask, signal);
	ssize_t n = asks ? write_at_once(o, data, len) : write(o->fd, data, len);
	int error = errno;
	if (signal)
		tell_mask_off(&mask, n < 0 && (error == EPIPE || error == EFBIG));
	return n < 0 ? -error : n;
}
