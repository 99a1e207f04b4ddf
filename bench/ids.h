#pragma once
#include <stdint.h>
#include <stdio.h>

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
