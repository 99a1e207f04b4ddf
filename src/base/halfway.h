#pragma once
#include <stdint.h>

/* The last word when a decimal lies so near the middle of two doubles that 128 bits cannot
 * tell on which side.
 *
 * Limits:  both sides within the range of a double and a factor of 2 of each other;
 *          significand <= 2^54.
 * Threads: pure; 1 KiB of stack.
 * Source:  D. M. Gay, "Correctly rounded binary-decimal and decimal-binary conversions"
 *          (1990): nothing but whole numbers, compared. */

/* The text [first, end): digits with at most one point, the first digit not 0 and worth
 * digit * 10^lead. */
struct tell_decimal {
	const char *first, *end;
	int lead;
};

/* Below 0, 0 or above 0 as the decimal is less than, equal to or more than
 * significand * 2^exponent. */
int tell_halfway_compare(
	const struct tell_decimal *d, uint64_t significand, int exponent);
