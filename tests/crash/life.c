/* FAULTS rows 5 to 11: what a process with `queue ring` may do to itself, and that nothing is
 * lost by it. Each test is a child of its own that logs in some way and ends in some way;
 * then a second one starts, adopts what is left, and the log is counted. Prints TAP. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>

#include "api/init.h"
#include "api/process.h"
#include "stack/stack.h"
#include "support/memory_dir.h"

#define THREADS 8
#ifdef __SANITIZE_ADDRESS__ /* its allocator's locks are not taken around fork() */
#define BUSY_FORKS 0
#else
#define BUSY_FORKS 500
#endif

static char log_path[128], stack_text[512];
static const char *self;
static uint64_t *shared; /* numbers that outlive a child */

static void set_stack(const char *options)
{
	(void)snprintf(stack_text, sizeof(stack_text),
		"queue required ring %s\nsink required file path=%s\n", options,
		log_path);
}

static void begin(void)
{
	if (tell__init_text("life", stack_text) != 0)
		_exit(90);
}

static void say(int n)
{
	for (int i = 0; i < n; i++)
		tell_info("said", tell_kv("i", i), tell_kv("pid_then", (int)getpid()));
}

/* All that was said is delivered or counted, to the last one. */
static bool ledger_is_exact(uint64_t calls)
{
	struct tell_stack_stats s;
	if (tell_flush(20000) != 0)
		return false;
	tell_service_stats(&tell_process.main, &s);
	bool exact = s.queued == 0 &&
		s.records ==
			s.delivered + s.undelivered + s.filtered + s.dropped -
				s.recovered &&
		s.records == calls;
	if (!exact)
		printf("# %lu calls, %lu records, %lu delivered, %lu undelivered, %lu "
		       "dropped, %lu queued\n",
			(unsigned long)calls, (unsigned long)s.records,
			(unsigned long)s.delivered, (unsigned long)s.undelivered,
			(unsigned long)s.dropped, (unsigned long)s.queued);
	(void)fflush(stdout);
	return exact;
}

struct seq {
	char text[32];
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct seq *)a)->text, ((const struct seq *)b)->text);
}

/* Records with this text; one that came twice has the same TELL_SEQ and counts once. */
static unsigned lines_with(const char *text)
{
	static struct seq seen[300000];
	char *line = NULL;
	size_t cap = 0;
	unsigned n = 0, n_new = 0;
	FILE *f = fopen(log_path, "re");
	while (f && getline(&line, &cap, f) > 0 && n < sizeof(seen) / sizeof(seen[0])) {
		const char *seq = strstr(line, "\"seq\":\"");
		if (!seq || !strstr(line, text))
			continue;
		(void)snprintf(seen[n++].text, sizeof(seen[0].text), "%.*s",
			(int)strcspn(seq + 7, "\""), seq + 7);
	}
	if (f)
		(void)fclose(f);
	free(line);
	qsort(seen, n, sizeof(seen[0]), by_text);
	for (unsigned i = 0; i < n; i++)
		n_new += i == 0 || by_text(&seen[i - 1], &seen[i]) != 0;
	return n_new;
}

static int n_tests, n_failed;

static void report(bool ok, const char *name)
{
	n_failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++n_tests, name);
	(void)fflush(stdout);
}

/* Until it has ended, and what it forked as well. */
static int in_child(void (*service)(void))
{
	int status = -1, ends[2];
	char c;
	(void)fflush(stdout);
	if (pipe(ends) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		alarm(100); /* a deadlock is a failure, not a wait */
		service();
		_exit(0);
	}
	(void)close(ends[1]);
	(void)waitpid(pid, &status, 0);
	while (read(ends[0], &c, 1) < 0 && errno == EINTR)
		;
	(void)close(ends[0]);
	return status;
}

static void next_start(void)
{
	begin();
	tell_info("next");
	exit(tell_flush(20000) == 0 ? 0 : 1);
}

/* The child ends with `want` (a wait status), and all its lines are there. */
static void lives(const char *name, void (*service)(void), int want, unsigned lines)
{
	(void)unlink(log_path);
	int status = in_child(service);
	int next = in_child(next_start);
	unsigned got = lines_with("\"said\""), left = memory_dir_files(".ring");
	bool ok = (status & ~0x80) == want && next == 0 && got == lines && left == 0 &&
		memory_dir_files(".bad") == 0;
	if (!ok)
		printf("# status %d, next %d, %u lines of %u, %u files left\n", status,
			next, got, lines, left);
	report(ok, name);
}

/* ---- row 5: it crashes ---- */

static void aborts(void)
{
	struct rlimit none = { 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &none);
	begin();
	say(300);
	abort();
}

static void segfaults(void)
{
	struct rlimit none = { 0, 0 };
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(SIGSEGV, SIG_DFL);
	begin();
	say(300);
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
	begin();
	(void)signal(SIGALRM, handler);
	(void)setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 50000; i++)
		tell_info("said", tell_kv("i", i));
	(void)setitimer(ITIMER_REAL, &never, NULL);
	uint64_t nested = __atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED);
	bool some = n_handled > 0;
	_exit(some && ledger_is_exact(50000 + (uint64_t)n_handled - nested) ? 0 : 1);
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
	begin();
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
	_exit(n_bad == 0 && ledger_is_exact(all) ? 0 : 1);
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
	(void)unlink(log_path);
	int status = in_child(service);
	int next = in_child(next_start);
	unsigned said = lines_with("\"said\""), forked = lines_with("\"forked\"");
	bool ok = status == 0 && next == 0 && said == *shared && forked == 3 * n_forks &&
		memory_dir_files(".ring") == 0;
	if (!ok)
		printf("# status %d, next %d; %u lines of %lu by the parent, %u of %u by "
		       "children; %u files left\n",
			status, next, said, (unsigned long)*shared, forked, 3 * n_forks,
			memory_dir_files(".ring"));
	report(ok, name);
}

/* ---- row 8: another image ---- */

static void becomes_another(void)
{
	begin();
	say(200);
	(void)execl(self, self, "next", stack_text, (char *)NULL);
	_exit(91);
}

static void spawns(void)
{
	char *const argv[] = { (char *)(uintptr_t)self, (char *)(uintptr_t) "fds", NULL };
	extern char **environ;
	pid_t pid;
	int status = 1;
	begin();
	say(100);
	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) != 0)
		_exit(92);
	(void)waitpid(pid, &status, 0);
	say(100);
	pid = vfork();
	if (pid == 0) {
		(void)execv(self, argv);
		_exit(93);
	}
	int second = 1;
	(void)waitpid(pid, &second, 0);
	say(100);
	_exit(status == 0 && second == 0 && ledger_is_exact(300) ? 0 : 1);
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
	begin();
	say(3000);
	exit(0);
}

static void exits_at_once(void)
{
	begin();
	say(3000);
	_exit(0);
}

static void quick_exits(void)
{
	begin();
	say(3000);
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
	begin();
	for (int i = 0; i < THREADS; i++)
		(void)pthread_create(&t, NULL, log_for_ever, NULL);
	(void)usleep(5000);
	say(1000);
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
	say((int)(intptr_t)arg);
	return NULL;
}

static void short_threads(void)
{
	begin();
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
	_exit(grown < 1024 && ledger_is_exact(10000) ? 0 : 1);
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
	begin();
	for (int round = 0; round < 50; round++) {
		pthread_t t;
		(void)pthread_create(&t, NULL, say_until_cancelled, &n[round]);
		(void)usleep(500);
		(void)pthread_cancel(t);
		(void)pthread_join(t, NULL);
		all += n[round];
	}
	*shared = all;
	_exit(ledger_is_exact(all) ? 0 : 1);
}

/* ---- daemons ---- */

static void becomes_a_daemon(void)
{
	begin();
	say(100);
	pid_t before = getpid();
	if (daemon(1, 1) != 0)
		_exit(95);
	(void)before;
	say(100);
	exit(tell_flush(20000) == 0 ? 0 : 1);
}

static void closes_all(void)
{
	begin();
	say(100);
	for (int fd = 3; fd < 2000; fd++)
		(void)close(fd); /* closefrom(3) where there is one */
	(void)usleep(20000);
	say(100);
	pthread_t t; /* a lane more is needed: the file grows */
	(void)pthread_create(&t, NULL, say_one, (void *)100);
	(void)pthread_join(t, NULL);
	exit(ledger_is_exact(300) ? 0 : 1);
}

/* ---- no place for a ring ---- */

static void says_so_once(void)
{
	begin();
	say(500);
	pthread_t t;
	(void)pthread_create(&t, NULL, say_one, (void *)500);
	(void)pthread_join(t, NULL);
	exit(tell_flush(20000) == 0 ? 0 : 1);
}

static void is_limited(void)
{
	struct rlimit small = { 512 << 10, 512 << 10 };
	(void)setrlimit(RLIMIT_FSIZE, &small);
	says_so_once();
}

/* processes: how many of the two have no ring. */
static void sync_test(
	const char *name, void (*service)(void), const char *options, unsigned processes)
{
	set_stack(options);
	lives(name, service, 0, 1000);
	unsigned told = lines_with("no memory for the queue");
	if (told != processes)
		printf("# told %u times\n", told);
	report(told == processes, "and it is said once");
	set_stack("full=sync");
}

static void places_without_room(void)
{
	sync_test("fault 23: RLIMIT_FSIZE", is_limited, "size=1MiB full=sync", 1);
	if (geteuid() != 0)
		return;
	char above[64] = "/dev/shm/telltale-full.XXXXXX";
	const char *was = getenv("RUNTIME_DIRECTORY");
	char *before = was ? strdup(was) : NULL;
	if (mkdtemp(above) &&
		mount("none", above, "tmpfs", 0, "size=16k,mode=755") == 0) {
		(void)setenv("RUNTIME_DIRECTORY", above, 1);
		sync_test("a full tmpfs", says_so_once, "full=sync", 2);
		(void)umount(above);
	}
	(void)rmdir(above);
	if (before)
		(void)setenv("RUNTIME_DIRECTORY", before, 1);
	free(before);
}

static void cancel_test(void)
{
#ifdef __SANITIZE_ADDRESS__ /* of gcc 12 trips over a cancelled thread by itself */
	(void)cancelled_threads;
#else
	*shared = 0;
	(void)unlink(log_path);
	int status = in_child(cancelled_threads);
	report(status == 0 && lines_with("\"said\"") == *shared && *shared > 0,
		"fault 10: threads that are cancelled");
#endif
}

int main(int argc, char **argv)
{
	self = "/proc/self/exe";
	if (argc > 1 && strcmp(argv[1], "fds") == 0)
		return inherited();
	if (argc > 2 && strcmp(argv[1], "next") == 0) {
		(void)snprintf(stack_text, sizeof(stack_text), "%s", argv[2]);
		next_start();
	}
	const char *dir = memory_dir();
	if (!dir) {
		puts("1..0 # SKIP no tmpfs at /dev/shm");
		return 0;
	}
	(void)snprintf(log_path, sizeof(log_path), "%s/../log", dir);
	shared = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	set_stack("full=sync");
	lives("fault 5: abort()", aborts, SIGABRT, 300);
	lives("fault 5: a fault of memory", segfaults, SIGSEGV, 300);
	lives("fault 6: a handler logs in between", storm_of_signals, 0, 50000);
	fork_test("fault 7: fork() while 8 threads log", forks_often, BUSY_FORKS);
#if __GLIBC_PREREQ(2, 34)
	fork_test("fault 7: _Fork() while 8 threads log", forks_bare, BUSY_FORKS / 5);
#endif
	lives("fault 8: exec(), and the new image adopts", becomes_another, 0, 200);
	lives("fault 8: posix_spawn() and vfork() inherit nothing", spawns, 0, 300);
	lives("fault 9: exit()", exits, 0, 3000);
	lives("fault 9: _exit()", exits_at_once, 0, 3000);
	lives("fault 9: quick_exit()", quick_exits, 0, 3000);
	lives("fault 9: exit() while 8 threads log", exits_while_others_log, 0, 1000);
	lives("fault 10: 10,000 short threads", short_threads, 0, 10000);
	cancel_test();
	lives("daemon(3)", becomes_a_daemon, 0, 200);
	lives("all descriptors closed", closes_all, 0, 300);
	places_without_room();
	printf("1..%d\n", n_tests);
	(void)unlink(log_path);
	return n_failed != 0;
}
