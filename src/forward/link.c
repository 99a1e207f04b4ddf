#include "forward/link.h"
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "sink/resolve.h"
#include "sink/wait.h"

#define SETTLE_LOOK_NS (5 * TELL_NS_PER_MS)

/* ---- the line ---- */

/* As in an url; an IPv6 address has more colons. */
static bool has_port(const char *host)
{
	const char *colon = strchr(host, ':');
	return colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0';
}

int tell_link_check(const struct tell_args *args, uint16_t port, struct tell_refusal *why)
{
	static const char *const of_tls[] = { "ca", "crl", "fingerprint", "servername",
		"cert", "key" };
	if (!*tell_args_text(args, "host"))
		return tell_refuse(why, -EINVAL, "host", "write a name or an address",
			"it is empty");
	if (has_port(tell_args_text(args, "host")))
		return tell_refuse(why, -EINVAL, "host",
			"write the port on its own: host=NAME port=NUMBER",
			"\"%s\" is no host's name", tell_args_text(args, "host"));
	if (port == 0 && !tell_args_given(args, "port"))
		return tell_refuse(why, -EINVAL, "port", "add port=NUMBER",
			"there is no usual port for it");
	for (size_t i = 0; i < sizeof(of_tls) / sizeof(of_tls[0]); i++)
		if (!tell_args_bool(args, "tls") && tell_args_given(args, of_tls[i]))
			return tell_refuse(why, -EINVAL, of_tls[i],
				"add tls=yes, or remove it",
				"%s= says nothing for a plain connection", of_tls[i]);
	return 0;
}

int tell_link_open(struct tell_link *l, const struct tell_args *args, uint16_t port,
	struct tell_refusal *why)
{
	*l = (struct tell_link){ .fd = -1, .host = tell_args_text(args, "host") };
	l->port = tell_args_given(args, "port") ? (uint16_t)tell_args_u64(args, "port")
						: port;
	l->timeout_ns = tell_args_u64(args, "timeout");
	int r = tell_link_check(args, port, why);
	if (r < 0 || !tell_args_bool(args, "tls"))
		return r;
	l->wire = tell_wire_get("tls", why);
	return l->wire ? l->wire->open(&l->wire_state, args, why) : -ENOSYS;
}

static void hang_up(struct tell_link *l)
{
	if (l->session)
		l->wire->end(l->session);
	l->session = NULL;
	if (l->fd >= 0)
		(void)close(l->fd); /* what was not acknowledged is sent again */
	l->fd = -1;
}

void tell_link_close(struct tell_link *l)
{
	hang_up(l);
	if (l->wire_state)
		l->wire->close(l->wire_state);
	l->wire_state = NULL;
}

/* ---- what went wrong ---- */

void tell_link_fail(struct tell_link *l, const char *why)
{
	(void)snprintf(l->why, sizeof(l->why), "%s port %u: %s", l->host, l->port, why);
	hang_up(l);
}

/* By an errno, unless the wire knows better. */
static void fail(struct tell_link *l, int error, const char *said)
{
	tell_link_fail(l,
		said && *said		  ? said
			: error == -EPIPE ? "it ended the connection"
					  : strerror(-error));
}

static void begin_wait(struct tell_link *l)
{
	l->deadline_ns = tell_clock_monotonic_ns() + l->timeout_ns;
}

static void live(struct tell_link *l)
{
	if (l->alive)
		l->alive(l->alive_arg);
}

/* As tell_wait_fd(), in pieces, for whoever watches. */
static int wait_until(struct tell_link *l, short events, uint64_t until_ns)
{
	for (;;) {
		uint64_t piece_ns = tell_clock_monotonic_ns() + TELL_NS_PER_SEC;
		bool last = piece_ns >= until_ns;
		int r = tell_wait_fd(l->fd, events, last ? until_ns : piece_ns);
		live(l);
		if (r != -ETIMEDOUT || last)
			return r;
	}
}

static bool await(struct tell_link *l, short events, const char *what)
{
	int r = wait_until(l, events, l->deadline_ns);
	if (r == 0)
		return true;
	fail(l, r, r == -ETIMEDOUT ? what : NULL);
	return false;
}

/* ---- a connection ---- */

static void set_up(struct tell_link *l)
{
	static const int on = 1;
	unsigned ms = (unsigned)(l->timeout_ns / TELL_NS_PER_MS);
	/* Each is a help, none is needed. */
	(void)setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(l->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(l->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

static bool shake(struct tell_link *l)
{
	struct tell_wire_step step = { 0 };
	int r = l->wire->begin(l->wire_state, &l->session, l->fd);
	if (r < 0) {
		fail(l, r, NULL);
		return false;
	}
	while ((r = l->wire->shake(l->session, &step)) == -EAGAIN) {
		uint64_t until_ns = step.until_ns && step.until_ns < l->deadline_ns
			? step.until_ns
			: l->deadline_ns;
		r = wait_until(l, step.events, until_ns);
		if (r == -ETIMEDOUT && until_ns == l->deadline_ns) {
			tell_link_fail(l, "it does not end the handshake");
			return false;
		}
		step = (struct tell_wire_step){ 0 };
	}
	if (r < 0)
		fail(l, r, step.why);
	return r == 0;
}

static bool dial(struct tell_link *l, const struct tell_peer *peer)
{
	int error = 0;
	socklen_t len = sizeof(error);
	begin_wait(l);
	l->fd = socket(
		peer->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd < 0) {
		fail(l, -errno, NULL);
		return false;
	}
	set_up(l);
	if (connect(l->fd, (const struct sockaddr *)&peer->addr, peer->len) < 0) {
		if (errno != EINPROGRESS) {
			fail(l, -errno, NULL);
			return false;
		}
		if (!await(l, POLLOUT, "it does not answer"))
			return false;
		if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			error = errno;
	}
	if (error) {
		fail(l, -error, NULL);
		return false;
	}
	return !l->wire || shake(l);
}

/* Nothing is asked, so there is nothing to say but that it ends. */
static bool is_gone(struct tell_link *l)
{
	struct tell_wire_step step = { 0 };
	char word[512];
	if (l->session)
		return l->wire->listen(l->session, &step) < 0;
	ssize_t n = recv(l->fd, word, sizeof(word), MSG_DONTWAIT);
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

bool tell_link_connect(struct tell_link *l)
{
	struct tell_peer peers[TELL_PEERS_MAX];
	const char *words;
	if (l->fd >= 0 && !is_gone(l))
		return true;
	hang_up(l);
	int n = tell_resolve(peers, l->host, l->port, SOCK_STREAM, &words);
	if (n < 0) {
		tell_link_fail(l, words);
		return false;
	}
	for (int i = 0; i < n; i++)
		if (dial(l, &peers[i]))
			return true;
	return false;
}

/* ---- bytes ---- */

static ssize_t put(
	struct tell_link *l, const char *bytes, size_t len, struct tell_wire_step *s)
{
	*s = (struct tell_wire_step){ .events = POLLOUT };
	if (l->session)
		return l->wire->send(l->session, bytes, len, s);
	ssize_t n = send(l->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n >= 0)
		return n;
	return errno == EINTR || errno == ENOBUFS ? -EAGAIN : -errno;
}

bool tell_link_write(struct tell_link *l, const void *bytes, size_t len)
{
	struct tell_wire_step step;
	const char *at = bytes;
	begin_wait(l);
	while (len) {
		ssize_t n = put(l, at, len, &step);
		if (n >= 0) {
			at += n;
			len -= (size_t)n;
			l->sent += (uint64_t)n;
		} else if (n != -EAGAIN) {
			fail(l, (int)n, step.why);
			return false;
		} else if (!await(l, step.events, "it does not take what it is sent")) {
			return false;
		}
	}
	return true;
}

static ssize_t get(
	struct tell_link *l, void *bytes, size_t room, struct tell_wire_step *s)
{
	*s = (struct tell_wire_step){ .events = POLLIN };
	if (l->session)
		return l->wire->receive(l->session, bytes, room, s);
	ssize_t n = recv(l->fd, bytes, room, MSG_DONTWAIT);
	if (n >= 0)
		return n;
	return errno == EINTR ? -EAGAIN : -errno;
}

size_t tell_link_read(struct tell_link *l, void *bytes, size_t room)
{
	struct tell_wire_step step;
	begin_wait(l);
	for (;;) {
		ssize_t n = get(l, bytes, room, &step);
		if (n > 0)
			return (size_t)n;
		if (n != -EAGAIN) {
			fail(l, n == 0 ? -EPIPE : (int)n, step.why);
			return 0;
		}
		if (!await(l, step.events, "it does not acknowledge"))
			return 0;
	}
}

bool tell_link_settle(struct tell_link *l, size_t *ret_left)
{
	int left = 0, last = 0;
	begin_wait(l);
	while (ioctl(l->fd, SIOCOUTQ, &left) == 0 && left > 0) {
		*ret_left = (size_t)left;
		if (is_gone(l)) {
			fail(l, -EPIPE, NULL);
			return false;
		}
		if (left != last)
			begin_wait(l);
		else if (tell_clock_monotonic_ns() >= l->deadline_ns) {
			tell_link_fail(l, "it does not take what it is sent");
			return false;
		}
		last = left;
		live(l);
		(void)tell_wait_fd(-1, 0, tell_clock_monotonic_ns() + SETTLE_LOOK_NS);
	}
	*ret_left = 0;
	return true;
}
