/* Programs that write to /dev/log themselves, as logger(1) and dnsmasq(8) do: what they send
 * there becomes a record instead. Their socket is a real one and really connected, so what
 * goes another way than through these functions arrives where it always did. */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>
#include "base/buf.h"
#include "preload/line.h"
#include "preload/real.h"
#include "preload/say.h"
#include "preload/start.h"

#define SOCKETS_MAX 8	 /* further ones are not taken over */
#define CLAIMED	    (-1) /* for a number: being filled in */

/* Their sockets. The host may close one and open a file of that number: it is known by what
 * it is, too. All atomic. */
static struct {
	int fd; /* one more than it; 0: none */
	dev_t dev;
	ino_t ino;
} sockets[SOCKETS_MAX];
static int n_sockets;

/* ---- which ---- */

static bool is_log(const struct sockaddr *addr, socklen_t len)
{
	static const char *const paths[] = { "/dev/log", "/run/systemd/journal/dev-log" };
	const struct sockaddr_un *un = (const void *)addr;
	const size_t head = offsetof(struct sockaddr_un, sun_path);
	if (!addr || len <= head || addr->sa_family != AF_UNIX)
		return false;
	size_t n = strnlen(un->sun_path, len - head);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (strlen(paths[i]) == n && memcmp(paths[i], un->sun_path, n) == 0)
			return true;
	return false;
}

/* On a stream a record has no end that one call could know. */
static bool is_datagram(int fd)
{
	int type = 0;
	socklen_t len = sizeof(type);
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
		type == SOCK_DGRAM;
}

static void forget(size_t i, int number)
{
	if (__atomic_compare_exchange_n(&sockets[i].fd, &number, 0, false,
		    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		(void)__atomic_sub_fetch(&n_sockets, 1, __ATOMIC_RELAXED);
}

static void forget_fd(int fd)
{
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		if (__atomic_load_n(&sockets[i].fd, __ATOMIC_ACQUIRE) == fd + 1)
			forget(i, fd + 1);
}

/* Errno stays. */
static __attribute__((noinline)) bool find(int fd)
{
	int saved = errno;
	struct stat st;
	bool found = false;
	for (size_t i = 0; i < SOCKETS_MAX && !found; i++) {
		if (__atomic_load_n(&sockets[i].fd, __ATOMIC_ACQUIRE) != fd + 1)
			continue;
		found = fstat(fd, &st) == 0 &&
			st.st_dev == __atomic_load_n(&sockets[i].dev, __ATOMIC_RELAXED) &&
			st.st_ino == __atomic_load_n(&sockets[i].ino, __ATOMIC_RELAXED);
		if (!found)
			forget(i, fd + 1); /* another file has the number now */
	}
	errno = saved;
	return found;
}

static bool put(int fd, const struct stat *st)
{
	for (size_t i = 0; i < SOCKETS_MAX; i++) {
		int none = 0;
		if (!__atomic_compare_exchange_n(&sockets[i].fd, &none, CLAIMED, false,
			    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			continue;
		__atomic_store_n(&sockets[i].dev, st->st_dev, __ATOMIC_RELAXED);
		__atomic_store_n(&sockets[i].ino, st->st_ino, __ATOMIC_RELAXED);
		(void)__atomic_add_fetch(&n_sockets, 1, __ATOMIC_RELAXED);
		__atomic_store_n(&sockets[i].fd, fd + 1, __ATOMIC_RELEASE);
		return true;
	}
	return false;
}

/* False: too many are open. */
static bool remember(int fd)
{
	struct stat st;
	forget_fd(fd);
	if (fstat(fd, &st) < 0)
		return false;
	if (put(fd, &st))
		return true;
	for (size_t i = 0; i < SOCKETS_MAX; i++) { /* those that were closed make room */
		int number = __atomic_load_n(&sockets[i].fd, __ATOMIC_RELAXED);
		if (number > 0)
			(void)find(number - 1);
	}
	return put(fd, &st);
}

static inline bool is_ours(int fd)
{
	return __builtin_expect(__atomic_load_n(&n_sockets, __ATOMIC_RELAXED) != 0, 0) &&
		fd >= 0 && find(fd);
}

/* ---- one datagram ---- */

static void say(struct tell_say *s, const char *bytes, size_t n, uint64_t time_ns)
{
	struct tell_line line;
	tell_line_read(&line, bytes, n);
	struct tell_relay relay = {
		.level = LOG_PRI(line.pri),
		.facility = line.pri >> 3,
		.name = line.ident ? line.ident : program_invocation_short_name,
		.name_len = line.ident ? line.ident_len
				       : strlen(program_invocation_short_name),
		.pid = line.pid,
		.say_pid = line.pid != 0,
		.time_ns = time_ns,
		.message = line.text,
		.message_len = line.len,
	};
	(void)tell_say(s, NULL, &relay, false);
}

void tell_devlog_kept(struct tell_say *s, const struct tell_later *later)
{
	say(s, later->text, later->len, later->time_ns);
}

static void keep(const struct iovec *iov, size_t n)
{
	struct tell_later *later = tell_later_new(TELL_LATER_LINE);
	if (!later)
		return;
	for (size_t i = 0; i < n; i++)
		if (!tell_later_put(later, iov[i].iov_base, iov[i].iov_len))
			break;
	tell_later_keep(later);
}

static ssize_t take(const struct iovec *iov, size_t n)
{
	struct tell_say s;
	size_t bytes = 0;
	for (size_t i = 0; i < n; i++)
		bytes += iov[i].iov_len;
	if (!tell_say_begin(&s)) {
		int saved = errno;
		keep(iov, n);
		errno = saved;
		return (ssize_t)bytes;
	}
	struct tell_buf *buf = tell_say_buf(&s);
	for (size_t i = 0; buf && i < n; i++)
		tell_buf_put(buf, iov[i].iov_base, iov[i].iov_len);
	if (buf) {
		s.call.cut = buf->cut;
		say(&s, tell_buf_cstr(buf), buf->len, 0);
	}
	tell_say_end(&s);
	return (ssize_t)bytes;
}

static ssize_t take_one(const void *bytes, size_t n)
{
	const struct iovec iov = { (void *)(uintptr_t)bytes, n };
	return take(&iov, 1);
}

/* ---- the functions ---- */

#pragma GCC visibility push(default)

/* Before our constructor ran there is no other function to call: the kernel then. */
#define REAL(function, number, ...)                                                      \
	(__builtin_expect(tell_real.function != NULL, 1)                                 \
			? tell_real.function(__VA_ARGS__)                                \
			: syscall((number), __VA_ARGS__))

/* Taken for connected also where nobody listens: that is the stack's affair now. */
int connect(int fd, __CONST_SOCKADDR_ARG addr, socklen_t len)
{
	const struct sockaddr *to = addr.__sockaddr__;
	int saved = errno;
	int r = (int)REAL(connect, SYS_connect, fd, to, len);
	if (__builtin_expect(!to || to->sa_family != AF_UNIX, 1))
		return r;
	int error = errno;
	if (!tell_thread_inside && tell_preload_on()) {
		forget_fd(fd);
		if (is_log(to, len) && is_datagram(fd) && remember(fd)) {
			errno = saved;
			return 0;
		}
	}
	errno = error;
	return r;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	if (is_ours(fd))
		return take_one(bytes, n);
	return REAL(write, SYS_write, fd, bytes, n);
}

ssize_t writev(int fd, const struct iovec *iov, int n)
{
	if (n > 0 && is_ours(fd))
		return take(iov, (size_t)n);
	return REAL(writev, SYS_writev, fd, iov, n);
}

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
	if (is_ours(fd))
		return take_one(bytes, n);
	if (__builtin_expect(tell_real.send != NULL, 1))
		return tell_real.send(fd, bytes, n, flags);
	return syscall(SYS_sendto, fd, bytes, n, flags, NULL, 0);
}

/* A socket that is not connected, to a path that is ours: errno stays. */
static bool goes_to_log(int fd, const struct sockaddr *to, socklen_t len)
{
	if (__builtin_expect(!to || to->sa_family != AF_UNIX, 1) || tell_thread_inside)
		return false;
	int saved = errno;
	bool ours = is_log(to, len) && tell_preload_on() && is_datagram(fd);
	errno = saved;
	return ours;
}

ssize_t sendto(int fd, const void *bytes, size_t n, int flags, __CONST_SOCKADDR_ARG addr,
	socklen_t len)
{
	const struct sockaddr *to = addr.__sockaddr__;
	if (goes_to_log(fd, to, len) || (!to && is_ours(fd)))
		return take_one(bytes, n);
	return REAL(sendto, SYS_sendto, fd, bytes, n, flags, to, len);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
	/* Descriptors go along with no line of text. */
	const struct cmsghdr *c = m->msg_control ? CMSG_FIRSTHDR(m) : NULL;
	bool text = !c || c->cmsg_type != SCM_RIGHTS;
	if (text &&
		(goes_to_log(fd, m->msg_name, m->msg_namelen) ||
			(!m->msg_name && is_ours(fd))))
		return take(m->msg_iov, m->msg_iovlen);
	return REAL(sendmsg, SYS_sendmsg, fd, m, flags);
}
#pragma GCC visibility pop
