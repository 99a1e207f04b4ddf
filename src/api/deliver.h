#pragma once
#include <stddef.h>
#include "api/service.h"

/* Send the record that t->record holds down the stack, then what modules had to say. */
void tell_deliver(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);

/* Its two halves. Between them t->record is as the sinks saw it: redacted. */
enum tell_verdict tell_deliver_record(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);
void tell_deliver_notes(
	struct tell_thread *t, struct tell_service *s, struct tell_stack *stack);

/* Make and send a record of logger `telltale`; uses t->record. */
void tell_deliver_own(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, int level, const char *text, size_t len);

/* The same when there will be no other: what sinks keep of it for later is handed over now,
 * and stderr has it when they cannot. */
void tell_deliver_last(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, int level, const char *text, size_t len);

/* Hand over what sinks hold by deadline_ns, and send what modules had to say about it: 0, or
 * the first error. Uses t->record. */
int tell_deliver_flush(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, uint64_t deadline_ns);

/* The same for the last time: what they hold then is given up, which is said through the
 * stack that comes behind, or the same; NULL: nobody is left to say it. */
int tell_deliver_end(struct tell_thread *t, struct tell_service *s,
	struct tell_stack *stack, struct tell_stack *through, uint64_t deadline_ns);

/* Begin t->record for this service: time, pid, tid. 0 or -ENOMEM, counted. */
int tell_deliver_begin(struct tell_thread *t, const struct tell_service *s,
	const struct tell_stack *stack, int level);
