#pragma once
#include <stdint.h>
#include "record/record.h"
#include "source/entry.h"
#include "stack/stack.h"

/* What an entry says of itself outside of its fields, its service, file, function and logger, without
 * the secrets in it: the stack's redact lines read them as if they were messages.
 *
 * Cost:    a name and a place that were found clean are not read again.
 * Memory:  TELL_VEIL_NAMES services, a bit a place.
 * Threads: one owner. */
#define TELL_VEIL_NAMES 256

struct tell_veil {
	struct tell_record record;
	char *clean[TELL_VEIL_NAMES]; /* by hash; NULL: none yet */
	uint8_t places[65536 / 8];
	struct tell_buf service; /* of the entry at hand, when it is another */
};

void tell_veil_done(struct tell_veil *v);

/* Change e->who and the record's place. run has what a stack's run has, but for the record. False:
 * memory is out, and the entry must not leave. */
bool tell_veil(struct tell_veil *v, struct tell_stack *stack, const struct tell_run *run,
	struct tell_entry *e);
