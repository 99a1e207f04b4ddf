#include "source/bookmark.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/crash.h"
#include "base/crc32c.h"

#define HEAD	  "telltale position 1\n"
#define NO_CURSOR "-"
#define FILE_MAX  (TELL_BOOKMARK_CURSOR + 512)
#define PATH_NAME (TELL_BOOKMARK_NAME + 8)

uint64_t tell_bookmark_time(struct tell_bookmark *b, uint64_t us)
{
	bool given = us >= b->time_us && us - b->time_us <= b->nth / 1000 &&
		b->nth < UINT32_MAX;
	b->nth = given ? b->nth + 1 : 0;
	b->time_us = given ? b->time_us : us;
	return b->time_us * 1000 + b->nth;
}

static void name_of(
	const struct tell_bookmark_file *f, char name[PATH_NAME], const char *ending)
{
	(void)snprintf(name, PATH_NAME, "%s%s", f->name, ending); /* fits */
}

void tell_bookmark_close(struct tell_bookmark_file *f)
{
	tell_closep(&f->lock);
	tell_closep(&f->dir);
	f->lock = f->dir = -1;
}

int tell_bookmark_open(struct tell_bookmark_file *f, const char *dir, const char *name)
{
	char lock[PATH_NAME];
	*f = (struct tell_bookmark_file){ -1, -1, "" };
	size_t len = strlen(name);
	if (len == 0 || len >= sizeof(f->name) || strchr(name, '/') || name[0] == '.')
		return -EINVAL;
	memcpy(f->name, name, len + 1);
	name_of(f, lock, ".lock");
	f->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir >= 0)
		f->lock = openat(
			f->dir, lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int r = f->lock < 0				 ? -errno
		: flock(f->lock, LOCK_EX | LOCK_NB) == 0 ? 0
		: errno == EWOULDBLOCK			 ? -EBUSY
							 : -errno;
	if (r < 0)
		tell_bookmark_close(f);
	return r;
}

/* What is behind the head is under the sum that ends the file. */
static bool parse(const char *text, struct tell_bookmark *ret)
{
	unsigned sum;
	int n = 0;
	struct tell_bookmark p = { 0 };
	if (sscanf(text,
		    HEAD "realtime=%" SCNu64 " time=%" SCNu64 " nth=%" SCNu32
			 "\ncursor=%32767[^\n]\nsum=%n",
		    &p.realtime_us, &p.time_us, &p.nth, p.cursor, &n) != 4 ||
		n == 0 || sscanf(text + n, "%x", &sum) != 1 ||
		sum != tell_crc32c(0, text, (size_t)n))
		return false;
	if (strcmp(p.cursor, NO_CURSOR) == 0)
		*p.cursor = '\0';
	*ret = p;
	return true;
}

static int load(
	const struct tell_bookmark_file *f, const char *ending, struct tell_bookmark *ret)
{
	char name[PATH_NAME], text[FILE_MAX];
	name_of(f, name, ending);
	TELL_CLEANUP(tell_closep)
	int fd = openat(f->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return parse(text, ret) ? 0 : -EBADMSG;
}

int tell_bookmark_load(
	const struct tell_bookmark_file *f, struct tell_bookmark *ret, bool *ret_old)
{
	int r = load(f, "", ret);
	*ret_old = false;
	if (r == 0)
		return 0;
	int old = load(f, ".old", ret);
	*ret_old = old == 0;
	if (old == 0)
		return 0;
	return r == -ENOENT && old == -ENOENT ? -ENOENT : r == -ENOENT ? old : r;
}

static int write_whole(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		text += n;
		len -= (size_t)n;
	}
	return fdatasync(fd) < 0 ? -errno : 0;
}

static size_t format(char text[FILE_MAX], const struct tell_bookmark *p)
{
	int n = snprintf(text, FILE_MAX,
		HEAD "realtime=%" PRIu64 " time=%" PRIu64 " nth=%" PRIu32
		     "\ncursor=%s\nsum=",
		p->realtime_us, p->time_us, p->nth, *p->cursor ? p->cursor : NO_CURSOR);
	size_t len = (size_t)n; /* fits: the cursor is the only long one */
	return len +
		(size_t)snprintf(
			text + len, FILE_MAX - len, "%08x\n", tell_crc32c(0, text, len));
}

/* The one before under a second name: whenever the process dies, one of the two is there under
 * its own. Where links cannot be made, there is a moment with the old one alone. */
static void keep_old(const struct tell_bookmark_file *f, const char *old)
{
	(void)unlinkat(f->dir, old, 0);
	if (linkat(f->dir, f->name, f->dir, old, 0) < 0 && errno != ENOENT)
		(void)renameat(f->dir, f->name, f->dir, old); /* the first time: none */
}

int tell_bookmark_store(const struct tell_bookmark_file *f, const struct tell_bookmark *p)
{
	char text[FILE_MAX], new[PATH_NAME], old[PATH_NAME];
	size_t len = format(text, p);
	name_of(f, new, ".new");
	name_of(f, old, ".old");
	(void)unlinkat(f->dir, new, 0); /* of a process that died here */
	int fd = openat(f->dir, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	int r = write_whole(fd, text, len);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	TELL_CRASH_POINT("position-written");
	if (r == 0)
		keep_old(f, old);
	TELL_CRASH_POINT("position-moved");
	if (r == 0 && renameat(f->dir, new, f->dir, f->name) < 0)
		r = -errno;
	if (r == 0)
		(void)fsync(f->dir); /* some file systems cannot */
	return r;
}
