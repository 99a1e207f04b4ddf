#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where values fall: a log-linear grid, cut once more at the bounds that a histogram shows, so
 * that one number a place is enough for both. Those of fixed bounds are exact, quantiles are not:
 *
 * Error:   TELL_GRID_ERROR, relative, of a value that is given for a place of the grid.
 * Shape:   from TELL_GRID_LOW up to below TELL_GRID_HIGH each power of two has 16 parts of
 *          equal width. What is lower, with zero, negative and subnormal values, is one more
 *          part, what is higher, with +Inf, another. A place is a part's number plus
 *          the number of bounds below the value: both only grow with the value, so no two
 *          places are the same, and the places of a fixed bucket stand together.
 * Limits:  TELL_GRID_BOUNDS bounds: finite, not negative, rising.
 * Threads: never changes once it is made.
 * Source:  HdrHistogram's way of buckets, with the bits of an IEEE 754 double. */
#define TELL_GRID_BOUNDS    62
#define TELL_GRID_PART_BITS 4
#define TELL_GRID_POWERS    72
#define TELL_GRID_PARTS	    (TELL_GRID_POWERS << TELL_GRID_PART_BITS)
#define TELL_GRID_PLACES    (TELL_GRID_PARTS + 2 + TELL_GRID_BOUNDS)
#define TELL_GRID_LOW	    0x1p-30 /* a nanosecond in seconds is a little more */
#define TELL_GRID_HIGH	    0x1p42
#define TELL_GRID_ERROR	    (1 / 33.0)

struct tell_grid {
	double bounds[TELL_GRID_BOUNDS + 1]; /* the last one, which is not given, +Inf */
	uint16_t first[TELL_GRID_BOUNDS +
		2]; /* place of each bucket; all after the last */
	uint16_t n_bounds;
	uint8_t below[TELL_GRID_PARTS]; /* bounds below a part's lower edge, or: */
#define TELL_GRID_CROWDED 255		/* several are in it */
};

/* bounds NULL: those for seconds that Prometheus' own clients have. 0 or -EINVAL. */
int tell_grid_init(struct tell_grid *g, const double *bounds, size_t n);

bool tell_grid_equal(const struct tell_grid *a, const struct tell_grid *b);

/* The place of any value that is a number, and which bucket that is in. */
unsigned tell_grid_place(const struct tell_grid *g, double value, unsigned *ret_bucket);

/* What stands for all values of a place: 0 below the grid, +Inf above it. */
double tell_grid_value(const struct tell_grid *g, unsigned place);

/* Which part of the grid? TELL_GRID_PARTS or more: none, NaN included. */
static inline uint64_t tell_grid_part(double value)
{
	uint64_t bits;
	__builtin_memcpy(&bits, &value, sizeof(bits));
	return (bits >> (52 - TELL_GRID_PART_BITS)) -
		((uint64_t)(1023 - 30) << TELL_GRID_PART_BITS);
}
