#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* The files that a stack was read from, and those that were looked for in vain: has one
 * changed since?
 *
 * Shape:   paths with a print each: a hash of device, inode, size, mtime and ctime, so that a
 *          new file, a changed link (ConfigMaps) and a chmod(1) count; 0: there was none.
 * Gone:    a file that is there no more is no change: editors and `mv` take it away for a
 *          moment, a directory may be out of reach of who has dropped root. One that appears is.
 * Limit:   TELL_WATCH_MAX files; others are not watched.
 * Threads: one owner at a time. */
#define TELL_WATCH_MAX 64

struct tell_watched {
	char *path;
	uint64_t print;
};

struct tell_watch {
	struct tell_watched *files; /* NULL: none, or memory was out */
	size_t n;
};

/* Note that path was read, and what fstat() said of it; NULL: it was not there. s may be NULL.
 * A file that is there and cannot be read is noted by tell_watch_note_path(). */
void tell_watch_note(struct tell_watch *s, const char *path, const struct stat *st);
void tell_watch_note_path(struct tell_watch *s, const char *path);

/* What they are now, as one number: equal to tell_watch_print() while nothing changed. */
uint64_t tell_watch_look(const struct tell_watch *s);
uint64_t tell_watch_print(const struct tell_watch *s);

void tell_watch_done(struct tell_watch *s);
