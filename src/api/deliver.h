#pragma once
#include <stddef.h>
#include "api/service.h"

/* Begin a record for this service: time, pid, tid; in the queue's memory where the stack
 * has one with room, else in the thread's own. NULL: no memory, counted. */
struct tell_record *tell_deliver_begin(struct tell_thread *t,
	const struct tell_service *s, const struct tell_stack *stack, int level);

/* The same in the thread's own memory. */
struct tell_record *tell_deliver_begin_own(struct tell_thread *t,
	const struct tell_service *s, const struct tell_stack *stack, int level);

/* Send it down the stack, then what modules had to say. What became of it, as
 * tell_stack_run(). */
enum tell_verdict tell_deliver(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, struct tell_record *r);

/* Its two halves. past_queue: it waits for the sinks, and between the two halves t->record is
 * as they saw it: redacted; begun by tell_deliver_begin_own(). */
enum tell_verdict tell_deliver_record(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, struct tell_record *r, bool past_queue);
void tell_deliver_notes(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);

/* Make and send a record of logger `telltale`; uses t->record. */
void tell_deliver_own(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, int level, const char *text, size_t len);

/* Send t->record, begun by tell_deliver_begin_own(), past filters and queue; *r, such a record,
 * becomes a copy of another but for time, process and run: 0 or -ENOMEM. Notes that came from
 * elsewhere go there, for tell_deliver_notes(); NULL: no memory. */
enum tell_verdict tell_deliver_made(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);
int tell_deliver_copy(struct tell_record *r, const struct tell_record *from);
struct tell_notes *tell_deliver_notes_of(struct tell_thread *t);

/* Send what filters have kept count of and is due. Uses t->record. */
void tell_deliver_sums(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);

/* Offer what waits in spools: see tell_stack_pump(). */
uint64_t tell_deliver_spooled(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);

/* Take at most max records out of the queue and the rest of their way, as
 * tell_stack_drain(). */
size_t tell_deliver_queued(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, uint64_t deadline_ns, size_t max);

/* The same when there will be no other: what sinks keep of it for later is handed over now,
 * and stderr has it when they cannot. */
void tell_deliver_last(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, int level, const char *text, size_t len);

/* Nobody waits any longer for what sinks hold: lost, in the ledger. Uses t->record. */
void tell_deliver_give_up(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);

/* Hand over what sinks hold by deadline_ns, and send what modules had to say about it: 0, or
 * the first error. Uses t->record. */
int tell_deliver_flush(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, uint64_t deadline_ns);

/* The same for the last time: what they hold then is given up, which is said through the
 * stack that comes behind, or the same; NULL: nobody is left to say it. One that comes behind
 * takes over what is in spools. */
int tell_deliver_end(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, struct tell_stack *through, uint64_t deadline_ns);
