#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "source/older.h"
#include "source/reader.h"
#include "source/spot.h"

/* One log that is followed: the file of its name, and before it the generations that are still
 * to be read, oldest first, plain or compressed.
 *
 * Rotated: a file that lost its name is read on until nobody has written for a while: who
 *          rotates tells the writers later.
 * Cut:     one that is shorter than it was read, or has other bytes there, was truncated, and
 *          is read from its begin.
 * Reader:  the caller's, shared by all of its logs; it holds one line.
 * Threads: one owner. */
struct tell_tail {
	char path[TELL_SPOT_PATH];
	int fd;	      /* -1: none is open: the next one is the first behind spot.number */
	bool live;    /* it has the log's name: it grows */
	bool leaving; /* it is at its end, and what is there is all */
	bool once;    /* the caller's wish: do not wait for late writers */
	bool refused; /* it cannot be opened, and that was said */
	struct tell_spot spot; /* behind the last line that was taken */
	uint64_t sum_at;       /* the offset that spot.sum is of */
	uint64_t line_at;      /* where that line begins */
	/* What came up meanwhile, a sentence for people; the caller clears it. */
	uint64_t gaps;
	char what[160];
};

/* Nothing of it has been read; path fits a spot. */
void tell_tail_init(struct tell_tail *t, const char *path);
void tell_tail_done(struct tell_tail *t);

/* Begin behind the last whole line. What comes is all that is new. */
void tell_tail_end(struct tell_tail *t);

/* Begin with the first generation that was still written then. */
void tell_tail_since(struct tell_tail *t, uint64_t realtime_us);

/* Begin behind the spot. False: it is gone, and t->what says so. */
bool tell_tail_resume(struct tell_tail *t, const struct tell_spot *s);

/* Have the reader read it on, if it is still what it was. */
void tell_tail_focus(struct tell_tail *t, struct tell_reader *reader);

/* The next line: 1, or 0: there is none now, or a negative errno. */
int tell_tail_next(struct tell_tail *t, struct tell_reader *reader, const char **ret,
	size_t *ret_len);

/* Bytes that are still to be read: of the generations behind it as they are, packed or not. */
uint64_t tell_tail_left(const struct tell_tail *t);

/* Neither the log nor a generation of it is there any more, and all of it was read. */
bool tell_tail_is_gone(const struct tell_tail *t);

/* The last line was not taken: it comes again. */
void tell_tail_return(struct tell_tail *t, struct tell_reader *reader);

/* Bring spot.sum up to spot.at. */
void tell_tail_settle(struct tell_tail *t);
