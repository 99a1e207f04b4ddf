#include "api/notify.h"
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/clock.h"
#include "health/module.h"
#include "health/watchdog.h"

/* What does not get through is not sent again: the next message says more. */
static void put(const struct tell_watchdog *w, const char *text)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t n = strlen(w->socket);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	memcpy(addr.sun_path, w->socket, n);
	if (addr.sun_path[0] == '@')
		addr.sun_path[0] = '\0';
	(void)sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&addr,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	(void)close(fd);
}

/* STATUS=unhealthy: db, disk */
static void put_status(const struct tell_watchdog *w, const struct tell_round *r,
	enum tell_health_status status, uint64_t now_ns)
{
	char text[512];
	size_t at = (size_t)snprintf(
		text, sizeof(text), "STATUS=%s", tell_health_word(status));
	const char *comma = ": ";
	for (size_t i = 0; i < r->n; i++) {
		const struct tell_timed *line = &r->lines[i].line;
		if (!line->health || tell_round_check(r, i, now_ns) <= TELL_HEALTHY ||
			at + TELL_TIMED_NAME + 3 > sizeof(text))
			continue;
		at += (size_t)snprintf(
			text + at, sizeof(text) - at, "%s%s", comma, line->name);
		comma = ", ";
	}
	put(w, text);
}

static const struct tell_watchdog *watchdog_of(const struct tell_round *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->lines[i].line.module == &tell_health_watchdog)
			return r->lines[i].line.state;
	return NULL;
}

/* It is, or no line but the watchdog's own could say that it is not. */
static bool is_ready(const struct tell_round *r, enum tell_health_status status)
{
	for (size_t i = 0; i < r->n && status == TELL_HEALTH_UNKNOWN; i++)
		if (r->lines[i].line.health &&
			r->lines[i].line.module != &tell_health_watchdog)
			return false;
	return status != TELL_UNHEALTHY;
}

static void say(struct tell_notify *n, const struct tell_watchdog *w,
	const struct tell_round *r, uint64_t now_ns)
{
	enum tell_health_status status = tell_round_status(r, now_ns);
	if (w->ready && !n->ready && is_ready(r, status)) {
		put(w, "READY=1");
		n->ready = true;
	}
	if (!w->status || (n->told && n->status == status) ||
		(!n->told && status == TELL_HEALTH_UNKNOWN))
		return;
	put_status(w, r, status, now_ns);
	n->told = true;
	n->status = status;
}

static uint64_t ping(struct tell_notify *n, const struct tell_watchdog *w,
	const struct tell_round *r, uint64_t now_ns)
{
	bool ours = !w->pid || w->pid == (uint32_t)getpid() || w->child;
	if (!w->interval_ns || !ours)
		return UINT64_MAX;
	if (now_ns < n->ping_ns)
		return n->ping_ns;
	if (tell_round_live(r, now_ns))
		put(w, "WATCHDOG=1");
	n->ping_ns = now_ns + w->interval_ns / 2;
	return n->ping_ns;
}

uint64_t tell_notify_due(
	struct tell_notify *n, const struct tell_round *r, uint64_t now_ns)
{
	const struct tell_watchdog *w = watchdog_of(r);
	if (!w || !*w->socket || (n->in_child && !w->child))
		return UINT64_MAX;
	say(n, w, r, now_ns);
	return ping(n, w, r, now_ns);
}
