#include "api/gather.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "api/health_view.h"
#include "api/process.h"
#include "base/clock.h"
#include "meter/callback.h"
#include "meter/host.h"
#include "meter/process.h"

#define TRIES	 20
#define PAUSE_NS (5 * TELL_NS_PER_MS)

/* Is it the one that speaks for the process? */
static bool is_first(const struct tell_service *s)
{
	const struct tell_service *first = &tell_process.main;
	if (!tell_service_thread_runs(&first->thread))
		first = tell_process.services;
	while (first && !tell_service_thread_runs(&first->thread))
		first = first->next;
	return s == (first ? first : &tell_process.main);
}

/* Read under locks, shown without. */
struct seen {
	struct tell_health_check checks[TELL_ROUND_LINES];
	size_t n;
	enum tell_health_status status;
	struct tell_ledger ledger;
};

static void see_health(struct seen *seen, const struct tell_service *s)
{
	seen->status = tell_health_list(s, seen->checks, TELL_ROUND_LINES, &seen->n);
}

static void collect(const struct tell_ledger *l, const struct seen *seen, bool process,
	const struct tell_collector *to)
{
	tell_ledger_collect(l, process, to);
	if (seen)
		tell_health_collect(seen->status, seen->checks, seen->n, to);
	if (!process)
		return;
	tell_collect_registry(to);
	if (tell_process_wanted())
		tell_collect_process(to);
	if (tell_host_wanted())
		tell_collect_host(to);
}

void tell_gather_service(const struct tell_service *s, const struct tell_ledger *l,
	const struct tell_collector *to)
{
	struct seen *seen = malloc(sizeof(*seen)); /* NULL: it goes without */
	if (seen)
		see_health(seen, s);
	collect(l, seen, is_first(s), to);
	free(seen);
}

void tell_gather_process(const struct tell_collector *to)
{
	struct seen *seen = malloc(sizeof(*seen)); /* NULL: it goes without */
	struct tell_ledger ledger;
	tell_service_ledger(&tell_process.main, &ledger);
	if (seen)
		see_health(seen, &tell_process.main);
	collect(&ledger, seen, true, to);
	free(seen);
}

/* Whoever holds the lock may be waiting for the calling thread to end. */
static bool lock(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	for (int i = 0; i < TRIES; i++) {
		if (pthread_mutex_trylock(&tell_process.lock) == 0)
			return true;
		(void)nanosleep(&pause, NULL); /* or shorter: no harm */
	}
	return false;
}

static const struct tell_service *find(const char *name)
{
	const struct tell_service *s = &tell_process.main;
	if (strcmp(s->name, name) == 0)
		return s;
	for (s = tell_process.services; s && strcmp(s->name, name) != 0;)
		s = s->next;
	return s;
}

bool tell_gather_named(const char *service, const struct tell_collector *to)
{
	struct seen *seen = malloc(sizeof(*seen)); /* 25 KiB */
	bool process = false;
	tell_callbacks_run();
	if (!seen || !lock()) {
		free(seen);
		return false;
	}
	const struct tell_service *s = find(service);
	if (s) {
		tell_service_ledger(s, &seen->ledger);
		see_health(seen, s);
		process = is_first(s);
	}
	(void)pthread_mutex_unlock(&tell_process.lock);
	if (s)
		collect(&seen->ledger, seen, process, to);
	free(seen);
	return s != NULL;
}

int tell_gather_health(struct tell_buf *out, const char *service,
	enum tell_health_layout layout, struct tell_gather_health *ret)
{
	if (!lock())
		return -EBUSY;
	const struct tell_service *s = find(service);
	if (s) {
		ret->status = tell_health_put(out, s, layout, &ret->live);
		(void)tell_health_list(s, NULL, 0, &ret->n_checks);
	}
	(void)pthread_mutex_unlock(&tell_process.lock);
	return s ? 0 : -ENOENT;
}
