#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/held.h"
#include "record/record.h"
#include "spool/position.h"
#include "spool/scan.h"
#include "spool/segments.h"

/* Records on a disk until a sink has them for sure: first in, first out.
 *
 *	r = tell_spool_open(&s, "/var/lib/telltale/0/spool", "shop.syslog", "shop", &options);
 *	r = tell_spool_append(s, record);
 *	while (tell_spool_next(s, &record) > 0 && send(record))
 *		tell_spool_sent(s);
 *	tell_spool_confirm(s, s->sent);			(what the peer has acknowledged)
 *
 * Numbers: confirmed <= sent <= next. What lies between confirmed and sent may be lost with
 *          the connection: rewind sends it again.
 * Order:   that of append.
 * Limit:   options.limit bytes of segments, each an eighth of it, 64 KiB to 8 MiB.
 * Process: one has a directory at a time (spool/position.h); others get the next number:
 *          shop.syslog.1, shop.syslog.2 ... up to TELL_SPOOLS.
 * Disk:    none: what the kernel has survives the process; batch: what was synced survives
 *          the machine; always: what was appended does.
 * Threads: one at a time, but for the counters, which are relaxed atomics. */
#define TELL_SPOOLS	 64
#define TELL_SPOOL_LEAST ((uint64_t)1 << 20)
#define TELL_SPOOL_DIR_FIX                                                               \
	"make the directory for the service's user, or have the unit do so: "            \
	"StateDirectory="

enum tell_spool_sync {
	TELL_SPOOL_SYNC_NONE,
	TELL_SPOOL_SYNC_BATCH,
	TELL_SPOOL_SYNC_ALWAYS
};

struct tell_spool_options {
	uint64_t limit;
	enum tell_spool_sync sync;
	bool drop_oldest; /* when it is full; else append fails */
};

struct tell_spool {
	struct tell_spool_options options;
	uint64_t confirmed, sent, next;
	uint64_t found;	  /* records that were there when it was opened */
	uint64_t dropped; /* when it was full, the oldest */
	uint64_t unsure; /* as dropped, but sent already: lost if the connection breaks */
	uint64_t damaged; /* numbers that no whole record had */
	struct tell_segments segments;
	struct tell_position position;
	struct tell_held dir, write;
	uint64_t written; /* bytes of the segment that is written to; 0: none is */
	bool unsynced;
	int read;	  /* descriptor of what is scanned; -1: none */
	uint64_t reading; /* first number of that segment */
	struct {
		uint64_t segment, offset, number;
	} resume; /* from this number on nothing before the offset is of interest */
	struct tell_scan scan;
	struct tell_buf entry, block;
	char service[64];
	char path[1200];
	dev_t dev; /* of the directory; spool/opened.h */
	ino_t ino;
	struct tell_spool *next_opened;
};

/* Open the first spool dir/NAME.N that nobody has, make it where it is missing. dir belongs to
 * this user. 0 or -errno. */
int tell_spool_open(struct tell_spool **ret, const char *dir, const char *name,
	const char *service, const struct tell_spool_options *options);

/* Open one beside it, of the same name, that has records of a process that is gone. Those that
 * are empty go. 0; -ENOENT: there is none; or -ENOMEM. */
int tell_spool_adopt(struct tell_spool **ret, const struct tell_spool *own);

/* Open the one of this name (DIR/NAME.N), as it lies there: its service is what its segments
 * say. 0; -EBUSY: a process has it; -EBADMSG: they say none; or -errno. */
int tell_spool_open_left(struct tell_spool **ret, const char *path);

/* Nothing left in it: it is removed; else it waits for the next. NULL is allowed; returns
 * NULL. */
struct tell_spool *tell_spool_close(struct tell_spool *s);

/* The same, but all stays as it is. */
struct tell_spool *tell_spool_leave(struct tell_spool *s);

/* In a forked child: close what is the parent's. Its memory is left alone. */
void tell_spool_child(struct tell_spool *s);

/* 0; -EMSGSIZE: the record is larger than a segment may be; -ENOSPC: it is full; or what the
 * disk says. Nothing of a record that was not taken is left. */
int tell_spool_append(struct tell_spool *s, const struct tell_record *r);

/* The record to be sent next, good until the next call: 1; 0: there is none; -errno. */
int tell_spool_next(struct tell_spool *s, struct tell_record *ret);

/* The one that next gave, or would give, was sent. */
void tell_spool_sent(struct tell_spool *s);

/* All that is sent and not confirmed is to be sent again. */
void tell_spool_rewind(struct tell_spool *s);

/* Those before this number are delivered; segments they had alone go. 0 or -errno, and then
 * they stay. */
int tell_spool_confirm(struct tell_spool *s, uint64_t number);

/* What was appended is on the disk, unless sync is none; the position is written: 0 or
 * -errno. */
int tell_spool_flush(struct tell_spool *s);

/* Records that are not confirmed. */
static inline uint64_t tell_spool_waiting(const struct tell_spool *s)
{
	return s->next - s->confirmed;
}
