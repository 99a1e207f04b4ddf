/* RFC 5424 over TCP, to a receiver that counts frames: `tcp ours|queued|raw N` prints wall ns and
 * CPU ns a record, the number that arrived, and the CPU ns of the calling thread alone. `raw` sends
 * the same frame, prepared, one send(2) each. Writes its stack into $TELLTALE_CONFDIR. */
#define TELL_LOGGER "shop.checkout"
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <telltale.h>
#include <time.h>
#include <unistd.h>
#include "bench/ids.h"

static struct bench_ids ids[BENCH_SETS];
static char frame[1024];
static size_t frame_len;

static double now_ns(clockid_t clock)
{
	struct timespec t;
	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Frames of a connection, counted by their octets, until it ends. */
static long count_frames(int fd)
{
	static char bytes[1 << 18];
	long n = 0, left = 0, count = 0;
	for (ssize_t got; (got = read(fd, bytes, sizeof(bytes))) > 0;)
		for (ssize_t i = 0; i < got;) {
			if (left > 0) {
				long part = got - i < left ? got - i : left;
				i += part;
				left -= part;
				n += left == 0;
				continue;
			}
			if (bytes[i] != ' ')
				count = count * 10 + (bytes[i] - '0');
			else
				left = count;
			if (bytes[i++] == ' ')
				count = 0;
		}
	return n;
}

static void receive(int listener, int report)
{
	int fd = accept(listener, NULL, NULL);
	long n = count_frames(fd);
	if (write(report, &n, sizeof(n)) < 0)
		_exit(74);
	_exit(0);
}

static void ours(long i)
{
	const struct bench_ids *id = &ids[i % BENCH_SETS];
	tell_info("request handled", tell_kv("request_id", id->request),
		tell_kv("trace_id", id->trace), tell_kv("tenant_id", id->tenant),
		tell_kv("status", 200 + i % 300),
		tell_kv("ms", (double)(i * 7 % 90000) / 1000 + 0.125));
}

static int open_ours(unsigned port, bool queued)
{
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/bench", getenv("TELLTALE_CONFDIR"));
	FILE *f = fopen(path, "we");
	if (!f)
		return -1;
	(void)fprintf(f,
		"redact required permit\nfilter required permit\nenrich required permit\n%s"
		"sink required syslog proto=tcp host=127.0.0.1 port=%u\n",
		queued ? "queue required ring size=4MiB full=sync\n" : "", port);
	return fclose(f) == 0 ? tell_init("bench") : -1;
}

/* A frame like ours. */
static int open_raw(unsigned port)
{
	static const int on = 1, hold = 1 << 19;
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[900];
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &hold, sizeof(hold));
	int n = snprintf(text, sizeof(text),
		"<30>1 2026-11-21T03:00:00.123456Z box bench 4711 - [telltale@32473 seq="
		"\"1a2b3c4d.0.123456\" logger=\"shop.checkout\" request_id=\"%s\" trace_id=\"%s\""
		" tenant_id=\"%s\" status=\"200\" ms=\"12.125\" code_file=\"bench/tcp.c\" "
		"code_line=\"60\" code_func=\"ours\"] request handled",
		ids[0].request, ids[0].trace, ids[0].tenant);
	frame_len = (size_t)snprintf(frame, sizeof(frame), "%d %s", n, text);
	return connect(fd, (struct sockaddr *)&in, sizeof(in)) == 0 ? fd : -1;
}

static int run(bool raw, bool queued, unsigned port, long n, int report)
{
	long arrived = 0;
	int fd = raw ? open_raw(port) : open_ours(port, queued);
	if (fd < 0)
		return 69;
	double wall = now_ns(CLOCK_MONOTONIC), cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	double own = now_ns(CLOCK_THREAD_CPUTIME_ID);
	for (long i = 0; i < n; i++)
		if (!raw)
			ours(i);
		else if (send(fd, frame, frame_len, MSG_NOSIGNAL) < 0)
			return 74;
	own = now_ns(CLOCK_THREAD_CPUTIME_ID) - own;
	if (raw)
		(void)close(fd);
	else if (tell_flush(60000) == 0)
		tell_close();
	cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	if (read(report, &arrived, sizeof(arrived)) < 0)
		return 74;
	wall = now_ns(CLOCK_MONOTONIC) - wall;
	printf("%.1f %.1f %ld %.1f\n", wall / (double)n, cpu / (double)n, arrived,
		own / (double)n);
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int report[2], listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	long n = argc > 2 ? atol(argv[2]) : 200000;
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bench_ids_make(ids);
	if (argc < 2 || !getenv("TELLTALE_CONFDIR") ||
		bind(listener, (struct sockaddr *)&in, len) < 0 ||
		listen(listener, 5) < 0 ||
		getsockname(listener, (struct sockaddr *)&in, &len) < 0 ||
		pipe(report) < 0)
		return 64;
	pid_t pid = fork();
	if (pid == 0)
		receive(listener, report[1]);
	(void)close(report[1]);
	int r = run(strcmp(argv[1], "raw") == 0, strcmp(argv[1], "queued") == 0,
		ntohs(in.sin_port), n, report[0]);
	if (r != 0)
		(void)kill(pid, SIGKILL); /* nobody has connected, perhaps */
	(void)waitpid(pid, NULL, 0);
	return r;
}
