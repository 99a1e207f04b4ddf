#include "meter/process.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/buf.h"
#include "support/check_main.h"

static struct tell_buf seen;
static const char *family_now;

static void family(void *arg, const struct tell_metric *m)
{
	(void)arg;
	ck_assert(*m->help);
	family_now = m->name;
}

static void sample(
	void *arg, const struct tell_label *labels, size_t n, struct tell_reading value)
{
	(void)arg;
	tell_buf_printf(&seen, "%s%s %.3f\n", family_now, n ? labels[0].value : "",
		value.whole ? (double)value.u64 : value.f64);
}

static void collect(void)
{
	tell_buf_clear(&seen);
	tell_collect_process(&(struct tell_collector){ family, sample, NULL });
}

/* NaN: it is left out. */
static double get(const char *name)
{
	char key[100];
	(void)snprintf(key, sizeof(key), "%s ", name);
	const char *at = strstr(tell_buf_cstr(&seen), key);
	return at ? strtod(at + strlen(key), NULL) : (double)NAN;
}

START_TEST(memory_grows_as_it_is_used)
{
	const size_t much = (size_t)64 << 20;
	collect();
	double addresses = get("process_virtual_memory_bytes");
	double resident = get("process_resident_memory_bytes");
	char *p = mmap(
		NULL, much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
	memset(p, 1, much);
	collect();
	ck_assert(get("process_virtual_memory_bytes") - addresses >= (double)much);
	ck_assert(get("process_resident_memory_bytes") - resident >= (double)much / 2);
}
END_TEST

START_TEST(the_peak_of_memory_stays)
{
	const size_t much = (size_t)64 << 20;
	collect();
	double resident = get("process_resident_memory_bytes");
	char *p = mmap(
		NULL, much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(p, MAP_FAILED);
	memset(p, 1, much);
	ck_assert_int_eq(munmap(p, much), 0);
	collect();
	ck_assert(
		get("process_resident_memory_peak_bytes") >= resident + (double)much / 2);
	ck_assert(get("process_resident_memory_bytes") <
		get("process_resident_memory_peak_bytes"));
}
END_TEST

START_TEST(what_went_over_the_network_is_counted)
{
	static const char bytes[30000];
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(to);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_ge(fd, 0);
	collect();
	double in = get("process_network_receive_bytes");
	double out = get("process_network_transmit_bytes");
	if (isnan(in) || bind(fd, (struct sockaddr *)&to, len) < 0)
		return; /* no /proc/self/net/netstat, or no loopback */
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&to, &len), 0);
	ck_assert_int_eq(sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, len),
		sizeof(bytes));
	collect();
	ck_assert(get("process_network_receive_bytes") - in >= sizeof(bytes));
	ck_assert(get("process_network_transmit_bytes") - out >= sizeof(bytes));
	(void)close(fd);
}
END_TEST

START_TEST(descriptors_are_counted_without_its_own)
{
	collect();
	double before = get("process_open_fds");
	for (int i = 0; i < 200; i++)
		ck_assert_int_ge(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
	collect();
	ck_assert(get("process_open_fds") == before + 200);
	collect();
	ck_assert(get("process_open_fds") == before + 200);
}
END_TEST

START_TEST(limits_are_the_soft_ones_and_none_is_left_out)
{
	struct rlimit l;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &l), 0);
	l.rlim_cur = 77; /* the hard one is the machine's, or valgrind's */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &l), 0);
	collect();
	ck_assert(get("process_max_fds") == 77);
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &l), 0);
	ck_assert((l.rlim_cur == RLIM_INFINITY) ==
		!!isnan(get("process_virtual_memory_max_bytes")));
}
END_TEST

START_TEST(cpu_time_only_grows)
{
	collect();
	double before = get("process_cpu_seconds");
	clock_t until = clock() + CLOCKS_PER_SEC / 50;
	while (clock() < until)
		;
	collect();
	ck_assert(get("process_cpu_seconds") >= before + 0.019);
}
END_TEST

START_TEST(it_began_before_now_and_always_at_the_same_time)
{
	collect();
	double began = get("process_start_time_seconds"), now = (double)time(NULL);
	ck_assert_msg(began <= now + 1 && began > now - 3600, "%f", began);
	for (int i = 0; i < 1000; i++) {
		collect();
		ck_assert(get("process_start_time_seconds") == began);
	}
}
END_TEST

static void *hold(void *arg)
{
	pthread_barrier_wait(arg);
	return NULL;
}

START_TEST(threads_are_counted)
{
	pthread_t t[2];
	pthread_barrier_t all;
	double n[2];
	ck_assert_int_eq(pthread_barrier_init(&all, NULL, 3), 0);
	for (int i = 0; i < 2; i++) { /* with the first a sanitizer starts its own */
		ck_assert_int_eq(pthread_create(&t[i], NULL, hold, &all), 0);
		collect();
		n[i] = get("process_threads");
	}
	ck_assert(n[0] >= 2 && n[1] == n[0] + 1);
	(void)pthread_barrier_wait(&all);
	for (int i = 0; i < 2; i++)
		(void)pthread_join(t[i], NULL);
}
END_TEST

START_TEST(a_child_is_another_process)
{
	struct timespec t = { .tv_nsec = 30 * 1000 *
			1000 }; /* more than a tick of 10 ms */
	collect();
	double began = get("process_start_time_seconds");
	(void)nanosleep(&t, NULL);
	pid_t pid = fork();
	if (pid == 0) {
		collect();
		_exit(get("process_start_time_seconds") > began ? 7 : 1);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 7 << 8);
}
END_TEST

START_TEST(what_disks_moved_is_shown_where_the_kernel_says_it)
{
	collect();
	bool there = access("/proc/self/io", R_OK) == 0;
	ck_assert(there == !isnan(get("process_disk_io_bytesread")));
	ck_assert(there == !isnan(get("process_disk_io_byteswrite")));
}
END_TEST

static Suite *process_suite(void)
{
	Suite *s = suite_create("meter/process");
	tell_check_add(s, "process", memory_grows_as_it_is_used, the_peak_of_memory_stays,
		what_went_over_the_network_is_counted,
		descriptors_are_counted_without_its_own,
		limits_are_the_soft_ones_and_none_is_left_out, cpu_time_only_grows,
		it_began_before_now_and_always_at_the_same_time, threads_are_counted,
		a_child_is_another_process,
		what_disks_moved_is_shown_where_the_kernel_says_it, NULL);
	return s;
}
TELL_CHECK_MAIN(process_suite)
