#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "base/held.h"

/* Lines on the disk, not only with the kernel: one fdatasync(2) for all that wait.
 *
 * Who has written takes its number and asks. The first one syncs everything that is written by
 * then, without the lock; those who come meanwhile wait, and one of them does it for all of
 * them. So nobody waits for more than two. An error is told to everybody whose line it may
 * concern: Linux says it once, and the next sync would succeed without the lost pages
 * (PostgreSQL's fsync bug of 2018).
 *
 * Memory:  of TELL_COMMIT_BAD runs of lines that were lost, with good ones between: who waits
 *          may be late by several syncs. With one more the two oldest become one, and what was
 *          good between them is called lost, rather than that one lost is called good.
 * Threads: written by one at a time, the rest by any. */
#define TELL_COMMIT_BAD 8

struct tell_commit_bad {
	uint64_t from, to; /* lines (from, to] */
	int error;
};

struct tell_commit {
	pthread_mutex_t lock;
	pthread_cond_t over;	  /* a sync is */
	bool syncing;		  /* one is under way: the descriptor must stay */
	_Atomic uint64_t written; /* lines so far */
	uint64_t synced;
	struct tell_commit_bad bad[TELL_COMMIT_BAD]; /* the oldest first */
	size_t n_bad;
	uint64_t untold; /* lines lost so that nobody has heard of yet */
};

void tell_commit_init(struct tell_commit *c);
void tell_commit_done(struct tell_commit *c);

/* Whole lines were appended: the number of the last one. */
uint64_t tell_commit_wrote(struct tell_commit *c, const char *data, size_t len);

/* Line n, the caller's own, is on the disk by the run's deadline: 0 or -errno. */
int tell_commit(
	struct tell_commit *c, struct tell_held *file, uint64_t n, struct tell_run *run);

/* All lines so far. *ret_lost: how many are not, and nobody was told. */
int tell_commit_all(struct tell_commit *c, struct tell_held *file, struct tell_run *run,
	uint64_t *ret_lost);

/* Around the change to another file: what is written is synced, and nobody uses the
 * descriptor until it is let go. */
void tell_commit_begin_change(struct tell_commit *c, struct tell_held *file);
void tell_commit_end_change(struct tell_commit *c);
