#include "sink/stream.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/dial.h"
#include "sink/wait.h"

#define SETTLED_NS TELL_NS_PER_SEC /* a connection that held so long was a good one */
#define OWED_MAX   ((size_t)8 << 20)

void tell_stream_init(struct tell_stream *s)
{
	*s = (struct tell_stream){ .lock = PTHREAD_MUTEX_INITIALIZER };
	tell_held_init(&s->held);
	tell_recent_init(&s->recent);
	tell_buf_init(&s->owed, OWED_MAX);
	/* Only so that not all services of a host come back in the same moment. */
	s->random = (tell_clock_monotonic_ns() ^ (uint64_t)getpid() << 32) | 1;
}

/* Nothing more goes on this connection; whole: all that was begun is out. */
static void hang_up(struct tell_stream *s, bool whole)
{
	int fd = s->secure.session ? tell_held_get(&s->held) : -1;

	if (fd >= 0 && whole && !s->connecting)
		tell_secure_goodbye(&s->secure, fd);
	tell_secure_end(&s->secure);
	tell_held_close(&s->held);
}

void tell_stream_done(struct tell_stream *s)
{
	hang_up(s, s->owed.len == 0);
	tell_recent_done(&s->recent);
	tell_buf_done(&s->owed);
	(void)pthread_mutex_destroy(&s->lock);
}

/* Nothing is owed any more; the lock is held. */
static void owe_nothing(struct tell_stream *s)
{
	tell_buf_clear(&s->owed);
	s->owed_at = s->n_owed = 0;
}

void tell_stream_child(struct tell_stream *s)
{
	tell_secure_child(&s->secure, pthread_mutex_trylock(&s->lock) == 0);
	tell_held_close(&s->held);
	tell_recent_clear(&s->recent);
	owe_nothing(s);
	s->connections++;
	s->pushed = 0;
	s->connecting = false;
	s->retry_ns = 0;
	s->random ^= (uint64_t)getpid() << 32;
	(void)pthread_mutex_init(&s->lock, NULL);
}

/* ---- when it breaks; the lock is held ---- */

/* Bytes given to this connection that its peer's kernel did not acknowledge. */
static size_t unacknowledged(struct tell_stream *s)
{
	int fd = tell_held_get(&s->held);
	int n = 0;

	if (s->secure.unread) /* it ended before its peer read anything */
		return SIZE_MAX;
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

	s->connections++;
	s->pushed = 0;
	if (s->kept) {
		owe_nothing(s);
		return;
	}
	if (unacked > s->owed_at && s->recent.bytes.len) {
		tell_buf_init(&again, OWED_MAX);
		size_t n = tell_recent_tail(&s->recent, unacked - s->owed_at, &again);
		tell_buf_put(&again, s->owed.data, s->owed.len);
		if (!again.cut) {
			tell_buf_done(&s->owed);
			s->owed = again;
			s->n_owed += n;
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
	s->secure.unread = false;
	tell_secure_end(&s->secure);
	tell_held_close(&s->held);
	s->retry_ns = now_ns;
	/* Accepted and closed at once, again and again, is no reason to hurry. */
	if (now_ns - s->since_ns < SETTLED_NS) {
		s->retry_ns += tell_dial_gap_ns(s);
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

/* Did the peer close or reset it? Receivers say nothing; what one says is thrown away. */
static bool peer_gone(struct tell_stream *s)
{
	char word[512];
	int fd = tell_held_get(&s->held);

	if (s->secure.wire)
		return fd < 0 || tell_secure_listen(&s->secure) < 0;
	ssize_t n = recv(fd, word, sizeof(word), MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* ---- sending; the lock is held ---- */

/* Bytes taken by the kernel, or by the wire; -EAGAIN: *ret_events; -errno: broken. */
static ssize_t put(
	struct tell_stream *s, int fd, const char *data, size_t len, short *ret_events)
{
	if (s->secure.wire)
		return fd < 0 ? -EBADF
			      : tell_secure_send(&s->secure, data, len, ret_events);
	ssize_t n = send(fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n >= 0)
		return n;
	if (errno == ENOBUFS) /* the kernel's memory: poll() knows nothing of it */
		tell_clock_sleep_ms(1);
	*ret_events = POLLOUT;
	return errno == EINTR || errno == ENOBUFS ? -EAGAIN : -errno;
}

/* Bytes of data from *at on, until the deadline: 0 all, -ETIMEDOUT, or -errno when the
 * connection broke. */
static int push(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *data, size_t len, size_t *at)
{
	int fd = tell_held_get(&s->held);

	while (*at < len) {
		short events = POLLOUT;
		ssize_t n = put(s, fd, data + *at, len - *at, &events);
		if (n > 0) {
			*at += (size_t)n;
			s->pushed += (size_t)n;
			continue;
		}
		if (n < 0 && n != -EAGAIN)
			return (int)n;
		uint64_t deadline_ns = tell_outage_deadline(o, run);
		int r = tell_wait_fd(fd, events, deadline_ns);
		if (r < 0)
			return r;
		/* A peer that reads a byte at a time must not be waited for longer. */
		if (tell_clock_monotonic_ns() >= deadline_ns)
			return -ETIMEDOUT;
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
		owe_nothing(s);
	}
	return r;
}

/* Keep the frame of which `at` bytes are gone. */
static int owe(struct tell_stream *s, const char *frame, size_t len, size_t at)
{
	tell_buf_clear(&s->owed);
	tell_buf_put(&s->owed, frame, len);
	if (s->owed.cut) { /* the stream would be broken in its middle */
		owe_nothing(s);
		broke(s);
		return -ENOMEM;
	}
	s->owed_at = at;
	s->n_owed = 1;
	return 1;
}

/* What is owed, then this frame, on the connection as it is. */
static int deliver(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len)
{
	size_t at = 0;

	if (peer_gone(s))
		return -EPIPE;
	int r = push_owed(s, o, run);
	if (r < 0)
		return r;
	r = push(s, o, run, frame, len, &at);
	if (r == 0) {
		tell_recent_add(&s->recent, frame, len);
		proven(s);
	}
	if (r == -ETIMEDOUT && (at > 0 || s->secure.pending))
		return owe(s, frame, len, at);
	return r;
}

static int send_locked(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len)
{
	int r = -ENOTCONN;

	/* Twice: when the connection broke, the whole frame on a new one. */
	for (int tries = 0; tries < 2; tries++) {
		r = tell_dial(s, o, run);
		if (r == -ENOTCONN && s->kept && s->connecting)
			return -ETIMEDOUT; /* on its way, and nobody waits */
		if (r < 0)
			return r;
		r = deliver(s, o, run, frame, len);
		if (r >= 0 || r == -ETIMEDOUT || r == -ENOMEM)
			return r;
		broke(s);
		if (s->kept) /* this one is not the first that is to go again */
			return -ECONNRESET;
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
	/* A wire's peer may have refused all of it meanwhile. */
	if (s->secure.session && !s->connecting && peer_gone(s))
		broke(s);
	if (s->owed.len)
		r = send_locked(s, o, run, "", 0);
	(void)pthread_mutex_unlock(&s->lock);
	return r;
}

bool tell_stream_progress(struct tell_stream *s, struct tell_progress *progress)
{
	(void)pthread_mutex_lock(&s->lock); /* held for a deadline at most */
	bool up = !s->connecting && tell_held_get(&s->held) >= 0;
	if (progress->look && up && peer_gone(s))
		broke(s);
	size_t unacked = progress->look ? unacknowledged(s) : 0;
	progress->connection = s->connections;
	progress->given = s->pushed + (s->owed.len - s->owed_at);
	progress->confirmed = unacked < s->pushed ? s->pushed - unacked : 0;
	(void)pthread_mutex_unlock(&s->lock);
	return true;
}

size_t tell_stream_give_up(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	size_t n = s->n_owed;
	if (n) {
		hang_up(s, false); /* the next frame would end this one */
		s->connections++;
		s->pushed = 0;
		s->connecting = false;
		tell_recent_clear(&s->recent);
		owe_nothing(s);
	}
	(void)pthread_mutex_unlock(&s->lock);
	return n;
}

void tell_stream_start(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	(void)tell_dial_step(s);
	(void)pthread_mutex_unlock(&s->lock);
}

void tell_stream_drop(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	/* The kernel still delivers what it took: only a frame that is cut off goes again. */
	hang_up(s, s->owed_at == 0);
	s->connections++;
	s->pushed = 0;
	tell_recent_clear(&s->recent);
	if (s->kept)
		owe_nothing(s);
	s->owed_at = 0;
	s->connecting = false;
	s->peer = 0;
	s->retry_ns = 0;
	s->failures = 0;
	(void)pthread_mutex_unlock(&s->lock);
}
