#pragma once
#include <stdint.h>

/* Powers of ten to 128 bits, and the logarithms that go with them.
 *
 * Shape:   10^k = (high * 2^64 + low + e) * 2^(tell_floor_log2_pow10(k) - 127) with the
 *          top bit of high set and 0 <= e < 1; e is 0 exactly when 0 <= k <= 55. low is
 *          never 2^64 - 1, so that adding 1 needs no carry.
 * Source:  written by src/base/power10.py, which checks these sentences. */
#define TELL_POWER10_MIN       (-342)
#define TELL_POWER10_MAX       324
#define TELL_POWER10_EXACT_MAX 55

struct tell_power10 {
	uint64_t high, low;
};

extern const struct tell_power10
	tell_power10_table[TELL_POWER10_MAX - TELL_POWER10_MIN + 1];

static inline struct tell_power10 tell_power10(int k)
{
	return tell_power10_table[k - TELL_POWER10_MIN];
}

/* floor(log2(10^k)) for |k| <= 342 */
static inline int tell_floor_log2_pow10(int k)
{
	return (k * 1741647) >> 19;
}

/* floor(log10(2^e)) for |e| <= 1100 */
static inline int tell_floor_log10_pow2(int e)
{
	return (e * 1262611) >> 22;
}

/* floor(log10(3/4 * 2^e)) for |e| <= 1100 */
static inline int tell_floor_log10_three_quarters_pow2(int e)
{
	return (e * 1262611 - 524031) >> 22;
}
