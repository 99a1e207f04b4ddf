#include "sink/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "sink/wait.h"

#define CONNECT_WITHIN_NS (10 * TELL_NS_PER_SEC)
#define RETRY_FIRST_NS	  (100 * TELL_NS_PER_MS)
#define RETRY_LAST_NS	  (30 * TELL_NS_PER_SEC)
#define VANISHED_MS	  30000

uint64_t tell_dial_gap_ns(struct tell_stream *s)
{
	unsigned doublings = s->failures < 10 ? s->failures : 10;
	uint64_t gap_ns = RETRY_FIRST_NS << doublings;

	if (gap_ns > RETRY_LAST_NS)
		gap_ns = RETRY_LAST_NS;
	s->random ^= s->random << 13; /* G. Marsaglia, "Xorshift RNGs", 2003 */
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return gap_ns / 2 + s->random % (gap_ns / 2);
}

/* This peer did not answer: on to the next; after the last one, a pause. */
static void attempt_failed(struct tell_stream *s, int why)
{
	if (!s->error)
		s->error = -why;
	tell_secure_end(&s->secure);
	tell_held_close(&s->held);
	s->connecting = false;
	s->peer++;
	if (s->peer < s->n_peers)
		return;
	s->peer = 0;
	s->retry_ns = tell_clock_monotonic_ns() + tell_dial_gap_ns(s);
	s->failures++;
}

static void set_up_tcp(int fd)
{
	static const int on = 1, idle_s = 10, gap_s = 5, probes = 4;
	static const unsigned vanished_ms = VANISHED_MS;
	static const int hold = TELL_RECENT_BYTES / 2; /* Linux doubles it: socket(7) */

	/* Each is a help, none is needed: a kernel without it still carries records. */
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &hold, sizeof(hold));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &gap_s, sizeof(gap_s));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
	(void)setsockopt(
		fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &vanished_ms, sizeof(vanished_ms));
}

/* Begin an attempt with s->peer: 0 connected, -EINPROGRESS, or -errno. */
static int begin(struct tell_stream *s)
{
	const struct tell_peer *p = &s->peers[s->peer];
	int fd = socket(p->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (p->addr.ss_family != AF_UNIX)
		set_up_tcp(fd);
	int r = tell_held_set(&s->held, fd);
	if (r < 0)
		return r;
	fd = tell_held_get(&s->held);
	if (connect(fd, (const struct sockaddr *)&p->addr, p->len) == 0)
		return 0;
	return -errno;
}

/* A connect() to a local port nobody listens on may meet itself (simultaneous open). */
static bool is_self(int fd)
{
	struct sockaddr_storage own = { 0 }, peer = { 0 };
	socklen_t own_len = sizeof(own), peer_len = sizeof(peer);

	return getsockname(fd, (struct sockaddr *)&own, &own_len) == 0 &&
		getpeername(fd, (struct sockaddr *)&peer, &peer_len) == 0 &&
		own.ss_family != AF_UNIX && own_len == peer_len &&
		memcmp(&own, &peer, own_len) == 0;
}

/* The connection's wire is at its handshake: 0, -EINPROGRESS, or -errno. */
static int shake(struct tell_stream *s)
{
	if (tell_held_get(&s->held) < 0)
		return -EBADF;
	int r = tell_secure_shake(&s->secure, &s->awaits, &s->awaits_ns);
	if (r == 0) {
		s->connecting = false;
		s->error = 0;
		s->since_ns = tell_clock_monotonic_ns();
	}
	if (r != -EAGAIN)
		return r;
	if (tell_clock_monotonic_ns() < s->give_up_ns)
		return -EINPROGRESS;
	tell_secure_late(&s->secure);
	return -ETIMEDOUT;
}

/* The attempt under way has an answer: 0, -EINPROGRESS (a wire shakes hands) or -errno. */
static int finish(struct tell_stream *s)
{
	int fd = tell_held_get(&s->held);
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (!error && is_self(fd))
		error = ECONNREFUSED;
	if (error)
		return -error;
	if (!s->secure.wire) {
		s->connecting = false;
		s->error = 0;
		s->since_ns = tell_clock_monotonic_ns();
		return 0;
	}
	s->give_up_ns = tell_clock_monotonic_ns() + CONNECT_WITHIN_NS;
	error = tell_secure_begin(&s->secure, fd);
	return error < 0 ? error : shake(s);
}

/* The attempt under way: 0 connected, -EINPROGRESS, or -errno. */
static int advance(struct tell_stream *s)
{
	if (s->secure.session)
		return shake(s);
	int r = tell_wait_fd(tell_held_get(&s->held), POLLOUT, 0);

	if (r == -ETIMEDOUT && tell_clock_monotonic_ns() < s->give_up_ns)
		return -EINPROGRESS;
	return r < 0 ? r : finish(s);
}

int tell_dial_step(struct tell_stream *s)
{
	int r = -ENOTCONN;

	if (!s->connecting && tell_held_get(&s->held) >= 0)
		return 0;
	if (s->connecting) {
		r = advance(s);
		if (r == 0 || r == -EINPROGRESS)
			return r;
		attempt_failed(s, r);
	}
	while (s->n_peers && tell_clock_monotonic_ns() >= s->retry_ns) {
		r = begin(s);
		if (r == 0 || r == -EINPROGRESS) {
			s->connecting = true;
			s->waited = false;
			s->awaits = POLLOUT;
			s->awaits_ns = 0;
			s->give_up_ns = tell_clock_monotonic_ns() + CONNECT_WITHIN_NS;
			r = r == 0 ? finish(s) : advance(s);
		}
		if (r == 0 || r == -EINPROGRESS)
			return r;
		attempt_failed(s, r);
	}
	return r;
}

/* Until the attempt can go on, by the deadline: 0 or -errno. A peer that says a byte at a time
 * must not be waited for longer. */
static int await(struct tell_stream *s, uint64_t deadline_ns)
{
	bool sooner = s->awaits_ns && s->awaits_ns < deadline_ns;
	int r = tell_wait_fd(
		tell_held_get(&s->held), s->awaits, sooner ? s->awaits_ns : deadline_ns);

	if (r == 0 && tell_clock_monotonic_ns() >= deadline_ns)
		return -ETIMEDOUT;
	return r == -ETIMEDOUT && sooner ? 0 : r;
}

int tell_dial(struct tell_stream *s, struct tell_outage *o, struct tell_run *run)
{
	for (;;) {
		int r = tell_dial_step(s);
		if (r != -EINPROGRESS)
			return r;
		if (s->waited)
			return -ENOTCONN;
		r = await(s, tell_outage_deadline(o, run));
		if (r == -ETIMEDOUT)
			s->waited = true;
		if (r < 0)
			return r;
	}
}
