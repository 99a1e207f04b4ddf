#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <telltale/module.h>

/* When a file of lines is full, and which of its generations (base/generation.h) stay.
 *
 * By size:  it is full at size_bytes; a line is never cut, so the last one may lie across.
 * By time:  periods of every_ns since 1970 (UTC), or days that begin at daily_min, local
 *           time. A file whose last line is of an earlier period is full. So all processes
 *           say the same, a restart changes nothing, and no empty file is ever rotated. A
 *           clock that is set back makes nothing full; one that jumps does it once.
 * Threads:  one owner. The clock is the caller's. */
#define TELL_ROTATION_BYTES_MIN (UINT64_C(4) << 10)
#define TELL_ROTATION_FIX                                                                \
	"write a size (500MB is 10^6 bytes, 500MiB 2^20), a time (1h), daily or "        \
	"daily@04:30, or a size and a time: 500MB,daily"

struct tell_rotation {
	bool on;
	uint64_t size_bytes; /* 0: at no size */
	uint64_t every_ns;   /* 0: at no such time */
	int daily_min;	     /* minutes after midnight; -1: not daily */
	uint64_t max_age_ns; /* of what is kept; 0: no limit, so the next two */
	uint64_t max_files, max_bytes;
	uint64_t from_ns, until_ns; /* the period that now is in */
	bool unsure;		    /* the file has not been looked at in this period */
	bool busy;		    /* another process is about to rotate it */
	uint64_t retry_ns; /* after a failure: not before, tell_clock_tick_ns() */
};

/* rotate=. 0, or -EINVAL with *why filled. */
int tell_rotation_parse(
	struct tell_rotation *r, const char *text, struct tell_refusal *why);

/* The period of now; what follows is about that. */
void tell_rotation_at(struct tell_rotation *r, uint64_t now_ns);

/* Is a file with this size and last change full? */
bool tell_rotation_full(const struct tell_rotation *r, const struct stat *st);

/* How many of these bytes of whole lines go into the file before it is full: all, or up to
 * the end of the line that fills it. */
size_t tell_rotation_room(
	const struct tell_rotation *r, off_t size, const char *lines, size_t len);
