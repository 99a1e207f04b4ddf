#include "metric/peer.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/clock.h"

size_t tell_metric_peer_bytes(const struct tell_metric_peer *p)
{
	return p->path ? TELL_PEER_LOCAL_BYTES : TELL_PEER_UDP_BYTES;
}

void tell_metric_peer_close(struct tell_metric_peer *p)
{
	if (p->fd >= 0)
		(void)close(p->fd); /* nothing is in it */
	p->fd = -1;
}

static int dial(struct tell_metric_peer *p, const struct sockaddr *addr, socklen_t len)
{
	p->fd = socket(addr->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->fd < 0)
		return -errno;
	if (connect(p->fd, addr, len) == 0)
		return 0;
	int r = -errno;
	tell_metric_peer_close(p);
	return r;
}

static int dial_path(struct tell_metric_peer *p)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t n = strlen(p->path);
	memcpy(addr.sun_path, p->path, n); /* it was seen to fit */
	if (addr.sun_path[0] == '@')
		addr.sun_path[0] = '\0'; /* unix(7), abstract */
	return dial(p, (const struct sockaddr *)&addr,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
}

static int dial_host(struct tell_metric_peer *p, const char **ret_why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *list = NULL;
	char service[8];
	(void)snprintf(service, sizeof(service), "%u", p->port); /* 5 digits: fits */
	int e = getaddrinfo(p->host, service, &hints, &list);
	if (e != 0) {
		*ret_why = gai_strerror(e);
		return -EHOSTUNREACH;
	}
	int r = -EHOSTUNREACH;
	for (struct addrinfo *a = list; a && r < 0; a = a->ai_next)
		r = dial(p, a->ai_addr, a->ai_addrlen);
	freeaddrinfo(list);
	return r;
}

/* Room in a local socket's queue, which its reader makes. */
static int wait_for_room(struct tell_metric_peer *p, uint64_t deadline_ns)
{
	struct pollfd fd = { .fd = p->fd, .events = POLLOUT };
	uint64_t now_ns = tell_clock_monotonic_ns();
	if (now_ns >= deadline_ns)
		return -ETIMEDOUT;
	int ms = (int)((deadline_ns - now_ns) / TELL_NS_PER_MS) + 1;
	return poll(&fd, 1, ms) > 0 ? 0 : -ETIMEDOUT;
}

static int send_now(struct tell_metric_peer *p, const void *bytes, size_t len)
{
	return send(p->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int tell_metric_peer_send(struct tell_metric_peer *p, const void *bytes, size_t len,
	uint64_t deadline_ns, const char **ret_why)
{
	*ret_why = NULL;
	int r = 0;
	if (p->fd < 0)
		r = p->path ? dial_path(p) : dial_host(p, ret_why);
	if (r == 0)
		r = send_now(p, bytes, len);
	/* What a closed port answered to the datagram before comes with the next one. */
	if (r == -ECONNREFUSED && !p->path)
		r = send_now(p, bytes, len);
	while (r == -EAGAIN && p->path) {
		r = wait_for_room(p, deadline_ns);
		if (r == 0)
			r = send_now(p, bytes, len);
	}
	if (r < 0)
		tell_metric_peer_close(p);
	return r;
}
