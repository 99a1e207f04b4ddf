#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <telltale/module.h>
#include "stack/report.h"

/* A sink's spool, between the runner and the sink: what `spool=` of a line means.
 *
 * Way:     each record is written to the spool, then what waits there is offered to the sink,
 *          the oldest first and without waiting for it, until it refuses. So a sink that hangs
 *          holds nobody, and a record that comes behind one that waits goes behind it.
 * Sure:    a record leaves the spool when the sink has it for sure. A sink that knows how far
 *          its peer is (struct tell_module, progress) has it once the peer's kernel said so
 *          and the connection lived on for TELL_OUTBOX_HOLD_NS: what a receiver acknowledged
 *          and had not read dies with it. At an orderly end the acknowledgement is enough.
 *          When the connection breaks all that is not sure goes again, with its TELL_SEQ.
 * Whose:   lines of one name and service share a spool, so that the stack that a reload puts
 *          in force goes on with what the one before has left. The newest of them that was
 *          used sends for all: two connections would each send what the other has not sure.
 * Ledger:  success: handed on in the very call; spooled: taken, and success later. The spool
 *          has its own numbers beside that: waiting = found + taken - delivered - dropped.
 * Threads: any number; one at a time inside, by the run's deadline. */
#define TELL_OUTBOX_HOLD_NS (UINT64_C(2000) * 1000 * 1000)

struct tell_link;
struct tell_outbox;

struct tell_outbox_stats {
	uint64_t limit, bytes;
	uint64_t waiting; /* not sure yet */
	uint64_t unsent;  /* of those */
	uint64_t found;	  /* left by an earlier process */
	uint64_t again;	  /* sent once more, as a connection broke */
	uint64_t dropped; /* the oldest, as it was full */
	uint64_t damaged;
	char path[256]; /* "" while it is not open */
};

/* Is what the line says of its spool right? 0 or -EINVAL and *why. */
int tell_outbox_check(const struct tell_args *args, struct tell_refusal *why);

/* What it would meet on this host: 0, or 1 and *why. */
int tell_outbox_look_at(const struct tell_args *args, struct tell_refusal *why);

/* The line's spool, opened at the first record. name: as the ledger names the sink; *ret_turn
 * is higher than that of any line before. NULL: memory is out. */
struct tell_outbox *tell_outbox_get(
	const struct tell_args *args, const char *name, uint64_t *ret_turn);

/* The line is about to be closed; what is left waits for the next. NULL is allowed. */
void tell_outbox_put(struct tell_outbox *o, const struct tell_link *link);

/* A record, counted in the link's verdicts. */
enum tell_verdict tell_outbox_run(struct tell_link *link, struct tell_run *run);

/* The line of a stack that was replaced: what it has left in the spool both share is this
 * line's. How many records. */
uint64_t tell_outbox_inherit(struct tell_link *link, struct tell_link *from);

/* Offer what waits; patient: the sink may take a few ms. When to call again, monotonic;
 * UINT64_MAX: nothing waits. */
uint64_t tell_outbox_pump(struct tell_link *link, struct tell_run *run);

/* All of it is with the peer, by the run's deadline: 0 or -errno. */
int tell_outbox_flush(struct tell_link *link, struct tell_run *run);

/* All of it is safe in the spool: 0 or -errno. */
int tell_outbox_settle(struct tell_link *link);

/* The sink gives up what it holds: it is in the spool. */
void tell_outbox_drop(struct tell_link *link, struct tell_run *run);

/* Records that were taken and are lost, since it was last asked. */
uint64_t tell_outbox_lost(struct tell_outbox *o);

/* In a forked child: the parent's. */
void tell_outbox_child(struct tell_outbox *o);

void tell_outbox_stats(struct tell_outbox *o, struct tell_outbox_stats *ret);
