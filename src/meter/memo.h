#pragma once
#include "meter/registry.h"

/* What the calling thread has looked up before, so that the next look-up of the same label
 * values is a hash, a load and a comparison.
 *
 * Shape:   TELL_MEMO_SLOTS series by the hash of family and values, in memory that the thread
 *          has for its numbers (meter/cells.h); a new one takes the place of an old one.
 * Right:   series live for ever and know their own values, which are compared byte by byte:
 *          so a slot may be of any age, of a thread that ended, of a forked child's parent.
 * Threads: a slot is one pointer, of one thread and its signal handlers. */
#define TELL_MEMO_SLOTS 256

/* Where the series of these values is, if it is remembered. NULL: memory is out, or they
 * are too long. */
struct tell_series **tell_memo_slot(
	const struct tell_family *f, const char *const *values, size_t n);

/* What the slot holds, if it is of this family and these values; else NULL. */
struct tell_series *tell_memo_get(struct tell_series *const *slot,
	const struct tell_family *f, const char *const *values, size_t n);

void tell_memo_put(struct tell_series **slot, struct tell_series *s);
