#include "health/probe.h"
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/descriptor.h"
#include "record/record.h"

#define ABOVE 200 /* where hosts have few files of their own */

enum tell_verdict tell_probe_say(
	struct tell_run *run, enum tell_verdict v, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	const struct tell_field f = tell_str("reason", text);
	tell_record_add(run->record, &f, 1, 0, NULL);
	return v;
}

const char *tell_probe_name(const struct tell_probe_to *to, char *text, size_t size)
{
	if (!to->host)
		(void)snprintf(text, size, "%s", to->path); /* cut is fine */
	else
		(void)snprintf(text, size, strchr(to->host, ':') ? "[%s]:%u" : "%s:%u",
			to->host, to->port);
	return text;
}

static enum tell_verdict cannot(struct tell_probe *p, const char *what, int error)
{
	char name[160], why[80];
	enum tell_verdict v = error == ETIMEDOUT ? TELL_TIMEOUT
		: error == EMFILE || error == ENFILE || error == ENOMEM
		? TELL_FAILED
		: TELL_UNAVAILABLE;
	const char *text = v == TELL_TIMEOUT ? "no answer in time"
					     : strerror_r(error, why, sizeof(why));
	return tell_probe_say(p->run, v, "%s %s: %s", what,
		tell_probe_name(p->to, name, sizeof(name)), text);
}

/* Until the descriptor is ready: 0 or ETIMEDOUT. A signal does not end it. */
static int await(const struct tell_probe *p, short events)
{
	struct pollfd fd = { .fd = p->fd, .events = events };
	for (;;) {
		uint64_t now_ns = tell_clock_monotonic_ns();
		uint64_t left_ns = p->run->deadline_ns > now_ns
			? p->run->deadline_ns - now_ns
			: 0;
		const struct timespec left = { (time_t)(left_ns / TELL_NS_PER_SEC),
			(long)(left_ns % TELL_NS_PER_SEC) };
		int n = ppoll(&fd, 1, &left, NULL);
		if (n > 0)
			return 0;
		if (n == 0)
			return ETIMEDOUT;
		if (errno != EINTR)
			return errno;
	}
}

/* 0, or the errno why not; then nothing is open. */
static int dial(struct tell_probe *p, const struct sockaddr *addr, socklen_t len)
{
	int type = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;
	int error = 0;
	socklen_t n = sizeof(error);
	int fd = socket(addr->sa_family, type, 0);
	if (fd < 0)
		return errno;
	int high = tell_descriptor_above(fd, ABOVE);
	p->fd = high < 0 ? fd : high;
	if (connect(p->fd, addr, len) == 0)
		return 0;
	error = errno;
	if (error == EINPROGRESS) {
		error = await(p, POLLOUT);
		if (!error && getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
			error = errno;
	}
	if (error)
		tell_probe_close(p);
	return error;
}

static enum tell_verdict open_path(struct tell_probe *p)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t n = strlen(p->to->path); /* fits: tell_probe_take() */
	memcpy(addr.sun_path, p->to->path, n);
	if (addr.sun_path[0] == '@')
		addr.sun_path[0] = '\0';
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	int error = dial(p, (const struct sockaddr *)&addr, len);
	if (error == EAGAIN)
		error = ETIMEDOUT; /* the queue of connections is full */
	return error ? cannot(p, "cannot connect to", error) : TELL_SUCCESS;
}

static enum tell_verdict open_host(struct tell_probe *p)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV };
	struct addrinfo *list = NULL;
	char port[8];
	(void)snprintf(port, sizeof(port), "%u", p->to->port);
	int r = getaddrinfo(p->to->host, port, &hints, &list);
	if (r)
		return tell_probe_say(p->run, TELL_UNAVAILABLE, "cannot look up %s: %s",
			p->to->host, gai_strerror(r));
	int error = EHOSTUNREACH;
	for (const struct addrinfo *a = list; a; a = a->ai_next) {
		error = dial(p, a->ai_addr, a->ai_addrlen);
		if (!error || error == ETIMEDOUT)
			break; /* or there is no time for another */
	}
	freeaddrinfo(list);
	return error ? cannot(p, "cannot connect to", error) : TELL_SUCCESS;
}

enum tell_verdict tell_probe_open(
	struct tell_probe *p, const struct tell_probe_to *to, struct tell_run *run)
{
	*p = (struct tell_probe){ -1, run, to };
	return to->host ? open_host(p) : open_path(p);
}

void tell_probe_close(struct tell_probe *p)
{
	if (p->fd >= 0)
		(void)close(p->fd); /* Linux closes it whatever it says */
	p->fd = -1;
}

enum tell_verdict tell_probe_send(struct tell_probe *p, const void *bytes, size_t n)
{
	for (size_t at = 0; at < n;) {
		ssize_t k = send(p->fd, (const char *)bytes + at, n - at,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		int error = k < 0 ? errno : 0;
		if (error == EAGAIN)
			error = await(p, POLLOUT);
		if (error && error != EINTR)
			return cannot(p, "cannot write to", error);
		at += k > 0 ? (size_t)k : 0;
	}
	return TELL_SUCCESS;
}

/* At least one byte, at most n. */
static enum tell_verdict some(struct tell_probe *p, void *to, size_t n, size_t *ret_n)
{
	for (;;) {
		ssize_t k = recv(p->fd, to, n, MSG_DONTWAIT);
		int error = k < 0 ? errno : 0;
		char name[160];
		if (k > 0) {
			*ret_n = (size_t)k;
			return TELL_SUCCESS;
		}
		if (k == 0)
			return tell_probe_say(p->run, TELL_UNAVAILABLE,
				"%s hung up before it answered",
				tell_probe_name(p->to, name, sizeof(name)));
		if (error == EAGAIN)
			error = await(p, POLLIN);
		if (error && error != EINTR)
			return cannot(p, "cannot read from", error);
	}
}

enum tell_verdict tell_probe_read(struct tell_probe *p, void *to, size_t n)
{
	size_t k = 0;
	for (size_t at = 0; at < n; at += k) {
		enum tell_verdict v = some(p, (char *)to + at, n - at, &k);
		if (v != TELL_SUCCESS)
			return v;
	}
	return TELL_SUCCESS;
}

enum tell_verdict tell_probe_until(
	struct tell_probe *p, char *to, size_t size, const char *end, size_t *ret_n)
{
	size_t k = 0;
	/* A byte each: what is behind the end is the next answer's. */
	for (*ret_n = 0; *ret_n < size;) {
		enum tell_verdict v = some(p, to + *ret_n, 1, &k);
		if (v != TELL_SUCCESS)
			return v;
		*ret_n += k;
		if (memmem(to, *ret_n, end, strlen(end)))
			break;
	}
	return TELL_SUCCESS;
}

int tell_probe_take(
	struct tell_probe_to *to, const struct tell_args *args, struct tell_refusal *why)
{
	const size_t max = sizeof(((struct sockaddr_un *)0)->sun_path);
	to->path = tell_args_text(args, "socket");
	to->host = to->path ? NULL : tell_args_text(args, "host");
	to->port = (uint16_t)tell_args_u64(args, "port");
	if (to->path && tell_args_given(args, "host"))
		return tell_refuse(why, -EINVAL, "socket", "keep one of them",
			"host= and socket= are two places");
	if (to->path && *to->path != '/' && *to->path != '@')
		return tell_refuse(why, -EINVAL, "socket", "begin it with / or @",
			"a relative path depends on where the service is started");
	if (to->path && strlen(to->path) >= max)
		return tell_refuse(why, -ENAMETOOLONG, "socket", "choose a shorter path",
			"the path has more than %zu bytes", max - 1);
	return 0;
}

int tell_probe_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, text, size - 1);
	int error = n < 0 ? errno : 0;
	(void)close(fd);
	if (error)
		return -error;
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	text[n] = '\0';
	return (int)n;
}
