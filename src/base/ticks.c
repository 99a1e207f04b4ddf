#include "base/ticks.h"
#include "base/clock.h"

#define TRIES	     4
#define LINE_MOST_NS 9e18

#ifdef __x86_64__
#include <cpuid.h>

bool tell_ticks_usable(void)
{
	unsigned a, b, c, d;
	if (!__get_cpuid(0x80000007, &a, &b, &c, &d))
		return false;
	return d >> 8 & 1;
}
#else
bool tell_ticks_usable(void)
{
	return false;
}
#endif

struct tell_tick_pair tell_ticks_now(void)
{
	struct tell_tick_pair best = { 0, 0 };
	uint64_t best_took = UINT64_MAX;
	for (int i = 0; i < TRIES; i++) {
		uint64_t before = tell_ticks();
		uint64_t now_ns = tell_clock_realtime_ns();
		uint64_t took = tell_ticks() - before;
		if (took < best_took) {
			best_took = took;
			best = (struct tell_tick_pair){ before + took / 2, now_ns };
		}
	}
	return best;
}

uint64_t tell_ticks_ns(
	const struct tell_tick_pair *a, const struct tell_tick_pair *b, uint64_t ticks)
{
	int64_t dt = (int64_t)(b->ticks - a->ticks);
	int64_t dns = (int64_t)(b->realtime_ns - a->realtime_ns);
	int64_t at = (int64_t)(ticks - a->ticks);
	double after = dt > 0 ? (double)at * (double)dns / (double)dt : 0;
	if (!(after > -LINE_MOST_NS &&
		    after < LINE_MOST_NS)) /* not of one life of the clock */
		after = 0;
	return a->realtime_ns + (uint64_t)(int64_t)after;
}
