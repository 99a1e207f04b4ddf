#include "queue/lane.h"
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include "support/check_main.h"
#include "support/unit.h"

#define SIZE 4096u

static struct {
	struct tell_lane_head head;
	char ring[SIZE + 64]; /* what is behind the ring must stay as it is */
} shared __attribute__((aligned(64)));
static struct tell_lane writer, reader;

static void set_up(void)
{
	memset(&shared, 0, sizeof(shared));
	memset(shared.ring + SIZE, 0x5a, 64);
	tell_lane_init(&writer, &shared.head, SIZE, 3);
	tell_lane_init(&reader, &shared.head, SIZE, 3);
}

static void tear_down(void)
{
	for (int i = 0; i < 64; i++)
		tell_unit_expect(
			shared.ring[SIZE + (size_t)i] == 0x5a, "written behind the ring");
}

static bool put(char c, size_t n)
{
	size_t room = 0;
	char *at = tell_lane_reserve(&writer, n, &room);
	if (!at)
		return false;
	tell_unit_expect(room >= n, "%zu of %zu bytes", room, n);
	memset(at, c, n);
	tell_lane_commit(&writer, n);
	return true;
}

static const char *next(size_t *len)
{
	bool bad = true;
	const char *block = tell_lane_next(&reader, len, &bad);
	tell_unit_expect(!bad, "a lane that makes no sense");
	return block;
}

static void take(char c, size_t n)
{
	size_t len = 0;
	const char *block = next(&len);
	tell_unit_expect(block && len == n, "%zu bytes, not %zu", len, n);
	for (size_t i = 0; i < n; i++)
		tell_unit_expect(block[i] == c, "%c at %zu of %zu", block[i], i, n);
	tell_lane_skip(&reader);
}

START_TEST(what_is_committed_is_read_in_order)
{
	size_t len;
	ck_assert_ptr_null(next(&len));
	ck_assert(put('a', 8) && put('b', 200));
	take('a', 8);
	take('b', 200);
	ck_assert_ptr_null(next(&len));
	ck_assert(!tell_lane_is_empty(&writer)); /* read, not yet delivered */
	tell_lane_done(&reader);
	ck_assert(tell_lane_is_empty(&writer));
	ck_assert_uint_eq(tell_lane_n_taken(&writer), 2);
	ck_assert_uint_eq(reader.n_read, 2);
}
END_TEST

START_TEST(reserved_and_not_committed_never_was)
{
	size_t len, room;
	memset(tell_lane_reserve(&writer, 64, &room), 'x', 64);
	ck_assert_ptr_null(next(&len));
	memset(tell_lane_reserve(&writer, 128, &room), 'y', 128);
	ck_assert_ptr_null(next(&len));
	ck_assert(put('z', 32));
	take('z', 32);
	/* also at the ring's end, where it leaves filling behind */
	while (SIZE - writer.head % SIZE > 300)
		ck_assert(put('f', 240)), take('f', 240), tell_lane_done(&reader);
	ck_assert_ptr_nonnull(tell_lane_reserve(&writer, 800, &room));
	ck_assert_ptr_null(next(&len));
	ck_assert(put('e', 16));
	take('e', 16);
}
END_TEST

START_TEST(a_full_ring_takes_no_more_until_it_is_delivered)
{
	size_t n = 0;
	while (put('q', 120))
		n++;
	ck_assert_uint_eq(n, SIZE / 128);
	for (size_t i = 0; i < n; i++)
		take('q', 120);
	ck_assert(!put('r', 8)); /* read is not delivered */
	tell_lane_done(&reader);
	ck_assert(put('r', 8));
	take('r', 8);
}
END_TEST

START_TEST(a_quarter_is_the_most_that_may_pass)
{
	ck_assert(tell_lane_may_hold(&writer, SIZE / 4 - 8));
	ck_assert(!tell_lane_may_hold(&writer, SIZE / 4));
	size_t room;
	ck_assert_ptr_null(tell_lane_reserve(&writer, SIZE, &room)); /* never fits */
	ck_assert_ptr_nonnull(tell_lane_reserve(&writer, SIZE - 8, &room));
}
END_TEST

/* Every size at every place in the ring: whole, in order, in one piece. */
START_TEST(random_lengths_go_round_many_times)
{
	uint64_t seed = tell_unit_seed();
	static struct {
		char c;
		uint16_t n;
	} waiting[SIZE];
	size_t first = 0, last = 0;
	for (int i = 0; i < 200000; i++) {
		uint64_t x = tell_unit_random(&seed);
		size_t n = 8 + x % 128 * 8;
		if (x >> 60 < 9 && put((char)(x >> 32), n)) {
			waiting[last % SIZE].c = (char)(x >> 32);
			waiting[last++ % SIZE].n = (uint16_t)n;
		} else if (first < last) {
			take(waiting[first % SIZE].c, waiting[first % SIZE].n);
			first++;
		} else {
			tell_lane_done(&reader);
		}
		if (x >> 50 & 1)
			tell_lane_done(&reader);
	}
	ck_assert_uint_gt(first, 10000);
	while (first < last) {
		take(waiting[first % SIZE].c, waiting[first % SIZE].n);
		first++;
	}
	ck_assert_uint_eq(tell_lane_n_taken(&writer), reader.n_read);
}
END_TEST

static void bad_entry(uint32_t bytes, uint32_t kind)
{
	set_up();
	ck_assert(put('a', 24) && put('b', 24));
	struct tell_entry e = { bytes, kind };
	memcpy(shared.ring + 32, &e, sizeof(e));
	take('a', 24);
	size_t len;
	bool bad = false;
	ck_assert_ptr_null(tell_lane_next(&reader, &len, &bad));
	ck_assert_msg(bad, "%u bytes of kind %u", bytes, kind);
}

START_TEST(fault_32_entries_that_make_no_sense_are_noticed)
{
	bad_entry(0, TELL_ENTRY_RECORD);
	bad_entry(7, TELL_ENTRY_RECORD);
	bad_entry(33, TELL_ENTRY_RECORD);
	bad_entry(40, TELL_ENTRY_RECORD); /* behind the head */
	bad_entry(UINT32_MAX - 7, TELL_ENTRY_RECORD);
	bad_entry(SIZE, TELL_ENTRY_PAD);
	bad_entry(32, 0);
	bad_entry(32, 3);
}
END_TEST

START_TEST(fault_32_heads_that_make_no_sense_are_noticed)
{
	const uint64_t heads[] = { 1, 7, SIZE + 8, UINT64_MAX, UINT64_MAX - 7,
		(uint64_t)1 << 63, 64 };
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		set_up();
		ck_assert(put('a', 24));
		shared.head.head = heads[i];
		size_t len;
		bool bad = false;
		while (tell_lane_next(&reader, &len, &bad))
			tell_lane_skip(&reader);
		ck_assert_msg(bad, "head %llu", (unsigned long long)heads[i]);
	}
}
END_TEST

/* Whatever another process writes to the shared words, the writer stays in the ring. */
START_TEST(fault_32_a_tampered_tail_cannot_lead_the_writer_astray)
{
	uint64_t seed = tell_unit_seed();
	for (int i = 0; i < 100000; i++) {
		uint64_t x = tell_unit_random(&seed);
		if (x % 3 == 0)
			shared.head.tail = x >> (x % 64);
		if (x % 5 == 0)
			shared.head.head = x >> (x % 61);
		size_t room, n = 8 + (x >> 20) % 127 * 8;
		char *at = tell_lane_reserve(&writer, n, &room);
		if (!at)
			continue;
		tell_unit_expect(at >= shared.ring + 8 && room >= n &&
				at + room <= shared.ring + SIZE,
			"room for %zu at %td", room, at - shared.ring);
		memset(at, 0, room);
		tell_lane_commit(&writer, n);
	}
}
END_TEST

START_TEST(giving_up_counts_what_is_lost_and_goes_on)
{
	ck_assert(put('a', 24) && put('b', 24) && put('c', 24));
	memset(shared.ring, 0xff, 8);
	writer.read = 0;
	ck_assert_uint_eq(tell_lane_give_up(&writer), 3);
	ck_assert_uint_eq(writer.n_read, tell_lane_n_taken(&writer));
	tell_lane_done(&writer);
	reader.read = writer.read;
	ck_assert(put('d', 24));
	take('d', 24);
	ck_assert_uint_eq(tell_lane_give_up(&reader), 0); /* nobody knows */
}
END_TEST

/* ---- two threads ---- */

#define N_PASSED 300000u

static void *write_all(void *arg)
{
	(void)arg;
	for (uint32_t i = 0; i < N_PASSED;) {
		size_t room, n = 8 + i % 64 * 8;
		uint32_t *at = tell_lane_reserve(&writer, n, &room);
		if (!at) {
			(void)sched_yield();
			continue;
		}
		for (size_t k = 0; k < n / 4; k++)
			at[k] = i;
		tell_lane_commit(&writer, n);
		i++;
	}
	return NULL;
}

START_TEST(a_writer_and_a_reader_need_no_lock)
{
	pthread_t thread;
	ck_assert_int_eq(pthread_create(&thread, NULL, write_all, NULL), 0);
	for (uint32_t i = 0; i < N_PASSED;) {
		size_t len;
		const uint32_t *block = (const void *)next(&len);
		if (!block) {
			(void)sched_yield();
			continue;
		}
		tell_unit_expect(len == 8 + i % 64 * 8, "%zu bytes of %u", len, i);
		for (size_t k = 0; k < len / 4; k++)
			tell_unit_expect(block[k] == i, "%u in %u", block[k], i);
		tell_lane_skip(&reader);
		tell_lane_done(&reader);
		i++;
	}
	(void)pthread_join(thread, NULL);
}
END_TEST

static Suite *lane_suite(void)
{
	Suite *s = suite_create("queue/lane");
	TCase *c = tcase_create("lane");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, what_is_committed_is_read_in_order);
	tcase_add_test(c, reserved_and_not_committed_never_was);
	tcase_add_test(c, a_full_ring_takes_no_more_until_it_is_delivered);
	tcase_add_test(c, a_quarter_is_the_most_that_may_pass);
	tcase_add_test(c, random_lengths_go_round_many_times);
	tcase_add_test(c, fault_32_entries_that_make_no_sense_are_noticed);
	tcase_add_test(c, fault_32_heads_that_make_no_sense_are_noticed);
	tcase_add_test(c, fault_32_a_tampered_tail_cannot_lead_the_writer_astray);
	tcase_add_test(c, giving_up_counts_what_is_lost_and_goes_on);
	tcase_add_test(c, a_writer_and_a_reader_need_no_lock);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(lane_suite)
