/* Many series of <telltale/metric.h>: `series FAMILIES LOOPS` makes 1,000 series in each family,
 * counts in each, and prints the ms of one exposition, its bytes, and the memory of a series. */
#include <stdio.h>
#include <stdlib.h>
#include <telltale/metric.h>
#include <telltale/snapshot.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Of the whole process. */
static double resident_bytes(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (!f || fscanf(f, "%*s %ld", &pages) != 1)
		pages = 0;
	if (f)
		(void)fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static int fill(int family)
{
	char name[40], user[16];
	struct tell_counter *c = NULL;
	(void)snprintf(name, sizeof(name), "requests_of_%d_total", family);
	if (tell_counter_new(&c, name, "Requests answered.", "method path status") < 0)
		return -1;
	for (int i = 0; i < TELL_SERIES_MAX; i++) {
		(void)snprintf(user, sizeof(user), "/item/%d", i);
		tell_counter_add(
			tell_counter_with(c, "GET", user, "200"), (unsigned)i + 1);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int families = argc > 1 ? atoi(argv[1]) : 0;
	int loops = argc > 2 ? atoi(argv[2]) : 0;
	char *text = NULL;
	size_t len = 0;
	if (families < 1 || families > 60 || loops < 1)
		return 64;
	double before = resident_bytes();
	for (int i = 0; i < families; i++)
		if (fill(i) < 0)
			return 1;
	double memory = resident_bytes() - before, from = now_ms();
	for (int i = 0; i < loops; i++) {
		free(text);
		if (tell_metrics_text(&text, TELL_METRICS_PROMETHEUS, &len) < 0)
			return 1;
	}
	printf("%.3f %zu %.1f\n", (now_ms() - from) / loops, len,
		memory / (families * TELL_SERIES_MAX));
	free(text);
	return 0;
}
