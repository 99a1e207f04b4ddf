/* FAULTS rows 1, 2 and 4: a process that logs from 8 threads through `queue ring` is killed,
 * at random moments or at named points; the next start adopts what it left; twice changes
 * nothing. What is required is numbered.h's.
 *
 *	kill random N [SEED]	kill -9 after a random time, N times
 *	kill points		each named point (builds with assertions)
 *
 * full=sync: nothing is dropped; full=wait and full=drop: what is, is counted. Prints TAP. */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>

#include "api/init.h"
#include "base/crash.h"
#include "crash/numbered.h"
#include "support/memory_dir.h"
#include "support/unit.h"

#define THREADS	 8
#define DELAY_US 20000u

static char log_path[128], stack_text[512];
static uint64_t seed;

/* ---- who is killed ---- */

static void *log_on(void *arg)
{
	numbered_log((unsigned)(uintptr_t)arg, 0);
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
	numbered_reset();
	pid_t pid = fork();
	if (pid == 0)
		be_killed(point);
	if (!point) {
		while (!__atomic_load_n(&numbered_shared->ready, __ATOMIC_ACQUIRE) &&
			waitpid(pid, &status, WNOHANG) == 0)
			(void)usleep(100);
		(void)usleep(us);
		(void)kill(pid, SIGKILL);
	}
	(void)waitpid(pid, &status, 0);
	numbered_killed();
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

/* After the adoption: all there, nothing left. */
static bool judge(unsigned n_killed, bool may_drop)
{
	bool fine = numbered_judge(log_path, n_killed, may_drop);
	if (memory_dir_files(".ring") || memory_dir_files(".bad")) {
		printf("# files are left\n");
		fine = false;
	}
	return fine;
}

static void set_full(const char *full)
{
	(void)snprintf(stack_text, sizeof(stack_text),
		"queue required ring full=%s\nredact required keys\n"
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
	bool fine = true, may_drop = strcmp(full, "sync") != 0;
	for (unsigned long i = 0; i < n && fine; i++) {
		set_full(full);
		useconds_t us = (useconds_t)(tell_unit_random(&seed) % DELAY_US);
		int status = killed_after(us, NULL);
		int next = adopt(NULL);
		fine = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && next == 0 &&
			judge(1, may_drop);
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
			adopt(NULL) == 0 && judge(adopting ? 2 : 1, false);
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
	unsigned long none = numbered_sum.twice;
	bool fine = adopt(NULL) == 0 && judge(1, false) && stat(log_path, &before) == 0;
	unsigned long n = numbered_sum.twice;
	fine = fine && adopt(NULL) == 0 && judge(1, false) && stat(log_path, &after) == 0;
	/* Those that came twice before come twice still. */
	report(fine && numbered_sum.twice - n == n - none,
		"fault 4: a second recovery changes nothing", "");
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
	(void)mkdir(
		dir, 0700); /* the log lies beside it, whenever the first one is killed */
	(void)snprintf(log_path, sizeof(log_path), "%s/../log", dir);
	if (!numbered_begin())
		return 1;
	if (named) {
		for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
			at_point(points[i].name, points[i].adopting);
	} else {
		random_kills(n - n / 2, "sync");
		random_kills(n / 4, "wait");
		random_kills(n / 2 - n / 4, "drop size=16KiB");
		twice();
	}
	const struct numbered_sum *sum = &numbered_sum;
	printf("1..%d\n# %lu records, %lu lost, %lu torn, %lu lines cut, %lu twice, "
	       "%lu in flight came, %lu dropped, %lu undelivered\n",
		n_tests, sum->records, sum->lost, sum->torn, sum->cut, sum->twice,
		sum->in_flight, sum->dropped, sum->undelivered);
	(void)unlink(log_path);
	numbered_end();
	return n_failed != 0;
}
