#include "metric/expose_thread.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include "base/quiet_thread.h"
#include "metric/expose_answer.h"

#define NAME	    "telltale-http"
#define NS_PER_SEC  UINT64_C(1000000000)
#define NS_PER_MS   UINT64_C(1000000)
#define STACK_BYTES ((size_t)512 << 10) /* functions of the host: callbacks of gauges */
#define LOOK_MS	    5000		/* a descriptor that was closed wakes nobody */
#define PAUSE_NS    10000000
#define IDLE_ROUNDS 100
#define GO_NS	    (500 * NS_PER_MS)	    /* for an answer under way */
#define PLACES	    (TELL_CLIENTS_ROOM - 8) /* libmicrohttpd waits at this many */

static uint64_t now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail */
	return (uint64_t)t.tv_sec * NS_PER_SEC + (uint64_t)t.tv_nsec;
}

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

/* Not by the thread: who wakes it must not write to what is another's by then. */
static void close_wakes(struct tell_server *s)
{
	int wakes = __atomic_exchange_n(&s->wakes, -1, __ATOMIC_ACQ_REL);
	if (wakes >= 0)
		(void)close(wakes); /* nothing is lost in it */
}

void tell_server_unref(struct tell_server *s)
{
	if (__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	close_wakes(s);
	(void)pthread_mutex_destroy(&s->lock);
	free(s->place);
	free(s);
}

/* ---- what libmicrohttpd calls ---- */

static void on_connection(void *server, struct MHD_Connection *c, void **ret_client,
	enum MHD_ConnectionNotificationCode what)
{
	struct tell_server *s = server;
	struct tell_client *client = *ret_client;
	s->called = true;
	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		s->held -= client ? client->held : 0;
		if (client && client->began && !client->asked && !client->shut)
			tell_answer_count_dropped(TELL_DROPPED_BROKEN, 1);
		tell_clients_gone(&s->clients, client);
		*ret_client = NULL;
		return;
	}
	const union MHD_ConnectionInfo *fd = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *from = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (fd)
		*ret_client = tell_clients_add(&s->clients, fd->connect_fd,
			from ? from->client_addr : NULL, now_ns());
}

static struct tell_client *client_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

/* The first line of a head is there; libmicrohttpd may find the rest too large. What is returned
 * is what on_request() has first in *ret_seen. */
static void *on_line(void *server, const char *uri, struct MHD_Connection *c)
{
	struct tell_client *client = client_of(c);
	(void)server, (void)uri;
	if (client)
		client->began = true;
	return NULL;
}

static bool stopping(void *server)
{
	return is_set(&((struct tell_server *)server)->stops);
}

static enum MHD_Result answer(struct tell_server *s, struct MHD_Connection *c,
	const char *path, const char *method)
{
	struct tell_client *client = client_of(c);
	if (!client)
		return MHD_NO; /* there was no place for it */
	struct tell_answering with = {
		.service = s->service, .stopping = stopping, .arg = s, .room = SIZE_MAX
	};
	if (s->held > 0)
		with.room = s->held < TELL_SERVER_HELD ? TELL_SERVER_HELD - s->held : 0;
	(void)pthread_mutex_lock(&s->lock);
	with.layout = s->layout;
	(void)pthread_mutex_unlock(&s->lock);
	client->asked = true;
	enum MHD_Result done = tell_answer_request(&with, c, path, method, &client->held);
	s->held += client->held;
	return done;
}

/* Called with the head, with each piece of a body, which nobody wants, and at the end. */
static enum MHD_Result on_request(void *server, struct MHD_Connection *c,
	const char *path, const char *method, const char *version, const char *body,
	size_t *n, void **ret_seen)
{
	(void)version, (void)body;
	((struct tell_server *)server)->called = true;
	if (!*ret_seen || *n > 0) {
		*ret_seen = server;
		*n = 0;
		return MHD_YES;
	}
	return answer(server, c, path, method);
}

/* ---- the thread ---- */

/* Has the host closed our descriptors, as daemons do that close all? */
static bool is_ours(const struct tell_server *s)
{
	struct stat now;
	return fstat(s->listens, &now) == 0 && now.st_dev == s->listening.st_dev &&
		now.st_ino == s->listening.st_ino;
}

static int wait_ms(struct tell_server *s, uint64_t timeout_ns)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;
	if (MHD_get_timeout(s->http, &ms) == MHD_YES && ms == 0)
		return 0; /* it has something to do */
	uint64_t oldest_ns = tell_clients_oldest(&s->clients), at_ns = now_ns();
	if (oldest_ns == UINT64_MAX)
		return LOOK_MS;
	if (oldest_ns + timeout_ns <= at_ns)
		return 0;
	if (oldest_ns + timeout_ns - at_ns > LOOK_MS * NS_PER_MS)
		return LOOK_MS;
	return (int)((oldest_ns + timeout_ns - at_ns) / NS_PER_MS) + 1;
}

static void drop_late(struct tell_server *s, uint64_t timeout_ns)
{
	uint64_t at_ns = now_ns();
	size_t late = at_ns > timeout_ns
		? tell_clients_expire(&s->clients, at_ns - timeout_ns)
		: 0;
	if (late)
		tell_answer_count_dropped(TELL_DROPPED_TIMEOUT, late);
	if (s->clients.crowded)
		tell_answer_count_dropped(TELL_DROPPED_LIMIT, s->clients.crowded);
	s->clients.crowded = 0;
}

/* A descriptor too few, and libmicrohttpd would try for one without a pause. */
static void pace(struct tell_server *s, unsigned *idle)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	*idle = s->called ? 0 : *idle + 1;
	s->called = false;
	if (*idle > IDLE_ROUNDS)
		(void)nanosleep(&pause, NULL); /* or shorter: no harm */
}

static void serve(struct tell_server *s)
{
	unsigned idle = 0;
	struct pollfd fds[] = { { .fd = s->polls, .events = POLLIN },
		{ .fd = s->wakes, .events = POLLIN } };
	while (!is_set(&s->stops)) {
		(void)pthread_mutex_lock(&s->lock);
		uint64_t timeout_ns = s->timeout_ns;
		(void)pthread_mutex_unlock(&s->lock);
		if (poll(fds, 2, wait_ms(s, timeout_ns)) < 0 && errno != EINTR)
			return;
		if (!is_ours(s) || fds[0].revents & POLLNVAL)
			return;
		(void)MHD_run(s->http);
		drop_late(s, timeout_ns);
		pace(s, &idle);
	}
}

static void forget(struct tell_server *s)
{
	__atomic_store_n(&s->listens, -1, __ATOMIC_RELEASE);
	__atomic_store_n(&s->polls, -1, __ATOMIC_RELEASE);
}

/* libmicrohttpd ends the process when it cannot close what it opened. If that is gone, or may
 * be another's by now, all of it is left alone. */
static void end(struct tell_server *s)
{
	bool ours = is_ours(s);
	if (ours && s->file.st_ino)
		tell_place_leave(strchr(s->place, '/'), &s->file);
	forget(s);
	if (ours)
		MHD_stop_daemon(s->http); /* closes them */
	else
		__atomic_store_n(&s->wakes, -1, __ATOMIC_RELEASE);
}

static void *run(void *server)
{
	struct tell_server *s = server;
	(void)prctl(PR_SET_NAME, NAME); /* for people only */
	tell_answer_count_begin();
	serve(s);
	end(s);
	__atomic_store_n(&s->ended, true, __ATOMIC_RELEASE);
	tell_server_unref(s);
	return NULL;
}

/* ---- its start ---- */

static int start_http(struct tell_server *s, int listens)
{
	s->http = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, s,
		MHD_OPTION_LISTEN_SOCKET, listens, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)PLACES, MHD_OPTION_CONNECTION_MEMORY_LIMIT, TELL_SERVER_HEADER,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
		MHD_OPTION_URI_LOG_CALLBACK, on_line, s, MHD_OPTION_END);
	const union MHD_DaemonInfo *polls = s->http
		? MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_EPOLL_FD)
		: NULL;
	if (!polls)
		return -ENOMEM;
	__atomic_store_n(&s->polls, polls->epoll_fd, __ATOMIC_RELEASE);
	return 0;
}

/* All was opened but the thread: as if nothing had been. */
static void undo(struct tell_server *s, int listens)
{
	struct stat now;
	forget(s);
	if (s->file.st_ino)
		tell_place_leave(strchr(s->place, '/'), &s->file);
	if (s->http)
		MHD_stop_daemon(s->http);
	else if (fstat(listens, &now) == 0 && now.st_ino == s->listening.st_ino)
		(void)close(listens); /* it has not done so */
	close_wakes(s);
	s->http = NULL;
}

int tell_server_start(struct tell_server *s, const struct tell_place *place, mode_t mode)
{
	int listens = -1;
	s->file.st_ino = 0;
	int r = tell_place_listen(place, mode, &listens, &s->file);
	if (r < 0)
		return r;
	int wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	(void)fstat(listens, &s->listening); /* cannot fail: it is open */
	__atomic_store_n(&s->listens, listens, __ATOMIC_RELEASE);
	__atomic_store_n(&s->wakes, wakes, __ATOMIC_RELEASE);
	tell_clients_init(&s->clients);
	s->held = 0;
	s->stops = s->ended = false;
	r = wakes < 0 ? -errno : start_http(s, listens);
	(void)__atomic_add_fetch(&s->refs, 1, __ATOMIC_RELAXED);
	if (r == 0)
		r = -tell_quiet_thread(&s->thread, STACK_BYTES, run, s);
	s->runs = r == 0;
	if (r < 0) {
		(void)__atomic_sub_fetch(&s->refs, 1, __ATOMIC_RELAXED);
		undo(s, listens);
	}
	return r;
}

/* ---- its end ---- */

void tell_server_stop(struct tell_server *s)
{
	struct timespec by;
	uint64_t one = 1;
	if (!s->runs)
		return;
	__atomic_store_n(&s->stops, true, __ATOMIC_RELEASE);
	int wakes = __atomic_load_n(&s->wakes, __ATOMIC_ACQUIRE);
	if (wakes >= 0 && write(wakes, &one, sizeof(one)) < 0)
		(void)errno; /* it is awake, or its descriptors are gone */
	(void)clock_gettime(CLOCK_REALTIME, &by);
	uint64_t ns = (uint64_t)by.tv_nsec + GO_NS;
	by.tv_sec += (time_t)(ns / NS_PER_SEC);
	by.tv_nsec = (long)(ns % NS_PER_SEC);
	if (pthread_timedjoin_np(s->thread, NULL, &by) != 0)
		(void)pthread_detach(s->thread); /* it hangs; it has a reference */
	else
		close_wakes(s);
	s->runs = false;
}

bool tell_server_runs(const struct tell_server *s)
{
	return s->runs && !is_set(&s->ended);
}
