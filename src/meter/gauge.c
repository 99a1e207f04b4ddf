/* Gauges, <telltale/metric.h>: one number for all threads, as it is set by any. */
#include <string.h>
#include "meter/registry.h"

static uint64_t bits_of(double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* Source: Prometheus, model/value: what its own storage has for "no value any more". */
#define LEFT_OUT UINT64_C(0x7ff0000000000002)

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
		bits_of((before == LEFT_OUT ? 0 : value_of(before)) + value), true,
		__ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

double tell_gauge_get(const struct tell_gauge *g)
{
	return g ? value_of(__atomic_load_n(&g->bits, __ATOMIC_RELAXED)) : 0;
}

void tell_gauge_leave_out(struct tell_gauge *g)
{
	__atomic_store_n(&g->bits, LEFT_OUT, __ATOMIC_RELAXED);
}

bool tell_gauge_is_left_out(const struct tell_gauge *g)
{
	return __atomic_load_n(&g->bits, __ATOMIC_RELAXED) == LEFT_OUT;
}
