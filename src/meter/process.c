#include "meter/process.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "base/cleanup.h"

/* Fields of /proc/self/stat, counted from 1 (proc(5)). */
enum { N_THREADS = 20, START = 22, BEHIND_NAME = 3 };

/* /proc/self/net/netstat is the longest, 4 KiB and growing. */
struct text {
	char bytes[8192];
};

/* A file of /proc, whole; "" when it cannot be read. */
static const char *read_file(struct text *t, const char *path)
{
	TELL_CLEANUP(tell_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, t->bytes, sizeof(t->bytes) - 1);
	t->bytes[n > 0 ? n : 0] = '\0';
	return t->bytes;
}

static void one(const struct tell_collector *to, const char *name, const char *help,
	enum tell_metric_kind kind, struct tell_reading value)
{
	const struct tell_metric m = { name, help, kind };
	to->family(to->arg, &m);
	to->sample(to->arg, NULL, 0, value);
}

static void gauge(
	const struct tell_collector *to, const char *name, const char *help, uint64_t n)
{
	one(to, name, help, TELL_METRIC_GAUGE, tell_reading_u64(n));
}

static void collect_cpu(const struct tell_collector *to)
{
	struct timespec t;
	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) != 0)
		return;
	one(to, "process_cpu_seconds", "Time that the process has used processors.",
		TELL_METRIC_COUNTER,
		(struct tell_reading){
			.f64 = (double)t.tv_sec + (double)t.tv_nsec / 1e9 });
}

static void collect_memory(const struct tell_collector *to)
{
	struct text t;
	char *end;
	const char *s = read_file(&t, "/proc/self/statm");
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t size = strtoull(s, &end, 10), resident = strtoull(end, NULL, 10);
	if (!*s)
		return;
	gauge(to, "process_virtual_memory_bytes", "Addresses in use.", size * page);
	gauge(to, "process_resident_memory_bytes", "Memory in use.", resident * page);
}

static void collect_peak(const struct tell_collector *to)
{
	static const char key[] = "\nVmHWM:";
	struct text t;
	const char *at = strstr(read_file(&t, "/proc/self/status"), key);
	if (at)
		gauge(to, "process_resident_memory_peak_bytes",
			"The most memory that was ever in use.",
			strtoull(at + sizeof(key) - 1, NULL, 10) * 1024);
}

static void collect_limit(
	const struct tell_collector *to, int what, const char *name, const char *help)
{
	struct rlimit limit;
	if (getrlimit(what, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		gauge(to, name, help, limit.rlim_cur);
}

/* Entries of a directory that is open, without "." and "..". */
static uint64_t count_entries(int fd)
{
	char buf[4096] __attribute__((aligned(8)));
	uint64_t n = 0;
	for (long got; (got = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0;)
		for (long at = 0; at < got; n++) {
			uint16_t len; /* struct linux_dirent64: getdents(2) */
			memcpy(&len, buf + at + 16, sizeof(len));
			at += len;
		}
	return n > 2 ? n - 2 : 0;
}

static void collect_fds(const struct tell_collector *to)
{
	struct stat st;
	TELL_CLEANUP(tell_closep)
	int fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	/* Since Linux 6.2 the size says it: no list of 100,000 has to be read. */
	uint64_t n = fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size
							   : count_entries(fd);
	gauge(to, "process_open_fds", "Descriptors in use.", n ? n - 1 : 0);
}

/* Realtime at boot: the difference of two clocks that only a step changes. What is between
 * reading the two makes it less, so the most of some is it. */
static double boot_seconds(void)
{
	double most = 0;
	for (int i = 0; i < 3; i++) {
		struct timespec now, up;
		(void)clock_gettime(CLOCK_REALTIME, &now); /* neither can fail */
		(void)clock_gettime(CLOCK_BOOTTIME, &up);
		double boot = (double)(now.tv_sec - up.tv_sec) +
			(double)(now.tv_nsec - up.tv_nsec) / 1e9;
		most = i == 0 || boot > most ? boot : most;
	}
	return most;
}

/* In whole hundredths, as the kernel counts it: the same text at each collection. */
static double start_seconds(uint64_t ticks)
{
	double at = boot_seconds() + (double)ticks / (double)sysconf(_SC_CLK_TCK);
	return (double)(uint64_t)(at * 100 + 0.5) / 100;
}

static void collect_stat(const struct tell_collector *to)
{
	struct text t;
	/* The name is in brackets and may hold anything. */
	const char *at = strrchr(read_file(&t, "/proc/self/stat"), ')');
	uint64_t threads = 0, start = 0;
	for (int i = BEHIND_NAME; at && i <= START; i++) {
		at = strchr(at + 1, ' ');
		if (at && i == N_THREADS)
			threads = strtoull(at + 1, NULL, 10);
		if (at && i == START)
			start = strtoull(at + 1, NULL, 10);
	}
	if (!at)
		return;
	gauge(to, "process_threads", "Threads.", threads);
	one(to, "process_start_time_seconds", "When the process began, since 1970.",
		TELL_METRIC_GAUGE, (struct tell_reading){ .f64 = start_seconds(start) });
}

static void collect_io(const struct tell_collector *to)
{
	static const struct tell_metric m = { "process_disk_io_bytes",
		"Bytes from and to disks.", TELL_METRIC_COUNTER };
	static const char *const keys[] = { "\nread_bytes: ", "\nwrite_bytes: " };
	static const char *const words[] = { "read", "write" };
	struct text t;
	const char *s = read_file(&t, "/proc/self/io");
	if (!strstr(s, keys[0]) || !strstr(s, keys[1]))
		return;
	to->family(to->arg, &m);
	for (size_t i = 0; i < 2; i++) {
		const struct tell_label label = { "disk_io_direction", words[i] };
		uint64_t n = strtoull(strstr(s, keys[i]) + strlen(keys[i]), NULL, 10);
		to->sample(to->arg, &label, 1, tell_reading_u64(n));
	}
}

/* The number below a name: lines come in pairs, "IpExt: NAMES" and "IpExt: NUMBERS". */
static bool below(const char *names, const char *name, uint64_t *ret)
{
	const char *numbers = strchr(names, '\n');
	size_t len = strlen(name);
	while (numbers && *names != '\n') {
		names += strcspn(names, " \n");
		numbers += strcspn(numbers, " ");
		if (*names != ' ' || *numbers != ' ')
			return false;
		names++, numbers++;
		if (strncmp(names, name, len) == 0 && strchr(" \n", names[len])) {
			*ret = strtoull(numbers, NULL, 10);
			return true;
		}
	}
	return false;
}

static void collect_network(const struct tell_collector *to)
{
	struct text t;
	uint64_t in, out;
	const char *names = strstr(read_file(&t, "/proc/self/net/netstat"), "\nIpExt: ");
	if (!names || !below(names + 1, "InOctets", &in) ||
		!below(names + 1, "OutOctets", &out))
		return;
	one(to, "process_network_receive_bytes",
		"Bytes received in the process's network namespace.", TELL_METRIC_COUNTER,
		tell_reading_u64(in));
	one(to, "process_network_transmit_bytes",
		"Bytes sent in the process's network namespace.", TELL_METRIC_COUNTER,
		tell_reading_u64(out));
}

void tell_collect_process(const struct tell_collector *to)
{
	collect_cpu(to);
	collect_memory(to);
	collect_peak(to);
	collect_limit(to, RLIMIT_AS, "process_virtual_memory_max_bytes",
		"Addresses that may be in use.");
	collect_fds(to);
	collect_limit(
		to, RLIMIT_NOFILE, "process_max_fds", "Descriptors that may be in use.");
	collect_stat(to);
	collect_io(to);
	collect_network(to);
}

static unsigned wanted; /* atomic: lines `metric process` of all stacks */

void tell_process_want(bool want)
{
	(void)__atomic_add_fetch(&wanted, want ? 1U : -1U, __ATOMIC_RELAXED);
}

bool tell_process_wanted(void)
{
	return __atomic_load_n(&wanted, __ATOMIC_RELAXED) != 0;
}
