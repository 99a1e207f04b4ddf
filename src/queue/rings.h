#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include "queue/dict.h"
#include "queue/file.h"
#include "queue/lane.h"

/* The rings of this process, one a service: it outlives a reload, so that what the old
 * stack's calls left is delivered by the new one's lines.
 *
 * Shape:   the file is made at the first record, with the lanes of signal handlers, which are
 *          the first of `lanes`; those of threads when one first needs it.
 * Threads: `lock` for the file, the lanes' making and the words; a lane has its owner, or
 *          a claim where it is shared (queue/seat.h, nested.h); `reading` is taken by who reads. */
#define TELL_RING_SHARED                                                                 \
	8 /* of the lanes: for threads that come when the others are taken */
#define TELL_RING_OWNED (TELL_RING_LANES - TELL_RING_SHARED) /* up to here; they come */
							     /* behind TELL_RING_NESTED */

struct tell_ring {
	struct tell_ring *next;
	uint32_t refs;
	uint64_t number; /* of this file: another in a child; atomic */
	char service[72];
	uint32_t lane_bytes;

	pthread_mutex_t lock;
	struct tell_ring_file file;
	struct tell_dict words;
	uint64_t retry_ns; /* no file could be made: not before try again; atomic */
	uint32_t n_lanes;  /* atomic */
	struct tell_lane lanes[TELL_RING_LANES];
	uint32_t owner[TELL_RING_LANES]; /* atomic: the thread's id; 0: free */
	uint32_t claim[TELL_RING_LANES]; /* atomic: of a shared one, who writes now */

	struct tell_tick_pair pairs[2]; /* the reader's: see tell_ring_renew() */
	uint32_t reading; /* atomic: somebody has records that he did not deliver yet */
	struct tell_adopt
		*adopt; /* records of dead processes; NULL: looked for already */
	bool looked;
	uint64_t n_bad; /* lanes that made no sense: somebody wrote into them */
};

/* The ring of this service, made when there is none; NULL: memory is out. Each is put back. */
struct tell_ring *tell_ring_get(const char *service, uint32_t lane_bytes);
void tell_ring_put(struct tell_ring *r);

/* Has nobody else got it? */
bool tell_ring_is_last(const struct tell_ring *r);

/* The live ring with this number, its lock held, or NULL. */
struct tell_ring *tell_ring_by_number(uint64_t number);

/* Is this the file of one of ours? */
bool tell_ring_has_file(dev_t dev, ino_t ino);

/* r->lock is held: make sure that there is a file. False: there can be none now. */
bool tell_ring_file_there(struct tell_ring *r);

/* r->lock is held: all names and places of the record are in the file. */
bool tell_ring_words(struct tell_ring *r, const struct tell_head *h);

/* The ticks' meaning now, for who reads. What is kept is renewed each second, so that the line
 * through it and now is one to two seconds long. */
struct tell_tick_pair tell_ring_renew(struct tell_ring *r);

/* Records in it that were not read yet. */
uint64_t tell_ring_queued(const struct tell_ring *r);

/* Remove the file unless records are in it, for somebody to adopt. Nobody reads or writes
 * it any more. */
void tell_ring_end(struct tell_ring *r);

/* In a forked child: the file and what is in it are the parent's. */
void tell_ring_child(struct tell_ring *r);
