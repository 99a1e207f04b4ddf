#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far an input was handed on, kept where a power cut cannot take it: written beside, synced,
 * renamed. The one before stays as NAME.old, for a file system that lost the newer.
 *
 * Shape:   a file of lines in a directory of ours; NAME.lock is held while it is open, so that
 *          nobody sends the same twice.
 * Limit:   TELL_BOOKMARK_CURSOR bytes a cursor.
 * Threads: one owner. */
#define TELL_BOOKMARK_CURSOR 32768
#define TELL_BOOKMARK_NAME   128

struct tell_bookmark {
	char cursor[TELL_BOOKMARK_CURSOR]; /* of the last one handed on; "": none yet */
	uint64_t
		realtime_us; /* its time; of none: the time from which on all is wanted */
	uint64_t time_us; /* the last time that was given out is this, and so many ns */
	uint32_t nth;
};

struct tell_bookmark_file {
	int dir, lock;
	char name[TELL_BOOKMARK_NAME];
};

/* A time for an entry of that microsecond, in ns: one of its own, for Loki keeps one of two that have
 * the same time and text, and the same one whenever it is read from the same place on. More than
 * a thousand go on in the next microsecond, whose own then come behind them. */
uint64_t tell_bookmark_time(struct tell_bookmark *b, uint64_t us);

/* 0; -EBUSY: another process has it; -EINVAL: no name for a file; or -errno. */
int tell_bookmark_open(struct tell_bookmark_file *f, const char *dir, const char *name);
void tell_bookmark_close(struct tell_bookmark_file *f);

/* 0; -ENOENT: there is none; -EBADMSG: neither it nor the one before can be read. old: it is
 * the one before. */
int tell_bookmark_load(
	const struct tell_bookmark_file *f, struct tell_bookmark *ret, bool *ret_old);

/* 0 or -errno: then the stored one is as it was. */
int tell_bookmark_store(
	const struct tell_bookmark_file *f, const struct tell_bookmark *p);
