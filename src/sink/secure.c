#include "sink/secure.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "sink/wait.h"

#define GOODBYE_NS (200 * TELL_NS_PER_MS)

/* A step failed: keep what it says. */
static int failed(struct tell_secure *s, const struct tell_wire_step *step, int error)
{
	s->unread |= step->unread;
	if (*step->why) {
		memcpy(s->why, step->why, sizeof(s->why));
		s->news = true;
	}
	return error;
}

int tell_secure_begin(struct tell_secure *s, int fd)
{
	tell_secure_end(s);
	s->unread = s->news = false;
	s->why[0] = '\0';
	return s->wire->begin(s->state, &s->session, fd);
}

int tell_secure_shake(struct tell_secure *s, short *ret_events, uint64_t *ret_until_ns)
{
	struct tell_wire_step step = { 0 };
	int r = s->wire->shake(s->session, &step);

	if (r == -EAGAIN) {
		*ret_events = step.events;
		*ret_until_ns = step.until_ns;
		return r;
	}
	if (r < 0)
		return failed(s, &step, r);
	atomic_fetch_add_explicit(&s->shaken, 1, memory_order_relaxed);
	return 0;
}

void tell_secure_late(struct tell_secure *s)
{
	(void)snprintf(s->why, sizeof(s->why), "the server does not end the handshake");
	s->news = true;
}

ssize_t tell_secure_send(
	struct tell_secure *s, const char *data, size_t len, short *ret_events)
{
	struct tell_wire_step step = { 0 };
	ssize_t n = s->session ? s->wire->send(s->session, data, len, &step) : -ENOTCONN;

	s->pending = n == -EAGAIN;
	if (n == -EAGAIN)
		*ret_events = step.events;
	else if (n < 0)
		return failed(s, &step, (int)n);
	return n;
}

int tell_secure_listen(struct tell_secure *s)
{
	struct tell_wire_step step = { 0 };
	int r = s->session ? s->wire->listen(s->session, &step) : -ENOTCONN;

	return r < 0 ? failed(s, &step, r) : 0;
}

void tell_secure_end(struct tell_secure *s)
{
	if (s->session)
		s->wire->end(s->session);
	s->session = NULL;
	s->pending = false;
}

void tell_secure_goodbye(struct tell_secure *s, int fd)
{
	uint64_t deadline_ns = tell_clock_monotonic_ns() + GOODBYE_NS;
	struct tell_wire_step step = { 0 };
	char word[512];
	int r = -EAGAIN;

	/* A frame that is cut off must not look like one that ended. */
	while (s->session && !s->pending && r == -EAGAIN) {
		r = s->wire->goodbye(s->session, &step);
		if (r == -EAGAIN && tell_wait_fd(fd, step.events, deadline_ns) < 0)
			break;
	}
	tell_secure_end(s);
	if (r < 0 || shutdown(fd, SHUT_WR) < 0)
		return;
	while (tell_clock_monotonic_ns() < deadline_ns &&
		tell_wait_fd(fd, POLLIN, deadline_ns) == 0 &&
		recv(fd, word, sizeof(word), MSG_DONTWAIT) > 0)
		;
}

void tell_secure_child(struct tell_secure *s, bool whole)
{
	if (!whole)
		s->session = NULL; /* half a state: its memory is left alone */
	if (s->wire)
		tell_secure_end(s);
	s->unread = s->news = false;
}
