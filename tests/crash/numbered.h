#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Records that can be told one by one, from writers that may be killed at any moment, and
 * the count of what came of them.
 *
 * Shape:   fields t (the writer), n (1, 2, ...) and a text of 1 B to 16 KiB that follows from
 *          both. A writer publishes the last number whose call returned in memory that
 *          outlives it (numbered_shared).
 * Required: every number that returned is there, but those that the ledger counted: dropped
 *          for want of room where that may be, or not taken by the sink by its deadline, as
 *          on a busy machine. The one in flight may be there; no other; none is torn; what
 *          comes twice is the same record, with the same TELL_SEQ.
 * Threads: numbered_log() by any; the rest by one. */
#define NUMBERED_WRITERS 16
#define NUMBERED_MOST	 1000000u /* numbers of a writer */
#define NUMBERED_LEDGERS 4	  /* processes that write */

/* Written by the processes that are killed. */
struct numbered_shared {
	uint32_t ready;			     /* somebody's first call has returned */
	uint64_t returned[NUMBERED_WRITERS]; /* the last number whose call has */
	uint64_t dropped[NUMBERED_LEDGERS], undelivered[NUMBERED_LEDGERS];
};
extern struct numbered_shared *numbered_shared;

struct numbered_sum {
	unsigned long records, lost, torn, cut, twice, in_flight, dropped, undelivered;
};
extern struct numbered_sum numbered_sum;

/* Make the shared memory; false: there is none. */
bool numbered_begin(void);
void numbered_end(void);

/* Nobody has said anything yet. */
void numbered_reset(void);

/* Writer `writer` in process `ledger` goes on from the number after its last, for ever
 * (nearly). */
void numbered_log(unsigned writer, unsigned ledger);

/* All writers are dead. What each was in is left out from now on: nobody knows whether it
 * was published. */
void numbered_killed(void);

/* Read the log. n_killed: the kernel may end a write(2) of a process that is killed within a
 * line: one half line a kill, and its record comes whole later. Is all as required? may_drop:
 * there may have been no room. Tells why not as TAP comments. */
bool numbered_judge(const char *log_path, unsigned n_killed, bool may_drop);
