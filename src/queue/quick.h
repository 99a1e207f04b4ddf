#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/field.h>
#include "queue/lane.h"
#include "record/record.h"

/* The short way of a call into the queue: what the long one found out about a site is
 * remembered, and the next call only copies.
 *
 * Shape:   a plan is good for one stack and one ring: its mark says which. It holds for
 *          calls with the same literal keys in the same order.
 * Promise: the block is the one that the long way makes, byte for byte but for its time.
 * Threads: a plan is written once, before it is published. */
#define TELL_QUICK_FIELDS 16

struct tell_quick_plan {
	uint64_t mark;	/* of the stack, see tell_stack_quick_mark(); 0: none; atomic */
	uint64_t names; /* one bit a key, as in struct tell_record */
	uint32_t place;
	uint16_t n;
	uint8_t forced; /* as the site was when the mark was given */
	bool whole; /* all keys are literals of the site's object, and no two the same */
	uint16_t id[TELL_QUICK_FIELDS];
	const char *key[TELL_QUICK_FIELDS]; /* the literals; NULL: look it up */
	uint64_t head[TELL_QUICK_FIELDS];   /* the slot's, its length 0 */
	uint8_t type[TELL_QUICK_FIELDS];    /* as at the first call: text or number */
};

/* A plan, all zero, and its end: another's from then on. Neither locks nor allocates by
 * malloc(3). NULL: memory is out. */
struct tell_quick_plan *tell_quick_plan_new(void);
void tell_quick_plan_free(struct tell_quick_plan *plan);

/* What is the same for all of a thread's calls, and what carries on. */
struct tell_quick_call {
	const struct tell_record *context; /* its scopes; NULL: none */
	uint64_t time;			   /* ticks with TELL_RECORD_TICKS, else ns */
	uint64_t run_lane_flags;	   /* three members of the head */
	uint64_t pid_tid;		   /* two of them */
	uint8_t level;
};

/* Put the record into the lane. False: it is not for the short way (another type of value, no
 * room in one piece): nothing happened. */
bool tell_quick_put(struct tell_lane *l, const struct tell_quick_call *c,
	const struct tell_quick_plan *plan, const char *message, size_t len,
	const struct tell_field *fields);
