#include "sink/rolled.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <telltale/log.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/beside.h"
#include "sink/logfile.h"
#include "sink/rotate.h"

#define LOOK_EVERY_NS TELL_NS_PER_SEC
#define RETRY_NS      TELL_NS_PER_SEC
#define PATIENCE_NS   (25 * TELL_NS_PER_MS)
#define OPEN_TRIES    10

void tell_rolled_init(struct tell_rolled *f)
{
	*f = (struct tell_rolled){ 0 };
	tell_held_init(&f->held);
	tell_held_init(&f->dir);
	tell_commit_init(&f->commit);
}

void tell_rolled_done(struct tell_rolled *f)
{
	tell_rolled_close(f);
	tell_commit_done(&f->commit);
}

static const char *name_of(const struct tell_rolled *f)
{
	return strrchr(f->path, '/') + 1;
}

void tell_rolled_close(struct tell_rolled *f)
{
	if (f->sync)
		tell_commit_begin_change(&f->commit, &f->held);
	tell_held_close(&f->held);
	if (f->sync)
		tell_commit_end_change(&f->commit);
	tell_held_close(&f->dir);
}

void tell_rolled_child(struct tell_rolled *f)
{
	tell_commit_init(&f->commit); /* its owner may have stayed behind */
	tell_held_close(&f->held);
	tell_held_close(&f->dir);
}

/* ---- opening ---- */

static bool keeps_dir(const struct tell_rolled *f)
{
	return f->rotation.on || f->sync || f->link;
}

/* Open what stands at name, and make known that it is in use. Rotated and taken away for
 * compression just in between it is not what stands there any more. */
static int open_in(struct tell_rolled *f, int dir)
{
	for (int i = 0; i < OPEN_TRIES; i++) {
		int fd = tell_logfile_open_at(dir, name_of(f), f->mode, &f->why);
		if (fd < 0 || !f->rotation.on)
			return fd;
		int r = tell_rotate_use(fd);
		/* Where nothing can be locked nothing is compressed either. */
		if (r != -EAGAIN && tell_beside_same(dir, name_of(f), fd))
			return fd;
		(void)close(fd); /* nothing was written */
	}
	return -EAGAIN;
}

static int set_file(struct tell_rolled *f, int fd)
{
	if (f->sync)
		tell_commit_begin_change(&f->commit, &f->held);
	int r = tell_held_set(&f->held, fd);
	if (f->sync)
		tell_commit_end_change(&f->commit);
	if (r < 0)
		return r;
	tell_append_init(&f->append, tell_held_get(&f->held));
	f->look_ns = tell_clock_tick_ns() + LOOK_EVERY_NS;
	f->rotation.unsure = true;
	f->rotation.busy = false;
	return 0;
}

/* Go on in the directory that is held. */
static int open_here(struct tell_rolled *f, int dir)
{
	int fd = open_in(f, dir);
	int r = fd < 0 ? fd : set_file(f, fd);

	if (r < 0)
		return r;
	if (f->sync)
		(void)fsync(dir); /* that it has a name; some file systems cannot */
	if (f->link)
		f->link_error = tell_beside_link(dir, f->link, name_of(f));
	return 0;
}

static int open_dir(struct tell_rolled *f)
{
	int dir = tell_logfile_dir(f->path, &f->why);

	return dir < 0 ? dir : tell_held_set(&f->dir, dir);
}

int tell_rolled_open(struct tell_rolled *f)
{
	if (keeps_dir(f)) {
		int r = open_dir(f);
		if (r < 0)
			return r;
		r = open_here(f, tell_held_get(&f->dir));
		if (r == 0 && f->rotation.on)
			(void)tell_rotate_prune(&f->rotation, tell_held_get(&f->dir),
				name_of(f), tell_clock_realtime_ns());
		return r;
	}
	int fd = tell_logfile_open(f->path, f->mode, &f->why);
	return fd < 0 ? fd : set_file(f, fd);
}

/* Does our file still have a name? Else what is written to it is gone. */
static bool has_name(struct tell_rolled *f)
{
	struct stat st;
	int fd = tell_held_get(&f->held);

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_nlink > 0;
}

int tell_rolled_renew(struct tell_rolled *f)
{
	int r = tell_rolled_open(f);

	/* Out of descriptors: the rotated file is better than none. */
	if ((r == -EMFILE || r == -ENFILE) && has_name(f))
		return 0;
	if (r < 0)
		tell_rolled_close(f);
	return r;
}

/* Once a second: is it still the file at path? */
static void look(struct tell_rolled *f)
{
	uint64_t now_ns = tell_clock_tick_ns();

	if (now_ns < f->look_ns && !f->rotation.busy)
		return;
	f->look_ns = now_ns + LOOK_EVERY_NS;
	tell_append_look(&f->append);
	if (tell_logfile_moved(f->path, f->held.dev, f->held.ino) != 0)
		(void)tell_rolled_renew(
			f); /* what came of it is seen by who asks for the descriptor */
}

/* ---- rotation ---- */

/* It cannot be rotated now: it grows on, and is tried again in a second. */
static void put_off(struct tell_rolled *f, struct tell_run *run, int error)
{
	char text[80];

	f->rotation.retry_ns = tell_clock_tick_ns() + RETRY_NS;
	tell_note(run, TELL_WARNING, "file-rotate",
		"cannot rotate %s: %s; it grows on until that is possible", f->path,
		strerror_r(-error, text, sizeof(text)));
}

/* Another one is at it: mostly for less time than this takes, but it may have to wait for a
 * processor, and everybody else would fill the file meanwhile. One that is stopped holds us up
 * once a second. */
static int rotate_patiently(
	struct tell_rolled *f, struct tell_run *run, int dir, uint64_t now_ns)
{
	uint64_t begun_ns = tell_clock_monotonic_ns(), by_ns = begun_ns + PATIENCE_NS;
	int done;

	while ((done = tell_rotate(&f->rotation, dir, name_of(f), f->append.fd,
			now_ns)) == TELL_ROTATED_BUSY) {
		uint64_t ns = tell_clock_monotonic_ns();
		if (ns >= by_ns || ns >= tell_run_deadline(run))
			break;
		(void)nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
	}
	if (done == TELL_ROTATED_BUSY)
		f->rotation.retry_ns = tell_clock_tick_ns() + RETRY_NS;
	return done;
}

/* The file is full: the lines that follow go to a new one. Where none can be made they go on
 * in the old, under whatever name. */
static void rotate(struct tell_rolled *f, struct tell_run *run, uint64_t now_ns)
{
	struct tell_rotation *r = &f->rotation;
	int dir = tell_held_get(&f->dir);

	if (tell_clock_tick_ns() < r->retry_ns)
		return;
	if (dir < 0 && open_dir(f) == 0) /* the host closed it */
		dir = tell_held_get(&f->dir);
	int done = dir < 0 ? -EBADF : rotate_patiently(f, run, dir, now_ns);
	if (done == TELL_ROTATED)
		done = open_here(f, dir);
	else if (done == TELL_ROTATED_BUSY)
		r->busy = true;
	else if (done == TELL_ROTATED_NOT)
		r->unsure = r->busy = false;
	if (done < 0)
		put_off(f, run, done);
}

/* How many of these lines go into the file as it is then. */
static size_t make_room(
	struct tell_rolled *f, const char *data, size_t len, struct tell_run *run)
{
	struct tell_rotation *r = &f->rotation;
	struct stat st;

	if (!r->on)
		return len;
	uint64_t now_ns = tell_clock_realtime_ns();
	tell_rotation_at(r, now_ns);
	if (fstat(f->append.fd, &st) < 0)
		return len; /* the write says it better */
	if (r->busy || tell_rotation_full(r, &st)) {
		rotate(f, run, now_ns);
		if (fstat(f->append.fd, &st) < 0)
			return len;
	} else {
		r->unsure = false;
	}
	return tell_rotation_room(r, st.st_size, data, len);
}

/* ---- lines ---- */

/* Is the error one of the room, not of the file? */
static bool no_room(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG || error == ETIMEDOUT;
}

static void tell_halves(struct tell_rolled *f, struct tell_run *run)
{
	tell_note(run, TELL_WARNING, "file-half",
		"half a line of a process that ended in the middle of it stood in %s: it "
		"was ended, the lines behind it are whole (%u so far)",
		f->path, f->append.n_halves);
	f->halves_told = f->append.n_halves;
}

/* The link is a help, no more: the file is written all the same. */
static void tell_link(struct tell_rolled *f, struct tell_run *run)
{
	char why[80];

	tell_note(run, TELL_WARNING, "file-link",
		"link=%s does not point to %s: %s; move that away, or choose another name",
		f->link, f->path,
		f->link_error == -EEXIST
			? "something that is no symbolic link stands there"
			: strerror_r(-f->link_error, why, sizeof(why)));
	f->link_error = 0; /* until the next file is opened */
}

static size_t append_lines(struct tell_rolled *f, const char *data, size_t len,
	struct tell_run *run, int *ret_error)
{
	size_t done = 0;

	while (done < len) {
		size_t part = make_room(f, data + done, len - done, run);
		size_t n = tell_append_lines(
			&f->append, data + done, part, run, ret_error);
		if (f->sync)
			(void)tell_commit_wrote(&f->commit, data + done, n);
		done += n;
		if (n < part)
			break;
	}
	if (__builtin_expect(f->append.n_halves != f->halves_told, 0))
		tell_halves(f, run);
	if (__builtin_expect(f->link_error != 0, 0))
		tell_link(f, run);
	return done;
}

static size_t append_once(struct tell_rolled *f, const char *data, size_t len,
	struct tell_run *run, int *ret_error)
{
	if (tell_held_get(&f->held) >= 0)
		look(f);
	if (atomic_load_explicit(&f->held.fd, memory_order_relaxed) < 0) {
		int r = tell_rolled_open(f);
		if (r < 0) {
			*ret_error = -r;
			return 0;
		}
	}
	size_t done = append_lines(f, data, len, run, ret_error);
	if (done < len && !no_room(*ret_error)) {
		(void)tell_held_ours(&f->held); /* closed under us: forget it */
		tell_rolled_close(f);		/* else: with the next record anew */
	}
	return done;
}

size_t tell_rolled_append(struct tell_rolled *f, const char *data, size_t len,
	struct tell_run *run, int *ret_error)
{
	size_t done = append_once(f, data, len, run, ret_error);

	/* The host closed our number since it was last looked at. */
	if (__builtin_expect(done < len && *ret_error == EBADF, 0))
		done += append_once(f, data + done, len - done, run, ret_error);
	return done;
}
