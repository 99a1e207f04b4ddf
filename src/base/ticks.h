#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Time for who cannot spend 20 ns on it: the processor's counter, made nanoseconds later by
 * somebody else.
 *
 * Shape:   ticks since the processor started. A line through two pairs of ticks and
 *          CLOCK_REALTIME, the second one at most a few ms old, gives the time between
 *          them to some 100 ns; a clock that was set in between is smeared over it.
 * Where:   x86-64 with an invariant counter (it goes at one pace, on all processors alike);
 *          elsewhere tell_ticks_usable() is false and nobody calls the rest.
 * Threads: pure but for the counter.
 * Source:  Intel SDM volume 3, 18.17.1 Invariant TSC; AMD APM volume 3, CPUID Fn8000_0007. */
struct tell_tick_pair {
	uint64_t ticks, realtime_ns;
};

bool tell_ticks_usable(void);

/* A pair of the same moment: the closest of a few tries. */
struct tell_tick_pair tell_ticks_now(void);

/* The time of `ticks`, on the line through two pairs, a before b. */
uint64_t tell_ticks_ns(
	const struct tell_tick_pair *a, const struct tell_tick_pair *b, uint64_t ticks);

#ifdef __x86_64__
#include <x86intrin.h>
static inline uint64_t tell_ticks(void)
{
	return __rdtsc();
}
#else
static inline uint64_t tell_ticks(void)
{
	return 0;
}
#endif
