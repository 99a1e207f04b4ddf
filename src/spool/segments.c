#include "spool/segments.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/crc32c.h"

void tell_segment_name(char name[TELL_SPOOL_NAME_CHARS + 1], const struct tell_segment *s)
{
	(void)snprintf(name, TELL_SPOOL_NAME_CHARS + 1,
		"%016" PRIx64 "-%08" PRIx32 TELL_SPOOL_SUFFIX, s->first,
		s->salt); /* fits */
}

/* The name must be the one that we would give. */
static int read_name(struct tell_segment *ret, const char *name)
{
	char *end, again[TELL_SPOOL_NAME_CHARS + 1];
	*ret = (struct tell_segment){ .first = strtoull(name, &end, 16) };
	if (*end != '-')
		return -EINVAL;
	ret->salt = (uint32_t)strtoul(end + 1, NULL, 16);
	tell_segment_name(again, ret);
	return strcmp(name, again) == 0 && ret->first ? 0 : -EINVAL;
}

static int add(struct tell_segments *s, const struct tell_segment *one)
{
	if (s->n == TELL_SEGMENTS_MAX)
		return -ENOSPC;
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 16;
		struct tell_segment *more = realloc(s->list, cap * sizeof(*more));
		if (!more)
			return -ENOMEM;
		s->list = more;
		s->cap = cap;
	}
	s->list[s->n++] = *one;
	s->bytes += one->bytes;
	return 0;
}

static int by_first(const void *a, const void *b)
{
	uint64_t x = ((const struct tell_segment *)a)->first;
	uint64_t y = ((const struct tell_segment *)b)->first;
	return (x > y) - (x < y);
}

int tell_segments_list(struct tell_segments *ret, int dir)
{
	int list = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = list < 0 ? NULL : fdopendir(list);
	int r = d ? 0 : -errno;
	*ret = (struct tell_segments){ .n = 0 };
	if (!d && list >= 0)
		(void)close(list); /* nothing was written */
	for (struct dirent *e; r == 0 && d && (e = readdir(d));) {
		struct tell_segment one;
		struct stat st;
		if (read_name(&one, e->d_name) < 0 ||
			fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISREG(st.st_mode))
			continue;
		one.bytes = (uint64_t)st.st_size;
		r = add(ret, &one);
	}
	if (d)
		(void)closedir(d);
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), by_first);
	if (r < 0)
		tell_segments_done(ret);
	return r;
}

void tell_segments_done(struct tell_segments *s)
{
	free(s->list);
	*s = (struct tell_segments){ .n = 0 };
}

int tell_segment_open(int dir, const struct tell_segment *s)
{
	char name[TELL_SPOOL_NAME_CHARS + 1];
	tell_segment_name(name, s);
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int tell_segment_service(
	int dir, const struct tell_segment *s, char *service, size_t size)
{
	struct tell_segment_head h;
	TELL_CLEANUP(tell_closep) int fd = tell_segment_open(dir, s);
	if (fd < 0)
		return fd;
	if (pread(fd, &h, sizeof(h), 0) != (ssize_t)sizeof(h) ||
		memcmp(h.magic, TELL_SPOOL_MAGIC, sizeof(h.magic)) != 0 ||
		h.crc != tell_crc32c(0, &h, offsetof(struct tell_segment_head, crc)) ||
		!memchr(h.service, '\0', sizeof(h.service)))
		return -EBADMSG;
	int n = snprintf(service, size, "%s", h.service);
	return n > 0 && (size_t)n < size ? 0 : -EBADMSG;
}

static int write_head(int fd, const struct tell_segment *s, const char *service)
{
	struct tell_segment_head h = { .version = TELL_SPOOL_VERSION,
		.order = TELL_SPOOL_ORDER,
		.first = s->first,
		.made_ns = tell_clock_realtime_ns(),
		.salt = s->salt };
	memcpy(h.magic, TELL_SPOOL_MAGIC, sizeof(h.magic));
	(void)snprintf(h.service, sizeof(h.service), "%s", service); /* cut is fine */
	h.crc = tell_crc32c(0, &h, offsetof(struct tell_segment_head, crc));
	ssize_t n = pwrite(fd, &h, sizeof(h), 0);
	return n == (ssize_t)sizeof(h) ? 0 : n < 0 ? -errno : -ENOSPC;
}

int tell_segments_make(
	struct tell_segments *s, int dir, uint64_t first, const char *service)
{
	struct tell_segment one = { .first = first,
		.bytes = sizeof(struct tell_segment_head) };
	char name[TELL_SPOOL_NAME_CHARS + 1];
	if (getrandom(&one.salt, sizeof(one.salt), GRND_NONBLOCK) != sizeof(one.salt))
		one.salt = (uint32_t)tell_clock_monotonic_ns();
	tell_segment_name(name, &one);
	int fd = openat(
		dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	TELL_CRASH_POINT("spool-segment-create");
	int r = write_head(fd, &one, service);
	if (r == 0)
		r = add(s, &one);
	if (r == 0)
		return fd;
	(void)unlinkat(dir, name, 0); /* empty: the next look passes it by */
	(void)close(fd);
	return r;
}

int tell_segments_drop(struct tell_segments *s, int dir)
{
	char name[TELL_SPOOL_NAME_CHARS + 1];
	tell_segment_name(name, &s->list[0]);
	TELL_CRASH_POINT("spool-before-unlink");
	if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		return -errno;
	TELL_CRASH_POINT("spool-unlink");
	s->bytes -= s->list[0].bytes;
	memmove(s->list, s->list + 1, --s->n * sizeof(*s->list));
	return 0;
}
