/* <telltale/health.h>: what is asked of the process's own service. */
#include <string.h>
#include "api/health.h"
#include "api/process.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "health/callback.h"

int tell_health_register(const char *name, tell_health_fn *fn, void *arg)
{
	tell_process_check(); /* a child has locks of its own */
	return tell_callback_set(name, fn, arg);
}

static void take_reason(struct tell_health_check *to, const struct tell_record *said)
{
	struct tell_value v;
	if (!said->head || !tell_record_get(said, "reason", 6, &v) ||
		v.type != TELL_TYPE_STR)
		return;
	size_t n = tell_utf8_cut(v.data, v.len, sizeof(to->reason) - 1);
	memcpy(to->reason, v.data, n);
}

static void take(struct tell_health_check *to, const struct tell_round *r, size_t i,
	uint64_t now_ns)
{
	const struct tell_round_line *line = &r->lines[i];
	*to = (struct tell_health_check){ .status = tell_round_check(r, i, now_ns),
		.at_ns = line->at_ns,
		.since_ns = line->since_ns,
		.latency_ns = line->latency_ns };
	memcpy(to->name, line->line.name, sizeof(to->name)); /* as long */
	take_reason(to, &line->said);
}

enum tell_health_status tell_health_get(
	struct tell_health_check *checks, size_t max, size_t *ret_n)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	enum tell_health_status status = TELL_HEALTH_UNKNOWN;
	size_t n = 0;
	tell_process_check();
	const struct tell_service *s = &tell_process.main;
	const struct tell_round *r = tell_health_borrow(s);
	for (size_t i = 0; r && i < r->n; i++) {
		if (!r->lines[i].line.health)
			continue;
		if (n < max)
			take(&checks[n], r, i, now_ns);
		n++;
	}
	if (r) {
		status = tell_round_status(r, now_ns);
		tell_health_return(s);
	}
	if (ret_n)
		*ret_n = n;
	return status;
}
