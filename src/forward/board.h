#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "source/bookmark.h"

/* What each way of a forwarder counts, where all of its processes see it: a way writes its own,
 * who is asked reads all. A way that is started again goes on with its numbers.
 *
 * Shape:   memory that is shared over fork(2); each number is read and written whole.
 * Threads: one writer a way; readers any. */
#define TELL_WAYS_MAX 32

enum tell_way_count {
	TELL_WAY_READ,	   /* entries */
	TELL_WAY_SENT,	   /* records that were acknowledged */
	TELL_WAY_REQUESTS, /* that were answered */
	TELL_WAY_RETRIES,  /* that were not, or refused for now, and so sent again */
	TELL_WAY_BYTES,	   /* that went over the wire */
	TELL_WAY_FILTERED,
	TELL_WAY_OLD,	   /* over max_age */
	TELL_WAY_UNFIT,	   /* the receiver's form has no place for them */
	TELL_WAY_REFUSED,  /* by the receiver, for good */
	TELL_WAY_ASIDE,	   /* of those, ones kept in a file */
	TELL_WAY_ASTRAY,   /* sent, of no valid tenant */
	TELL_WAY_LESSENED, /* sent, with fewer labels */
	TELL_WAY_GAPS,
	TELL_WAY_DAMAGED,
	TELL_WAY_MISSING, /* a journal should have them and has not: at most so many */
	TELL_WAY_RESTARTS,
	TELL_WAY_N_COUNTS
};

struct tell_way {
	char name[TELL_BOOKMARK_NAME]; /* written before there are readers */
	uint64_t counts[TELL_WAY_N_COUNTS];
	uint64_t beat_ns; /* CLOCK_MONOTONIC: when it last lived */
	uint64_t
		oldest_us; /* time of the first entry that is not acknowledged; 0: none waits */
	uint64_t left;	    /* bytes of the source that are not read yet */
	uint64_t left_most; /* so many were the most */
	uint64_t
		away_us; /* realtime: since when its receiver takes nothing; 0: it does */
	uint64_t told;	 /* it has begun to write here */
	uint64_t ended;	 /* for good */
};

struct tell_board {
	pthread_mutex_t lock; /* of the terminal, see tool/forward_progress.h */
	unsigned rows;	      /* lines of progress that stand there */
	size_t n;
	struct tell_way ways[TELL_WAYS_MAX];
};

/* This process's, and that of its children; NULL: memory is out, or, of get, there is none. */
struct tell_board *tell_board_make(void);
struct tell_board *tell_board_get(void);

/* Whoever held it may have been killed. */
void tell_board_lock(struct tell_board *b);
void tell_board_unlock(struct tell_board *b);

static inline uint64_t tell_way_get(const uint64_t *number)
{
	return __atomic_load_n(number, __ATOMIC_RELAXED);
}

static inline void tell_way_set(uint64_t *number, uint64_t value)
{
	__atomic_store_n(number, value, __ATOMIC_RELAXED);
}

/* How long the oldest entry that waits has done so; 0: none does. */
uint64_t tell_way_lag_us(const struct tell_way *w, uint64_t now_us);

/* How long its receiver has taken nothing; 0: it takes. */
uint64_t tell_way_away_us(const struct tell_way *w, uint64_t now_us);
