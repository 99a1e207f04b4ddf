/* FAULTS rows 5 to 11: what a process with `queue ring` may do to itself, and that nothing is
 * lost by it. Each test is a child of its own that logs in some way and ends in some way;
 * then a second one starts, adopts what is left, and the log is counted. Prints TAP. */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>

#include "api/init.h"
#include "api/process.h"
#include "crash/lives.h"
#include "support/memory_dir.h"

#define THREADS 8
#ifdef __SANITIZE_ADDRESS__ /* its allocator's locks are not taken around fork() */
#define BUSY_FORKS 0
#else
#define BUSY_FORKS 500
#endif

static const char *self;
static uint64_t *shared; /* numbers that outlive a child */

/* ---- row 5: it crashes ---- */

static void aborts(void)
{
	struct rlimit none = { 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &none);
	lives_begin();
	lives_say(300);
	abort();
}

static void segfaults(void)
{
	struct rlimit none = { 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(SIGSEGV, SIG_DFL);
	lives_begin();
	lives_say(300);
	(void)raise(SIGSEGV);
}

/* ---- row 6: a handler logs ---- */

static volatile sig_atomic_t n_handled;

static void handler(int sig)
{
	(void)sig;
	n_handled++;
	tell_info("said in a handler");
}

static void storm_of_signals(void)
{
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { 0 };
	lives_begin();
	(void)signal(SIGALRM, handler);
	(void)setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 50000; i++)
		tell_info("said", tell_kv("i", i));
	(void)setitimer(ITIMER_REAL, &never, NULL);
	uint64_t nested = __atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED);
	uint64_t calls = 50000 + (uint64_t)n_handled - nested;
	_exit(n_handled > 0 && lives_ledger_is_exact(calls) ? 0 : 1);
}

/* ---- row 7: it forks while others log ---- */

static bool stop;

static void *log_until_stop(void *ret_n)
{
	uint64_t n = 0;
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		tell_info("said", tell_kv("n", n), tell_kv("text", "by the parent"));
		n++;
		(void)usleep(200);
	}
	*(uint64_t *)ret_n = n;
	return NULL;
}

static void child_of_a_busy_one(bool drained)
{
	for (int i = 0; i < 3; i++)
		tell_info("forked", tell_kv("i", i), tell_kv("pid_then", (int)getpid()));
	if (drained)
		exit(tell_flush(20000) == 0 ? 0 : 1);
	_exit(0); /* its ring is left */
}

static void forks(pid_t (*make)(void), int n_forks)
{
	pthread_t threads[THREADS];
	uint64_t n[THREADS], all = 0;
	int n_bad = 0;
	lives_begin();
	for (int i = 0; i < THREADS; i++)
		(void)pthread_create(&threads[i], NULL, log_until_stop, &n[i]);
	for (int i = 0; i < n_forks; i++) {
		int status = 1;
		pid_t pid = make();
		if (pid == 0) {
			alarm(60);
			child_of_a_busy_one(i % 2);
		}
		(void)waitpid(pid, &status, 0);
		n_bad += status != 0;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(threads[i], NULL);
		all += n[i];
	}
	*shared = all;
	if (n_bad)
		printf("# %d of %d children did not end well\n", n_bad, n_forks);
	(void)fflush(stdout);
	_exit(n_bad == 0 && lives_ledger_is_exact(all) ? 0 : 1);
}

static void forks_often(void)
{
	forks(fork, BUSY_FORKS);
}

#if __GLIBC_PREREQ(2, 34)
static void forks_bare(void)
{
	forks(_Fork, BUSY_FORKS / 5);
}
#endif

static void fork_test(const char *name, void (*service)(void), unsigned n_forks)
{
	(void)unlink(lives_log);
	int status = lives_in_child(service);
	int next = lives_in_child(lives_next_start);
	unsigned said = lives_lines("\"said\""), forked = lives_lines("\"forked\"");
	bool ok = status == 0 && next == 0 && said == *shared && forked == 3 * n_forks &&
		memory_dir_files(".ring") == 0;
	if (!ok)
		printf("# status %d, next %d; %u lines of %lu by the parent, %u of %u by "
		       "children; %u files left\n",
			status, next, said, (unsigned long)*shared, forked, 3 * n_forks,
			memory_dir_files(".ring"));
	lives_report(ok, name);
}

/* ---- row 8: another image ---- */

static void becomes_another(void)
{
	lives_begin();
	lives_say(200);
	(void)execl(self, self, "next", lives_stack, (char *)NULL);
	_exit(91);
}

static void spawns(void)
{
	char *const argv[] = { (char *)(uintptr_t)self, (char *)(uintptr_t) "fds", NULL };
	extern char **environ;
	pid_t pid;
	int status = 1, second = 1;
	lives_begin();
	lives_say(100);
	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) != 0)
		_exit(92);
	(void)waitpid(pid, &status, 0);
	lives_say(100);
	pid = vfork();
	if (pid == 0) {
		(void)execv(self, argv);
		_exit(93);
	}
	(void)waitpid(pid, &second, 0);
	lives_say(100);
	_exit(status == 0 && second == 0 && lives_ledger_is_exact(300) ? 0 : 1);
}

/* How many descriptors above 2 were inherited: none but those of the harness (pipes). */
static int inherited(void)
{
	int n = 0;
	DIR *d = opendir("/proc/self/fd");
	for (struct dirent *e; d && (e = readdir(d));) {
		char to[512], path[300];
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%s", e->d_name);
		ssize_t len = readlink(path, to, sizeof(to) - 1);
		to[len > 0 ? len : 0] = '\0';
		n += strstr(to, ".ring") != NULL || strstr(to, "telltale-test") != NULL;
	}
	if (d)
		(void)closedir(d);
	return n;
}

/* ---- row 9: five ends ---- */

static void exits(void)
{
	lives_begin();
	lives_say(3000);
	exit(0);
}

static void exits_at_once(void)
{
	lives_begin();
	lives_say(3000);
	_exit(0);
}

static void quick_exits(void)
{
	lives_begin();
	lives_say(3000);
	quick_exit(0);
}

static void *log_for_ever(void *arg)
{
	(void)arg;
	for (int i = 0;; i++) {
		tell_info("meanwhile", tell_kv("i", i));
		tell_infof("meanwhile %d", i);
	}
	return NULL;
}

static void exits_while_others_log(void)
{
	pthread_t t;
	lives_begin();
	for (int i = 0; i < THREADS; i++)
		(void)pthread_create(&t, NULL, log_for_ever, NULL);
	(void)usleep(5000);
	lives_say(1000);
	exit(0);
}

/* ---- row 10: threads come and go ---- */

static long resident_kib(void)
{
	long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
		resident = 0;
	if (f)
		(void)fclose(f);
	return resident * 4;
}

static void *say_one(void *arg)
{
	lives_say((int)(intptr_t)arg);
	return NULL;
}

static void short_threads(void)
{
	lives_begin();
	long before = 0;
	for (int i = 0; i < 10000; i += 4) {
		pthread_t t[4];
		for (int k = 0; k < 4; k++)
			if (pthread_create(&t[k], NULL, say_one, (void *)1) != 0)
				_exit(94);
		for (int k = 0; k < 4; k++)
			(void)pthread_join(t[k], NULL);
		if (i == 2000)
			before = resident_kib();
	}
	long grown = resident_kib() - before;
	printf("# %ld KiB more after 8,000 threads\n", grown);
	(void)fflush(stdout);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	grown = 0; /* what they remember of each thread grows */
#endif
	_exit(grown < 1024 && lives_ledger_is_exact(10000) ? 0 : 1);
}

static void *say_until_cancelled(void *n)
{
	for (;;) {
		tell_info("said", tell_kv("text", "soon cancelled"));
		(*(uint64_t *)n)++;
		pthread_testcancel();
		(void)usleep(10);
	}
	return NULL;
}

static void cancelled_threads(void)
{
	uint64_t n[50] = { 0 }, all = 0;
	lives_begin();
	for (int round = 0; round < 50; round++) {
		pthread_t t;
		(void)pthread_create(&t, NULL, say_until_cancelled, &n[round]);
		(void)usleep(500);
		(void)pthread_cancel(t);
		(void)pthread_join(t, NULL);
		all += n[round];
	}
	*shared = all;
	_exit(lives_ledger_is_exact(all) ? 0 : 1);
}

/* ---- daemons ---- */

static void becomes_a_daemon(void)
{
	lives_begin();
	lives_say(100);
	(void)(BUSY_FORKS ? 0 : tell_flush(20000)); /* or the service thread has one */
	if (daemon(1, 1) != 0 || alarm(100) != 0)   /* which is not inherited */
		_exit(95);
	lives_say(100);
	exit(tell_flush(20000) == 0 ? 0 : 1);
}

static void closes_all(void)
{
	lives_begin();
	lives_say(100);
	for (int fd = 3; fd < 2000; fd++)
		(void)close(fd); /* closefrom(3) where there is one */
	(void)usleep(20000);
	lives_say(100);
	lives_say_in_thread(100); /* a lane more is needed: the file grows */
	exit(lives_ledger_is_exact(300) ? 0 : 1);
}

static void cancel_test(void)
{
#ifdef __SANITIZE_ADDRESS__ /* of gcc 12 trips over a cancelled thread by itself */
	(void)cancelled_threads;
#else
	*shared = 0;
	(void)unlink(lives_log);
	int status = lives_in_child(cancelled_threads);
	lives_report(status == 0 && lives_lines("\"said\"") == *shared && *shared > 0,
		"fault 10: threads that are cancelled");
#endif
}

int main(int argc, char **argv)
{
	self = "/proc/self/exe";
	if (argc > 1 && strcmp(argv[1], "fds") == 0)
		return inherited();
	if (argc > 2 && strcmp(argv[1], "next") == 0) {
		(void)snprintf(lives_stack, sizeof(lives_stack), "%s", argv[2]);
		lives_next_start();
	}
	const char *dir = memory_dir();
	if (!dir) {
		puts("1..0 # SKIP no tmpfs at /dev/shm");
		return 0;
	}
	(void)snprintf(lives_log, sizeof(lives_log), "%s/../log", dir);
	shared = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	lives_set_stack("full=sync");
	lives_test("fault 5: abort()", aborts, SIGABRT, 300);
	lives_test("fault 5: a fault of memory", segfaults, SIGSEGV, 300);
	lives_test("fault 6: a handler logs in between", storm_of_signals, 0, 50000);
	fork_test("fault 7: fork() while 8 threads log", forks_often, BUSY_FORKS);
#if __GLIBC_PREREQ(2, 34)
	fork_test("fault 7: _Fork() while 8 threads log", forks_bare, BUSY_FORKS / 5);
#endif
	lives_test("fault 8: exec(), and the new image adopts", becomes_another, 0, 200);
	lives_test("fault 8: posix_spawn() and vfork() inherit nothing", spawns, 0, 300);
	lives_test("fault 9: exit()", exits, 0, 3000);
	lives_test("fault 9: _exit()", exits_at_once, 0, 3000);
	lives_test("fault 9: quick_exit()", quick_exits, 0, 3000);
	lives_test("fault 9: exit() as 8 threads log", exits_while_others_log, 0, 1000);
	lives_test("fault 10: 10,000 short threads", short_threads, 0, 10000);
	cancel_test();
	lives_test("daemon(3)", becomes_a_daemon, 0, 200);
	lives_test("all descriptors closed", closes_all, 0, 300);
	return lives_end();
}
