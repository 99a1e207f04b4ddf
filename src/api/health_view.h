#pragma once
#include "api/health.h"
#include "encode/health.h"
#include "meter/collect.h"

/* How a service is, for whoever asks: the last answers, nothing is asked anew.
 *
 * Threads: any. */

/* As one JSON object, and the verdict; of a service without health lines it is unknown. */
enum tell_health_status tell_health_put(struct tell_buf *out,
	const struct tell_service *s, enum tell_health_layout layout, bool *ret_live);

/* As tell_health_get(), of this service. */
enum tell_health_status tell_health_list(const struct tell_service *s,
	struct tell_health_check *checks, size_t max, size_t *ret_n);

/* As gauges: 1 is healthy, 0.5 degraded, 0 unhealthy; what is unknown has none. */
void tell_health_collect(enum tell_health_status status,
	const struct tell_health_check *checks, size_t n,
	const struct tell_collector *to);
