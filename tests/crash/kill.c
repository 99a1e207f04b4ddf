/* FAULTS rows 1, 2 and 4: a process that logs from 8 threads through `queue ring` is killed,
 * at random moments or at named points; the next start adopts what it left; twice changes
 * nothing. Each thread publishes the last number that returned in memory that outlives it.
 *
 *	kill random N [SEED]	kill -9 after a random time, N times
 *	kill points		each named point (builds with assertions)
 *
 * Required: all that returned is delivered, but what was counted as dropped for want of room
 * (full=wait); at most the record in flight of each thread is there or not; none is torn;
 * what comes twice is the same record, with the same TELL_SEQ. The kernel may end a write(2)
 * of the killed process in the middle of a line: that half line ends its file, once a kill,
 * and its record comes whole behind it. Prints TAP. */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <time.h>
#include <unistd.h>

#include "api/init.h"
#include "api/service.h"
#include "base/crash.h"
#include "stack/stack.h"
#include "support/memory_dir.h"
#include "support/unit.h"

#define THREADS	       8
#define SIZE_MAX_BYTES 16384u
#define CALLS_MAX      200000u
#define DELAY_US       20000u

/* Written by the process that is killed. */
static struct published {
	uint32_t ready;
	uint64_t returned[THREADS]; /* the last number whose call has returned */
	uint64_t counted; /* records that were dropped or not taken by the sink, so far */
} * shared;

static char log_path[128], stack_text[512];
static uint64_t seed;
static struct {
	unsigned long records, lost, torn, cut, twice, in_flight, counted;
} sum;

/* ---- who is killed ---- */

static uint32_t size_of(unsigned thread, uint64_t n)
{
	uint64_t x = (n + 1) * 0x9e3779b97f4a7c15u ^ (thread + 1) * 0xbf58476d1ce4e5b9u;
	x ^= x >> 31;
	uint32_t most = 1u << (x % 15);
	return most > 1 ? 1 + (uint32_t)(x >> 20) % most : 1;
}

static char letter(unsigned thread, uint64_t n, size_t at)
{
	return (char)('a' + (thread * 7 + n * 3 + at) % 26);
}

/* More than was counted before. */
static void publish_counted(void)
{
	struct tell_stack_stats s;
	struct tell_stack *stack = tell__stack();
	if (!stack)
		return;
	tell_stack_stats(stack, &s);
	uint64_t now = s.dropped + s.undelivered;
	uint64_t was = __atomic_load_n(&shared->counted, __ATOMIC_RELAXED);
	while (was < now &&
		!__atomic_compare_exchange_n(&shared->counted, &was, now, false,
			__ATOMIC_RELEASE, __ATOMIC_RELAXED))
		;
}

static void *log_on(void *arg)
{
	unsigned me = (unsigned)(uintptr_t)arg;
	char *text = malloc(SIZE_MAX_BYTES + 1);
	for (uint64_t n = 1; n < CALLS_MAX; n++) {
		uint32_t size = size_of(me, n);
		for (uint32_t i = 0; i < size; i++)
			text[i] = letter(me, n, i);
		text[size] = '\0';
		if (n % 7 == 0) {
			TELL_SCOPE(tell_kv("scoped", n));
			tell_info("killed", tell_kv("t", me), tell_kv("n", n),
				tell_kv("text", text));
		} else {
			tell_info("killed", tell_kv("t", me), tell_kv("n", n),
				tell_kv("text", text));
		}
		publish_counted();
		__atomic_store_n(&shared->returned[me], n, __ATOMIC_RELEASE);
		__atomic_store_n(&shared->ready, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

__attribute__((noreturn)) static void be_killed(const char *point)
{
	pthread_t t;
	if (point)
		(void)setenv("TELL_CRASH_AT", point, 1);
	if (tell__init_text("killed", stack_text) != 0)
		_exit(3);
	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&t, NULL, log_on, (void *)i) != 0)
			_exit(4);
	for (;;)
		(void)pause();
}

/* Its wait status. */
static int killed_after(useconds_t us, const char *point)
{
	int status;
	memset(shared, 0, sizeof(*shared));
	pid_t pid = fork();
	if (pid == 0)
		be_killed(point);
	if (!point) {
		while (!__atomic_load_n(&shared->ready, __ATOMIC_ACQUIRE) &&
			waitpid(pid, &status, WNOHANG) == 0)
			(void)usleep(100);
		(void)usleep(us);
		(void)kill(pid, SIGKILL);
	}
	(void)waitpid(pid, &status, 0);
	return status;
}

/* ---- who comes next ---- */

static int adopt(const char *point)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		if (point)
			(void)setenv("TELL_CRASH_AT", point, 1);
		if (tell__init_text("killed", stack_text) != 0)
			_exit(3);
		tell_info("next");
		exit(tell_flush(30000) == 0 ? 0 : 5);
	}
	(void)waitpid(pid, &status, 0);
	return status;
}

/* ---- what came ---- */

struct seen {
	char seq[CALLS_MAX][28];
};
static struct seen *seen[THREADS];

static uint64_t number_in(const char *line, const char *key)
{
	const char *at = strstr(line, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

/* A line of the log: whole, and new or the same as before. */
static bool line_is_sound(const char *line, size_t len)
{
	uint64_t t = number_in(line, "\"t\":"), n = number_in(line, "\"n\":");
	const char *text = strstr(line, "\"text\":\""), *seq = strstr(line, "\"seq\":\"");
	if (len < 2 || line[len - 1] != '}' || t >= THREADS || n == 0 || n >= CALLS_MAX ||
		!text || !seq)
		return false;
	text += 8;
	uint32_t size = size_of((unsigned)t, n);
	for (uint32_t i = 0; i < size; i++)
		if (text[i] != letter((unsigned)t, n, i))
			return false;
	if (text[size] != '"')
		return false;
	char *before = seen[t]->seq[n], now[28] = "";
	seq += 7;
	(void)snprintf(now, sizeof(now), "%.*s", (int)strcspn(seq, "\""), seq);
	if (!*before) {
		memcpy(before, now, sizeof(now));
		sum.records++;
		return true;
	}
	sum.twice++;
	return strcmp(before, now) == 0;
}

static void read_log(unsigned n_killed)
{
	char *line = NULL;
	unsigned n_cut = 0;
	size_t cap = 0;
	ssize_t len;
	for (unsigned t = 0; t < THREADS; t++)
		memset(seen[t], 0, sizeof(*seen[t]));
	FILE *f = fopen(log_path, "re");
	while (f && (len = getline(&line, &cap, f)) > 0)
		if (len > 1 && line[len - 2] != '}')
			n_cut++;
		else if (strstr(line, "\"message\":\"killed\"") &&
			!line_is_sound(line, (size_t)len - 1)) {
			printf("# torn: %.200s\n", line);
			sum.torn++;
		}
	sum.cut += n_cut;
	sum.torn += n_cut > n_killed ? n_cut - n_killed : 0;
	if (f)
		(void)fclose(f);
	free(line);
}

/* Missing of what returned; there although it did not return. */
static bool account(void)
{
	uint64_t missing = 0, beyond = 0;
	for (unsigned t = 0; t < THREADS; t++) {
		uint64_t last = shared->returned[t];
		for (uint64_t n = 1; n <= last; n++)
			missing += !*seen[t]->seq[n];
		for (uint64_t n = last + 2; n < CALLS_MAX; n++)
			beyond += *seen[t]->seq[n] != '\0';
		sum.in_flight += *seen[t]->seq[last + 1] != '\0';
	}
	uint64_t counted = shared->counted;
	uint64_t lost = missing > counted ? missing - counted : 0;
	/* Those in flight may have been counted and not published as returned. */
	bool exact = counted <= missing + THREADS;
	sum.lost += lost;
	sum.counted += missing;
	if (lost || beyond || !exact)
		printf("# %lu missing, %lu counted, %lu from nowhere\n",
			(unsigned long)missing, (unsigned long)counted,
			(unsigned long)beyond);
	return !lost && !beyond && exact;
}

/* After the adoption: all there, nothing left. */
static bool judge(unsigned n_killed)
{
	unsigned long torn = sum.torn;
	read_log(n_killed);
	bool fine = account() && sum.torn == torn;
	if (memory_dir_files(".ring") || memory_dir_files(".bad")) {
		printf("# files are left\n");
		fine = false;
	}
	return fine;
}

static void set_full(const char *full)
{
	(void)snprintf(stack_text, sizeof(stack_text),
		"queue required ring size=64KiB full=%s\nredact required keys\n"
		"sink required file path=%s\n",
		full, log_path);
	(void)unlink(log_path);
}

/* ---- the tests ---- */

static int n_tests, n_failed;

static void report(bool ok, const char *name, const char *more)
{
	n_failed += !ok;
	printf("%sok %d - %s%s\n", ok ? "" : "not ", ++n_tests, name, more);
	(void)fflush(stdout);
}

static void random_kills(unsigned long n, const char *full)
{
	char name[64];
	bool fine = true;
	for (unsigned long i = 0; i < n && fine; i++) {
		set_full(full);
		useconds_t us = (useconds_t)(tell_unit_random(&seed) % DELAY_US);
		int status = killed_after(us, NULL);
		int next = adopt(NULL);
		fine = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && next == 0 &&
			judge(1);
		if (!fine)
			printf("# kill %lu after %u us: %d, next %d\n", i, us, status,
				next);
	}
	(void)snprintf(name, sizeof(name), "fault 1: %lu random kills, full=%s", n, full);
	report(fine, name, "");
}

static void at_point(const char *point, bool adopting)
{
	char name[64], wish[64];
	bool fine = true;
	for (int i = 0; i < 6 && fine; i++) {
		(void)snprintf(wish, sizeof(wish), "%s:%u", point,
			i == 0 ? 1u : 1 + (unsigned)(tell_unit_random(&seed) % 40));
		set_full("sync");
		int status = killed_after(3000, adopting ? NULL : wish);
		int next = adopting ? adopt(wish) : 9;
		/* It may have had less to adopt than that. */
		fine = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL &&
			(!adopting || next == 0 || WIFSIGNALED(next)) &&
			adopt(NULL) == 0 && judge(adopting ? 2 : 1);
		if (!fine)
			printf("# %s: %d, %d\n", wish, status, next);
	}
	(void)snprintf(name, sizeof(name), "fault 2: kill at %s", point);
	report(fine, name, "");
}

/* The second one finds nothing to do. */
static void twice(void)
{
	struct stat before = { 0 }, after = { 0 };
	set_full("sync");
	(void)killed_after(5000, NULL);
	bool fine = adopt(NULL) == 0 && judge(1) && stat(log_path, &before) == 0;
	unsigned long n = sum.twice;
	fine = fine && adopt(NULL) == 0 && judge(1) && stat(log_path, &after) == 0;
	report(fine && sum.twice == n, "fault 4: a second recovery changes nothing", "");
}

static const struct {
	const char *name;
	bool adopting;
} points[] = {
	{ "after-reserve", false },
	{ "mid-copy", false },
	{ "before-commit", false },
	{ "after-commit", false },
	{ "taken-before-flush", false },
	{ "flushed-before-tail", false },
	{ "adopt-read", true },
	{ "adopt-delivered-before-tail", true },
	{ "adopt-before-unlink", true },
};

int main(int argc, char **argv)
{
	const char *dir = memory_dir();
	if (!dir) {
		puts("1..0 # SKIP no tmpfs at /dev/shm");
		return 0;
	}
	bool named = argc > 1 && strcmp(argv[1], "points") == 0;
	const char *count = getenv("TELL_KILLS");
	unsigned long n = strtoul(argc > 2 ? argv[2] : count ? count : "100", NULL, 10);
	if (argc > 3)
		(void)setenv("TELL_TEST_SEED", argv[3], 1);
	if (named && !tell_crash_points()) {
		puts("1..0 # SKIP named points are in builds with --enable-assert");
		return 0;
	}
	seed = tell_unit_seed();
	(void)mkdir(dir, 0700); /* the log lies beside it, whenever the first one is killed */
	(void)snprintf(log_path, sizeof(log_path), "%s/../log", dir);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (unsigned t = 0; t < THREADS; t++)
		seen[t] = malloc(sizeof(*seen[t]));
	if (named) {
		for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
			at_point(points[i].name, points[i].adopting);
	} else {
		random_kills(n / 2, "sync");
		random_kills(n - n / 2, "wait");
		twice();
	}
	printf("1..%d\n# %lu records, %lu lost, %lu torn, %lu lines cut, %lu twice, "
	       "%lu in flight came, %lu dropped and counted\n",
		n_tests, sum.records, sum.lost, sum.torn, sum.cut, sum.twice,
		sum.in_flight, sum.counted);
	(void)unlink(log_path);
	for (unsigned t = 0; t < THREADS; t++)
		free(seen[t]);
	return n_failed != 0;
}
