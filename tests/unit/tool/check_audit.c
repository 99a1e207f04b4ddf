#include "tool/audit.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"

static struct tell_audit audit;

static void setup(void)
{
	ck_assert_int_eq(tell_audit_init(&audit), 0);
}

static void teardown(void)
{
	tell_audit_done(&audit);
}

static struct tell_audit_lane *lane(uint32_t run, uint16_t number)
{
	struct tell_audit_lane *l = tell_audit_lane(&audit, run, number);
	ck_assert_ptr_nonnull(l);
	l->chosen = true;
	return l;
}

static struct tell_audit_lane *met(uint32_t run, const uint64_t *numbers, size_t n)
{
	struct tell_audit_lane *l = lane(run, 1);
	for (size_t i = 0; i < n; i++)
		(void)tell_audit_meet(&audit, l, numbers[i]);
	return l;
}
#define MET(run, ...)                                                                    \
	met(run, (const uint64_t[]){ __VA_ARGS__ },                                      \
		sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

START_TEST(what_is_between_two_others_is_missing)
{
	struct tell_audit_lane *l = MET(7, 3, 4, 5, 9, 10, 12);
	ck_assert_uint_eq(tell_audit_missing(l), 4);
	ck_assert_uint_eq(l->found, 6);
	ck_assert_uint_eq(l->first, 3);
	ck_assert_uint_eq(l->n_spans, 3);
	ck_assert_uint_eq(l->spans[1].from, 9);
	ck_assert_uint_eq(l->spans[1].to, 10);
	ck_assert_uint_eq(l->twice, 0);
}
END_TEST

START_TEST(order_is_nothing_and_twice_is_counted)
{
	struct tell_audit_lane *l = MET(7, 9, 3, 5, 4, 12, 3, 10, 9, 5);
	ck_assert_uint_eq(tell_audit_missing(l), 4);
	ck_assert_uint_eq(l->found, 6);
	ck_assert_uint_eq(l->twice, 3);
	ck_assert_uint_eq(l->n_spans, 3);
}
END_TEST

START_TEST(the_lowest_number_is_told)
{
	struct tell_audit_lane *l = lane(1, 1);
	ck_assert(tell_audit_meet(&audit, l, 5));
	ck_assert(!tell_audit_meet(&audit, l, 6));
	ck_assert(tell_audit_meet(&audit, l, 2));
	ck_assert(!tell_audit_meet(&audit, l, 2));
	ck_assert(tell_audit_meet(&audit, l, 1));
	ck_assert_uint_eq(l->first, 1);
}
END_TEST

START_TEST(the_greatest_numbers_do_not_wrap)
{
	struct tell_audit_lane *l = MET(1, UINT64_MAX, 1, UINT64_MAX - 1, UINT64_MAX);
	ck_assert_uint_eq(tell_audit_missing(l), UINT64_MAX - 3);
	ck_assert_uint_eq(l->twice, 1);
}
END_TEST

START_TEST(runs_and_lanes_are_apart)
{
	(void)MET(1, 1, 2);
	(void)MET(2, 5, 6);
	(void)tell_audit_meet(&audit, lane(1, 0), 9);
	ck_assert_uint_eq(audit.n_lanes, 3);
	for (size_t i = 0; i < audit.n_lanes; i++)
		ck_assert_uint_eq(tell_audit_missing(&audit.lanes[i]), 0);
}
END_TEST

START_TEST(a_run_is_chosen_with_all_its_lanes)
{
	(void)tell_audit_meet(&audit, lane(2, 3), 1);
	lane(2, 1)->chosen = false;
	(void)tell_audit_meet(&audit, tell_audit_lane(&audit, 2, 1), 1);
	(void)tell_audit_meet(&audit, tell_audit_lane(&audit, 1, 1), 1);
	tell_audit_order(&audit);
	ck_assert_uint_eq(audit.n_lanes, 2);
	ck_assert_uint_eq(audit.lanes[0].run, 2);
	ck_assert_uint_eq(audit.lanes[0].lane, 1);
	ck_assert_uint_eq(audit.lanes[1].lane, 3);
}
END_TEST

START_TEST(what_is_said_twice_or_got_lost_itself_counts_once)
{
	struct tell_audit_lane *l = lane(1, 0);
	tell_audit_said(l, 5, 105); /* 100 before what is read */
	tell_audit_said(l, 5, 105);
	tell_audit_said(l, 3, 120); /* one said 12 and did not arrive */
	ck_assert_uint_eq(l->lost_to - l->lost_from, 20);
}
END_TEST

START_TEST(what_was_said_beyond_what_is_missing_is_counted_by_run)
{
	(void)MET(1, 1, 5);
	tell_audit_said(lane(1, 0), 10, 10); /* 3 missing, so 7 beyond */
	(void)tell_audit_meet(&audit, lane(1, 0), 1);
	(void)MET(2, 1, 100);
	tell_audit_said(lane(2, 0), 2, 2);
	(void)tell_audit_meet(&audit, lane(2, 0), 1);
	(void)snprintf(lane(1, 1)->who.service, TELL_AUDIT_SERVICE, "passed-on");
	(void)snprintf(lane(1, 0)->who.service, TELL_AUDIT_SERVICE, "shop");
	tell_audit_order(&audit);
	ck_assert_uint_eq(tell_audit_beyond(&audit), 7);
	ck_assert_str_eq(audit.lanes[3].who.service, "shop");
}
END_TEST

START_TEST(lanes_over_the_limit_are_counted)
{
	for (uint32_t i = 0; i < TELL_AUDIT_LANES; i++)
		(void)tell_audit_meet(&audit, lane(i, 0), 1);
	ck_assert_ptr_null(tell_audit_lane(&audit, TELL_AUDIT_LANES, 0));
	ck_assert_ptr_null(tell_audit_lane(&audit, TELL_AUDIT_LANES, 0));
	ck_assert_uint_eq(audit.left_out, 2);
	ck_assert_ptr_nonnull(tell_audit_lane(&audit, 5, 0));
	ck_assert(!audit.out_of_memory);
}
END_TEST

START_TEST(gaps_over_the_limit_keep_their_number)
{
	struct tell_audit_lane *l = lane(1, 1);
	const uint64_t n = 3 * TELL_AUDIT_SPANS;
	for (uint64_t i = 0; i < n; i++)
		(void)tell_audit_meet(&audit, l, 1 + 3 * i);
	ck_assert_uint_eq(tell_audit_missing(l), 2 * (n - 1));
	ck_assert_uint_eq(l->found, n);
	ck_assert_uint_eq(l->n_settled + l->n_spans - 1, n - 1);
	ck_assert_uint_le(l->cap, TELL_AUDIT_SPANS);
	ck_assert_uint_eq(l->spans[0].from, 1);
}
END_TEST

START_TEST(all_lanes_together_stay_within_their_limit)
{
	for (uint32_t run = 0; run < 80; run++) {
		struct tell_audit_lane *l = lane(run, 1);
		for (uint64_t i = 0; i < TELL_AUDIT_SPANS; i++)
			(void)tell_audit_meet(&audit, l, 2 * i + 1);
		ck_assert_uint_eq(tell_audit_missing(l), TELL_AUDIT_SPANS - 1);
	}
	/* Lanes that are met later still have the few they begin with. */
	ck_assert_uint_le(audit.n_spans, TELL_AUDIT_SPANS_ALL + TELL_AUDIT_SPANS);
}
END_TEST

/* ---- whatever comes, in whatever order ---- */

#define NUMBERS 2000

static uint64_t state;

static uint64_t below(uint64_t n)
{
	return tell_unit_random(&state) % n;
}

/* Numbers from 1 on, `lost` of a thousand left out and `twice` of a thousand doubled, each up to
 * `window` places from where it belongs. */
static size_t deal(
	uint64_t *out, bool *there, uint64_t lost, uint64_t twice, size_t window)
{
	size_t n = 0;
	memset(there, 0, (NUMBERS + 1) * sizeof(*there));
	for (uint64_t i = 1; i <= NUMBERS; i++) {
		if (below(1000) < lost)
			continue;
		there[i] = true;
		out[n++] = i;
		if (below(1000) < twice)
			out[n++] = i;
	}
	for (size_t i = 0; i < n; i++) {
		size_t room = n - i < window ? n - i : window;
		size_t k = i + below(room);
		uint64_t swap = out[i];
		out[i] = out[k];
		out[k] = swap;
	}
	return n;
}

/* The gaps are exactly what was not there, no more and no less. */
static void look(const struct tell_audit_lane *l, const bool *there, size_t dealt)
{
	uint64_t found = 0, first = 0, last = 0, i = 0;
	for (uint64_t k = 1; k <= NUMBERS; k++)
		if (there[k]) {
			found++;
			first = first ? first : k;
			last = k;
		}
	ck_assert_uint_eq(l->found, found);
	ck_assert_uint_eq(l->twice, dealt - found);
	ck_assert_uint_eq(l->first, first);
	ck_assert_uint_eq(tell_audit_missing(l), last - first + 1 - found);
	for (size_t s = 0; s < l->n_spans; s++) {
		for (i = i ? i + 1 : first; i < l->spans[s].from; i++)
			ck_assert_msg(!there[i], "%" PRIu64 " is there", i);
		for (; i < l->spans[s].to; i++)
			ck_assert_msg(there[i], "%" PRIu64 " is missing", i);
		ck_assert(there[i]);
	}
	ck_assert_uint_eq(i, last);
}

START_TEST(what_was_left_out_is_found_in_any_order)
{
	static uint64_t numbers[2 * NUMBERS];
	static bool there[NUMBERS + 1];
	state = tell_unit_seed();
	for (uint32_t run = 0; run < 200; run++) {
		size_t window = run % 4 == 0 ? NUMBERS * 2 : 1 + below(50);
		size_t n = deal(
			numbers, there, below(run % 3 ? 50 : 900), below(300), window);
		if (n == 0)
			continue;
		for (size_t i = 0; i < n; i++)
			(void)tell_audit_meet(&audit, lane(run, 1), numbers[i]);
		look(lane(run, 1), there, n);
	}
}
END_TEST

static Suite *audit_suite(void)
{
	Suite *s = suite_create("tool/audit");
	TCase *t = tcase_create("numbers");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_is_between_two_others_is_missing);
	tcase_add_test(t, order_is_nothing_and_twice_is_counted);
	tcase_add_test(t, the_lowest_number_is_told);
	tcase_add_test(t, the_greatest_numbers_do_not_wrap);
	tcase_add_test(t, runs_and_lanes_are_apart);
	tcase_add_test(t, a_run_is_chosen_with_all_its_lanes);
	tcase_add_test(t, what_is_said_twice_or_got_lost_itself_counts_once);
	tcase_add_test(t, what_was_said_beyond_what_is_missing_is_counted_by_run);
	tcase_add_test(t, what_was_left_out_is_found_in_any_order);
	suite_add_tcase(s, t);
	t = tcase_create("limits");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, lanes_over_the_limit_are_counted);
	tcase_add_test(t, gaps_over_the_limit_keep_their_number);
	tcase_add_test(t, all_lanes_together_stay_within_their_limit);
	suite_add_tcase(s, t);
	return s;
}

TELL_CHECK_MAIN(audit_suite)
