#pragma once
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <x86intrin.h>

/* Calls timed one by one, `pace_ns` after the one before; 0: bursts of 256, a pause of a ms.
 * The calling thread stays on the first processor; threads made before may go elsewhere.
 * Prints p50 p99 p99.9 in ns, less what the timer itself takes. For C and C++. */
#define PACED_BURST 256

typedef void paced_fn(void *arg, long i);

static inline uint64_t paced_begin(void)
{
	_mm_lfence();
	uint64_t t = __rdtsc();
	_mm_lfence();
	return t;
}

static inline uint64_t paced_end(void)
{
	unsigned cpu;
	uint64_t t = __rdtscp(&cpu);
	_mm_lfence();
	return t;
}

static int paced_by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static double paced_ticks_per_ns(void)
{
	struct timespec a, b;
	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	uint64_t t = __rdtsc();
	do
		(void)clock_gettime(CLOCK_MONOTONIC, &b);
	while ((b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec < 20000000);
	return (double)(__rdtsc() - t) / 2e7;
}

/* What begin and end take themselves: the least of many. */
static uint64_t paced_empty(void)
{
	uint64_t least = UINT64_MAX;
	for (int i = 0; i < 1000; i++) {
		uint64_t t = paced_begin();
		t = paced_end() - t;
		least = t < least ? t : least;
	}
	return least;
}

static inline int paced_run(paced_fn *call, void *arg, long pace_ns, long n)
{
	cpu_set_t first;
	uint32_t *took = (uint32_t *)calloc((size_t)n, sizeof(*took));
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	(void)sched_setaffinity(0, sizeof(first), &first);
	if (!took)
		return 71;
	double rate = paced_ticks_per_ns();
	uint64_t empty = paced_empty(), next = __rdtsc();
	for (long i = 0; i < n; i++) {
		next += (uint64_t)((pace_ns			     ? (double)pace_ns
						   : i % PACED_BURST ? 0
								     : 1e6) *
			rate);
		while (__rdtsc() < next)
			_mm_pause();
		uint64_t t = paced_begin();
		call(arg, i);
		t = paced_end() - t;
		took[i] = (uint32_t)(t > empty ? t - empty : 0);
		if (next + (uint64_t)(1e6 * rate) < __rdtsc())
			next = __rdtsc(); /* the machine was elsewhere: no pile of calls */
	}
	qsort(took, (size_t)n, sizeof(*took), paced_by_size);
	(void)printf("%.1f %.1f %.1f\n", took[n / 2] / rate, took[n / 100 * 99] / rate,
		took[n / 1000 * 999] / rate);
	free(took);
	return 0;
}
