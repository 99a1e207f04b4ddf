#include "sink/rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/generation.h"

enum { BYTE_ROTATE, BYTE_USE };

static int lock_byte(int fd, off_t byte, short type)
{
	struct flock l = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1
	};

	if (fcntl(fd, F_OFD_SETLK, &l) == 0)
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
}

int tell_rotate_use(int fd)
{
	return lock_byte(fd, BYTE_USE, F_RDLCK);
}

int tell_rotate_own(int fd)
{
	return lock_byte(fd, BYTE_USE, F_WRLCK);
}

/* ---- what is kept ---- */

static bool is_plain_file(int dir, const char *name)
{
	struct stat st;
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static bool is_old(
	const struct tell_rotation *r, const struct tell_generation *g, uint64_t now_ns)
{
	return r->max_age_ns && now_ns > g->ended_ns &&
		now_ns - g->ended_ns > r->max_age_ns;
}

/* From the newest on. */
static int prune_list(const struct tell_rotation *r, int dir,
	const struct tell_generations *all, uint64_t now_ns)
{
	uint64_t files = 0, bytes = 0, last = 0;
	int gone = 0;

	for (size_t i = all->n; i-- > 0;) {
		const struct tell_generation *g = &all->list[i];
		files += g->number != last; /* being compressed it may be there twice */
		last = g->number;
		bytes += g->bytes;
		if (!(r->max_files && files > r->max_files) &&
			!(r->max_bytes && bytes > r->max_bytes) && !is_old(r, g, now_ns))
			continue;
		/* One of several processes does it; the others find it gone. */
		if (is_plain_file(dir, g->name) && unlinkat(dir, g->name, 0) == 0)
			gone++;
	}
	return gone;
}

int tell_rotate_prune(
	const struct tell_rotation *r, int dir, const char *name, uint64_t now_ns)
{
	struct tell_generations all;

	if (!r->max_age_ns && !r->max_files && !r->max_bytes)
		return 0;
	int n = tell_generations_list(&all, dir, name);
	if (n < 0)
		return n;
	n = prune_list(r, dir, &all, now_ns);
	tell_generations_done(&all);
	return n;
}

/* ---- the act ---- */

/* Without RENAME_NOREPLACE (old network file systems) the lock has to do: nobody else makes
 * such names. */
static int move(int dir, const char *from, const char *to)
{
	if (renameat2(dir, from, dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (faccessat(dir, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(dir, from, dir, to) < 0 ? -errno : 0;
}

/* By time it is rotated once in a period, whatever the clock and the file's own time say: its
 * newest generation tells when it was begun. */
static bool was_begun_now(const struct tell_rotation *r, const struct stat *st,
	const struct tell_generation *newest)
{
	bool by_size = r->size_bytes && (uint64_t)st->st_size >= r->size_bytes;
	return !by_size && newest && newest->ended_ns >= r->from_ns;
}

static int make_generation(struct tell_rotation *r, int dir, const char *name,
	const struct stat *st, uint64_t now_ns)
{
	char to[TELL_GENERATION_MAX];
	struct tell_generations all;

	int error = tell_generations_list(&all, dir, name);
	if (error < 0)
		return error;
	const struct tell_generation *newest = all.n ? &all.list[all.n - 1] : NULL;
	bool begun = was_begun_now(r, st, newest);
	uint64_t number = newest ? newest->number + 1 : 1;
	tell_generation_name(to, name, number, now_ns);
	tell_generations_done(&all);
	if (number > TELL_GENERATION_LAST) /* such a name would not be found again */
		return -EOVERFLOW;
	if (begun)
		return TELL_ROTATED_NOT;
	TELL_CRASH_POINT("before-rename");
	error = move(dir, name, to);
	if (error < 0)
		return error;
	TELL_CRASH_POINT("after-rename");
	return TELL_ROTATED;
}

/* With the lock: is there still something to do, and what came of it? */
static int rotate_locked(
	struct tell_rotation *r, int dir, const char *name, int fd, uint64_t now_ns)
{
	struct stat st, at;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (fstatat(dir, name, &at, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? TELL_ROTATED : -errno;
	if (at.st_dev != st.st_dev || at.st_ino != st.st_ino)
		return TELL_ROTATED; /* by another */
	if (!tell_rotation_full(r, &st) && !r->busy)
		return TELL_ROTATED_NOT;
	return make_generation(r, dir, name, &st, now_ns);
}

int tell_rotate(
	struct tell_rotation *r, int dir, const char *name, int fd, uint64_t now_ns)
{
	int done = lock_byte(fd, BYTE_ROTATE, F_WRLCK);

	if (done == -EAGAIN)
		return TELL_ROTATED_BUSY;
	if (done < 0)
		return done;
	done = rotate_locked(r, dir, name, fd, now_ns);
	(void)lock_byte(fd, BYTE_ROTATE, F_UNLCK); /* cannot fail for what is locked */
	if (done == TELL_ROTATED)
		(void)tell_rotate_prune(
			r, dir, name, now_ns); /* the next one tries again */
	return done;
}
