#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "queue/rings.h"
#include "support/check_main.h"
#include "support/memory_dir.h"
#include "support/rig.h"
#include "support/scratch.h"
#include "support/unit.h"

/* The module as a stack's line; drained by the test's own thread, as nobody else does. */
static struct tell_rig rig;
static char log_path[256];

static void open_rig(const char *options)
{
	tell_scratch_make();
	(void)snprintf(log_path, sizeof(log_path), "%s", tell_scratch_path("log"));
	ck_assert_ptr_nonnull(memory_dir());
	tell_rig_open(&rig, "queue required ring %s\nsink required file path=%s", options,
		log_path);
}

static void close_rig(void)
{
	tell_rig_close(&rig);
	tell_scratch_remove();
	memory_dir_remove();
}

static size_t drain_some(size_t max)
{
	rig.run.deadline_ns = UINT64_MAX;
	rig.notes.n = 0;
	return tell_stack_drain(rig.stack, &rig.run, max);
}

static size_t drain_all(void)
{
	size_t n = 0;
	for (size_t got; (got = drain_some(1000)) > 0;)
		n += got;
	return n;
}

static struct tell_stack_stats stats(void)
{
	struct tell_stack_stats s;
	tell_stack_stats(rig.stack, &s);
	ck_assert_uint_eq(s.records,
		s.filtered + s.delivered + s.undelivered + s.queued + s.dropped -
			s.recovered);
	return s;
}

START_TEST(sizes_out_of_range_are_refused)
{
	ck_assert(strstr(tell_rig_refusal("queue required ring size=8KiB\n"
					  "sink required permit"),
		"16KiB"));
	ck_assert(strstr(tell_rig_refusal("queue required ring size=32MiB\n"
					  "sink required permit"),
		"16MiB"));
	ck_assert(strstr(tell_rig_refusal("queue required ring full=maybe\n"
					  "sink required permit"),
		"wait"));
	ck_assert_str_eq(tell_rig_refusal("queue required ring size=16KiB full=drop\n"
					  "sink required permit"),
		"");
}
END_TEST

START_TEST(a_record_waits_until_it_is_drained)
{
	open_rig("");
	ck_assert_int_eq(
		tell_rig_log(&rig, TELL_INFO, "hello", tell_i64("n", 1)), TELL_SPOOLED);
	ck_assert_uint_eq(tell_scratch_lines(log_path), 0);
	ck_assert_uint_eq(stats().queued, 1);
	ck_assert_uint_eq(drain_all(), 1);
	ck_assert_uint_eq(tell_scratch_lines(log_path), 1);
	size_t len;
	char *text = tell_scratch_read(log_path, &len);
	ck_assert_ptr_nonnull(strstr(text, "\"message\":\"hello\""));
	ck_assert_ptr_nonnull(strstr(text, ".1.1\"")); /* lane, number */
	free(text);
	struct tell_stack_stats s = stats();
	ck_assert_uint_eq(s.queued, 0);
	ck_assert_uint_eq(s.delivered, 1);
	close_rig();
}
END_TEST

/* Until the lane says no: how many it took. */
static unsigned fill(int level, enum tell_verdict *ret_verdict)
{
	for (unsigned n = 0;; n++) {
		*ret_verdict = tell_rig_log(&rig, level, "a message of some length",
			tell_str("more", "and a field of a few bytes as well"));
		if (*ret_verdict != TELL_SPOOLED)
			return n;
		tell_unit_expect(n < 10000, "never full");
	}
}

START_TEST(full_drop_drops_at_every_level_and_counts)
{
	enum tell_verdict v;
	open_rig("size=16KiB full=drop");
	unsigned n = fill(TELL_CRIT, &v);
	ck_assert_int_eq(v, TELL_LIMITED);
	ck_assert_uint_gt(n, 50);
	ck_assert_uint_eq(stats().dropped, 1);
	ck_assert_uint_eq(stats().queued, n);
	ck_assert_uint_eq(drain_all(), n);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "after"), TELL_SPOOLED);
	(void)drain_all();
	char *text, want[32];
	size_t len;
	text = tell_scratch_read(log_path, &len);
	/* The number of the one that was dropped is missing. */
	(void)snprintf(want, sizeof(want), ".1.%u\"", n + 1);
	ck_assert_ptr_null(strstr(text, want));
	(void)snprintf(want, sizeof(want), ".1.%u\"", n + 2);
	ck_assert_ptr_nonnull(strstr(text, want));
	free(text);
	close_rig();
}
END_TEST

static void count_wakes(void *n)
{
	(*(unsigned *)n)++;
}

START_TEST(full_drop_wakes_who_drains)
{
	enum tell_verdict v;
	unsigned n_woken = 0;
	open_rig("size=16KiB full=drop");
	rig.run.wake = count_wakes;
	rig.run.wake_arg = &n_woken;
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "there is room"), TELL_SPOOLED);
	ck_assert_uint_eq(n_woken, 0);
	(void)fill(TELL_INFO, &v);
	ck_assert_uint_eq(n_woken, 1);
	close_rig();
}
END_TEST

/* A call that waits wakes the reader again and again. */
START_TEST(one_call_waits_for_a_reader_that_stands_still_and_not_each)
{
	enum tell_verdict v;
	unsigned n_woken = 0;
	open_rig("size=16KiB full=wait");
	rig.run.wake = count_wakes;
	rig.run.wake_arg = &n_woken;
	unsigned n = fill(TELL_INFO, &v);
	ck_assert_uint_gt(n_woken, 1);
	for (int i = 0; i < 3; i++) {
		n_woken = 0;
		ck_assert_uint_eq(fill(TELL_INFO, &v), 0);
		ck_assert_int_eq(v, TELL_LIMITED);
		ck_assert_uint_eq(n_woken, 1);
	}
	rig.run.wake = NULL; /* it goes on: we are the reader */
	ck_assert_uint_eq(drain_all(), n);
	rig.run.wake = count_wakes;
	n_woken = 0;
	(void)fill(TELL_INFO, &v);
	ck_assert_uint_gt(n_woken, 1);
	close_rig();
}
END_TEST

START_TEST(full_wait_drops_info_and_lets_warnings_by)
{
	enum tell_verdict v;
	open_rig("size=16KiB full=wait");
	unsigned n = fill(TELL_INFO, &v);
	ck_assert_int_eq(v, TELL_LIMITED);
	ck_assert_uint_eq(fill(TELL_DEBUG, &v), 0);
	ck_assert_int_eq(v, TELL_LIMITED);
	ck_assert_uint_eq(stats().dropped, 2);
	ck_assert_uint_eq(fill(TELL_WARNING, &v), 0);
	ck_assert_int_eq(v, TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(log_path), 1); /* past the queue */
	ck_assert_uint_eq(drain_all(), n);
	ck_assert_uint_eq(tell_scratch_lines(log_path), n + 1);
	ck_assert_uint_eq(stats().records, n + 3);
	close_rig();
}
END_TEST

START_TEST(full_sync_loses_nothing)
{
	enum tell_verdict v;
	open_rig("size=16KiB full=sync");
	unsigned n = fill(TELL_DEBUG, &v);
	ck_assert_int_eq(v, TELL_SUCCESS);
	ck_assert_uint_eq(stats().dropped, 0);
	ck_assert_uint_eq(drain_all(), n);
	ck_assert_uint_eq(tell_scratch_lines(log_path), n + 1);
	close_rig();
}
END_TEST

START_TEST(more_than_a_quarter_lane_goes_past_the_queue)
{
	open_rig("size=16KiB");
	char *big = malloc(8000);
	memset(big, 'b', 8000);
	big[7999] = '\0';
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, big), TELL_SUCCESS);
	big[3000] = '\0';
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, big), TELL_SPOOLED);
	free(big);
	ck_assert_uint_eq(stats().queued, 1);
	ck_assert_uint_eq(drain_all(), 1);
	close_rig();
}
END_TEST

START_TEST(what_was_drained_stays_until_the_sinks_have_it)
{
	open_rig("size=16KiB full=drop");
	enum tell_verdict v;
	unsigned n = fill(TELL_INFO, &v);
	ck_assert_uint_eq(drain_some(10), 10);
	ck_assert_uint_eq(stats().queued, n - 10);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "room again"), TELL_SPOOLED);
	close_rig();
}
END_TEST

/* Two services of one name in a process: the same ring, one reader at a time. */
START_TEST(one_reader_at_a_time)
{
	open_rig("size=16KiB");
	struct tell_rig second;
	tell_rig_open(&second, "queue required ring\nsink required deny");
	for (int i = 0; i < 20; i++)
		ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "one", tell_i64("n", i)),
			TELL_SPOOLED);
	ck_assert_uint_eq(drain_some(5), 5);
	second.run.deadline_ns = UINT64_MAX;
	ck_assert_uint_eq(tell_stack_drain(second.stack, &second.run, 5), 5);
	ck_assert_uint_eq(drain_all(), 10);
	ck_assert_uint_eq(tell_scratch_lines(log_path), 15);
	tell_rig_close(&second);
	close_rig();
}
END_TEST

/* Any process of our user can write into the file. */
START_TEST(fault_32_a_tampered_ring_crashes_nobody_and_is_counted)
{
	uint64_t seed = tell_unit_seed();
	open_rig("size=16KiB full=drop");
	struct tell_ring *r = tell_ring_get("rig", 16384);
	uint64_t offered = 0;
	for (int round = 0; round < 2000; round++) {
		for (int i = 0; i < 20; i++, offered++)
			(void)tell_rig_log(&rig, TELL_INFO, "some words",
				tell_str("s", "text"), tell_i64("n", i));
		struct tell_lane *l = &r->lanes[0];
		for (int i = 0; i < 3; i++) {
			uint64_t x = tell_unit_random(&seed);
			if (x % 50 == 0)
				l->shared->head = x >> (x % 60);
			if (x % 50 == 1)
				l->shared->tail = x >> (x % 60);
			l->ring[(x >> 8) % l->size] ^= (char)(x >> 50);
		}
		(void)drain_all();
		struct tell_stack_stats s = stats();
		/* An entry made a filling is missed, and so counts as waiting. */
		tell_unit_expect(s.records == offered,
			"round %d: %" PRIu64 " of %" PRIu64, round, s.records, offered);
	}
	ck_assert_uint_gt(stats().delivered, 1000);
	tell_ring_put(r);
	close_rig();
}
END_TEST

static Suite *ring_suite(void)
{
	Suite *s = suite_create("queue/ring");
	tell_check_add(s, "ring", sizes_out_of_range_are_refused,
		a_record_waits_until_it_is_drained,
		full_drop_drops_at_every_level_and_counts, full_drop_wakes_who_drains,
		one_call_waits_for_a_reader_that_stands_still_and_not_each,
		full_wait_drops_info_and_lets_warnings_by, full_sync_loses_nothing,
		more_than_a_quarter_lane_goes_past_the_queue,
		what_was_drained_stays_until_the_sinks_have_it, one_reader_at_a_time,
		fault_32_a_tampered_ring_crashes_nobody_and_is_counted, NULL);
	return s;
}
TELL_CHECK_MAIN(ring_suite)
