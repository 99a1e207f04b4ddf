#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <telltale/log.h>
#include "encode/encode.h"
#include "record/place.h"
#include "record/record.h"

/* The record that all figures are about: `request <int> handled` with request_id (36
 * characters), trace_id (32 hex digits), tenant_id (8), status (int) and ms (double);
 * 1,024 sets of ids in turn. */
#define BENCH_SETS 1024

struct bench_ids {
	char request[37], trace[33], tenant[9];
};

static inline void bench_ids_make(struct bench_ids ids[BENCH_SETS])
{
	uint64_t x = 88172645463325252u;
	for (int i = 0; i < BENCH_SETS; i++) {
		uint64_t v[2];
		for (int j = 0; j < 2; j++) { /* G. Marsaglia, "Xorshift RNGs", 2003 */
			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			v[j] = x;
		}
		(void)snprintf(ids[i].request, 37, "%08x-%04x-%04x-%04x-%012llx",
			(unsigned)(v[0] >> 32), (unsigned)v[0] >> 16,
			(unsigned)v[0] & 0xffff, (unsigned)(v[1] >> 48),
			(unsigned long long)v[1] & 0xffffffffffffull);
		(void)snprintf(ids[i].trace, 33, "%016llx%016llx",
			(unsigned long long)v[0], (unsigned long long)v[1]);
		(void)snprintf(ids[i].tenant, 9, "acme%04d", i);
	}
}

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
