/* Histograms of <telltale/metric.h>: ns an observation and thread, each thread on the same
 * series, values from 1 ms to 1 s. histogram N THREADS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <telltale/metric.h>
#include <time.h>

#define N_VALUES 1024

static struct tell_histogram *took;
static double values[N_VALUES];
static unsigned long n;

static double now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

__attribute__((noinline)) static void observe_n(void)
{
	for (unsigned long i = 0; i < n; i++)
		tell_histogram_observe(took, values[i % N_VALUES]);
}

static void *observe(void *arg)
{
	(void)arg;
	observe_n();
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t t[16];
	struct tell_stats stats;
	int threads = argc > 2 ? atoi(argv[2]) : 1;
	n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	if (n == 0 || threads < 1 || threads > 16 ||
		tell_histogram_new(&took, "took_seconds", "T.", NULL, TELL_SECONDS) < 0)
		return 64;
	for (int i = 0; i < N_VALUES; i++)
		values[i] = 0.001 * (1 + i * 7919 % 1000);
	double from = now_ns();
	for (int i = 1; i < threads; i++)
		if (pthread_create(&t[i], NULL, observe, NULL) != 0)
			return 71;
	observe_n();
	for (int i = 1; i < threads; i++)
		(void)pthread_join(t[i], NULL);
	printf("%.3f\n", (now_ns() - from) / (double)n);
	return tell_histogram_stats(took, 0, &stats) == 0 &&
			stats.count == n * (unsigned long)threads
		? 0
		: 1;
}
