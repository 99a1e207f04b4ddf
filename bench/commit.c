/* Lines on the disk: `commit ours THREADS N` logs N records through service bench's stack (with
 * sync=always), `commit raw FILE N` does write(2) and fdatasync(2) for each of N lines, one
 * thread. Prints us a record. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MAX 64

static double now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void *log_some(void *arg)
{
	long n = *(long *)arg;
	for (long i = 0; i < n; i++)
		tell_info("request handled", tell_kv("i", i), tell_kv("status", 200));
	return NULL;
}

static int ours(long threads, long n)
{
	pthread_t ids[THREADS_MAX];
	long each = n / threads;
	(void)tell_init("bench");
	for (long i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, log_some, &each) != 0)
			return 71;
	for (long i = 0; i < threads; i++)
		(void)pthread_join(ids[i], NULL);
	return 0;
}

static int raw(const char *path, long n)
{
	char line[160];
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (long i = 0; i < n; i++)
		if (write(fd, line, sizeof(line)) < 0 || fdatasync(fd) < 0)
			return 74;
	return close(fd);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 64;
	long n = atol(argv[3]), threads = atol(argv[2]);
	double begin = now_us();
	int bad = 1;
	if (strcmp(argv[1], "raw") == 0)
		bad = raw(argv[2], n);
	else if (threads > 0 && threads <= THREADS_MAX)
		bad = ours(threads, n);
	printf("%.1f\n", (now_us() - begin) / (double)n);
	return bad;
}
