#pragma once
#include <stdint.h>
#include "api/ledger.h"

/* Losses, told through the channel as records of kind `loss`: how many records of a service
 * no sink took or the queue had no room for, then which sinks failed and why.
 *
 * When:    at most once a minute while there are new ones, and when the service closes. What
 *          could not be said stays to be said. A sink whose records another took over loses
 *          nothing.
 * Limit:   TELL_LOSS_RECORDS a report; sinks and reasons beyond are in the sums only.
 * Threads: as struct tell_service: the process's lock. */
#define TELL_LOSS_RECORDS 8

struct tell_service;

struct tell_loss {
	uint64_t undelivered;	  /* so many are told */
	uint64_t dropped;	  /* by the queue: likewise */
	struct tell_ledger *told; /* the same by sink; NULL: nothing, or memory was out */
	uint64_t nested, memory;  /* of tell_process.lost */
	uint64_t look_ns, say_ns; /* CLOCK_MONOTONIC: not before */
};

/* Look, and say what is due; returns when to look again. The lock is not held, and if it
 * cannot be had at once that is soon. */
uint64_t tell_loss_due(struct tell_service *s, uint64_t now_ns);

/* The last word of a service that closes, whose stack the thread has announced: on stderr if no
 * sink takes it. The lock is held. */
struct tell_thread;
void tell_loss_sum_up(
	struct tell_service *s, struct tell_thread *t, struct tell_stack *stack);

/* In a forked child: nothing is told yet. */
void tell_loss_child(struct tell_loss *l);
