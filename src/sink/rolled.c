#include "sink/rolled.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "sink/logfile.h"

#define LOOK_EVERY_NS TELL_NS_PER_SEC

void tell_rolled_init(struct tell_rolled *f)
{
	*f = (struct tell_rolled){ 0 };
	tell_held_init(&f->held);
}

void tell_rolled_close(struct tell_rolled *f)
{
	tell_held_close(&f->held);
}

int tell_rolled_open(struct tell_rolled *f)
{
	int fd = tell_logfile_open(f->path, f->mode, &f->why);

	if (fd < 0)
		return fd;
	int r = tell_held_set(&f->held, fd);
	if (r < 0)
		return r;
	tell_append_init(&f->append, tell_held_get(&f->held));
	f->look_ns = tell_clock_tick_ns() + LOOK_EVERY_NS;
	return 0;
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
		tell_held_close(&f->held);
	return r;
}

/* Once a second: is it still the file at path? */
static void look(struct tell_rolled *f)
{
	uint64_t now_ns = tell_clock_tick_ns();

	if (now_ns < f->look_ns)
		return;
	f->look_ns = now_ns + LOOK_EVERY_NS;
	tell_append_look(&f->append);
	if (tell_logfile_moved(f->path, f->held.dev, f->held.ino) != 0)
		(void)tell_rolled_renew(
			f); /* what came of it is seen by who asks for the descriptor */
}

/* Is the error one of the room, not of the file? */
static bool no_room(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG || error == ETIMEDOUT;
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
	size_t done = tell_append_lines(&f->append, data, len, run, ret_error);
	if (done < len && !no_room(*ret_error)) {
		(void)tell_held_ours(&f->held); /* closed under us: forget it */
		tell_held_close(&f->held);	/* else: with the next record anew */
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
