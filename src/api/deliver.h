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

/* Begin t->record for this service: time, pid, tid. 0 or -ENOMEM, counted. */
int tell_deliver_begin(struct tell_thread *t, const struct tell_service *s,
	const struct tell_stack *stack, int level);
