#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/generation.h"

/* The generations that a rotated log of `sink file` has left beside it, as `query` reads them.
 *
 * Threads: one owner. */
struct tell_older {
	int dir; /* -1: there are none */
	struct tell_generations all;
};

/* Those of the log at path, but for the one that is this file, and those behind it: it was
 * rotated since it was opened. A generation that is there plain and compressed is taken once.
 * 0 or -errno; an unreadable directory has none. */
int tell_older_open(struct tell_older *o, const char *path, dev_t dev, ino_t ino);
void tell_older_done(struct tell_older *o);

/* Only those behind the one that is this file; all, when none is. */
void tell_older_behind(struct tell_older *o, dev_t dev, ino_t ino);

/* The number of the one that is this file; 0: none is. */
uint64_t tell_older_number(const struct tell_older *o, dev_t dev, ino_t ino);

/* Open the i-th, unpacked. -ENOENT: it has been deleted since; -EBADMSG: damaged; or -errno. */
int tell_older_get(struct tell_older *o, size_t i);

/* Open the file that somebody else renamed beside the log: "NAME." and something, and it is this
 * one. Or -ENOENT. */
int tell_older_renamed(
	const struct tell_older *o, const char *path, dev_t dev, ino_t ino);
