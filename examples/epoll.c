/* An event loop: one thread, many connections, and each keeps its own fields.
 *
 *	examples/epoll 7000 &            # echo server on 127.0.0.1:7000; 0: any free port
 *	echo hello | nc -N 127.0.0.1 7000
 *	telltale query peer=127.0.0.1:51234
 *
 * A connection's context is made once, encoded once, and entered for each of its events:
 * whatever is logged inside, in whatever function, says which connection it was.
 * Licence: MIT. */
#define _GNU_SOURCE /* accept4() */
#define TELL_LOGGER "epoll.echo"
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <telltale.h>
#include <unistd.h>

struct connection {
	int fd;
	uint64_t bytes;
	struct tell_context *log;
};

static int listen_on(uint16_t port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int yes = 1;
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(sa);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
		bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(fd, 16) < 0 ||
		getsockname(fd, (struct sockaddr *)&sa, &len) < 0) {
		tell_crit("cannot listen", tell_errno(errno), tell_var(port));
		return -1;
	}
	printf("%d\n", ntohs(sa.sin_port)); /* for who started us with port 0 */
	(void)fflush(stdout);
	tell_notice("listening",
		tell_sockaddr("address", (struct sockaddr *)&sa, sizeof(sa)));
	return fd;
}

static void connection_open(int epoll, int listener)
{
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	int fd = accept4(listener, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
	if (fd < 0) {
		tell_error("cannot accept", tell_errno(errno));
		return;
	}
	struct connection *c = calloc(1, sizeof(*c));
	if (!c) {
		(void)close(fd);
		return;
	}
	c->fd = fd;
	c->log = tell_context_new(
		tell_sockaddr("peer", (struct sockaddr *)&peer, sizeof(peer)),
		tell_kv("connection", fd));
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);

	TELL_ENTER(c->log);
	tell_info("opened");
}

static void connection_close(struct connection *c)
{
	tell_info("closed", tell_kv("bytes", c->bytes));
	(void)close(c->fd);
	tell_context_free(c->log); /* the scope around us keeps what it has */
	free(c);
}

static void connection_event(struct connection *c)
{
	TELL_ENTER(c->log);
	char data[4096];
	ssize_t n = read(c->fd, data, sizeof(data));
	if (n <= 0 || write(c->fd, data, (size_t)n) != n) {
		connection_close(c);
		return;
	}
	c->bytes += (uint64_t)n;
	tell_debug("echoed", tell_kv("n", n));
}

int main(int argc, char **argv)
{
	tell_init("epoll");
	int listener = listen_on((uint16_t)(argc > 1 ? atoi(argv[1]) : 0));
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN }, events[16];
	if (listener < 0 || epoll < 0 ||
		epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0)
		return 1;

	int served = argc > 2 ? atoi(argv[2])
			      : -1; /* end after so many events, for tests */
	while (served != 0) {
		int n = epoll_wait(epoll, events, 16, -1);
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr)
				connection_event(events[i].data.ptr);
			else
				connection_open(epoll, listener);
			served -= served > 0;
		}
	}
	return 0;
}
