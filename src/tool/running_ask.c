/* Asking a running service: tell_running_ask(). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>
#include "api/control_place.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/runtime_dir.h"
#include "tool/running.h"

#define ANSWER_MAX ((size_t)32 << 20)
#define AGAIN_MS   50

__attribute__((format(printf, 3, 4))) static int fail(
	struct tell_buf *answer, int code, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	tell_buf_clear(answer);
	tell_buf_puts(answer, text);
	return code;
}

/* Is it who its directory belongs to, or root? */
static bool is_who_it_says(struct tell_running *r, int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ||
		(peer.uid != r->uid && peer.uid != 0))
		return false;
	if (peer.pid > 0)
		r->pid = peer.pid; /* the name may have that of another namespace */
	return true;
}

/* A connection; -EAGAIN: it is busy. */
static int join(struct tell_running *r)
{
	uid_t owner;
	TELL_CLEANUP(tell_closep) int dir = tell_runtime_dir_open(r->dir, &owner);
	if (dir < 0)
		return dir;
	if (owner != r->uid)
		return -EPERM;
	return tell_control_connect(dir, r->dir, r->name);
}

/* Until it is ready or the time is over: 0 or -ETIMEDOUT. */
static int await(int fd, short events, uint64_t until_ns)
{
	struct pollfd p = { .fd = fd, .events = events };
	for (;;) {
		uint64_t now_ns = tell_clock_monotonic_ns();
		if (now_ns >= until_ns)
			return -ETIMEDOUT;
		int n = poll(&p, 1, 1 + (int)((until_ns - now_ns) / TELL_NS_PER_MS));
		if (n > 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return -errno;
	}
}

/* Send the request, read to the end: the answer's bytes. */
static int talk(int fd, const char *request, uint64_t until_ns, struct tell_buf *answer)
{
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		return errno == EPIPE || errno == ECONNRESET ? -EAGAIN : -errno;
	for (;;) {
		int r = await(fd, POLLIN, until_ns);
		if (r < 0)
			return r;
		if (!tell_buf_reserve(answer, (size_t)64 << 10))
			return -EMSGSIZE;
		ssize_t n = recv(fd, answer->data + answer->len, (size_t)64 << 10, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n < 0 && answer->len == 0 && errno == ECONNRESET)
			return -EAGAIN; /* hung up on before it was read */
		if (n < 0)
			return -errno;
		if (n == 0)
			return answer->len ? 0 : -EAGAIN;
		answer->len += (size_t)n;
	}
}

/* "ok\n" and the rest, or "error CODE SENTENCE\n". */
static int read_answer(struct tell_buf *answer)
{
	const char *text = tell_buf_cstr(answer);
	if (strncmp(text, "ok\n", 3) == 0) {
		memmove(answer->data, answer->data + 3, answer->len - 3);
		answer->len -= 3;
		return 0;
	}
	int code = 0, at = 0;
	if (sscanf(text, "error %d %n", &code, &at) != 1 || !at || code < EX__BASE ||
		code > EX__MAX)
		return fail(answer, EX_PROTOCOL, "it does not speak telltale's language");
	memmove(answer->data, answer->data + at, answer->len - (size_t)at);
	answer->len -= (size_t)at;
	while (answer->len && answer->data[answer->len - 1] == '\n')
		answer->len--;
	return code;
}

int tell_running_ask(struct tell_running *r, const char *request, unsigned timeout_ms,
	struct tell_buf *answer)
{
	uint64_t until_ns = tell_clock_monotonic_ns() + timeout_ms * TELL_NS_PER_MS;
	answer->limit = ANSWER_MAX;
	for (;;) {
		tell_buf_clear(answer);
		TELL_CLEANUP(tell_closep) int fd = join(r);
		int e = fd;
		if (fd >= 0 && !is_who_it_says(r, fd))
			return fail(answer, EX_NOPERM, "another user answers there");
		if (fd >= 0)
			e = talk(fd, request, until_ns, answer);
		if (e >= 0)
			return read_answer(answer);
		if (e != -EAGAIN && e != -ETIMEDOUT)
			return fail(answer, EX_UNAVAILABLE, "%s", strerror(-e));
		if (tell_clock_monotonic_ns() + AGAIN_MS * TELL_NS_PER_MS >= until_ns)
			return fail(answer, EX_TEMPFAIL, "no answer within %u s",
				timeout_ms / 1000);
		tell_clock_sleep_ms(AGAIN_MS); /* it serves others first */
	}
}
