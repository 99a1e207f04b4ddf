#pragma once
#include <stdint.h>
#include <telltale/metric.h>
#include "meter/histogram.h"

/* The windows of the process: one for each histogram that somebody asked about.
 *
 * Life:    kept from the first question on, for as long as the process; a child begins anew.
 * Clock:   given by the caller, CLOCK_MONOTONIC. Looks come from questions and, where there
 *          is a service thread, from it; what was observed since the look before belongs to one slot.
 * Threads: any but signal handlers; a lock inside. */

/* The process has histograms from now on; later calls change nothing. */
void tell_stats_begin(uint64_t now_ns);

/* The last window_s seconds; 0: all. -ENOMEM; -EINVAL: more than an hour. */
int tell_stats_get(struct tell_histogram *h, unsigned window_s, uint64_t now_ns,
	struct tell_stats *ret);

/* Look at those that are due. Returns when the next will be; UINT64_MAX: there are none. */
uint64_t tell_stats_tick(uint64_t now_ns);

/* In a forked child. */
void tell_stats_child(uint64_t now_ns);
