#pragma once
#include <stddef.h>

/* "did you mean ...?": the word of a list that was probably meant.
 *
 * Shape:   words are compared without case; swapping two neighbours, leaving out, adding
 *          or changing one letter costs one step each. At most a third of the longer
 *          word's letters, rounded up, may be wrong, and words over 63 bytes match nobody.
 * Threads: pure functions.
 * Source:  optimal string alignment distance (Damerau 1964, restricted). */
struct tell_nearest {
	const char *word; /* the best so far; NULL: none is near */
	size_t steps;
};

/* Offer a candidate for what was written; best starts as {0}. */
void tell_nearest_offer(
	struct tell_nearest *best, const char *written, const char *candidate);

/* The nearest in a list that ends with NULL; NULL: none is near. */
const char *tell_nearest_of(const char *written, const char *const *words);

/* Steps between the two words; (size_t)-1 when one is over 63 bytes. */
size_t tell_nearest_steps(const char *a, const char *b);
