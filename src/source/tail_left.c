#include <sys/stat.h>
#include "source/tail.h"

static uint64_t behind(const struct stat *st, uint64_t at)
{
	uint64_t size = S_ISREG(st->st_mode) ? (uint64_t)st->st_size : 0;
	return size > at ? size - at : 0;
}

uint64_t tell_tail_left(const struct tell_tail *t)
{
	struct stat own = { 0 }, open = { 0 };
	struct tell_older older;
	bool there = lstat(t->path, &own) == 0;
	uint64_t n = 0;
	if (t->fd >= 0 && fstat(t->fd, &open) == 0)
		n = behind(&open, t->spot.at);
	if (t->live && there && own.st_ino == t->spot.ino && own.st_dev == t->spot.dev)
		return n;
	if (tell_older_open(&older, t->path, 0, 0) == 0) {
		for (size_t i = 0; i < older.all.n; i++)
			if (older.all.list[i].number > t->spot.number)
				n += older.all.list[i].bytes;
		tell_older_done(&older);
	}
	return n + (there ? behind(&own, 0) : 0);
}
