#include "sink/certificate.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <telltale/log.h>
#include <time.h>

#include "base/clock.h"
#include "sink/wait.h"

#define N_MAX	4
#define HOUR_NS (3600 * TELL_NS_PER_SEC)
#define DAY_NS	(24 * HOUR_NS)
#define DAY_S	86400
#define GAUGE	"telltale_certificate_expiry_timestamp_seconds"
#define GAUGE_HELP                                                                       \
	"When a certificate ends: our own, or the server's as it was shown last."

struct ending {
	const char *whose;
	int64_t end_s;
};

/* The stream's lock is held. */
static size_t collect(const struct tell_secure *s, struct ending list[N_MAX])
{
	size_t n = 0;

	while (n < N_MAX && s->wire->expires(s->state, n, &list[n].whose, &list[n].end_s))
		n++;
	return n;
}

static void measure(struct tell_certificates *c, const struct ending *e)
{
	const char *values[] = { c->peer, e->whose };

	if (c->gauges)
		tell_gauge_set(
			&tell_family_with(c->gauges, values, 2, true)->number.gauge,
			(double)e->end_s);
}

void tell_certificates_init(struct tell_certificates *c, const char *host, uint16_t port,
	uint64_t warn_ns, struct tell_stream *stream)
{
	struct ending list[N_MAX];

	*c = (struct tell_certificates){ .warn_ns = warn_ns };
	(void)snprintf(c->peer, sizeof(c->peer), "%s:%u", host, port); /* cut is fine */
	if (tell_family_ours(&c->gauges, TELL_METRIC_GAUGE, GAUGE, GAUGE_HELP,
		    "peer certificate") < 0)
		c->gauges = NULL;
	for (size_t i = 0, n = collect(&stream->secure, list); i < n; i++)
		measure(c, &list[i]);
}

static void warn(
	struct tell_certificates *c, const struct ending *e, struct tell_run *run)
{
	bool own = strcmp(e->whose, "own") == 0;
	int64_t left_s = e->end_s - (int64_t)(tell_clock_realtime_ns() / TELL_NS_PER_SEC);
	time_t end = (time_t)e->end_s;
	char day[32] = "";
	struct tm tm;

	if (gmtime_r(&end, &tm))
		(void)strftime(day, sizeof(day), "%Y-%m-%d %H:%M UTC", &tm);
	/* Causes of their own: one must not be held back for the other. */
	if (left_s < 0)
		tell_note(run, TELL_WARNING, own ? "certificate-own" : "certificate-peer",
			"syslog server %s: %s certificate has expired, on %s", c->peer,
			own ? "our" : "its", day);
	else
		tell_note(run, TELL_WARNING, own ? "certificate-own" : "certificate-peer",
			"syslog server %s: %s certificate ends in %" PRId64
			" days, on %s; renew it",
			c->peer, own ? "our" : "its", left_s / DAY_S, day);
}

static bool ends_soon(const struct tell_certificates *c, const struct ending *e)
{
	uint64_t now_s = tell_clock_realtime_ns() / TELL_NS_PER_SEC;

	return e->end_s < (int64_t)(now_s + c->warn_ns / TELL_NS_PER_SEC);
}

/* Is it time, for this thread of all? */
static bool is_due(struct tell_certificates *c, const struct tell_stream *stream)
{
	uint64_t now_ns = tell_clock_tick_ns();
	uint64_t next_ns = atomic_load_explicit(&c->next_ns, memory_order_relaxed);
	uint32_t shaken = atomic_load_explicit(
		&stream->secure.shaken, memory_order_relaxed);

	if (now_ns < next_ns &&
		shaken == atomic_load_explicit(&c->shaken, memory_order_relaxed))
		return false;
	if (!atomic_compare_exchange_strong(&c->next_ns, &next_ns, now_ns + HOUR_NS))
		return false;
	atomic_store_explicit(&c->shaken, shaken, memory_order_relaxed);
	return true;
}

void tell_certificates_look(
	struct tell_certificates *c, struct tell_stream *stream, struct tell_run *run)
{
	struct ending list[N_MAX];
	bool warned = false;

	if (__builtin_expect(!is_due(c, stream), 1))
		return;
	if (tell_wait_lock(&stream->lock, run) < 0) {
		atomic_store(&c->next_ns, 0); /* with the next record, then */
		return;
	}
	size_t n = collect(&stream->secure, list);
	(void)pthread_mutex_unlock(&stream->lock);
	bool may = tell_clock_tick_ns() >= atomic_load(&c->warn_next_ns);
	for (size_t i = 0; i < n; i++) {
		measure(c, &list[i]);
		if (may && ends_soon(c, &list[i])) {
			warn(c, &list[i], run);
			warned = true;
		}
	}
	if (warned)
		atomic_store(&c->warn_next_ns, tell_clock_tick_ns() + DAY_NS);
}
