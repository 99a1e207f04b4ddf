/* A record into a spool beside plain append: `spool ours DIR N` appends N records of five fields to
 * a spool, `spool raw FILE N` writes as many bytes by write(2) for each. Prints ns a record. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale/field.h>
#include <time.h>
#include <unistd.h>
#include "spool/entry.h"
#include "spool/spool.h"

static double now_ns(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static bool make(struct tell_record *r)
{
	const struct tell_field fields[] = { tell_str("user", "ann"),
		tell_str("path", "/cart/checkout"),
		tell_str("request_id", "7f3a90c1d2e4"), tell_u64("status", 200),
		tell_u64("duration_ms", 12) };
	if (tell_record_begin(r, 6, 0) < 0)
		return false;
	tell_record_message(r, "request handled", 15);
	tell_record_add(r, fields, 5, 0, NULL);
	return true;
}

static int ours(const char *dir, long n, const struct tell_record *r)
{
	const struct tell_spool_options options = { .limit = UINT64_C(1) << 32 };
	struct tell_spool *s;
	if (tell_spool_open(&s, dir, "bench", "bench", &options) < 0)
		return 73;
	double begin = now_ns();
	for (long i = 0; i < n; i++)
		if (tell_spool_append(s, r) < 0)
			return 74;
	printf("%.1f\n", (now_ns() - begin) / (double)n);
	(void)tell_spool_confirm(s, s->next);
	tell_spool_close(s);
	return 0;
}

static int raw(const char *path, long n, const struct tell_record *r)
{
	struct tell_buf entry = { 0 };
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || !tell_spool_entry_put(&entry, r, 1, 1))
		return 73;
	double begin = now_ns();
	for (long i = 0; i < n; i++)
		if (write(fd, entry.data, entry.len) < 0)
			return 74;
	printf("%.1f\n", (now_ns() - begin) / (double)n);
	tell_buf_done(&entry);
	(void)unlink(path);
	return close(fd);
}

int main(int argc, char **argv)
{
	struct tell_record r = { 0 };
	if (argc != 4 || !make(&r))
		return 64;
	long n = atol(argv[3]);
	return strcmp(argv[1], "raw") == 0 ? raw(argv[2], n, &r) : ours(argv[2], n, &r);
}
