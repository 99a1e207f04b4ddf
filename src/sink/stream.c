#include "sink/stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <linux/sockios.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/wait.h"

#define CONNECT_WITHIN_NS (10 * TELL_NS_PER_SEC)
#define RETRY_FIRST_NS	  (100 * TELL_NS_PER_MS)
#define RETRY_LAST_NS	  (30 * TELL_NS_PER_SEC)
#define SETTLED_NS	  TELL_NS_PER_SEC /* a connection that held so long was a good one */
#define VANISHED_MS	  30000
#define OWED_MAX	  ((size_t)8 << 20)

void tell_stream_init(struct tell_stream *s)
{
	*s = (struct tell_stream){ .lock = PTHREAD_MUTEX_INITIALIZER };
	tell_held_init(&s->held);
	tell_recent_init(&s->recent);
	tell_buf_init(&s->owed, OWED_MAX);
	/* Only so that not all services of a host come back in the same moment. */
	s->random = (tell_clock_monotonic_ns() ^ (uint64_t)getpid() << 32) | 1;
}

void tell_stream_done(struct tell_stream *s)
{
	tell_held_close(&s->held);
	tell_recent_done(&s->recent);
	tell_buf_done(&s->owed);
	(void)pthread_mutex_destroy(&s->lock);
}

void tell_stream_child(struct tell_stream *s)
{
	tell_held_close(&s->held);
	tell_recent_clear(&s->recent);
	tell_buf_clear(&s->owed);
	s->owed_at = 0;
	s->connecting = false;
	s->retry_ns = 0;
	s->random ^= (uint64_t)getpid() << 32;
	(void)pthread_mutex_init(&s->lock, NULL);
}

/* ---- connecting; the lock is held ---- */

/* 50 % to 100 % of the gap: 0.1 s, doubled with each round that failed, at most 30 s. */
static uint64_t next_gap_ns(struct tell_stream *s)
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
static void attempt_failed(struct tell_stream *s)
{
	tell_held_close(&s->held);
	s->connecting = false;
	s->peer++;
	if (s->peer < s->n_peers)
		return;
	s->peer = 0;
	s->retry_ns = tell_clock_monotonic_ns() + next_gap_ns(s);
	s->failures++;
}

/* Bytes given to this connection that its peer's kernel did not acknowledge. */
static size_t unacknowledged(struct tell_stream *s)
{
	int fd = tell_held_get(&s->held);
	int n = 0;

	/* A local socket counts its memory there, not bytes: its peer is this kernel. */
	if (s->peers[s->peer].addr.ss_family == AF_UNIX || fd < 0 ||
		ioctl(fd, SIOCOUTQ, &n) < 0 || n < 0)
		return 0;
	return (size_t)n;
}

/* What must go again goes first on the next connection: frames not acknowledged, then what
 * was owed already, whole. */
static void owe_again(struct tell_stream *s)
{
	size_t unacked = unacknowledged(s);
	struct tell_buf again;

	if (unacked > s->owed_at && s->recent.bytes.len) {
		tell_buf_init(&again, OWED_MAX);
		tell_recent_tail(&s->recent, unacked - s->owed_at, &again);
		tell_buf_put(&again, s->owed.data, s->owed.len);
		if (!again.cut) {
			tell_buf_done(&s->owed);
			s->owed = again;
		} else {
			tell_buf_done(&again); /* memory is out: then without */
		}
	}
	s->owed_at = 0;
	tell_recent_clear(&s->recent);
}

/* The connection is over. */
static void broke(struct tell_stream *s)
{
	uint64_t now_ns = tell_clock_monotonic_ns();

	owe_again(s);
	tell_held_close(&s->held);
	s->retry_ns = now_ns;
	/* Accepted and closed at once, again and again, is no reason to hurry. */
	if (now_ns - s->since_ns < SETTLED_NS) {
		s->retry_ns += next_gap_ns(s);
		s->failures++;
	} else {
		s->failures = 0;
	}
}

/* A record went through: that alone proves little, as the kernel takes it for a receiver
 * that closes at once, but on a connection that has held it does. */
static void proven(struct tell_stream *s)
{
	if (s->failures && tell_clock_monotonic_ns() - s->since_ns >= SETTLED_NS)
		s->failures = 0;
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

/* The attempt under way has an answer: 0 or -errno. */
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
	s->connecting = false;
	s->since_ns = tell_clock_monotonic_ns();
	return 0;
}

/* The attempt under way: 0 connected, -EINPROGRESS, or -errno. */
static int advance(struct tell_stream *s)
{
	int r = tell_wait_fd(tell_held_get(&s->held), POLLOUT, 0);

	if (r == -ETIMEDOUT && tell_clock_monotonic_ns() < s->give_up_ns)
		return -EINPROGRESS;
	return r < 0 ? r : finish(s);
}

/* One step towards a connection, without waiting: 0 it is there, -EINPROGRESS, or -errno. */
static int step(struct tell_stream *s)
{
	int r = -ENOTCONN;

	if (!s->connecting && tell_held_get(&s->held) >= 0)
		return 0;
	if (s->connecting) {
		r = advance(s);
		if (r == 0 || r == -EINPROGRESS)
			return r;
		attempt_failed(s);
	}
	while (s->n_peers && tell_clock_monotonic_ns() >= s->retry_ns) {
		r = begin(s);
		if (r == 0 || r == -EINPROGRESS) {
			s->connecting = true;
			s->waited = false;
			s->give_up_ns = tell_clock_monotonic_ns() + CONNECT_WITHIN_NS;
			r = r == 0 ? finish(s) : advance(s);
		}
		if (r == 0 || r == -EINPROGRESS)
			return r;
		attempt_failed(s);
	}
	return r;
}

/* A connection, made when there is none: 0 or -errno. One record waits for an attempt;
 * those behind it only look whether it is there. */
static int connected(struct tell_stream *s, struct tell_outage *o, struct tell_run *run)
{
	for (;;) {
		int r = step(s);
		if (r != -EINPROGRESS)
			return r;
		if (s->waited)
			return -ENOTCONN;
		r = tell_wait_fd(
			tell_held_get(&s->held), POLLOUT, tell_outage_deadline(o, run));
		if (r == -ETIMEDOUT)
			s->waited = true;
		if (r < 0)
			return r;
	}
}

/* Did the peer close or reset it? Receivers say nothing; what one says is thrown away. */
static bool peer_gone(int fd)
{
	char word[512];
	ssize_t n = recv(fd, word, sizeof(word), MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* ---- sending; the lock is held ---- */

/* Bytes of data from *at on, until the deadline: 0 all, -ETIMEDOUT, or -errno when the
 * connection broke. */
static int push(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *data, size_t len, size_t *at)
{
	int fd = tell_held_get(&s->held);

	while (*at < len) {
		ssize_t n = send(fd, data + *at, len - *at, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			*at += (size_t)n;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS)
			return -errno;
		if (errno ==
			ENOBUFS) /* the kernel's memory: poll() knows nothing of it */
			tell_clock_sleep_ms(1);
		int r = tell_wait_fd(fd, POLLOUT, tell_outage_deadline(o, run));
		if (r < 0)
			return r;
	}
	return 0;
}

/* The rest of the frame owed: 0 when nothing is owed any more. */
static int push_owed(struct tell_stream *s, struct tell_outage *o, struct tell_run *run)
{
	if (s->owed.len == 0)
		return 0;
	int r = push(s, o, run, s->owed.data, s->owed.len, &s->owed_at);
	if (r == 0) {
		tell_recent_add(&s->recent, s->owed.data, s->owed.len);
		tell_buf_clear(&s->owed);
		s->owed_at = 0;
	}
	return r;
}

/* Keep the frame of which `at` bytes are gone. */
static int owe(struct tell_stream *s, const char *frame, size_t len, size_t at)
{
	tell_buf_clear(&s->owed);
	tell_buf_put(&s->owed, frame, len);
	if (s->owed.cut) { /* the stream would be broken in its middle */
		tell_buf_clear(&s->owed);
		broke(s);
		return -ENOMEM;
	}
	s->owed_at = at;
	return 1;
}

/* What is owed, then this frame, on the connection as it is. */
static int deliver(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len)
{
	size_t at = 0;

	if (peer_gone(tell_held_get(&s->held)))
		return -EPIPE;
	int r = push_owed(s, o, run);
	if (r < 0)
		return r;
	r = push(s, o, run, frame, len, &at);
	if (r == 0) {
		tell_recent_add(&s->recent, frame, len);
		proven(s);
	}
	if (r == -ETIMEDOUT && at > 0)
		return owe(s, frame, len, at);
	return r;
}

static int send_locked(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len)
{
	int r = -ENOTCONN;

	/* Twice: when the connection broke, the whole frame on a new one. */
	for (int tries = 0; tries < 2; tries++) {
		r = connected(s, o, run);
		if (r < 0)
			return r;
		r = deliver(s, o, run, frame, len);
		if (r >= 0 || r == -ETIMEDOUT || r == -ENOMEM)
			return r;
		broke(s);
	}
	return r;
}

int tell_stream_send(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len)
{
	/* Held across send(2), which does not wait, and poll(2), which ends at the deadline:
	 * frames must not mix. */
	int r = tell_wait_lock(&s->lock, run);
	if (r < 0)
		return r;
	r = send_locked(s, o, run, frame, len);
	(void)pthread_mutex_unlock(&s->lock);
	return r;
}

int tell_stream_flush(struct tell_stream *s, struct tell_outage *o, struct tell_run *run)
{
	int r = tell_wait_lock(&s->lock, run);
	if (r < 0)
		return r;
	if (s->owed.len)
		r = send_locked(s, o, run, "", 0);
	(void)pthread_mutex_unlock(&s->lock);
	return r;
}

void tell_stream_start(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	(void)step(s);
	(void)pthread_mutex_unlock(&s->lock);
}

void tell_stream_drop(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	/* The kernel still delivers what it took: only a frame that is cut off goes again. */
	tell_held_close(&s->held);
	tell_recent_clear(&s->recent);
	s->owed_at = 0;
	s->connecting = false;
	s->peer = 0;
	s->retry_ns = 0;
	s->failures = 0;
	(void)pthread_mutex_unlock(&s->lock);
}
