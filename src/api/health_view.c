#include "api/health_view.h"
#include <string.h>
#include "api/service.h"
#include "base/clock.h"
#include "base/utf8.h"

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

enum tell_health_status tell_health_list(const struct tell_service *s,
	struct tell_health_check *checks, size_t max, size_t *ret_n)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	enum tell_health_status status = TELL_HEALTH_UNKNOWN;
	size_t n = 0;
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

static size_t view(
	struct tell_health_one *to, const struct tell_round *r, uint64_t now_ns)
{
	size_t n = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct tell_round_line *line = &r->lines[i];
		if (line->line.health)
			to[n++] = (struct tell_health_one){ .name = line->line.name,
				.status = tell_round_check(r, i, now_ns),
				.live = line->line.live,
				.at_ns = line->at_ns,
				.since_ns = line->since_ns,
				.latency_ns = line->latency_ns,
				.said = &line->said };
	}
	return n;
}

enum tell_health_status tell_health_put(struct tell_buf *out,
	const struct tell_service *s, enum tell_health_layout layout, bool *ret_live)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	struct tell_health_one checks[TELL_ROUND_LINES];
	struct tell_health_all all = { .service = s->name,
		.live = true,
		.now_ns = tell_clock_realtime_ns(),
		.since_ns = __atomic_load_n(&s->health_since_ns, __ATOMIC_RELAXED),
		.checks = checks };
	const struct tell_round *r = tell_health_borrow(s);
	if (r) {
		all.n = view(checks, r, now_ns);
		all.status = tell_round_status(r, now_ns);
		all.live = tell_round_live(r, now_ns);
	}
	tell_encode_health(out, &all, layout);
	if (r)
		tell_health_return(s);
	*ret_live = all.live;
	return all.status;
}

static void put_status(const struct tell_collector *to, const struct tell_label *l,
	enum tell_health_status status)
{
	struct tell_reading v = { .whole = false };
	v.f64 = status == TELL_HEALTHY ? 1 : status == TELL_DEGRADED ? 0.5 : 0;
	if (status != TELL_HEALTH_UNKNOWN)
		to->sample(to->arg, l, l ? 1 : 0, v);
}

void tell_health_collect(enum tell_health_status status,
	const struct tell_health_check *checks, size_t n, const struct tell_collector *to)
{
	static const struct tell_metric families[] = {
		{ "telltale_health", "The service: 1 healthy, 0.5 degraded, 0 unhealthy.",
			TELL_METRIC_GAUGE },
		{ "telltale_health_status",
			"A check: 1 healthy, 0.5 degraded, 0 unhealthy.",
			TELL_METRIC_GAUGE },
		{ "telltale_health_latency_seconds", "How long a check took last.",
			TELL_METRIC_GAUGE },
	};
	if (n == 0)
		return;
	to->family(to->arg, &families[0]);
	put_status(to, NULL, status);
	to->family(to->arg, &families[1]);
	for (size_t i = 0; i < n; i++) {
		const struct tell_label l = { "check", checks[i].name };
		put_status(to, &l, checks[i].status);
	}
	to->family(to->arg, &families[2]);
	for (size_t i = 0; i < n; i++) {
		const struct tell_label l = { "check", checks[i].name };
		const struct tell_reading v = { .whole = false,
			.f64 = (double)checks[i].latency_ns / 1e9 };
		if (checks[i].at_ns)
			to->sample(to->arg, &l, 1, v);
	}
}
