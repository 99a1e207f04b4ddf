/* Counters of <telltale/metric.h>: ns an addition and thread, each thread on the same counter.
 * counter N THREADS add|with */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/metric.h>
#include <time.h>

static struct tell_counter *requests, *series;
static unsigned long n;

static double now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The compiler must not make one addition of them. */
#define BARRIER() __asm__ volatile("" ::: "memory")

static void *add(void *arg)
{
	(void)arg;
	for (unsigned long i = 0; i < n; i++) {
		tell_counter_add(series, 1);
		BARRIER();
	}
	return NULL;
}

static void *with(void *arg)
{
	(void)arg;
	for (unsigned long i = 0; i < n; i++)
		tell_counter_add(tell_counter_with(requests, "GET", "/cart", "200"), 1);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t t[16];
	int threads = argc > 2 ? atoi(argv[2]) : 1;
	n = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	if (n == 0 || threads < 1 || threads > 16 ||
		tell_counter_new(
			&requests, "requests_total", "R.", "method path status") < 0)
		return 64;
	series = tell_counter_with(requests, "GET", "/cart", "200");
	void *(*fn)(void *) = argc > 3 && strcmp(argv[3], "with") == 0 ? with : add;
	double from = now_ns();
	for (int i = 0; i < threads; i++)
		if (pthread_create(&t[i], NULL, fn, NULL) != 0)
			return 71;
	for (int i = 0; i < threads; i++)
		(void)pthread_join(t[i], NULL);
	printf("%.3f\n", (now_ns() - from) / (double)n);
	return tell_counter_get(series) == n * (unsigned long)threads ? 0 : 1;
}
