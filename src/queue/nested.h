#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "queue/rings.h"
#include "record/record.h"

/* The queue as a signal's handler has it that came in the middle of one of our calls: lanes of
 * their own, made with the file, so that the interrupted thread's is left as it is.
 *
 * Safe:    no lock is waited for, nothing is allocated, no system call but gettid(2) and
 *          sched_yield(2); who reads is woken by futex(2) when a lane fills.
 * Claim:   a lane is one handler's for as long as it writes. A thread can be in several, each
 *          in the middle of the one before: as many as there are lanes.
 * Limits:  a record of TELL_NESTED_MOST bytes.
 * Threads: any, in any state. */
#define TELL_NESTED_MOST (TELL_RING_NESTED_BYTES / 4 - sizeof(struct tell_entry))

/* TELL_SUCCESS; TELL_LIMITED: all lanes are full, or claimed for longer than can be waited;
 * TELL_UNAVAILABLE: there is no file yet. */
enum tell_verdict tell_nested_begin(struct tell_ring *r, struct tell_nested *ret);

/* Are all names and places of the record in the file? Added if nobody is at it. */
bool tell_nested_words(struct tell_ring *r, const struct tell_head *h);

/* Number and publish what is at n->at, or not, and leave the lane. */
void tell_nested_end(struct tell_nested *n, uint32_t run_id, bool keep);
