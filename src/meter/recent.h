#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "meter/registry.h"
#include "meter/tally.h"

/* What was counted or observed lately in those series of a family that somebody chose.
 *
 * Shape:   a window (meter/window.h) of their sum for each key, made with the first question: that
 *          one is about nothing yet. Counters are met in place 0. Quantiles have no better
 *          bounds than the grid's; extremes are not known.
 * Limits:  TELL_RECENT_MAX keys a process, 11 KiB each and up to 10 KiB a slot.
 * Clock:   given by the caller; looks are made by questions alone.
 * Life:    kept as long as the process; a child begins anew.
 * Threads: any but signal handlers; a lock inside, held while series are chosen. */
#define TELL_RECENT_MAX 64

/* Is it one of them? values: one a label of the family, or NULL: its `other`. */
typedef bool tell_choose_fn(
	const void *arg, const struct tell_family *f, const char *const *values);

/* The last window_ns of a counter's or histogram's series that are chosen; ret is initialised;
 * *ret_ns: how long that is, 0 for the first question. 0; -ENOSPC; -ENOMEM. */
int tell_recent_read(const char *key, const struct tell_family *f, tell_choose_fn *choose,
	const void *arg, uint64_t window_ns, uint64_t now_ns, struct tell_tally *ret,
	uint64_t *ret_ns);

/* In a forked child: its numbers begin at 0. */
void tell_recent_child(void);
