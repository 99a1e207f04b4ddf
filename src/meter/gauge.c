/* Gauges, <telltale/metric.h>: one number for all threads, as it is set by any. */
#include <string.h>
#include "meter/registry.h"

static uint64_t bits_of(double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static double value_of(uint64_t bits)
{
	double value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

void tell_gauge_set(struct tell_gauge *g, double value)
{
	if (g)
		__atomic_store_n(&g->bits, bits_of(value), __ATOMIC_RELAXED);
}

void tell_gauge_add(struct tell_gauge *g, double value)
{
	if (!g)
		return;
	uint64_t before = __atomic_load_n(&g->bits, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&g->bits, &before,
		bits_of(value_of(before) + value), true, __ATOMIC_RELAXED,
		__ATOMIC_RELAXED))
		;
}

double tell_gauge_get(const struct tell_gauge *g)
{
	return g ? value_of(__atomic_load_n(&g->bits, __ATOMIC_RELAXED)) : 0;
}
