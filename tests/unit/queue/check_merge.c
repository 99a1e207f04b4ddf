#include "queue/merge.h"
#include <string.h>
#include "record/record.h"
#include "support/check_main.h"
#include "support/unit.h"

#define SIZE  4096u
#define LANES 4u

static struct {
	struct tell_lane_head head;
	char ring[SIZE];
} shared[LANES] __attribute__((aligned(64)));
static struct tell_lane lanes[LANES];
static struct tell_merge merge;
static const struct tell_tick_pair line[2] = { { 1000, 5000000 }, { 2000, 6000000 } };

static void set_up(void)
{
	memset(shared, 0, sizeof(shared));
	for (uint32_t i = 0; i < LANES; i++)
		tell_lane_init(&lanes[i], &shared[i].head, SIZE, i + 1);
}

static void put(uint32_t lane, uint64_t time, uint16_t flags)
{
	size_t room;
	struct tell_head *h = tell_lane_reserve(&lanes[lane], sizeof(*h), &room);
	ck_assert_ptr_nonnull(h);
	*h = (struct tell_head){
		.size = sizeof(*h), .realtime_ns = time, .flags = flags
	};
	tell_lane_commit(&lanes[lane], sizeof(*h));
}

static void next_is(int lane, uint64_t due_ns)
{
	int got = tell_merge_next(&merge);
	ck_assert_int_eq(got, lane);
	ck_assert_uint_eq(merge.due_ns[lane], due_ns);
	tell_merge_step(&merge, (uint32_t)lane);
}

START_TEST(the_oldest_of_all_lanes_comes_first)
{
	put(2, 10, 0);
	put(0, 20, 0);
	put(2, 30, 0);
	put(3, 25, 0);
	tell_merge_begin(&merge, lanes, LANES, line);
	next_is(2, 10);
	next_is(0, 20);
	next_is(3, 25);
	next_is(2, 30);
	ck_assert_int_eq(tell_merge_next(&merge), -1);
}
END_TEST

START_TEST(a_lane_keeps_its_order_whatever_its_clock_said)
{
	put(0, 50, 0);
	put(0, 10, 0);
	put(1, 40, 0);
	tell_merge_begin(&merge, lanes, LANES, line);
	next_is(1, 40);
	next_is(0, 50);
	next_is(0, 10);
}
END_TEST

START_TEST(ticks_and_nanoseconds_are_one_time)
{
	put(0, 1500, TELL_RECORD_TICKS);
	put(1, 5499999, 0);
	put(2, 5500001, 0);
	tell_merge_begin(&merge, lanes, LANES, line);
	next_is(1, 5499999);
	next_is(0, 5500000);
	next_is(2, 5500001);
}
END_TEST

START_TEST(what_comes_in_between_is_read_as_well)
{
	put(0, 10, 0);
	tell_merge_begin(&merge, lanes, LANES, line);
	put(0, 30, 0);
	next_is(0, 10);
	next_is(0, 30);
	ck_assert_int_eq(tell_merge_next(&merge), -1);
}
END_TEST

START_TEST(a_time_at_the_end_of_all_numbers_is_not_none)
{
	put(0, UINT64_MAX, 0);
	tell_merge_begin(&merge, lanes, LANES, line);
	ck_assert_int_eq(tell_merge_next(&merge), 0);
}
END_TEST

START_TEST(fault_32_a_lane_that_makes_no_sense_is_given_up_alone)
{
	put(0, 10, 0);
	put(0, 11, 0);
	put(1, 12, 0);
	struct tell_entry none = { 3, 9 };
	memcpy(shared[0].ring + sizeof(none) + sizeof(struct tell_head), &none,
		sizeof(none));
	tell_merge_begin(&merge, lanes, LANES, line);
	next_is(0, 10);
	ck_assert_uint_eq(merge.n_bad, 1);
	ck_assert_uint_eq(merge.n_lost, 1);
	next_is(1, 12);
	ck_assert_int_eq(tell_merge_next(&merge), -1);
	put(0, 13, 0); /* its writer does not know */
	tell_merge_begin(&merge, lanes, LANES, line);
	next_is(0, 13);
	ck_assert_uint_eq(lanes[0].n_read, tell_lane_n_taken(&lanes[0]));
}
END_TEST

static Suite *merge_suite(void)
{
	Suite *s = suite_create("queue/merge");
	TCase *c = tcase_create("merge");
	tcase_add_checked_fixture(c, set_up, NULL);
	tcase_add_test(c, the_oldest_of_all_lanes_comes_first);
	tcase_add_test(c, a_lane_keeps_its_order_whatever_its_clock_said);
	tcase_add_test(c, ticks_and_nanoseconds_are_one_time);
	tcase_add_test(c, what_comes_in_between_is_read_as_well);
	tcase_add_test(c, a_time_at_the_end_of_all_numbers_is_not_none);
	tcase_add_test(c, fault_32_a_lane_that_makes_no_sense_is_given_up_alone);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(merge_suite)
