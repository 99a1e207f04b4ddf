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
#define LOOKS_MAX   4

void tell_append_look(struct tell_append *a)
{
	struct rlimit limit;

	a->limited = getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
		limit.rlim_cur != RLIM_INFINITY;
}

/* Does half a line stand at the end, that nobody is about to finish? A write that is under way
 * is seen page by page, and holds the inode's lock; looking for holes waits for that (ext4,
 * tmpfs). Where the size moves on, or it is not known, is_glued() has the last word. */
static bool ends_in_half(int fd)
{
	struct stat st;
	off_t looked = -1;
	char last = '\n';

	for (int i = 0; i < LOOKS_MAX; i++) {
		/* Not readable: most files are whole. */
		if (fstat(fd, &st) < 0 || st.st_size == 0 ||
			pread(fd, &last, 1, st.st_size - 1) != 1 || last == '\n')
			return false;
		if (st.st_size == looked)
			return true;
		looked = st.st_size;
		(void)lseek(fd, 0, SEEK_HOLE);
	}
	return false;
}

void tell_append_init(struct tell_append *a, int fd)
{
	*a = (struct tell_append){ .fd = fd, .end = -1, .n_halves = a->n_halves };
	tell_append_look(a);
	a->torn = ends_in_half(fd);
	a->n_halves += a->torn;
}

/* One write, with a newline in front where half a line stands. Bytes of data written, or
 * -errno. */
static ssize_t write_once(struct tell_append *a, const char *data, size_t len)
{
	static char newline[] = "\n";
	struct iovec parts[2] = { { newline, 1 }, { (void *)(uintptr_t)data, len } };
	struct tell_mask mask;

	tell_append_look(
		a); /* the host may have set a limit since: SIGXFSZ would end it */
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
		a->end = -1;
		n--;
	}
	return n;
}

/* Put blanks and a newline over the n bytes of ours that end there. O_APPEND is taken off the
 * description meanwhile: with it Linux appends even in pwrite() (pwrite(2), BUGS). */
static bool paint_over(struct tell_append *a, off_t end, size_t n)
{
	int fd = a->fd;
	char blanks[PAINT_CHUNK];
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

	/* Where our write ended, not the file's end. */
	if (n > whole && !paint_over(a, lseek(a->fd, 0, SEEK_CUR), n - whole))
		a->torn = true;
	a->end = -1;
	return whole;
}

/* n bytes were just written. Do they begin behind a newline? */
static bool is_glued(struct tell_append *a, size_t n)
{
	off_t end = lseek(a->fd, 0, SEEK_CUR), begin = end - (off_t)n;
	bool ours = begin == a->end;
	char last = '\n';

	a->end = end;
	if (ours || begin <= 0) /* or no file that can be sought in */
		return false;
	/* Cut off meanwhile, or not readable: then it is not known. */
	return pread(a->fd, &last, 1, begin - 1) == 1 && last != '\n';
}

/* What was just written hangs on half a line: end that with it, to write it again behind. Where
 * that cannot be done one broken line is left, with a record in it. */
static bool unglue(struct tell_append *a, size_t n)
{
	a->n_halves++;
	return paint_over(a, a->end, n);
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
		if (n > 0 && is_glued(a, (size_t)n) && unglue(a, (size_t)n))
			continue;
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
