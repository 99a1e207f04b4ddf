/* The bench's record as an event of LTTng-UST; read several times (lttng-ust(3)). */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER telltale_bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "bench/rival_lttng_event.h"
#if !defined(BENCH_RIVAL_LTTNG_EVENT_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define BENCH_RIVAL_LTTNG_EVENT_H
#include <lttng/tracepoint.h>
/* clang-format off */
LTTNG_UST_TRACEPOINT_EVENT(telltale_bench, handled,
	LTTNG_UST_TP_ARGS(const char *, request, const char *, trace, const char *, tenant,
		int64_t, status, double, ms),
	LTTNG_UST_TP_FIELDS(
		lttng_ust_field_string(request_id, request)
		lttng_ust_field_string(trace_id, trace)
		lttng_ust_field_string(tenant_id, tenant)
		lttng_ust_field_integer(int64_t, status, status)
		lttng_ust_field_float(double, ms, ms)))
/* clang-format on */
#endif
#include <lttng/tracepoint-event.h>
