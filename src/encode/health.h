#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/health.h>
#include "base/buf.h"
#include "record/record.h"

/* How a service is, as JSON, for those who ask over HTTP or the control socket.
 *
 *	checks:      {"status":"degraded","live":true,"since":"2026-...","checks":{"disk":{
 *		     "status":"unhealthy","latency_ms":0.1,"since":"2026-...","live":false,
 *		     "details":{"reason":"...","free_ratio":0.02}}}}
 *	components:  {"status":"degraded","timestamp":"2026-...","components":{"disk":{
 *		     "status":"unhealthy","latency_ms":0.1}}}
 *	health+json: {"status":"warn","serviceId":"shop","checks":{"disk":[{"status":"fail",
 *		     "componentType":"component","observedValue":0.1,"observedUnit":"ms",
 *		     "time":"2026-...","output":"..."}]}}; unknown is warn
 *
 * Shape:   `since` is missing where nothing is known, `details` where there are none. Details
 *          are as the stack's redact lines left them.
 * Threads: one owner of out.
 * Source:  the last: draft-inadarei-api-health-check-06, application/health+json. */
enum tell_health_layout { TELL_HEALTH_CHECKS, TELL_HEALTH_COMPONENTS, TELL_HEALTH_JSON };

struct tell_health_one {
	const char *name;
	enum tell_health_status status;
	bool live;
	uint64_t at_ns, since_ns, latency_ns; /* realtime; 0: not known */
	const struct tell_record *said;	      /* or NULL */
};

struct tell_health_all {
	const char *service;
	enum tell_health_status status;
	bool live;
	uint64_t now_ns, since_ns;
	const struct tell_health_one *checks;
	size_t n;
};

/* One object, without a newline. */
void tell_encode_health(struct tell_buf *out, const struct tell_health_all *all,
	enum tell_health_layout layout);
