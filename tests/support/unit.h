#pragma once
#include <check.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What every unit test program is made of: one suite, TAP on stdout, and random numbers
 * that can be had again: TELL_TEST_SEED=n in the environment, printed when drawn.
 *
 *	int main(void)
 *	{
 *		TCase *tc = tcase_create("number");
 *		tcase_add_test(tc, writes_every_u64_as_printf_does);
 *		return tell_unit_run("base/number", tc);
 *	}
 *
 * Threads: one. */
static inline int tell_unit_run(const char *name, TCase *tc)
{
	Suite *suite = suite_create(name);
	suite_add_tcase(suite, tc);
	SRunner *runner = srunner_create(suite);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A seed for one test, printed as a TAP comment; never 0. */
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
