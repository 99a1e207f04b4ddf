#include "meter/grid.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include "support/check_main.h"

static struct tell_grid g;

START_TEST(only_rising_finite_bounds_are_taken)
{
	static const double good[] = { 0, 0.5, 7 }, same[] = { 1, 1 },
			    falling[] = { 2, 1 }, negative[] = { -1, 1 },
			    not_finite[] = { 1, (double)INFINITY },
			    no_number[] = { (double)NAN };
	double many[TELL_GRID_BOUNDS + 1];
	for (int i = 0; i <= TELL_GRID_BOUNDS; i++)
		many[i] = i;
	ck_assert_int_eq(tell_grid_init(&g, good, 3), 0);
	ck_assert_int_eq(tell_grid_init(&g, good, 0), 0);
	ck_assert_int_eq(tell_grid_init(&g, many, TELL_GRID_BOUNDS), 0);
	ck_assert_int_eq(tell_grid_init(&g, many, TELL_GRID_BOUNDS + 1), -EINVAL);
	ck_assert_int_eq(tell_grid_init(&g, same, 2), -EINVAL);
	ck_assert_int_eq(tell_grid_init(&g, falling, 2), -EINVAL);
	ck_assert_int_eq(tell_grid_init(&g, negative, 2), -EINVAL);
	ck_assert_int_eq(tell_grid_init(&g, not_finite, 2), -EINVAL);
	ck_assert_int_eq(tell_grid_init(&g, no_number, 1), -EINVAL);
}
END_TEST

/* The place of a value, which must be one of its bucket's. */
static unsigned place(double value, unsigned want_bucket)
{
	unsigned bucket, p = tell_grid_place(&g, value, &bucket);
	ck_assert_msg(bucket == want_bucket, "%.17g: bucket %u", value, bucket);
	ck_assert_uint_lt(p, TELL_GRID_PLACES);
	ck_assert_uint_ge(p, g.first[bucket]);
	ck_assert_uint_lt(p, g.first[bucket + 1]);
	return p;
}

static void around(double bound, unsigned bucket)
{
	unsigned below = place(nextafter(bound, -1), bucket);
	unsigned at = place(bound, bucket);
	unsigned above = place(nextafter(bound, (double)INFINITY), bucket + 1);
	ck_assert_uint_le(below, at);
	ck_assert_uint_lt(at, above);
}

START_TEST(bounds_are_exact)
{
	ck_assert_int_eq(tell_grid_init(&g, NULL, 0), 0);
	for (unsigned i = 0; i < g.n_bounds; i++)
		around(g.bounds[i], i);
	/* Several in one part, at the edges of parts, and beyond the grid. */
	static const double odd[] = { 0, 0x1p-40, 0x1p-30, 1, 1.001, 1.002, 1.003, 1.0625,
		2, 0x1.ffffffffffffp41, 0x1p42, 1e300 };
	ck_assert_int_eq(tell_grid_init(&g, odd, sizeof(odd) / sizeof(odd[0])), 0);
	for (unsigned i = 0; i < g.n_bounds; i++)
		around(g.bounds[i], i);
}
END_TEST

START_TEST(odd_values_have_a_place)
{
	ck_assert_int_eq(tell_grid_init(&g, NULL, 0), 0);
	unsigned lowest = place(0, 0);
	ck_assert_uint_eq(lowest, 0);
	ck_assert_uint_eq(place(-0.0, 0), lowest);
	ck_assert_uint_eq(place(-5, 0), lowest);
	ck_assert_uint_eq(place(-(double)INFINITY, 0), lowest);
	ck_assert_uint_eq(place(4.9e-324, 0), lowest);
	ck_assert_uint_eq(place(nextafter(TELL_GRID_LOW, 0), 0), lowest);
	ck_assert_uint_eq(place(TELL_GRID_LOW, 0), 1);
	unsigned highest = place((double)INFINITY, g.n_bounds);
	ck_assert_uint_eq(place(TELL_GRID_HIGH, g.n_bounds), highest);
	ck_assert_uint_eq(place(1.7e308, g.n_bounds), highest);
	ck_assert_uint_lt(place(nextafter(TELL_GRID_HIGH, 0), g.n_bounds), highest);
	ck_assert(tell_grid_value(&g, lowest) == 0);
	ck_assert(isinf(tell_grid_value(&g, highest)));
}
END_TEST

START_TEST(what_stands_for_a_place_is_near_and_places_rise)
{
	static const double bounds[] = { 0.001, 0.0011, 0.3, 1, 64, 100 };
	unsigned before = 0, bucket;
	ck_assert_int_eq(tell_grid_init(&g, bounds, 6), 0);
	for (double v = TELL_GRID_LOW; v < TELL_GRID_HIGH; v *= 1.0007) {
		unsigned p = tell_grid_place(&g, v, &bucket);
		ck_assert_uint_ge(p, before);
		double error = fabs(tell_grid_value(&g, p) - v) / v;
		ck_assert_msg(error <= TELL_GRID_ERROR * (1 + 1e-12), "%.17g: off by %g",
			v, error);
		before = p;
	}
}
END_TEST

static Suite *grid_suite(void)
{
	Suite *s = suite_create("meter/grid");
	tell_check_add(s, "grid", only_rising_finite_bounds_are_taken, bounds_are_exact,
		odd_values_have_a_place, what_stands_for_a_place_is_near_and_places_rise,
		NULL);
	return s;
}
TELL_CHECK_MAIN(grid_suite)
