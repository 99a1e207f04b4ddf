#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/rate.h"

/* Buckets: a rate spent by each of many keys, and what was refused since it was last said.
 *
 * Shape:   at least TELL_BUCKETS keys have one each: twice as many places of 64 bytes. A key
 *          looks in TELL_BUCKETS_NEAR of them, and takes one that was never used, or whose
 *          burst is whole again with nothing to say: it would begin anew just so. Where there
 *          is none the key shares one bucket with all others that found none, counted.
 *          Half full, a run of so many used places comes about once in 10^7 tables (linear
 *          probing, D. Knuth, "The Art of Computer Programming" 3, 6.4). The keys lie
 *          together: a search reads 16 cache lines at most.
 * Clock:   the caller passes both times.
 * Threads: any number at a time: no lock, but for a key that is new. One that has just lost
 *          its bucket to another key may spend one there. child: alone. */
#define TELL_BUCKETS	   1024
#define TELL_BUCKET_PLACES (2 * TELL_BUCKETS)
#define TELL_BUCKETS_NEAR  128

struct tell_bucket {
	uint64_t due_ns;	    /* of the rate */
	uint64_t held;		    /* refused and not said yet */
	uint64_t first_ns, last_ns; /* when, realtime */
	uint64_t say_ns;	    /* monotonic: it may be said while it still lasts */
	uint32_t place;		    /* where the last one refused was made */
	uint32_t level;		    /* the worst of them */
} __attribute__((aligned(64)));

struct tell_buckets {
	struct tell_rate rate;
	uint64_t refused, shared,
		triggers;	 /* ever; of them in the shared one; limits begun */
	uint64_t unsaid;	 /* of refused */
	pthread_mutex_t lock;	 /* who gives a key a bucket */
	struct tell_bucket rest; /* the shared one */
	uint64_t keys[TELL_BUCKET_PLACES]; /* 0: never used */
	struct tell_bucket list[TELL_BUCKET_PLACES];
};

/* What is spent: a key other than 0, and what a summary says of the record. */
struct tell_spending {
	uint64_t key, now_ns, realtime_ns;
	uint32_t place;
	uint8_t level;
};

/* Memory that is all zero, and its rate. */
void tell_buckets_init(struct tell_buckets *b, const struct tell_rate *rate);

/* Spend one. False: there was none, which is counted. */
bool tell_buckets_take(struct tell_buckets *b, const struct tell_spending *s);

/* The next one whose refusals are due to be said: its burst is whole again, they go on for a
 * minute, or `all`. They are taken from it. *pos starts at 0. False: no further one. */
#define TELL_BUCKETS_SAY_NS (UINT64_C(60) * 1000000000)
struct tell_refused {
	uint64_t n, first_ns, last_ns;
	uint32_t place;
	uint8_t level;
	bool many; /* of several keys */
};
bool tell_buckets_next_due(struct tell_buckets *b, size_t *pos, uint64_t now_ns, bool all,
	struct tell_refused *ret);

/* It could not be said: put it back to where tell_buckets_next_due() found it. */
void tell_buckets_untake(
	struct tell_buckets *b, size_t pos, const struct tell_refused *r);

/* In a forked child: as it was in the beginning. */
void tell_buckets_child(struct tell_buckets *b);
