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
#define BATCH_BYTES                                                                      \
	((size_t)64 << 10) /* gathered at most while a flush is sure to follow */

void tell_stream_init(struct tell_stream *s)
{
	*s = (struct tell_stream){ .lock = PTHREAD_MUTEX_INITIALIZER };
	tell_held_init(&s->held);
	tell_recent_init(&s->recent);
	tell_owed_init(&s->owed);
	/* Only so that not all services of a host come back in the same moment. */
	s->random = (tell_clock_monotonic_ns() ^ (uint64_t)getpid() << 32) | 1;
}

/* What counts bytes of a connection begins anew. */
static void another(struct tell_stream *s)
{
	s->connections++;
	s->pushed = 0;
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
	hang_up(s, tell_owed_frames(&s->owed) == 0);
	tell_recent_done(&s->recent);
	tell_owed_done(&s->owed);
	(void)pthread_mutex_destroy(&s->lock);
}

void tell_stream_child(struct tell_stream *s)
{
	tell_secure_child(&s->secure, pthread_mutex_trylock(&s->lock) == 0);
	tell_held_close(&s->held);
	tell_recent_clear(&s->recent);
	tell_owed_clear(&s->owed);
	another(s);
	s->stalled = s->connecting = false;
	s->error = 0;
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
	/* A local socket counts there the memory of what its peer did not read, which is more
	 * than the bytes: nothing to send again by, but a spool waits until it is 0. */
	bool unread = s->peers[s->peer].addr.ss_family == AF_UNIX;
	if ((unread && !s->kept) || fd < 0 || ioctl(fd, SIOCOUTQ, &n) < 0 || n < 0)
		return 0;
	return (size_t)n;
}

/* The connection is over; why is a -errno. */
static void broke(struct tell_stream *s, int why)
{
	uint64_t now_ns = tell_clock_monotonic_ns();

	/* What must go again goes first on the next connection; a spool offers it itself. */
	if (s->kept)
		tell_owed_clear(&s->owed);
	else
		tell_owed_again(&s->owed, &s->recent, unacknowledged(s));
	another(s);
	tell_recent_clear(&s->recent);
	s->stalled = false;
	s->secure.unread = false;
	tell_secure_end(&s->secure);
	tell_held_close(&s->held);
	s->retry_ns = now_ns;
	s->error = -why;
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

/* What is owed: 0 when nothing is any more. Frames that got out are no longer, however it
 * ended. */
static int push_owed(struct tell_stream *s, struct tell_outage *o, struct tell_run *run)
{
	struct tell_owed *owed = &s->owed;

	if (owed->bytes.len == 0)
		return 0;
	int r = push(s, o, run, owed->bytes.data, owed->bytes.len, &owed->at);
	tell_owed_settle(owed, &s->recent);
	s->stalled = r == -ETIMEDOUT;
	if (r == 0)
		proven(s);
	return r;
}

/* Keep the frame of which `at` bytes are gone; nothing else is owed. */
static int owe(struct tell_stream *s, const char *frame, size_t len, size_t at)
{
	if (tell_owed_add(&s->owed, frame, len) < 0) {
		broke(s, -ENOMEM); /* the stream would be broken in its middle */
		return -ENOMEM;
	}
	s->owed.at = at;
	s->stalled = true;
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
		broke(s, r);
		if (s->kept) /* this one is not the first that is to go again */
			return -ECONNRESET;
	}
	return r;
}

/* Only for a server that takes records: of one that does not each record learns it, so that
 * the next sink has it. The first of those gathered asks whether the peer is there; the send
 * asks again. */
static bool may_gather(struct tell_stream *s, const struct tell_outage *o, size_t len)
{
	if (len > BATCH_BYTES || s->connecting || s->stalled ||
		atomic_load_explicit(&o->lost, memory_order_relaxed) != 0)
		return false;
	return s->owed.bytes.len ? tell_held_get(&s->held) >= 0 : !peer_gone(s);
}

/* A flush follows soon: many frames go in one send. */
static int gather(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len)
{
	int r = 0;

	if (!may_gather(s, o, len))
		return send_locked(s, o, run, frame, len);
	if (s->owed.bytes.len + len > BATCH_BYTES)
		r = send_locked(s, o, run, "", 0);
	if (r == 0)
		r = tell_owed_add(&s->owed, frame, len);
	return r < 0 ? r : 1;
}

int tell_stream_send(struct tell_stream *s, struct tell_outage *o, struct tell_run *run,
	const char *frame, size_t len)
{
	/* Held across send(2), which does not wait, and poll(2), which ends at the deadline:
	 * frames must not mix. */
	int r = tell_wait_lock(&s->lock, run);
	if (r < 0)
		return r;
	r = run->batch ? gather(s, o, run, frame, len)
		       : send_locked(s, o, run, frame, len);
	(void)pthread_mutex_unlock(&s->lock);
	return r;
}

int tell_stream_flush(struct tell_stream *s, struct tell_outage *o, struct tell_run *run)
{
	int r = tell_wait_lock(&s->lock, run);
	if (r < 0)
		return r;
	/* Its peer may be gone meanwhile, or have refused what the wire carried. */
	if (tell_held_get(&s->held) >= 0 && !s->connecting && peer_gone(s))
		broke(s, -EPIPE);
	/* Once more where the peer has gone from under what was just sent: what it did not
	 * acknowledge is owed again. */
	for (int tries = 0; r == 0 && tries < 2 && s->owed.bytes.len; tries++) {
		r = send_locked(s, o, run, "", 0);
		if (r == 0 && peer_gone(s))
			broke(s, -EPIPE);
	}
	if (r == 0 && s->owed.bytes.len)
		r = -EPIPE;
	(void)pthread_mutex_unlock(&s->lock);
	return r;
}

bool tell_stream_progress(struct tell_stream *s, struct tell_progress *progress)
{
	(void)pthread_mutex_lock(&s->lock); /* held for a deadline at most */
	bool up = !s->connecting && tell_held_get(&s->held) >= 0;
	if (progress->look && up && peer_gone(s))
		broke(s, -EPIPE);
	size_t unacked = progress->look ? unacknowledged(s) : 0;
	progress->connection = s->connections;
	progress->given = s->pushed + (s->owed.bytes.len - s->owed.at);
	progress->confirmed = unacked < s->pushed ? s->pushed - unacked : 0;
	(void)pthread_mutex_unlock(&s->lock);
	return true;
}

size_t tell_stream_give_up(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	size_t n = tell_owed_frames(&s->owed);
	if (n) {
		hang_up(s, false); /* the next frame would end this one */
		another(s);
		s->connecting = false;
		tell_recent_clear(&s->recent);
		tell_owed_clear(&s->owed);
		s->stalled = false;
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

void tell_stream_meet(struct tell_stream *s, const struct tell_peer *peers, size_t n)
{
	(void)pthread_mutex_lock(&s->lock);
	if (n != s->n_peers || memcmp(s->peers, peers, n * sizeof(*peers)) != 0) {
		memcpy(s->peers, peers, n * sizeof(*peers));
		s->n_peers = n;
		s->peer = 0;
		if (s->connecting)
			hang_up(s, false); /* to one of those before */
		s->connecting = false;
		s->retry_ns = 0; /* the pause was for those before */
		s->failures = 0;
	}
	(void)pthread_mutex_unlock(&s->lock);
}

bool tell_stream_stands(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	bool stands = !s->connecting && tell_held_get(&s->held) >= 0;
	(void)pthread_mutex_unlock(&s->lock);
	return stands;
}

int tell_stream_cause(struct tell_stream *s, struct tell_run *run)
{
	if (tell_wait_lock(&s->lock, run) < 0)
		return 0;
	int error = s->error;
	(void)pthread_mutex_unlock(&s->lock);
	return error;
}

void tell_stream_drop(struct tell_stream *s)
{
	(void)pthread_mutex_lock(&s->lock);
	/* The kernel still delivers what it took: only a frame that is cut off goes again. */
	hang_up(s, s->owed.at == 0);
	another(s);
	tell_recent_clear(&s->recent);
	if (s->kept)
		tell_owed_clear(&s->owed);
	s->owed.at = 0;
	s->stalled = s->connecting = false;
	s->error = 0;
	s->peer = 0;
	s->retry_ns = 0;
	s->failures = 0;
	(void)pthread_mutex_unlock(&s->lock);
}
