#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <telltale/log.h>
#include "bench/ids.h"
#include "encode/encode.h"
#include "record/place.h"
#include "record/record.h"

/* Build record i, as a call at `place` would. */
static inline void bench_record_make(
	struct tell_record *r, const struct bench_ids *ids, int i, uint32_t place)
{
	char text[40];
	int n = snprintf(text, sizeof(text), "request %d handled", 1000 + i);
	struct tell_field fields[] = {
		tell_str("request_id", ids->request),
		tell_str("trace_id", ids->trace),
		tell_str("tenant_id", ids->tenant),
		tell_i64("status", 200 + i % 300),
		tell_f64("ms", (double)(i * 7 % 90000) / 1000 + 0.125),
	};
	if (tell_record_begin(r, TELL_INFO, TELL_KIND_LOG) < 0)
		abort();
	r->head->realtime_ns = UINT64_C(1795226767123456789) + (uint64_t)i * 1777;
	r->head->seq = (uint64_t)i + 1;
	r->head->run = 0x1a2b3c4d;
	r->head->pid = 4711;
	r->head->tid = 4712;
	r->head->place = place;
	tell_record_message(r, text, (size_t)n);
	tell_record_add(r, fields, sizeof(fields) / sizeof(fields[0]), 0, NULL);
}
