/* A service with a queue line that has nothing to say: what its thread costs.
 *
 *	idle [SECONDS]	5; at 60 and more the processor's time is judged as well
 *
 * Wake-ups are counted, which a busy machine does not change; each is a context switch. Time is
 * that of /proc/self/task (proc(5), schedstat). Prints TAP. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <time.h>
#include <unistd.h>

#include "api/init.h"
#include "support/memory_dir.h"

#define WAKES_PER_SEC 11 /* 100 ms apart */
#define SLACK	      15 /* until it naps so long */
#define PER_MILLE     1
#define TIMED_SEC     60

struct spent {
	uint64_t wakes, ns;
	unsigned n_threads;
};

static void add_wakes(const char *path, struct spent *s)
{
	char line[256];
	uint64_t n;
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "voluntary_ctxt_switches: %" SCNu64, &n) == 1)
			s->wakes += n;
	if (f)
		(void)fclose(f);
}

static void add_time(const char *path, struct spent *s)
{
	uint64_t ns;
	FILE *f = fopen(path, "re");
	if (f && fscanf(f, "%" SCNu64, &ns) == 1)
		s->ns += ns;
	if (f)
		(void)fclose(f);
}

/* By all threads but this one, which measures. */
static struct spent spent(void)
{
	struct spent s = { 0 };
	char path[300];
	DIR *d = opendir("/proc/self/task");
	for (struct dirent *e; d && (e = readdir(d));) {
		if (*e->d_name == '.' || atoi(e->d_name) == getpid())
			continue;
		s.n_threads++;
		(void)snprintf(
			path, sizeof(path), "/proc/self/task/%s/status", e->d_name);
		add_wakes(path, &s);
		(void)snprintf(
			path, sizeof(path), "/proc/self/task/%s/schedstat", e->d_name);
		add_time(path, &s);
	}
	if (d)
		(void)closedir(d);
	return s;
}

static int n_tests, n_failed;

static void report(bool ok, const char *name)
{
	n_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++n_tests, name);
}

static void judge(unsigned seconds)
{
	const struct timespec idle = { .tv_sec = seconds };
	struct spent before = spent();
	(void)nanosleep(&idle, NULL);
	struct spent after = spent();
	uint64_t wakes = after.wakes - before.wakes, us = (after.ns - before.ns) / 1000;
	printf("# %" PRIu64 " wake-ups and %" PRIu64 " us of a processor in %u s\n",
		wakes, us, seconds);
	report(before.n_threads == 1 && after.n_threads == 1,
		"one thread, the service's");
	report(wakes > 0 && wakes <= seconds * WAKES_PER_SEC + SLACK,
		"it wakes 10 times a second");
	if (seconds >= TIMED_SEC)
		report(us <= seconds * UINT64_C(1000000) * PER_MILLE / 1000,
			"it takes less than 0.1 % of a processor");
}

int main(int argc, char **argv)
{
	if (!memory_dir() || access("/proc/self/schedstat", R_OK) != 0) {
		puts("1..0 # SKIP no tmpfs at /dev/shm, or no schedstat");
		return 0;
	}
	if (tell__init_text("idle", "queue required ring\nsink required capture\n") != 0)
		return 1;
	tell_info("the last word for now");
	(void)tell_flush(5000);
	judge(argc > 1 ? (unsigned)atoi(argv[1]) : 5);
	printf("1..%d\n", n_tests);
	tell_close();
	return n_failed != 0;
}
