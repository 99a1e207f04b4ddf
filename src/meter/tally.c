#include "meter/tally.h"
#include <math.h>
#include <string.h>

void tell_tally_init(struct tell_tally *t)
{
	memset(t, 0, sizeof(*t));
	t->min = (double)INFINITY;
	t->max = -(double)INFINITY;
}

void tell_tally_widen(struct tell_tally *t, double min, double max)
{
	if (min < t->min)
		t->min = min;
	if (max > t->max)
		t->max = max;
}

void tell_tally_add(struct tell_tally *t, const struct tell_tally *more)
{
	for (size_t i = 0; i < TELL_GRID_PLACES; i++)
		t->n[i] += more->n[i];
	t->sum += more->sum;
	tell_tally_widen(t, more->min, more->max);
	tell_few_join(&t->few, more->few.at, more->few.n, more->few.over);
}

uint64_t tell_tally_count(const struct tell_tally *t)
{
	uint64_t count = 0;
	for (size_t i = 0; i < TELL_GRID_PLACES; i++)
		count += t->n[i];
	return count;
}

/* 1 and more. Not ceil(3), which is not in libc; where q * count is just above a whole
 * number by rounding only, that number is meant. */
static uint64_t rank(double q, uint64_t count)
{
	double at = q * (double)count;
	uint64_t whole = (uint64_t)at;
	if (at - (double)whole > 1e-9 * at)
		whole++;
	return whole ? whole : 1;
}

double tell_tally_quantile(
	const struct tell_tally *t, const struct tell_grid *g, double q)
{
	uint64_t count = tell_tally_count(t), left = rank(q, count);
	if (count > 0 && count == t->few.n && !t->few.over)
		return tell_few_rank(&t->few, left);
	for (unsigned i = 0; i < TELL_GRID_PLACES; i++) {
		if (t->n[i] < left) {
			left -= t->n[i];
			continue;
		}
		double value = tell_grid_value(g, i);
		value = value > t->max ? t->max : value;
		return value < t->min ? t->min : value;
	}
	return 0;
}

void tell_tally_stats(
	const struct tell_tally *t, const struct tell_grid *g, struct tell_stats *ret)
{
	*ret = (struct tell_stats){ .count = tell_tally_count(t) };
	if (ret->count == 0)
		return;
	ret->sum = t->sum;
	ret->min = t->min;
	ret->max = t->max;
	ret->avg = t->sum / (double)ret->count;
	ret->p50 = tell_tally_quantile(t, g, 0.50);
	ret->p95 = tell_tally_quantile(t, g, 0.95);
	ret->p99 = tell_tally_quantile(t, g, 0.99);
}
