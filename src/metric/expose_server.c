#include "metric/expose_server.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "metric/expose_thread.h"

static struct {
	pthread_mutex_t lock; /* a default mutex: no errors */
	struct tell_server *first;
	bool watched; /* the handler of fork(2) is set */
} servers = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct tell_server *find(const char *service, const struct tell_place *place)
{
	struct tell_server *s = servers.first;
	while (s &&
		!(strcmp(s->place, place->text) == 0 && strcmp(s->service, service) == 0))
		s = s->next;
	return s;
}

static void take_out(struct tell_server *s)
{
	struct tell_server **at = &servers.first;
	while (*at != s)
		at = &(*at)->next;
	__atomic_store_n(at, s->next, __ATOMIC_RELEASE);
}

static struct tell_server *make(const char *service, const struct tell_place *place)
{
	struct tell_server *s = calloc(1, sizeof(*s));
	char *text = strdup(place->text);
	if (!s || !text) {
		free(text);
		free(s);
		return NULL;
	}
	(void)snprintf(s->service, sizeof(s->service), "%s", service); /* as long */
	s->place = text;
	s->refs = 1;
	s->listens = s->wakes = s->polls = -1;
	tell_clients_init(&s->clients);
	(void)pthread_mutex_init(&s->lock, NULL); /* cannot fail in glibc */
	s->next = servers.first;
	__atomic_store_n(&servers.first, s, __ATOMIC_RELEASE);
	if (!servers.watched)
		servers.watched = pthread_atfork(NULL, NULL, tell_servers_child) == 0;
	return s;
}

static void put(struct tell_server *s)
{
	if (--s->users > 0)
		return;
	tell_server_stop(s);
	take_out(s);
	tell_server_unref(s);
}

/* ---- for the lines ---- */

void tell_server_hold(
	struct tell_server **server, const struct tell_place *place, const char *service)
{
	(void)pthread_mutex_lock(&servers.lock);
	*server = find(service, place);
	if (*server)
		(*server)->users++;
	(void)pthread_mutex_unlock(&servers.lock);
}

static int serve_locked(struct tell_server **server, const struct tell_place *place,
	const struct tell_server_settings *settings)
{
	struct tell_server *s = *server;
	if (!s) {
		s = find(settings->service, place);
		s = s ? s : make(settings->service, place);
		if (!s)
			return -ENOMEM;
		s->users++;
		*server = s;
	}
	(void)pthread_mutex_lock(&s->lock);
	s->layout = settings->layout;
	s->timeout_ns = settings->timeout_ns;
	(void)pthread_mutex_unlock(&s->lock);
	if (tell_server_runs(s))
		return 0;
	tell_server_stop(s); /* it has ended by itself */
	return tell_server_start(s, place, settings->mode);
}

int tell_server_serve(struct tell_server **server, const struct tell_place *place,
	const struct tell_server_settings *settings)
{
	(void)pthread_mutex_lock(&servers.lock);
	int r = serve_locked(server, place, settings);
	(void)pthread_mutex_unlock(&servers.lock);
	return r;
}

void tell_server_leave(struct tell_server **server)
{
	(void)pthread_mutex_lock(&servers.lock);
	if (*server)
		put(*server);
	*server = NULL;
	(void)pthread_mutex_unlock(&servers.lock);
}

static void close_copy(int *fd)
{
	int copy = __atomic_exchange_n(fd, -1, __ATOMIC_ACQ_REL);
	if (copy >= 0)
		(void)close(copy); /* the parent's goes on */
}

/* Async-signal-safe, as in a child of a process with threads. The servers' memory is left alone:
 * their threads stayed behind in the middle of something. */
void tell_servers_child(void)
{
	struct tell_server *s = __atomic_exchange_n(
		&servers.first, NULL, __ATOMIC_ACQ_REL);
	for (; s; s = s->next) {
		close_copy(&s->listens);
		close_copy(&s->wakes);
		close_copy(&s->polls);
		tell_clients_child(&s->clients);
	}
	servers.lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
}
