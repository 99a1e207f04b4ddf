#include "sink/append.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/mask.h"

#define PAINT_CHUNK 512
#define TRIES_MAX   100

void tell_append_look(struct tell_append *a)
{
	struct rlimit limit;

	a->limited = getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
		limit.rlim_cur != RLIM_INFINITY;
}

void tell_append_init(struct tell_append *a, int fd)
{
	struct stat st;
	char last = '\n';

	*a = (struct tell_append){ .fd = fd };
	tell_append_look(a);
	/* Not readable: then it is not known, and most files are whole. */
	if (fstat(fd, &st) == 0 && st.st_size > 0 &&
		pread(fd, &last, 1, st.st_size - 1) == 1)
		a->torn = last != '\n';
}

/* One write, with a newline in front where half a line stands. Bytes of data written, or
 * -errno. */
static ssize_t write_once(struct tell_append *a, const char *data, size_t len)
{
	static char newline[] = "\n";
	struct iovec parts[2] = { { newline, 1 }, { (void *)(uintptr_t)data, len } };
	struct tell_mask mask;

	if (a->limited)
		tell_mask_on(&mask, SIGXFSZ);
	ssize_t n = a->torn ? writev(a->fd, parts, 2) : write(a->fd, data, len);
	int error = errno;
	if (a->limited)
		tell_mask_off(&mask, n < 0 && error == EFBIG);
	if (n < 0)
		return -error;
	if (n > 0 && a->torn) {
		a->torn = false;
		n--;
	}
	return n;
}

/* Put blanks and a newline over the last n bytes we wrote. O_APPEND is taken off the
 * description meanwhile: with it Linux appends even in pwrite() (pwrite(2), BUGS). */
static bool paint_over(struct tell_append *a, size_t n)
{
	int fd = a->fd;
	char blanks[PAINT_CHUNK];
	off_t end = lseek(
		fd, 0, SEEK_CUR); /* where our write ended, not the file's end */
	int flags = fcntl(fd, F_GETFL);

	if (end < (off_t)n || flags < 0 || fcntl(fd, F_SETFL, flags & ~O_APPEND) < 0)
		return false;
	memset(blanks, ' ', sizeof(blanks));
	off_t at = end - (off_t)n;
	/* The newline first: from then on the next line of whoever is safe. */
	bool painted = pwrite(fd, "\n", 1, end - 1) == 1;
	while (painted && at < end - 1) {
		size_t left = (size_t)(end - 1 - at);
		ssize_t done = pwrite(
			fd, blanks, left < sizeof(blanks) ? left : sizeof(blanks), at);
		if (done <= 0)
			break; /* a broken line, but a line of its own */
		at += done;
	}
	if (fcntl(fd, F_SETFL, flags) < 0)
		a->fd = -1; /* it would overwrite others' lines: rather not write at all */
	return painted;
}

/* The kernel took n of the bytes: how many of them are whole lines; the rest is undone. */
static size_t keep_whole(struct tell_append *a, const char *data, size_t n)
{
	const char *newline = n ? memrchr(data, '\n', n) : NULL;
	size_t whole = newline ? (size_t)(newline - data) + 1 : 0;

	if (n > whole && !paint_over(a, n - whole))
		a->torn = true;
	return whole;
}

size_t tell_append_lines(struct tell_append *a, const char *data, size_t len,
	struct tell_run *run, int *ret_error)
{
	size_t done = 0;

	*ret_error = EIO;
	/* Usually once. A short write is undone and the rest tried again whole: mostly the
	 * second try says why (ENOSPC, EFBIG), and else it is the line we still owe. */
	for (int tries = 0; done < len && tries < TRIES_MAX; tries++) {
		ssize_t n = write_once(a, data + done, len - done);
		if (n == (ssize_t)(len - done))
			return len;
		if (n > 0) {
			done += keep_whole(a, data + done, (size_t)n);
			continue;
		}
		if (n == -EINTR || n == -EAGAIN) {
			if (tell_clock_monotonic_ns() < tell_run_deadline(run))
				continue;
			*ret_error = ETIMEDOUT;
			break;
		}
		*ret_error = n < 0 ? (int)-n : ENOSPC;
		break;
	}
	return done;
}
