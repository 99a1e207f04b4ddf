#pragma once
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

/* Calls timed one by one, `pace_ns` after the one before; 0: bursts of 256, a pause of a ms.
 * Each calling thread stays on a processor, the first on the first; threads made before may go
 * anywhere. paced_run() prints p50 p99 p99.9 in ns, less what the timer itself takes;
 * paced_end_of_run(), once all is delivered, the processor's time in ns that other threads
 * took for a call. For C and C++. */
#define PACED_BURST   256
#define PACED_THREADS 8

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

struct paced_caller {
	paced_fn *call;
	void *arg;
	long pace_ns, n;
	int number;
	double rate;
	uint64_t empty;
	uint32_t *took;
};

static void paced_stay(int number)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET((size_t)(number % sysconf(_SC_NPROCESSORS_ONLN)), &one);
	(void)sched_setaffinity(0, sizeof(one), &one);
}

static double paced_gap_ns(const struct paced_caller *c, long i)
{
	if (c->pace_ns)
		return (double)c->pace_ns;
	return i % PACED_BURST ? 0 : 1e6;
}

static void *paced_calls(void *arg)
{
	struct paced_caller *c = (struct paced_caller *)arg;
	paced_stay(c->number);
	c->call(c->arg, 0); /* a thread's first call makes its place */
	uint64_t next = __rdtsc();
	for (long i = 0; i < c->n; i++) {
		next += (uint64_t)(paced_gap_ns(c, i) * c->rate);
		while (__rdtsc() < next)
			_mm_pause();
		uint64_t t = paced_begin();
		c->call(c->arg, i);
		t = paced_end() - t;
		c->took[i] = (uint32_t)(t > c->empty ? t - c->empty : 0);
		if (next + (uint64_t)(1e6 * c->rate) < __rdtsc())
			next = __rdtsc(); /* the machine was elsewhere: no pile of calls */
	}
	return NULL;
}

/* Processor's time of all threads but the calling one, also of those that have ended. */
static inline double paced_others_ns(void)
{
	struct timespec all, own;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &all);
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
	return (double)(all.tv_sec - own.tv_sec) * 1e9 +
		(double)(all.tv_nsec - own.tv_nsec);
}

/* threads: the calling one and further ones, n calls each. */
static inline int paced_run(paced_fn *call, void *arg, long pace_ns, long n, int threads)
{
	struct paced_caller callers[PACED_THREADS];
	pthread_t made[PACED_THREADS];
	double rate = paced_ticks_per_ns();
	uint64_t empty = paced_empty();
	threads = threads < 1 ? 1 : threads < PACED_THREADS ? threads : PACED_THREADS;
	uint32_t *took = (uint32_t *)calloc((size_t)(n * threads), sizeof(*took));
	if (!took)
		return 71;
	for (int i = 0; i < threads; i++) {
		callers[i].call = call;
		callers[i].arg = arg;
		callers[i].pace_ns = pace_ns;
		callers[i].n = n;
		callers[i].number = i;
		callers[i].rate = rate;
		callers[i].empty = empty;
		callers[i].took = took + n * i;
	}
	for (int i = 1; i < threads; i++)
		if (pthread_create(&made[i], NULL, paced_calls, &callers[i]) != 0)
			return 71;
	(void)paced_calls(&callers[0]);
	for (int i = 1; i < threads; i++)
		(void)pthread_join(made[i], NULL);
	n *= threads;
	qsort(took, (size_t)n, sizeof(*took), paced_by_size);
	(void)printf("%.1f %.1f %.1f", took[n / 2] / rate, took[n / 100 * 99] / rate,
		took[n / 1000 * 999] / rate);
	free(took);
	return 0;
}

static inline void paced_end_of_run(double others_before_ns, long n)
{
	(void)printf(" %.1f\n", (paced_others_ns() - others_before_ns) / (double)n);
}
