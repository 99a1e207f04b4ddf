#include "source/tail.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/cleanup.h"
#include "base/clock.h"

#define LATE_NS (2 * TELL_NS_PER_SEC) /* so long a writer may not know of a rotation */
#define GONE	"what was behind the last position is gone: records may be missing"

static void note(struct tell_tail *t, const char *what)
{
	(void)snprintf(t->what, sizeof(t->what), "%s", what);
}

void tell_tail_init(struct tell_tail *t, const char *path)
{
	*t = (struct tell_tail){ .fd = -1 };
	(void)snprintf(t->path, sizeof(t->path), "%s", path);
}

void tell_tail_done(struct tell_tail *t)
{
	tell_closep(&t->fd);
	t->fd = -1;
}

/* ---- which file ---- */

/* The log's own file; no link, for what it leads to may be nobody's log. */
static int open_own(const struct tell_tail *t)
{
	struct stat st;
	int fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	(void)close(fd);
	return -EINVAL;
}

/* Read this one from now on, from its begin. */
static void take(struct tell_tail *t, int fd, uint64_t number, bool live)
{
	struct stat st = { 0 };
	(void)fstat(fd, &st); /* it is open */
	tell_closep(&t->fd);
	t->fd = fd;
	t->live = live;
	t->leaving = false;
	t->spot.dev = st.st_dev;
	t->spot.ino = st.st_ino;
	t->spot.number = number;
	t->spot.at = t->sum_at = 0;
	t->spot.sum = 0;
}

/* Nothing behind this one. */
static void take_none(struct tell_tail *t, uint64_t number)
{
	tell_tail_done(t);
	t->spot = (struct tell_spot){ .number = number, .time_us = t->spot.time_us };
	t->sum_at = 0;
}

static uint64_t last_number(const struct tell_generations *all)
{
	return all->n ? all->list[all->n - 1].number : 0;
}

/* The log's own file has a number once it is rotated. */
static uint64_t own_number(const struct tell_tail *t, const struct tell_generations *all)
{
	uint64_t last = last_number(all);
	return (last > t->spot.number ? last : t->spot.number) + 1;
}

static void say_missing(struct tell_tail *t, uint64_t n)
{
	char text[sizeof(t->what)];
	(void)snprintf(text, sizeof(text),
		"%" PRIu64 " rotated file%s of it cannot be read any more: records are "
		"missing",
		n, n == 1 ? "" : "s");
	note(t, text);
	t->gaps += n;
}

/* The file at hand has its number since it was rotated. One that is higher than expected: others
 * were between it and the last that was read, and are gone. */
static void renumber(struct tell_tail *t, const struct tell_older *o)
{
	uint64_t number = t->fd < 0
		? 0
		: tell_older_number(o, (dev_t)t->spot.dev, (ino_t)t->spot.ino);
	if (number <= t->spot.number)
		return;
	say_missing(t, number - t->spot.number);
	t->spot.number = number;
}

/* The first generation behind the number that can be read. False: there is none. */
static bool take_older(struct tell_tail *t, struct tell_older *o)
{
	uint64_t from = t->spot.number, missing = 0;
	int fd = -1;
	for (size_t i = 0; fd < 0 && i < o->all.n; i++) {
		uint64_t number = o->all.list[i].number;
		if (number <= t->spot.number)
			continue;
		if (from && number > from + 1)
			missing += number - from - 1;
		from = number;
		fd = tell_older_get(o, i);
		missing += fd < 0;
	}
	if (missing)
		say_missing(t, missing);
	if (fd >= 0)
		take(t, fd, from, false);
	else if (missing)
		take_none(t, from);
	return fd >= 0;
}

/* The next file of the log, from its begin. False: there is none now. Its own one is opened
 * before the others are listed: what is rotated in between is then among them. */
static bool open_next(struct tell_tail *t)
{
	struct tell_older older;
	TELL_CLEANUP(tell_closep) int own = open_own(t);
	bool refused = own < 0 && own != -ENOENT;
	if (refused && !t->refused)
		note(t,
			own == -ELOOP || own == -EINVAL ? "it is no plain file"
							: strerror(-own));
	t->refused = refused;
	if (tell_older_open(&older, t->path, 0, 0) < 0)
		return false;
	renumber(t, &older);
	bool found = take_older(t, &older);
	if (!found && own >= 0) {
		take(t, tell_fd_take(&own), own_number(t, &older.all), true);
		found = true;
	}
	tell_older_done(&older);
	return found;
}

/* ---- where to begin ---- */

void tell_tail_end(struct tell_tail *t)
{
	struct tell_older older;
	TELL_CLEANUP(tell_closep) int own = open_own(t);
	if (tell_older_open(&older, t->path, 0, 0) < 0)
		return;
	t->spot.number = last_number(&older.all);
	if (own >= 0) {
		take(t, tell_fd_take(&own), t->spot.number + 1, true);
		t->spot.at = tell_spot_last_line(t->fd);
		tell_tail_settle(t);
	}
	tell_older_done(&older);
}

void tell_tail_since(struct tell_tail *t, uint64_t realtime_us)
{
	struct tell_older older;
	if (tell_older_open(&older, t->path, 0, 0) < 0)
		return;
	/* A generation's time is in whole seconds. */
	for (size_t i = 0; i < older.all.n; i++)
		if (older.all.list[i].ended_ns / 1000 + 1000000 < realtime_us)
			t->spot.number = older.all.list[i].number;
	tell_older_done(&older);
}

static bool is_same(int fd, const struct tell_spot *s)
{
	struct stat st;
	return fstat(fd, &st) == 0 && st.st_dev == s->dev && st.st_ino == s->ino;
}

/* The generation of its number, or one of another: somebody began to count again. What is before
 * the offset has to be the same. */
static bool resume_older(struct tell_tail *t, struct tell_older *o,
	const struct tell_spot *s, bool by_number)
{
	for (size_t i = 0; i < o->all.n; i++) {
		uint64_t number = o->all.list[i].number;
		if ((number == s->number) != by_number)
			continue;
		TELL_CLEANUP(tell_closep) int fd = tell_older_get(o, i);
		if (fd < 0 || !tell_spot_holds(s, fd))
			continue;
		take(t, tell_fd_take(&fd), number, false);
		return true;
	}
	return false;
}

/* As logrotate(8) leaves it: log.1 */
static bool resume_renamed(
	struct tell_tail *t, const struct tell_older *o, const struct tell_spot *s)
{
	TELL_CLEANUP(tell_closep)
	int fd = tell_older_renamed(o, t->path, (dev_t)s->dev, (ino_t)s->ino);
	if (fd < 0 || !tell_spot_holds(s, fd))
		return false;
	take(t, tell_fd_take(&fd), s->number, false);
	return true;
}

static bool resume_own(struct tell_tail *t, int *own, const struct tell_older *o,
	const struct tell_spot *s)
{
	uint64_t number = last_number(&o->all) + 1;
	if (*own < 0 || !tell_spot_holds(s, *own))
		return false;
	take(t, tell_fd_take(own), number > s->number ? number : s->number, true);
	return true;
}

/* Where nothing had been read of it the bytes say nothing, but its number does. */
static bool resume_begin(
	struct tell_tail *t, int *own, struct tell_older *o, const struct tell_spot *s)
{
	if (last_number(&o->all) < s->number && *own >= 0) {
		if (s->ino == 0 || is_same(*own, s))
			return resume_own(t, own, o, s);
		if (resume_renamed(t, o, s))
			return true;
		note(t, GONE);
		t->gaps++;
		return resume_own(t, own, o, s);
	}
	take_none(t, s->number ? s->number - 1 : 0);
	return true;
}

static bool resume_in(
	struct tell_tail *t, int *own, struct tell_older *o, const struct tell_spot *s)
{
	bool same = *own >= 0 && is_same(*own, s);
	if (s->at == 0)
		return resume_begin(t, own, o, s);
	if (resume_older(t, o, s, true) || (same && resume_own(t, own, o, s)) ||
		resume_renamed(t, o, s) || resume_older(t, o, s, false) ||
		resume_own(t, own, o, s))
		return true;
	note(t,
		same ? "it was truncated or replaced: it is read from its begin, and "
		       "records may be missing"
		     : GONE);
	t->gaps++;
	take_none(t, s->number);
	return false;
}

bool tell_tail_resume(struct tell_tail *t, const struct tell_spot *s)
{
	struct tell_older older;
	TELL_CLEANUP(tell_closep) int own = open_own(t);
	t->spot = *s;
	if (tell_older_open(&older, t->path, 0, 0) < 0)
		return false;
	bool found = resume_in(t, &own, &older, s);
	tell_older_done(&older);
	if (found && t->fd >= 0) {
		t->spot.at = t->sum_at = s->at;
		t->spot.sum = s->sum;
	}
	return found;
}

bool tell_tail_is_gone(const struct tell_tail *t)
{
	struct stat st;
	struct tell_older older;
	if (lstat(t->path, &st) == 0 || errno != ENOENT)
		return false;
	/* Renamed by somebody else it will come again. */
	if (t->fd >= 0 && (!t->leaving || fstat(t->fd, &st) < 0 || st.st_nlink > 0))
		return false;
	int r = tell_older_open(&older, t->path, 0, 0);
	bool none = r == -ENOENT || (r == 0 && older.dir >= 0 && older.all.n == 0);
	if (r == 0)
		tell_older_done(&older);
	return none;
}

/* ---- reading ---- */

void tell_tail_settle(struct tell_tail *t)
{
	if (t->sum_at != t->spot.at && t->fd >= 0 &&
		tell_spot_sum(t->fd, t->spot.at, &t->spot.sum) == 0)
		t->sum_at = t->spot.at;
}

static void restart(struct tell_tail *t, struct tell_reader *reader)
{
	note(t,
		"it was truncated: it is read from its begin, and what had not been "
		"read is missing");
	t->gaps++;
	t->spot.at = t->sum_at = 0;
	t->spot.sum = 0;
	tell_tail_focus(t, reader);
}

void tell_tail_focus(struct tell_tail *t, struct tell_reader *reader)
{
	reader->fd = t->fd;
	reader->at = reader->window = t->spot.at;
	tell_buf_clear(&reader->buf);
	if (t->fd >= 0 && t->live && t->sum_at == t->spot.at && t->spot.at &&
		!tell_spot_holds(&t->spot, t->fd))
		restart(t, reader);
}

/* Does its name belong to another file by now, or to none? */
static bool is_rotated(const struct tell_tail *t)
{
	struct stat st;
	if (!t->live)
		return true;
	return lstat(t->path, &st) < 0 || st.st_ino != t->spot.ino ||
		st.st_dev != t->spot.dev;
}

static bool is_written(const struct tell_tail *t, const struct stat *st)
{
	uint64_t now_ns = tell_clock_realtime_ns();
	uint64_t last_ns = (uint64_t)st->st_mtim.tv_sec * TELL_NS_PER_SEC +
		(uint64_t)st->st_mtim.tv_nsec;
	/* One that is compressed was left by all. */
	if (!t->live && st->st_nlink == 0)
		return false;
	return !t->once && last_ns <= now_ns && now_ns - last_ns < LATE_NS;
}

/* It is at its end. True: look again. */
static bool at_end(struct tell_tail *t, struct tell_reader *reader)
{
	struct stat st;
	if (fstat(t->fd, &st) < 0)
		return false;
	if (t->live && (uint64_t)st.st_size < t->spot.at) {
		restart(t, reader);
		return true;
	}
	if (!is_rotated(t) || is_written(t, &st))
		return false;
	if (!t->leaving) /* once more: for what came before it was rotated */
		return t->leaving = true;
	tell_tail_settle(t);
	if (!open_next(t))
		return false;
	tell_tail_focus(t, reader);
	return true;
}

int tell_tail_next(struct tell_tail *t, struct tell_reader *reader, const char **ret,
	size_t *ret_len)
{
	if (t->fd < 0) {
		if (!open_next(t))
			return 0;
		tell_tail_focus(t, reader);
	}
	for (;;) {
		uint64_t line_at = reader->at;
		int r = tell_reader_next(reader, !t->leaving, ret, ret_len);
		if (r > 0) {
			t->line_at = line_at;
			t->spot.at = reader->at;
			t->leaving = false;
		}
		if (r != 0)
			return r;
		if (!at_end(t, reader))
			return 0;
	}
}

void tell_tail_return(struct tell_tail *t, struct tell_reader *reader)
{
	t->spot.at = t->line_at;
	tell_tail_focus(t, reader);
}
