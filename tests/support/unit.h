#pragma once
#include <check.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* For tests that look at very many cases: random numbers that can be had again, and a
 * cheap assertion.
 *
 *	uint64_t state = tell_unit_seed();
 *	for (...)
 *		tell_unit_expect(f(tell_unit_random(&state)) == 3, "f() failed");
 *
 * Threads: one. */

/* A seed for one test, printed as a TAP comment; never 0. TELL_TEST_SEED=n in the
 * environment repeats a run. */
static inline uint64_t tell_unit_seed(void)
{
	const char *given = getenv("TELL_TEST_SEED");
	struct timespec now;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	uint64_t seed = given
		? strtoull(given, NULL, 0)
		: (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec;
	seed += seed == 0;
	printf("# TELL_TEST_SEED=%" PRIu64 "\n", seed);
	(void)fflush(stdout);
	return seed;
}

/* The next number (G. Marsaglia, "Xorshift RNGs", 2003). */
static inline uint64_t tell_unit_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* ck_assert_msg() that costs nothing while it holds; libcheck's writes each one down. */
#define tell_unit_expect(condition, ...)                                                 \
	do {                                                                             \
		if (!(condition))                                                        \
			ck_abort_msg(__VA_ARGS__);                                       \
	} while (0)
