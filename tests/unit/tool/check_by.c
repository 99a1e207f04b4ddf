#include "tool/by.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "support/check_main.h"

#define SEC TELL_NS_PER_SEC
#define T0  (UINT64_C(1792998000) * SEC) /* a whole hour */

static struct tell_by_set set;

static void setup(void)
{
	set = (struct tell_by_set){ .timed = true, .width_ns = SEC };
	ck_assert_int_eq(tell_by_set_init(&set), 0);
}

static void teardown(void)
{
	tell_by_set_done(&set);
}

static struct tell_by_cell *at(const char *value, uint64_t ns)
{
	char key[64];
	int n = snprintf(key, sizeof(key), "=%s", value);
	struct tell_by_cell *cell = tell_by_cell(&set, key, (size_t)n + 1, ns);
	ck_assert_ptr_nonnull(cell);
	return cell;
}

static double sum(const struct tell_by_group *g)
{
	struct tell_by_cell all = tell_by_sum(&set, g);
	tell_by_spread_free(&set, all.spread);
	return all.n;
}

static double total(void)
{
	double n = 0;
	for (size_t i = 0; i < set.n_groups; i++)
		n += sum(&set.groups[i]);
	return n + sum(&set.other);
}

/* All magnitudes, which is as much as a cell can take. */
static void measure_all(struct tell_by_cell *cell)
{
	double value = 1e-9;
	cell->n++;
	for (unsigned k = 0; k < 1000; k++, value *= 1.045)
		tell_by_measure(&set, cell, value, 1);
}

START_TEST(records_out_of_order_find_their_span)
{
	at("a", T0 + 5 * SEC)->n++;
	at("a", T0 + 3 * SEC)->n++;
	at("a", T0 + 4 * SEC)->n++;
	at("a", T0 + 3 * SEC + 1)->n++;
	const struct tell_by_group *g = &set.groups[0];
	ck_assert_uint_eq(g->n_cells, 3);
	ck_assert_double_eq(g->cells[0].n, 2);
	ck_assert_uint_eq(tell_by_begin(&set, g->cells[0].at), T0 + 3 * SEC);
	ck_assert_uint_eq(tell_by_begin(&set, g->cells[2].at), T0 + 5 * SEC);
}
END_TEST

START_TEST(groups_over_the_limit_are_other_and_nothing_is_lost)
{
	char name[16];
	for (unsigned i = 0; i < TELL_BY_GROUPS_MAX + 50; i++) {
		(void)snprintf(name, sizeof(name), "u%u", i);
		at(name, T0)->n++;
	}
	at("u3", T0)->n++;
	ck_assert_uint_eq(set.n_groups, TELL_BY_GROUPS_MAX);
	ck_assert_double_eq(tell_by_sum(&set, &set.other).n, 50);
	ck_assert_double_eq(total(), TELL_BY_GROUPS_MAX + 51);
}
END_TEST

START_TEST(spans_become_wider_before_there_are_too_many)
{
	for (unsigned i = 0; i < 3 * TELL_BY_CELLS_MAX; i++)
		at("a", T0 + i * SEC)->n++;
	ck_assert_uint_le(set.n_cells, TELL_BY_CELLS_MAX);
	ck_assert_uint_eq(set.width_ns, 4 * SEC);
	ck_assert(set.wider);
	ck_assert_double_eq(total(), 3 * TELL_BY_CELLS_MAX);
}
END_TEST

START_TEST(what_was_measured_has_a_limit_too)
{
	const unsigned spans = 4000;
	for (unsigned i = 0; i < spans; i++)
		measure_all(at(i % 2 ? "a" : "b", T0 + i / 2 * SEC));
	ck_assert_uint_gt(set.n_bytes, TELL_BY_BYTES_MAX / 8);
	ck_assert_uint_le(set.n_bytes, TELL_BY_BYTES_MAX + ((size_t)32 << 10));
	ck_assert(set.wider);
	ck_assert_double_eq(total(), spans);
	double measured = 0;
	for (size_t i = 0; i < set.n_groups; i++)
		for (size_t k = 0; k < set.groups[i].n_cells; k++)
			measured += set.groups[i].cells[k].spread->n;
	ck_assert_double_eq(measured, (double)spans * 1000);
	tell_by_set_done(&set);
	ck_assert_uint_eq(set.n_bytes, 0);
}
END_TEST

START_TEST(all_groups_may_measure_in_one_span)
{
	for (unsigned i = 0; i < 2 * (TELL_BY_GROUPS_MAX + 50); i++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "u%u", i % (TELL_BY_GROUPS_MAX + 50));
		measure_all(at(name, T0 + i * SEC));
	}
	ck_assert_uint_le(set.n_bytes, TELL_BY_BYTES_MAX + ((size_t)32 << 10));
	ck_assert_double_eq(total(), 2 * (TELL_BY_GROUPS_MAX + 50));
}
END_TEST

START_TEST(what_is_left_to_us_fits_in_widths_that_people_read)
{
	set.fit = true;
	for (unsigned i = 0; i < 3600; i += 7)
		at("a", T0 + i * SEC)->n++;
	ck_assert_uint_eq(set.width_ns, 60 * SEC);
	ck_assert(!set.wider);
	at("a", T0 + 3600 * SEC)->n++;
	ck_assert_uint_eq(set.width_ns, 300 * SEC);
	ck_assert_double_eq(set.groups[0].cells[0].n, 43);
}
END_TEST

START_TEST(quantiles_are_of_what_was_measured)
{
	for (unsigned i = 1; i <= 1000; i++)
		tell_by_measure(&set, at("a", T0 + i % 7 * SEC), i / 1000.0, 1);
	struct tell_by_cell sum = tell_by_sum(&set, &set.groups[0]);
	ck_assert_double_eq(sum.spread->n, 1000);
	ck_assert_double_eq_tol(tell_by_quantile(&set, sum.spread, 0.50), 0.500, 0.0155);
	ck_assert_double_eq_tol(tell_by_quantile(&set, sum.spread, 0.99), 0.990, 0.030);
	tell_by_spread_free(&set, sum.spread);

	tell_by_measure(&set, at("one", T0), 0.123, 1);
	ck_assert_double_eq(tell_by_quantile(&set, at("one", T0)->spread, 0.99), 0.123);
}
END_TEST

START_TEST(the_greatest_come_first_and_the_rest_together)
{
	at("few", T0)->n = 1;
	at("most", T0)->n = 9;
	at("some", T0 + SEC)->n = 3;
	at("none", T0 + SEC)->n = 0;
	tell_by_order(&set, 2);
	const char *text;
	ck_assert_uint_eq(set.n_groups, 2);
	ck_assert(tell_by_value(&set.groups[0], 0, &text));
	ck_assert_str_eq(text, "most");
	ck_assert(tell_by_value(&set.groups[1], 0, &text));
	ck_assert_str_eq(text, "some");
	ck_assert_double_eq(tell_by_sum(&set, &set.other).n, 1);
}
END_TEST

START_TEST(a_gauge_is_what_it_was_at_the_end)
{
	set.kind = TELL_BY_GAUGE;
	at("a", T0)->n = 5;
	at("a", T0 + SEC)->n = 3;
	tell_by_widen(&set, 2);
	ck_assert_uint_eq(set.groups[0].n_cells, 1);
	ck_assert_double_eq(set.groups[0].cells[0].n, 3);
}
END_TEST

START_TEST(a_value_is_cut_on_a_character_and_has_no_nul)
{
	struct tell_buf key = { 0 };
	tell_buf_putc(&key, '=');
	tell_buf_put(&key, "a\0b", 3);
	for (int i = 0; i < TELL_BY_VALUE_MAX; i++)
		tell_buf_puts(&key, "ä");
	tell_by_key_end(&key, 0);
	ck_assert_uint_eq(key.len, strlen(key.data) + 1);
	ck_assert_uint_eq(key.len, 1 + TELL_BY_VALUE_MAX - 1 + 1);
	ck_assert_int_eq(memcmp(key.data, "=a b\xc3\xa4", 6), 0);
	tell_buf_done(&key);
}
END_TEST

static Suite *by_suite(void)
{
	Suite *s = suite_create("tool/by");
	TCase *t = tcase_create("adding up");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, records_out_of_order_find_their_span);
	tcase_add_test(t, groups_over_the_limit_are_other_and_nothing_is_lost);
	tcase_add_test(t, spans_become_wider_before_there_are_too_many);
	tcase_add_test(t, what_was_measured_has_a_limit_too);
	tcase_add_test(t, all_groups_may_measure_in_one_span);
	tcase_add_test(t, what_is_left_to_us_fits_in_widths_that_people_read);
	tcase_add_test(t, quantiles_are_of_what_was_measured);
	tcase_add_test(t, the_greatest_come_first_and_the_rest_together);
	tcase_add_test(t, a_gauge_is_what_it_was_at_the_end);
	tcase_add_test(t, a_value_is_cut_on_a_character_and_has_no_nul);
	suite_add_tcase(s, t);
	return s;
}

TELL_CHECK_MAIN(by_suite)
