/* A program that brings functions of libc along, as allocators, sandboxes and emulators do,
 * and whose own are called wherever libc's would be: linked with -rdynamic. */
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

/* ---- an allocator that must not be called now and then, and that logs ---- */

#define POOL ((size_t)64 << 20)

static bool night;
static char pool[POOL] __attribute__((aligned(16)));
static size_t used;

static void *get(size_t n)
{
	if (night)
		_exit(90);
	size_t at = __atomic_fetch_add(&used, (n + 31) & ~(size_t)15, __ATOMIC_RELAXED);
	memcpy(pool + at, &n, sizeof(n));
	return pool + at + 16;
}

void *malloc(size_t n)
{
	return get(n);
}

void *calloc(size_t n, size_t size)
{
	return get(n * size); /* the pool is zero, and nothing is used twice */
}

void *realloc(void *p, size_t n)
{
	char *more = get(n);
	size_t had = 0;
	if (p)
		memcpy(&had, (char *)p - 16, sizeof(had));
	return memcpy(more, p ? p : more, had < n ? had : n);
}

void free(void *p)
{
	(void)p;
	if (night)
		_exit(91);
}

static void with_malloc(void)
{
	openlog("host", LOG_PID, LOG_USER);
	syslog(LOG_INFO, "by day");
	night = true;
	syslog(LOG_INFO, "by day, %0*d", 2000, 7);
	openlog("other", LOG_PID, LOG_MAIL);
	syslog(LOG_INFO, "by day %s", "too");
	night = false;
}

/* ---- a function that our sinks call, and that logs ---- */

static bool logs;
static int log_fd;
static int (*send_entry)(const char *format, ...); /* sd_journal_send() */

static void log_by_all_means(void)
{
	syslog(LOG_NOTICE, "inner call");
	(void)!write(log_fd, "<12>own[7]: inner line", 22);
	if (send_entry)
		(void)send_entry("MESSAGE=inner %s", "entry", "PRIORITY=%d", 3,
			"ORDER_ID=o%d", 1, NULL);
	openlog("renamed", LOG_PID, LOG_MAIL);
}

int fstat(int fd, struct stat *st)
{
	if (logs) {
		logs = false;
		log_by_all_means();
	}
	return (int)syscall(SYS_fstat, fd, st);
}

static void with_fstat(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	*(void **)&send_entry = dlsym(RTLD_DEFAULT, "sd_journal_send");
	log_fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	(void)connect(log_fd, (struct sockaddr *)&un, sizeof(un));
	openlog("host", 0, LOG_USER);
	syslog(LOG_INFO, "outer 0");
	(void)usleep(20000); /* sinks look at their descriptor once a tick */
	logs = true;
	syslog(LOG_INFO, "outer 1");
	logs = false;
	syslog(LOG_INFO, "outer 2");
}

/* ---- a handler on a stack of its own ---- */

static void on_signal(int signal)
{
	syslog(LOG_INFO, "on the small stack: %d", signal);
}

static void small_stack(void)
{
	enum { SIZE = 8192, GUARD = 4096 };
	char *stack = mmap(NULL, SIZE + GUARD, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t own = { .ss_sp = stack + GUARD, .ss_size = SIZE };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };
	if (mprotect(stack, GUARD, PROT_NONE) < 0 || sigaltstack(&own, NULL) < 0 ||
		sigaction(SIGUSR1, &action, NULL) < 0)
		_exit(92);
	(void)raise(SIGUSR1); /* reads the stack of lines there, too */
	(void)raise(SIGUSR1);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "malloc") == 0)
		with_malloc();
	else if (argc == 2 && strcmp(argv[1], "recursion") == 0)
		with_fstat();
	else if (argc == 2 && strcmp(argv[1], "small-stack") == 0)
		small_stack();
	else
		return 64;
	return 0;
}
