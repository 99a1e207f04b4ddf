#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "queue/dict.h"
#include "queue/format.h"
#include "queue/lane.h"

/* A ring whose process is gone: its records, for somebody to deliver.
 *
 * Trust:   none. The file is read into memory, not mapped (another process of its owner may
 *          cut it meanwhile), each number in it is checked, and each record again as it is
 *          handed out. What makes no sense is left out, and the file set aside under
 *          another name when the rest was delivered. A file that was cut has the records
 *          that are whole.
 * Life:    locked while open, so that one process delivers it. What was delivered is
 *          written into it after each batch: who dies on the way leaves the rest to the
 *          next, and what had been delivered since the last batch comes twice, with its
 *          TELL_SEQ. Empty, it is removed.
 * Threads: one owner at a time. */
#define TELL_ORPHAN_BYTES_MAX ((uint64_t)1 << 30)

struct tell_orphan {
	int dir; /* borrowed */
	int fd;
	char name[256];
	struct tell_ring_head head; /* a copy that holds water */
	struct tell_dict_map words;
	uint32_t n_lanes;
	struct tell_lane lanes[TELL_RING_LANES];
	uint64_t offsets[TELL_RING_LANES]; /* of each lane's head, in the file */
	size_t there[TELL_RING_LANES];	   /* bytes of its ring that the file has */
	void *chunks[TELL_RING_LANES];
	uint64_t budget; /* of memory, so that chunks over one another end somewhere */
	bool damaged;	 /* some of it made no sense */
	void *block;	 /* a record, while it is handed out */
};

/* Open dir's file `name` if it is an orphan; `pid`, which its name says, tells whether one that
 * was not finished is still being made. 0; -EBUSY: it is in use; -EBADMSG: nothing of it
 * makes sense; -EPERM: not ours to read; or what open says. dir must outlive it. */
int tell_orphan_open(struct tell_orphan **ret, int dir, const char *name, uint32_t pid);

/* The next record of that lane, in memory that lasts until the next call, marked recovered
 * and with this process's numbers; its head's size is right. NULL: none, or it makes no
 * sense: leave it out. */
const void *tell_orphan_next(struct tell_orphan *o, uint32_t lane);

/* What was read of the lanes is delivered. 0 or -errno. */
int tell_orphan_done(struct tell_orphan *o);

/* Remove the file: all of it was delivered. */
void tell_orphan_remove(struct tell_orphan *o);

/* Give it another name (".bad" behind it), for people to look at. */
void tell_orphan_set_aside(int dir, const char *name);

/* Returns NULL, which is allowed. */
struct tell_orphan *tell_orphan_close(struct tell_orphan *o);
