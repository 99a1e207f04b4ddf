#pragma once
#include <stdint.h>
#include <telltale/metric.h>
#include "meter/few.h"
#include "meter/grid.h"

/* What was observed, summed up: how often each place of a grid was met. Two of the same grid
 * can be added; so threads, slots of a window and processes are.
 *
 * Few:     the values themselves of what was taken (tell_histogram_take()); all of them when they
 *          are as many as the count.
 * Shape:   10 KiB; zeroed and tell_tally_init() is one without observations.
 * Sum:     of what is finite.
 * Threads: one owner at a time. */
struct tell_tally {
	uint64_t n[TELL_GRID_PLACES];
	double sum, min, max; /* min > max: there are none */
	struct tell_few few;
};

void tell_tally_init(struct tell_tally *t);
void tell_tally_add(struct tell_tally *t, const struct tell_tally *more);

/* The extremes alone. */
void tell_tally_widen(struct tell_tally *t, double min, double max);

uint64_t tell_tally_count(const struct tell_tally *t);

/* The value of rank ceil(q * count), q from 0 to 1: the nearest rank; exact when all
 * are in few, else within TELL_GRID_ERROR where the grid is, and always between min and max. 0 without observations. */
double tell_tally_quantile(
	const struct tell_tally *t, const struct tell_grid *g, double q);

/* All that struct tell_stats has but `seconds`. */
void tell_tally_stats(
	const struct tell_tally *t, const struct tell_grid *g, struct tell_stats *ret);
