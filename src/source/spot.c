#include "source/spot.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/crc32c.h"

#define TAIL_SIZE ((size_t)64 << 10)
#define SUM_BYTES 256 /* a record's end: its time and its number are among them */

bool tell_spot_fits(const char *path)
{
	return strlen(path) < TELL_SPOT_PATH && !strpbrk(path, "\t\n");
}

int tell_spot_sum(int fd, uint64_t at, uint32_t *ret)
{
	char bytes[SUM_BYTES];
	size_t want = at < SUM_BYTES ? (size_t)at : SUM_BYTES, got = 0;
	while (got < want) {
		ssize_t n = pread(fd, bytes + got, want - got, (off_t)(at - want + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ESTALE;
		got += (size_t)n;
	}
	*ret = tell_crc32c(0, bytes, want);
	return 0;
}

bool tell_spot_holds(const struct tell_spot *s, int fd)
{
	uint32_t sum;
	return tell_spot_sum(fd, s->at, &sum) == 0 && sum == s->sum;
}

bool tell_spot_put(char *cursor, size_t size, const struct tell_spot *s, const char *path)
{
	size_t len = strlen(cursor);
	int n = snprintf(cursor + len, size - len,
		"\t%" PRIx64 ":%" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%08" PRIx32 ":%" PRIu64
		":%s",
		s->dev, s->ino, s->number, s->at, s->sum, s->time_us, path);
	if ((size_t)n < size - len)
		return true;
	cursor[len] = '\0';
	return false;
}

bool tell_spot_next(const char *cursor, const char **at, struct tell_spot *ret,
	char path[TELL_SPOT_PATH])
{
	struct tell_spot s;
	int n = 0;
	const char *from = *at;
	if (!from) {
		if (strncmp(cursor, TELL_SPOT_HEAD, sizeof(TELL_SPOT_HEAD) - 1) != 0)
			return false;
		from = cursor + sizeof(TELL_SPOT_HEAD) - 1;
	}
	if (sscanf(from,
		    "\t%" SCNx64 ":%" SCNu64 ":%" SCNu64 ":%" SCNu64 ":%" SCNx32
		    ":%" SCNu64 ":%n",
		    &s.dev, &s.ino, &s.number, &s.at, &s.sum, &s.time_us, &n) != 6 ||
		n == 0)
		return false;
	size_t len = strcspn(from + n, "\t");
	if (len == 0 || len >= TELL_SPOT_PATH)
		return false;
	memcpy(path, from + n, len);
	path[len] = '\0';
	*ret = s;
	*at = from + n + len;
	return true;
}

uint64_t tell_spot_last_line(int fd)
{
	char bytes[TAIL_SIZE];
	struct stat st;
	if (fstat(fd, &st) < 0)
		return 0;
	uint64_t size = (uint64_t)st.st_size;
	size_t want = size < sizeof(bytes) ? (size_t)size : sizeof(bytes);
	ssize_t n = pread(fd, bytes, want, (off_t)(size - want));
	const char *feed = n > 0 ? memrchr(bytes, '\n', (size_t)n) : NULL;
	if (feed)
		return size - want + (uint64_t)(feed + 1 - bytes);
	return want < sizeof(bytes) ? 0 : size;
}
