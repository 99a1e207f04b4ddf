#include "sink/datagram.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/wait.h"

void tell_datagram_init(struct tell_datagram *d)
{
	*d = (struct tell_datagram){ .lock = PTHREAD_MUTEX_INITIALIZER };
	tell_held_init(&d->held);
}

void tell_datagram_done(struct tell_datagram *d)
{
	tell_held_close(&d->held);
	(void)pthread_mutex_destroy(&d->lock); /* nobody is inside: see module.h */
}

int tell_datagram_local(struct tell_datagram *d, const char *path)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&d->peer;
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(un->sun_path))
		return -ENAMETOOLONG;
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, len + 1);
	d->peer_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
	if (path[0] == '@') {
		un->sun_path[0] = '\0';
		d->peer_len--; /* an abstract name has no NUL at its end */
	}
	return 0;
}

int tell_datagram_look(const char *path, const char *arg, struct tell_refusal *why)
{
	struct stat st;
	char text[80];

	if (path[0] == '@') /* known only to who connects */
		return 0;
	if (stat(path, &st) < 0 && errno == ENOENT)
		(void)tell_refuse(why, errno, arg, "does its daemon run here?",
			"there is no %s", path);
	else if (stat(path, &st) < 0)
		(void)tell_refuse(why, errno, arg, "no matter, if the service's user may",
			"cannot look at %s: %s", path,
			strerror_r(errno, text, sizeof(text)));
	else if (!S_ISSOCK(st.st_mode))
		(void)tell_refuse(why, ENOTSOCK, arg, "write the path of a socket",
			"%s is not a socket", path);
	else if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0)
		(void)tell_refuse(why, errno, arg, "no matter, if the service's user may",
			"this user may not write to %s", path);
	else
		return 0;
	return 1;
}

static int open_socket(struct tell_datagram *d)
{
	int fd = socket(d->peer.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (d->send_buffer) /* as much as net.core.wmem_max allows; less works, too */
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &d->send_buffer,
			sizeof(d->send_buffer));
	return tell_held_set(&d->held, fd);
}

/* Our socket, made when there is none: -errno. */
static int socket_of(struct tell_datagram *d)
{
	int fd = tell_held_get(&d->held);

	if (__builtin_expect(fd >= 0, 1))
		return fd;
	if (__atomic_load_n(&d->peer_len, __ATOMIC_RELAXED) == 0)
		return -EDESTADDRREQ;
	/* Held across socket(2): two threads must not make one each. It does not wait. */
	(void)pthread_mutex_lock(&d->lock);
	fd = tell_held_get(&d->held);
	if (fd < 0) {
		int r = open_socket(d);
		fd = r < 0 ? r : tell_held_get(&d->held);
	}
	(void)pthread_mutex_unlock(&d->lock);
	return fd;
}

static bool is_connected(const struct tell_datagram *d, int fd)
{
	struct sockaddr_storage now = { 0 };
	socklen_t len = sizeof(now);

	return getpeername(fd, (struct sockaddr *)&now, &len) == 0 &&
		len == d->peer_len && memcmp(&now, &d->peer, len) == 0;
}

/* A server on the network is at another address, perhaps of another family: nothing goes to
 * the old one, or from our own address there, whatever comes of the new one. A local socket
 * stays with its peer, which may live on without its name. The lock is held; -errno. */
static int leave_peer(struct tell_datagram *d, int fd)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	int family = AF_UNSPEC;
	socklen_t len = sizeof(family);

	if (d->peer.ss_family == AF_UNIX || is_connected(d, fd))
		return fd;
	(void)getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len);
	(void)connect(fd, &nobody, sizeof(nobody));
	if (family == d->peer.ss_family)
		return fd;
	int r = open_socket(d);
	return r < 0 ? r : tell_held_get(&d->held);
}

int tell_datagram_connect(struct tell_datagram *d)
{
	int fd = socket_of(d), error = 0;

	if (fd < 0)
		return fd;
	/* Held across connect(2), which for a datagram socket does not wait: the address
	 * may be replaced by another thread. */
	(void)pthread_mutex_lock(&d->lock);
	fd = leave_peer(d, fd);
	if (fd < 0)
		error = fd;
	else if (connect(fd, (const struct sockaddr *)&d->peer, d->peer_len) < 0)
		error = -errno;
	(void)pthread_mutex_unlock(&d->lock);
	return error;
}

bool tell_datagram_peer(
	struct tell_datagram *d, const struct sockaddr_storage *addr, socklen_t len)
{
	(void)pthread_mutex_lock(&d->lock);
	bool other = len != d->peer_len || memcmp(&d->peer, addr, len) != 0;
	d->peer = *addr;
	__atomic_store_n(&d->peer_len, len, __ATOMIC_RELAXED);
	(void)pthread_mutex_unlock(&d->lock);
	return other;
}

void tell_datagram_child(struct tell_datagram *d)
{
	tell_held_close(&d->held);
	(void)pthread_mutex_init(
		&d->lock, NULL); /* a thread we do not have may hold it */
}

/* What to do after sendmsg() failed: 0 to try again, or the -errno to give up with. */
static int recover(struct tell_datagram *d, struct tell_outage *o, struct tell_run *run,
	int fd, int error, int *renewals)
{
	switch (error) {
	case EAGAIN:
		return tell_wait_fd(fd, POLLOUT, tell_outage_deadline(o, run));
	case EINTR:
	case ENOBUFS: { /* the kernel's memory, not the queue: poll() knows nothing of it */
		uint64_t deadline_ns = tell_outage_deadline(o, run);
		uint64_t now_ns = tell_clock_monotonic_ns();
		if (now_ns >= deadline_ns)
			return -ETIMEDOUT;
		tell_clock_sleep_ms(1);
		return 0;
	}
	case ECONNREFUSED: /* the one we were connected to is gone */
	case ECONNRESET:
	case ENOTCONN: /* not connected yet */
	case EDESTADDRREQ:
	case EPIPE:
	case EBADF: /* closed under us */
	case ENOTSOCK:
	case EISCONN:
		if ((*renewals)++ > 0)
			return -error;
		(void)tell_held_ours(&d->held); /* forgets what is no longer ours */
		return tell_datagram_connect(d);
	default:
		return -error;
	}
}

static int refused(struct tell_datagram *d)
{
	atomic_store_explicit(&d->refused_until_ns, tell_clock_tick_ns() + d->hold_off_ns,
		memory_order_relaxed);
	return -ECONNREFUSED;
}

static int transmit(struct tell_datagram *d, struct tell_outage *o, struct tell_run *run,
	const struct msghdr *message)
{
	int renewals = 0;

	if (d->hold_off_ns &&
		tell_clock_tick_ns() <
			atomic_load_explicit(&d->refused_until_ns, memory_order_relaxed))
		return -ECONNREFUSED;
	for (;;) {
		int fd = socket_of(d);
		if (fd < 0)
			return fd;
		if (sendmsg(fd, message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return 0;
		if (errno == ECONNREFUSED && d->hold_off_ns)
			return refused(d);
		int r = recover(d, o, run, fd, errno, &renewals);
		if (r < 0)
			return r;
	}
}

int tell_datagram_send(struct tell_datagram *d, struct tell_outage *o,
	struct tell_run *run, const void *bytes, size_t len)
{
	struct iovec part = { .iov_base = (void *)(uintptr_t)bytes, .iov_len = len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	return transmit(d, o, run, &message);
}

int tell_datagram_pass(
	struct tell_datagram *d, struct tell_outage *o, struct tell_run *run, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_control = &control,
		.msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return transmit(d, o, run, &message);
}
