/* FAULTS row 6: signal handlers that log, whatever they interrupted. Each storm is a child of
 * its own under a watchdog; then the log is read: all that was said is delivered or counted,
 * in order within each lane, and what a handler says by a secret's name is hidden. Prints
 * TAP. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <telltale.h>
#include <time.h>
#include <unistd.h>

#include "api/init.h"
#include "api/process.h"
#include "queue/format.h"
#include "stack/stack.h"
#include "support/memory_dir.h"

#define WATCHDOG_S 60
#define THREADS	   4
#define HANDLED	   1000 /* in each storm at least */
#define SITES	   1500

static char log_path[128], stack_text[512];

/* Numbers that outlive a child. */
static struct {
	uint64_t said, handled, dropped, refused;
} * shared;

static void begin(void)
{
	if (tell__init_text("storm", stack_text) != 0)
		_exit(90);
	tell_info("first"); /* the ring is there */
}

/* ---- handlers ---- */

static uint64_t n_handled; /* atomic */

static uint64_t handled(void)
{
	return __atomic_load_n(&n_handled, __ATOMIC_RELAXED);
}

/* Says the number of the call, so that none can be taken for another. */
static void logs(int sig)
{
	uint64_t n = __atomic_add_fetch(&n_handled, 1, __ATOMIC_RELAXED);
	int saved = errno;
	errno = ENOENT;
	if (n % 2)
		tell_info("handled", tell_kv("n", n), tell_kv("signal", sig),
			tell_kv("api_token", "hunter2"));
	else
		tell_infof("handled n=%lu of %s", (unsigned long)n, "a storm");
	if (errno != ENOENT)
		_exit(91);
	errno = saved;
}

/* A site and a name that nobody has met yet, as long as there are any. */
static void logs_something_new(int sig)
{
	static struct tell_site sites[SITES];
	static char keys[SITES][16];
	uint64_t n = __atomic_add_fetch(&n_handled, 1, __ATOMIC_RELAXED);
	struct tell_site *site = &sites[n % SITES];
	(void)sig;
	if (!site->file) {
		site->level = TELL_INFO;
		site->line = (uint32_t)n;
		site->func = site->logger = site->text = "";
		site->file = "new.c";
		char *key = keys[n % SITES];
		memcpy(key, "key_", 4);
		for (int i = 0; i < 4; i++)
			key[4 + i] = (char)('a' + (n >> (4 * i) & 15));
	}
	const struct tell_field f[] = { tell_u64(keys[n % SITES], n), tell_u64("n", n) };
	tell_log_at(site, TELL_INFO, "handled", f, 2);
}

static void nested_handlers(void (*fn)(int))
{
	struct sigaction act = { .sa_handler = fn, .sa_flags = SA_NODEFER | SA_RESTART };
	(void)sigaction(SIGUSR1, &act, NULL);
	(void)sigaction(SIGUSR2, &act, NULL);
}

/* From now on this thread gets the signal each `us`. */
static timer_t storm_begin(int sig, long us)
{
	struct sigevent to = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = sig };
	const struct itimerspec often = { { 0, us * 1000 }, { 0, us * 1000 } };
	timer_t t = NULL;
	to._sigev_un._tid = gettid();
	if (timer_create(CLOCK_MONOTONIC, &to, &t) != 0 ||
		timer_settime(t, 0, &often, NULL) != 0)
		_exit(92);
	return t;
}

/* ---- storms ---- */

/* Sentences about ourselves, such as that records were dropped. */
static uint64_t own_records(void)
{
	char *line = NULL;
	size_t cap = 0;
	uint64_t n = 0;
	FILE *f = fopen(log_path, "re");
	while (f && getline(&line, &cap, f) > 0)
		n += strstr(line, "\"logger\":\"telltale\"") != NULL;
	if (f)
		(void)fclose(f);
	free(line);
	return n;
}

static void settle(uint64_t said)
{
	struct tell_stack_stats s;
	if (tell_flush(20000) != 0)
		_exit(93);
	tell_service_stats(&tell_process.main, &s);
	shared->said = said;
	shared->handled = handled();
	shared->dropped = s.dropped;
	shared->refused = __atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED);
	bool exact = s.queued == 0 && s.undelivered == 0 &&
		s.records == s.delivered + s.filtered + s.dropped &&
		s.records + shared->refused == 1 + said + handled() + own_records();
	if (!exact)
		printf("# %lu said, %lu handled, %lu refused; %lu records, %lu "
		       "delivered, %lu filtered, %lu dropped, %lu queued\n",
			(unsigned long)said, (unsigned long)handled(),
			(unsigned long)shared->refused, (unsigned long)s.records,
			(unsigned long)s.delivered, (unsigned long)s.filtered,
			(unsigned long)s.dropped, (unsigned long)s.queued);
	(void)fflush(stdout);
	_exit(exact ? 0 : 1);
}

static uint64_t log_in_a_storm(uint64_t until)
{
	uint64_t n = 0;
	timer_t a = storm_begin(SIGUSR1, 1000), b = storm_begin(SIGUSR2, 1300);
	for (; handled() < until; n++) {
		TELL_SCOPE(tell_kv("request", n));
		tell_info("said", tell_kv("i", n), tell_kv("text", "in between"));
		tell_infof("said i=%lu", (unsigned long)n++);
	}
	(void)timer_delete(a);
	(void)timer_delete(b);
	return n;
}

static void one_thread(void)
{
	begin();
	nested_handlers(logs);
	settle(log_in_a_storm(HANDLED));
}

static void *in_thread(void *ret)
{
	*(uint64_t *)ret = log_in_a_storm(THREADS * HANDLED);
	return NULL;
}

static void several_threads(void)
{
	pthread_t t[THREADS];
	uint64_t n[THREADS] = { 0 }, all = 0;
	begin();
	nested_handlers(logs);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&t[i], NULL, in_thread, &n[i]) != 0)
			_exit(94);
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(t[i], NULL);
		all += n[i];
	}
	settle(all);
}

/* It never calls us itself; its first call is a handler's in the middle of malloc(). */
static void *allocates(void *arg)
{
	void *kept[64] = { NULL };
	(void)arg;
	timer_t a = storm_begin(SIGUSR1, 1000), b = storm_begin(SIGUSR2, 1300);
	for (unsigned i = 0; handled() < THREADS * HANDLED; i++) {
		free(kept[i % 64]);
		kept[i % 64] = malloc(16 + i * 7919 % 100000);
	}
	(void)timer_delete(a);
	(void)timer_delete(b);
	for (int i = 0; i < 64; i++)
		free(kept[i]);
	return NULL;
}

static void in_malloc(void)
{
	pthread_t t[THREADS];
	begin();
	nested_handlers(logs_something_new);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&t[i], NULL, allocates, NULL) != 0)
			_exit(94);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(t[i], NULL);
	settle(0);
}

/* Stacks come and go meanwhile. */
static bool stop;

static void *reloads(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
		if (tell__init_text("storm", stack_text) != 0)
			_exit(95);
	return NULL;
}

static void in_reloads(void)
{
	pthread_t t;
	begin();
	nested_handlers(logs);
	if (pthread_create(&t, NULL, reloads, NULL) != 0)
		_exit(94);
	uint64_t n = log_in_a_storm(HANDLED);
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	(void)pthread_join(t, NULL);
	settle(n);
}

/* ---- what is in the log ---- */

struct seen {
	uint64_t said, handled, nested, disorder, secrets;
};

/* Lines of a file come as their lanes were read: oldest first, exact within a lane. */
static struct seen read_log(void)
{
	struct seen s = { 0 };
	uint64_t last[TELL_RING_LANES + 1] = { 0 };
	char *line = NULL;
	size_t cap = 0;
	FILE *f = fopen(log_path, "re");
	while (f && getline(&line, &cap, f) > 0) {
		const char *seq = strstr(line, "\"seq\":\"");
		unsigned long run, lane, n;
		if (!seq || sscanf(seq + 7, "%lx.%lu.%lu", &run, &lane, &n) != 3)
			continue;
		s.said += strstr(line, "\"message\":\"said") != NULL;
		s.handled += strstr(line, "\"message\":\"handled") != NULL;
		s.secrets += strstr(line, "hunter2") != NULL;
		s.nested += lane > TELL_RING_LANES - TELL_RING_NESTED;
		if (lane == 0 || lane > TELL_RING_LANES)
			continue; /* past the queue: by no lane's order */
		s.disorder += n <= last[lane];
		last[lane] = n;
	}
	if (f)
		(void)fclose(f);
	free(line);
	return s;
}

static int in_child(void (*storm)(void))
{
	int status = -1;
	(void)fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		storm();
		_exit(0);
	}
	for (int i = 0; waitpid(pid, &status, WNOHANG) == 0; i++) {
		if (i == WATCHDOG_S * 100)
			(void)kill(pid, SIGKILL); /* a deadlock */
		(void)usleep(10000);
	}
	return status;
}

static int n_tests, n_failed;

static void weather(const char *name, void (*storm)(void))
{
	(void)unlink(log_path);
	memset(shared, 0, sizeof(*shared));
	int status = in_child(storm);
	struct seen s = read_log();
	bool ok = status == 0 && s.secrets == 0 && s.disorder == 0 &&
		s.said + s.handled + shared->dropped + shared->refused ==
			shared->said + shared->handled &&
		memory_dir_files(".ring") <= 1;
	n_failed += !ok;
	printf("# %lu of %lu said, %lu of %lu handled, %lu in between; %lu dropped, %lu "
	       "refused\n",
		(unsigned long)s.said, (unsigned long)shared->said,
		(unsigned long)s.handled, (unsigned long)shared->handled,
		(unsigned long)s.nested, (unsigned long)shared->dropped,
		(unsigned long)shared->refused);
	if (!ok)
		printf("# status %d, %lu out of order, %lu secrets\n", status,
			(unsigned long)s.disorder, (unsigned long)s.secrets);
	printf("%sok %d - fault 6: %s\n", ok ? "" : "not ", ++n_tests, name);
	(void)fflush(stdout);
}

int main(void)
{
	const char *dir = memory_dir();
	if (!dir) {
		puts("1..0 # SKIP no tmpfs at /dev/shm");
		return 0;
	}
	(void)snprintf(log_path, sizeof(log_path), "%s/../log", dir);
	(void)snprintf(stack_text, sizeof(stack_text),
		"queue required ring\nredact requisite keys\n"
		"sink required file path=%s\n",
		log_path);
	shared = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	weather("a storm of signals over one thread that logs", one_thread);
	weather("the same over several", several_threads);
	weather("first calls in the middle of malloc()", in_malloc);
	weather("a storm while stacks come and go", in_reloads);
	printf("1..%d\n", n_tests);
	(void)unlink(log_path);
	return n_failed != 0;
}
