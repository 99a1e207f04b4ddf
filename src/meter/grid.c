#include "meter/grid.h"
#include <errno.h>
#include <math.h>
#include <string.h>

static const double seconds[] = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
	10 };

/* The lower edge of a part; of TELL_GRID_PARTS the upper one of the last. */
static double edge(unsigned part)
{
	unsigned per_power = 1u << TELL_GRID_PART_BITS;
	double power = ldexp(TELL_GRID_LOW, (int)(part >> TELL_GRID_PART_BITS));
	return power * (1 + (double)(part % per_power) / per_power);
}

static unsigned part_and_one(double value)
{
	uint64_t part = tell_grid_part(value);
	if (part < TELL_GRID_PARTS)
		return (unsigned)part + 1;
	return value < TELL_GRID_LOW ? 0 : TELL_GRID_PARTS + 1;
}

static bool are_bounds(const double *bounds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(bounds[i]) || bounds[i] < 0 ||
			(i && bounds[i] <= bounds[i - 1]))
			return false;
	return n <= TELL_GRID_BOUNDS;
}

int tell_grid_init(struct tell_grid *g, const double *bounds, size_t n)
{
	if (!bounds) {
		bounds = seconds;
		n = sizeof(seconds) / sizeof(seconds[0]);
	}
	if (!are_bounds(bounds, n))
		return -EINVAL;
	memset(g, 0, sizeof(*g));
	g->n_bounds = (uint16_t)n;
	for (size_t i = 0; i < n; i++) {
		g->bounds[i] = bounds[i] + 0.0; /* of -0.0 */
		g->first[i + 1] = (uint16_t)(part_and_one(bounds[i]) + i + 1);
	}
	g->bounds[n] = (double)INFINITY;
	g->first[n + 1] = (uint16_t)(TELL_GRID_PARTS + 2 + n);
	size_t below = 0;
	for (unsigned part = 0; part < TELL_GRID_PARTS; part++) {
		while (below < n && bounds[below] < edge(part))
			below++;
		bool crowded = below + 1 < n && bounds[below + 1] < edge(part + 1);
		g->below[part] = crowded ? TELL_GRID_CROWDED : (uint8_t)below;
	}
	return 0;
}

bool tell_grid_equal(const struct tell_grid *a, const struct tell_grid *b)
{
	return a == b ||
		(a->n_bounds == b->n_bounds &&
			memcmp(a->bounds, b->bounds, sizeof(a->bounds)) == 0);
}

unsigned tell_grid_place(const struct tell_grid *g, double value, unsigned *ret_bucket)
{
	uint64_t part = tell_grid_part(value);
	unsigned bucket = part < TELL_GRID_PARTS ? g->below[part] : 0;
	if (bucket == TELL_GRID_CROWDED)
		bucket = 0;
	while (value > g->bounds[bucket])
		bucket++;
	*ret_bucket = bucket;
	return part_and_one(value) + bucket;
}

double tell_grid_value(const struct tell_grid *g, unsigned place)
{
	unsigned bucket = 0;
	while (bucket < g->n_bounds && place >= g->first[bucket + 1])
		bucket++;
	unsigned part = place - bucket;
	if (part == 0)
		return 0;
	if (part > TELL_GRID_PARTS)
		return (double)INFINITY;
	/* Its relative distance to both edges is the same. */
	double low = edge(part - 1), high = edge(part);
	return 2 * low * high / (low + high);
}
