#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The bytes of a descriptor, seen as lines where they lie: large reads, no copy a line.
 *
 * Shape:   data[begin..end); `at` is where the next line begins. What lies from `begin` on
 *          stays in memory, so that its owner can keep the lines before `at` together.
 * Limits:  a line is cut at line_max bytes, its rest is dropped; the owner keeps no more
 *          than that before `at`.
 * Threads: one owner at a time. */
struct tell_feed {
	int fd; /* -1 at the end */
	char *data;
	size_t begin, at, end;
	size_t looked; /* from `at` up to here there is no line feed */
	size_t cap, line_max;
	bool skipping; /* the rest of a line that was cut */
};

/* fd is the feed's from now on; -1 is an empty one. 0 or -ENOMEM. */
int tell_feed_init(struct tell_feed *f, int fd, size_t line_max);
void tell_feed_done(struct tell_feed *f);

/* Read once, waiting when nothing is there. False: nothing came, now or ever; at the end fd
 * is closed. */
bool tell_feed_read(struct tell_feed *f);

/* No more is wanted: closes fd. */
void tell_feed_end(struct tell_feed *f);

/* The next whole line without its line feed, at the end also one that has none; `at` is
 * then behind it. False: read more. */
bool tell_feed_next(struct tell_feed *f, const char **ret, size_t *ret_len);
