/* The floors: `raw write FILE N` writes N prepared lines, one write(2) each, formatting the
 * same five values by hand into a buffer with snprintf-free code is what the JSON floor of
 * the literature does; here the line is prepared, so this is the kernel's part alone.
 * `raw sendv N` sends the same fields by sd_journal_sendv(), `raw send PATH N` as one prepared
 * datagram, `raw lines N` sends journald what `telltale cat` makes of bench/cat.sh's lines.
 * Prints ns a record. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>
#include "bench/ids.h"

static struct bench_ids ids[BENCH_SETS];

static uint64_t now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static size_t line_of(char *to, size_t size, const struct bench_ids *id, const char *end)
{
	int n = snprintf(to, size,
		"{\"timestamp\":\"2026-11-21T03:00:00.123456Z\",\"level\":\"info\",\"service\":"
		"\"bench\",\"logger\":\"shop.checkout\",\"message\":\"request handled\","
		"\"request_id\":\"%s\",\"trace_id\":\"%s\",\"tenant_id\":\"%s\",\"status\":200,"
		"\"ms\":12.125,\"pid\":4711,\"seq\":\"1a2b3c4d.0.123456\",\"caller\":{\"file\":"
		"\"bench/call.c\",\"line\":38,\"function\":\"call_on\"}}%s",
		id->request, id->trace, id->tenant, end);
	return n > 0 ? (size_t)n : 0;
}

static int raw_write(const char *path, long n)
{
	static char lines[BENCH_SETS][512];
	size_t len = 0;
	for (int i = 0; i < BENCH_SETS; i++)
		len = line_of(lines[i], sizeof(lines[i]), &ids[i], "\n");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	for (long i = 0; i < n; i++)
		if (write(fd, lines[i % BENCH_SETS], len) != (ssize_t)len)
			return 74;
	return close(fd);
}

static int raw_send(const char *path, long n)
{
	static char datagrams[BENCH_SETS][512];
	size_t len = 0;
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	(void)snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	for (int i = 0; i < BENCH_SETS; i++)
		len = line_of(datagrams[i], sizeof(datagrams[i]), &ids[i], "");
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return 69;
	for (long i = 0; i < n; i++)
		if (send(fd, datagrams[i % BENCH_SETS], len, MSG_NOSIGNAL) < 0)
			return 74;
	return 0;
}

/* The fields of the records that come of "<6>line 17 of many path=/var/lib/shop n=17", with
 * nothing but the numbers made anew; the socket blocks. */
static int raw_lines(long n)
{
	char text[512];
	int size = 8 << 20;
	struct sockaddr_un sa = { .sun_family = AF_UNIX,
		.sun_path = "/run/systemd/journal/socket" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0)
		return 69;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	for (long i = 1; i <= n; i++) {
		int k = snprintf(text, sizeof(text),
			"MESSAGE=line %ld of many path=/var/lib/shop n=%ld\nTELL_TEXT=line %ld of "
			"many\nPRIORITY=6\nSYSLOG_FACILITY=3\nTID=%d\nSYSLOG_IDENTIFIER=bench-raw\n"
			"TELL_SEQ=1a2b3c4d.0.%ld\nPATH=/var/lib/shop\nN=%ld\n",
			i, i, i, getpid(), i, i);
		if (send(fd, text, (size_t)k, MSG_NOSIGNAL) < 0)
			return 74;
	}
	return 0;
}

/* As a service without telltale would: the values are made text, field by field. */
static int sendv(long n)
{
	char text[8][96];
	struct iovec iov[12];
	for (long i = 0; i < n; i++) {
		const struct bench_ids *id = &ids[i % BENCH_SETS];
		int k = 0;
#define ADD(...)                                                                         \
	iov[k].iov_len = (size_t)snprintf(text[k], sizeof(text[k]), __VA_ARGS__),        \
	iov[k].iov_base = text[k], k++
		ADD("MESSAGE=request handled");
		ADD("REQUEST_ID=%s", id->request);
		ADD("TRACE_ID=%s", id->trace);
		ADD("TENANT_ID=%s", id->tenant);
		ADD("STATUS=%ld", 200 + i % 300);
		ADD("MS=%.3f", (double)(i * 7 % 90000) / 1000 + 0.125);
		ADD("PRIORITY=6");
		ADD("SYSLOG_IDENTIFIER=bench");
		if (sd_journal_sendv(iov, k) < 0)
			return 74;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	long n = argc > 2 ? atol(argv[argc - 1]) : 0;
	bench_ids_make(ids);
	uint64_t begin = now_ns();
	int r = strcmp(what, "write") == 0   ? raw_write(argv[2], n)
		: strcmp(what, "send") == 0  ? raw_send(argv[2], n)
		: strcmp(what, "sendv") == 0 ? sendv(n)
		: strcmp(what, "lines") == 0 ? raw_lines(n)
					     : 64;
	(void)printf("%.1f\n", n ? (double)(now_ns() - begin) / (double)n : 0);
	return r;
}
