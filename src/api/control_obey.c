/* What the control socket is asked for: tell_control_obey(). */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <telltale/log.h>
#include "api/control.h"
#include "api/control_request.h"
#include "api/drain.h"
#include "api/level.h"
#include "api/process.h"
#include "api/status.h"
#include "base/clock.h"
#include "base/lock.h"
#include "meter/callback.h"

#define SLICE_NS (20 * TELL_NS_PER_MS)
#define LOCK_NS	 (10 * TELL_NS_PER_SEC)

#define RULE_FIX                                                                         \
	"write [file:GLOB] [func:GLOB] [line:A[-B]] [logger:PREFIX] LEVEL|off|reset"

__attribute__((format(printf, 3, 4))) static void refuse(
	struct tell_buf *answer, int code, const char *fmt, ...)
{
	char text[TELL_REFUSAL_BYTES + 64];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	tell_buf_printf(answer, "error %d %s\n", code, text);
}

/* An order that changes what is logged is itself logged. */
__attribute__((format(printf, 2, 3))) static void say(
	struct tell_service *s, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0)
		tell_service_say(s, TELL_NOTICE, text,
			n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

/* Whoever has the lock may wait for this very thread to end, or for what is queued. */
static bool lock(struct tell_service *s, struct tell_buf *answer)
{
	uint64_t now_ns = tell_clock_monotonic_ns(), until_ns = now_ns + LOCK_NS;
	for (; now_ns < until_ns; now_ns = tell_clock_monotonic_ns()) {
		if (tell_lock_by(&tell_process.lock, now_ns + SLICE_NS) == 0)
			return true;
		if (tell_service_thread_stopping(&s->thread))
			break;
		tell_service_drain_all(s, tell_clock_monotonic_ns() + SLICE_NS);
	}
	refuse(answer, EX_TEMPFAIL, "the service is closing, or busy");
	return false;
}

static void unlock(void)
{
	(void)pthread_mutex_unlock(&tell_process.lock);
}

static void set_level(struct tell_service *s, const struct tell_request *q,
	const char *by, struct tell_buf *answer)
{
	int n_sites = tell_level_sites(q->rules);
	uint64_t until_ns = tell_clock_monotonic_ns() + q->ms * TELL_NS_PER_MS;
	int r = n_sites < 0 ? n_sites
			    : tell_level_set_until(q->rules, q->ms ? s : NULL, until_ns);
	if (r == -EINVAL) {
		refuse(answer, EX_DATAERR, "no level rule: \"%.200s\"; " RULE_FIX,
			q->rules);
		return;
	}
	if (r < 0) {
		refuse(answer, EX_OSERR, "%s", strerror(-r));
		return;
	}
	if (q->ms)
		say(s, "level set to \"%.200s\" for %" PRIu64 " s by %s", q->rules,
			q->ms / 1000, by);
	else
		say(s, "level set to \"%.200s\" by %s", q->rules, by);
	tell_buf_printf(answer, "ok\n%d call sites\n", n_sites);
}

static void reload(struct tell_service *s, struct tell_buf *answer)
{
	if (!lock(s, answer))
		return;
	int r = tell_service_start(s, NULL, true);
	const struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	if (r < 0 && s->refusal)
		refuse(answer, EX_CONFIG, "%s; the old stack stays", s->refusal);
	else if (r < 0)
		refuse(answer, EX_OSERR, "%s; the old stack stays", strerror(-r));
	else
		tell_buf_printf(
			answer, "ok\n%s\n", stack ? tell_stack_source(stack) : "");
	unlock();
}

static void reopen(struct tell_service *s, struct tell_buf *answer)
{
	if (!lock(s, answer))
		return;
	int r = tell_service_reopen(s);
	if (r < 0)
		refuse(answer, EX_CANTCREAT, "%s", strerror(-r));
	else
		tell_buf_puts(answer, "ok\n");
	unlock();
}

static void flush(
	struct tell_service *s, const struct tell_request *q, struct tell_buf *answer)
{
	if (!lock(s, answer))
		return;
	uint64_t until_ns = tell_clock_monotonic_ns() + q->ms * TELL_NS_PER_MS;
	int r = tell_service_flush(s, until_ns);
	if (r < 0)
		refuse(answer, EX_TEMPFAIL, "not all is delivered: %s", strerror(-r));
	else
		tell_buf_puts(answer, "ok\n");
	unlock();
}

/* A sink that was mended need not wait for its pause to end. */
static void reset(
	struct tell_service *s, const char *sink, const char *by, struct tell_buf *answer)
{
	if (!lock(s, answer))
		return;
	struct tell_stack *stack = __atomic_load_n(&s->stack, __ATOMIC_ACQUIRE);
	size_t n = stack ? tell_ledger_reset(stack, sink) : 0;
	if (n == 0)
		refuse(answer, EX_DATAERR,
			"the stack has no sink \"%.64s\"; `telltale status` lists them",
			sink);
	else
		tell_buf_printf(answer, "ok\n%zu\n", n);
	if (n)
		say(s, "breaker of %.64s reset by %s", *sink ? sink : "all sinks", by);
	unlock();
}

static void stats(struct tell_service *s, struct tell_buf *answer)
{
	tell_callbacks_run(); /* the host's code: not under the lock */
	if (!lock(s, answer))
		return;
	tell_buf_puts(answer, "ok\n");
	tell_status_put(answer, s);
	unlock();
}

void tell_control_obey(struct tell_service *s, const char *request, size_t n,
	const char *by, struct tell_buf *answer)
{
	struct tell_request q __attribute__((uninitialized));
	const char *why;
	if (tell_request_parse(&q, request, n, &why) < 0) {
		refuse(answer, EX_PROTOCOL, "%s", why);
		return;
	}
	switch (q.verb) {
	case TELL_REQUEST_LEVEL:
		set_level(s, &q, by, answer);
		return;
	case TELL_REQUEST_RELOAD:
		reload(s, answer);
		return;
	case TELL_REQUEST_REOPEN:
		reopen(s, answer);
		return;
	case TELL_REQUEST_FLUSH:
		flush(s, &q, answer);
		return;
	case TELL_REQUEST_STATS:
		stats(s, answer);
		return;
	case TELL_REQUEST_RESET:
		reset(s, q.rules, by, answer);
		return;
	}
}
