#include "api/control_clients.h"
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "api/control.h"
#include "api/control_request.h"
#include "base/clock.h"

#define CLIENT_NS   (5 * TELL_NS_PER_SEC) /* to ask, and again to take the answer */
#define ACCEPTS_MAX 16			  /* a round */
#define PACKET	    ((size_t)16 << 10)

void tell_clients_init(struct tell_clients *c)
{
	for (size_t i = 0; i < TELL_CLIENTS_MAX; i++) {
		c->list[i] = (struct tell_client){ 0 };
		tell_held_init(&c->list[i].fd);
		tell_buf_init(&c->list[i].out, TELL_ANSWER_MAX);
	}
}

static void hang_up(struct tell_client *cl)
{
	int fd = tell_held_get(&cl->fd);
	if (fd >= 0)
		(void)shutdown(fd, SHUT_RDWR); /* a forked child may hold it, too */
	tell_held_close(&cl->fd);
	tell_buf_done(&cl->out);
	tell_buf_init(&cl->out, TELL_ANSWER_MAX);
	cl->sent = 0;
	cl->answered = false;
}

void tell_clients_done(struct tell_clients *c)
{
	for (size_t i = 0; i < TELL_CLIENTS_MAX; i++)
		hang_up(&c->list[i]);
}

void tell_clients_child(struct tell_clients *c)
{
	for (size_t i = 0; i < TELL_CLIENTS_MAX; i++)
		tell_held_close(&c->list[i].fd);
}

size_t tell_clients_poll(struct tell_clients *c, struct pollfd *fds)
{
	size_t n = 0;
	for (size_t i = 0; i < TELL_CLIENTS_MAX; i++) {
		struct tell_client *cl = &c->list[i];
		int fd = tell_held_get(&cl->fd);
		if (fd >= 0)
			fds[n++] = (struct pollfd){ .fd = fd,
				.events = cl->answered ? POLLOUT : POLLIN };
	}
	return n;
}

static struct tell_client *free_place(struct tell_clients *c)
{
	for (size_t i = 0; i < TELL_CLIENTS_MAX; i++)
		if (tell_held_get(&c->list[i].fd) < 0)
			return &c->list[i];
	return NULL;
}

/* May it ask? The kernel says who it is: unix(7), SO_PEERCRED. */
static bool is_allowed(int fd, char *by, size_t size)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return false;
	(void)snprintf(by, size, "user %u, pid %d", (unsigned)peer.uid, (int)peer.pid);
	return peer.uid == geteuid() || peer.uid == 0;
}

bool tell_clients_accept(struct tell_clients *c, int listener, uint64_t now_ns)
{
	for (int i = 0; i < ACCEPTS_MAX; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return errno != EMFILE && errno != ENFILE && errno != ENOMEM &&
				errno != ENOBUFS;
		struct tell_client *cl = free_place(c);
		if (!cl || !is_allowed(fd, cl->by, sizeof(cl->by))) {
			(void)close(fd); /* nothing was said */
			continue;
		}
		if (tell_held_set(&cl->fd, fd) == 0)
			cl->until_ns = now_ns + CLIENT_NS;
	}
	return true;
}

static void answer(
	struct tell_client *cl, struct tell_service *s, const char *request, size_t n)
{
	tell_control_obey(s, request, n, cl->by, &cl->out);
	if (cl->out.cut) {
		tell_buf_clear(&cl->out);
		tell_buf_puts(&cl->out, "error 70 the answer is too large\n");
	}
	cl->answered = true;
	/* What was asked may have taken long. */
	cl->until_ns = tell_clock_monotonic_ns() + CLIENT_NS;
}

static void read_request(struct tell_client *cl, struct tell_service *s)
{
	char request[TELL_REQUEST_MAX];
	/* One that fills it was longer: said by the parser. */
	ssize_t n = recv(tell_held_get(&cl->fd), request, sizeof(request), MSG_DONTWAIT);
	if (n > 0)
		answer(cl, s, request, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		hang_up(cl);
}

static void send_answer(struct tell_client *cl)
{
	int fd = tell_held_get(&cl->fd);
	while (cl->sent < cl->out.len) {
		size_t left = cl->out.len - cl->sent;
		ssize_t n = send(fd, cl->out.data + cl->sent,
			left < PACKET ? left : PACKET, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0)
			break;
		cl->sent += (size_t)n;
	}
	hang_up(cl);
}

uint64_t tell_clients_serve(
	struct tell_clients *c, struct tell_service *s, uint64_t now_ns)
{
	uint64_t next_ns = UINT64_MAX;
	for (size_t i = 0; i < TELL_CLIENTS_MAX; i++) {
		struct tell_client *cl = &c->list[i];
		if (tell_held_get(&cl->fd) < 0 || !tell_held_ours(&cl->fd))
			continue;
		if (!cl->answered)
			read_request(cl, s);
		if (cl->answered)
			send_answer(cl);
		if (tell_held_get(&cl->fd) >= 0 && now_ns >= cl->until_ns)
			hang_up(cl);
		if (tell_held_get(&cl->fd) >= 0 && cl->until_ns < next_ns)
			next_ns = cl->until_ns;
	}
	return next_ns;
}
