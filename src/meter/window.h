#pragma once
#include <stdint.h>
#include "meter/tally.h"

/* The last hour of a histogram, in slots: what was observed between two looks at it.
 *
 * Shape:   each slot keeps only the places that were met, 8 bytes each; slots of 5 seconds in
 *          the last two minutes, of one minute before. So a window is as long as was asked for and
 *          up to a slot longer; what lies at its edge is exact where looks are made in time. Up to
 *          TELL_FEW values of a slot are kept themselves.
 * Limits:  an hour; 128 slots, of at most 10 KiB, 0.1 to 3 as a rule; 11 KiB beside.
 * Memory:  a slot that there is none for grows on; the window is coarser there.
 * Clock:   given by the caller; it never goes back.
 * Threads: one owner at a time. */
#define TELL_WINDOW_SLOT_NS (UINT64_C(5) * 1000000000)
#define TELL_WINDOW_FINE_NS (UINT64_C(120) * 1000000000)
#define TELL_WINDOW_WIDE_NS (UINT64_C(60) * 1000000000)
#define TELL_WINDOW_HOUR_NS (UINT64_C(3600) * 1000000000)
#define TELL_WINDOW_SLOTS   128

struct tell_window;

/* One that begins at begin_ns, when nothing was observed. NULL: memory is out. */
struct tell_window *tell_window_new(uint64_t begin_ns);
struct tell_window *tell_window_free(struct tell_window *w);

/* What was until now belongs to no window: the first begins here. */
void tell_window_skip(
	struct tell_window *w, const struct tell_tally *all, uint64_t now_ns);

/* A look: all that was ever observed, with the extremes since the last look. Does the slot end? */
void tell_window_tick(
	struct tell_window *w, const struct tell_tally *all, uint64_t now_ns);

/* When the next look is due. */
uint64_t tell_window_due(const struct tell_window *w);

/* What was observed since the youngest edge of a slot that is at least window_ns ago, or the
 * oldest that is known; ret is initialised. After a look with the same tally and time.
 * Returns how long that is. */
uint64_t tell_window_read(const struct tell_window *w, const struct tell_tally *all,
	uint64_t now_ns, uint64_t window_ns, struct tell_tally *ret);
