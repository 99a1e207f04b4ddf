#include "queue/seat.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"
#include "support/memory_dir.h"
#include "support/unit.h"

#define THREADS 100
#define CALLS	200

static struct tell_ring *ring;

static void set_up(void)
{
	ring = tell_ring_get("seats", 65536);
}

static void tear_down(void)
{
	if (ring)
		tell_ring_put(ring);
	memory_dir_remove();
}

static uint32_t number_of_my_lane(void)
{
	struct tell_seat_taken seat = tell_seat_take(ring, tell_thread_self());
	uint32_t n = seat.lane ? seat.lane->number : 0;
	tell_seat_leave(&seat);
	return n;
}

START_TEST(a_thread_keeps_its_lane)
{
	if (!memory_dir())
		return;
	uint32_t mine = number_of_my_lane();
	ck_assert_uint_eq(mine, 1);
	ck_assert_uint_eq(number_of_my_lane(), mine);
	ck_assert_uint_eq(ring->n_lanes, TELL_RING_NESTED + 1);
}
END_TEST

static void *sit_once(void *arg)
{
	*(uint32_t *)arg = number_of_my_lane();
	return NULL;
}

START_TEST(fault_10_a_lane_goes_on_when_its_thread_ends)
{
	if (!memory_dir())
		return;
	for (int i = 0; i < 1000; i++) {
		pthread_t t;
		uint32_t n;
		tell_unit_expect(
			pthread_create(&t, NULL, sit_once, &n) == 0, "no thread");
		(void)pthread_join(t, NULL);
		tell_unit_expect(n == 1, "lane %u", n);
	}
	ck_assert_uint_eq(ring->n_lanes, TELL_RING_NESTED + 1);
}
END_TEST

/* ---- more threads than lanes ---- */

static pthread_barrier_t all;
static uint32_t in_lane[TELL_RING_LANES + 1]; /* atomic: who writes there now */
static uint32_t n_together, n_without;

static void *sit_often(void *arg)
{
	(void)arg;
	struct tell_thread *t = tell_thread_self();
	(void)pthread_barrier_wait(&all);
	for (int i = 0; i < CALLS; i++) {
		struct tell_seat_taken seat = tell_seat_take(ring, t);
		if (!seat.lane) {
			__atomic_fetch_add(&n_without, 1, __ATOMIC_RELAXED);
			continue;
		}
		size_t room;
		uint32_t *in = &in_lane[seat.lane->number];
		if (__atomic_fetch_add(in, 1, __ATOMIC_RELAXED) != 0)
			__atomic_fetch_add(&n_together, 1, __ATOMIC_RELAXED);
		void *at = tell_lane_reserve(seat.lane, 16, &room);
		if (at) {
			memset(at, 1, 16);
			tell_lane_commit(seat.lane, 16);
		}
		__atomic_fetch_sub(in, 1, __ATOMIC_RELAXED);
		tell_seat_leave(&seat);
	}
	(void)pthread_barrier_wait(&all);
	return NULL;
}

START_TEST(a_hundred_threads_never_write_to_a_lane_at_a_time)
{
	if (!memory_dir())
		return;
	pthread_t threads[THREADS];
	ck_assert_int_eq(pthread_barrier_init(&all, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, sit_often, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	ck_assert_uint_eq(n_together, 0);
	ck_assert_uint_eq(n_without, 0);
	ck_assert_uint_eq(ring->n_lanes, TELL_RING_LANES);
	uint64_t n = 0;
	for (uint32_t i = 0; i < ring->n_lanes; i++)
		n += tell_lane_n_taken(&ring->lanes[i]);
	ck_assert_uint_eq(n, THREADS * CALLS);
	for (uint32_t i = TELL_RING_NESTED; i < TELL_RING_OWNED; i++)
		ck_assert_uint_eq(ring->owner[i], 0); /* all are gone */
	for (uint32_t i = 0; i < TELL_RING_LANES; i++)
		ck_assert_uint_eq(ring->claim[i], 0);
}
END_TEST

START_TEST(more_rings_than_seats_take_turns)
{
	if (!memory_dir())
		return;
	struct tell_ring *rings[TELL_N_SEATS + 3];
	for (int i = 0; i < TELL_N_SEATS + 3; i++) {
		char name[16];
		(void)snprintf(name, sizeof(name), "r%d", i);
		rings[i] = tell_ring_get(name, 16384);
	}
	for (int k = 0; k < 40; k++) {
		struct tell_ring *r = rings[k % (TELL_N_SEATS + 3)];
		struct tell_seat_taken seat = tell_seat_take(r, tell_thread_self());
		ck_assert_ptr_nonnull(seat.lane);
		ck_assert_uint_eq(seat.lane->number, 1);
		tell_seat_leave(&seat);
	}
	for (int i = 0; i < TELL_N_SEATS + 3; i++)
		tell_ring_put(rings[i]);
}
END_TEST

START_TEST(a_seat_of_a_ring_that_is_gone_is_none)
{
	if (!memory_dir())
		return;
	ck_assert_uint_eq(number_of_my_lane(), 1);
	(void)pthread_mutex_lock(&ring->lock);
	tell_ring_end(ring);
	(void)pthread_mutex_unlock(&ring->lock);
	ck_assert_uint_eq(number_of_my_lane(), 0); /* the process ends: no more of it */
	tell_ring_put(ring);
	ring = tell_ring_get("seats", 65536);
	ck_assert_uint_eq(number_of_my_lane(), 1);
}
END_TEST

static Suite *seat_suite(void)
{
	Suite *s = suite_create("queue/seat");
	TCase *c = tcase_create("seat");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, a_thread_keeps_its_lane);
	tcase_add_test(c, fault_10_a_lane_goes_on_when_its_thread_ends);
	tcase_add_test(c, a_hundred_threads_never_write_to_a_lane_at_a_time);
	tcase_add_test(c, more_rings_than_seats_take_turns);
	tcase_add_test(c, a_seat_of_a_ring_that_is_gone_is_none);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(seat_suite)
