#include "api/nested.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <telltale.h>
#include "api/init.h"
#include "api/process.h"
#include "queue/nested.h"
#include "stack/stack.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/memory_dir.h"

#define QUEUE "queue required ring size=64KiB full=sync\n"

static struct tell_ring *ring;

/* The ring is there from the first record on. */
static void start(const char *lines)
{
	char text[1000];
	ck_assert_ptr_nonnull(memory_dir());
	(void)snprintf(text, sizeof(text), QUEUE "%s", lines);
	flow_start(text);
	tell_info("first");
	ring = tell_ring_get("flow", 65536);
}

/* As a signal's handler that came in the middle of a call. */
#define IN_BETWEEN(...)                                                                  \
	do {                                                                             \
		ck_assert(tell_thread_enter());                                          \
		__VA_ARGS__;                                                             \
		tell_thread_leave();                                                     \
	} while (0)

static struct tell_stack_stats flushed(void)
{
	struct tell_stack_stats s;
	ck_assert_int_eq(tell_flush(10000), 0);
	tell_service_stats(&tell_process.main, &s);
	ck_assert_uint_eq(s.queued, 0);
	return s;
}

static uint64_t refused(void)
{
	return __atomic_load_n(&tell_process.lost.nested, __ATOMIC_RELAXED);
}

START_TEST(a_record_comes_whole_and_by_its_own_lane)
{
	start("");
	TELL_SCOPE(tell_kv("request_id", "r9"));
	errno = EXDEV;
	IN_BETWEEN(tell_warning("between", tell_kv("n", 42), tell_var(errno)));
	ck_assert_int_eq(errno, EXDEV);
	ck_assert_uint_eq(flushed().delivered, 2);
	const char *line = flow_last();
	ck_assert_ptr_nonnull(strstr(line, "\"level\":\"warning\""));
	ck_assert_ptr_nonnull(strstr(line, "\"message\":\"between\""));
	ck_assert_ptr_nonnull(strstr(line, "\"n\":42"));
	ck_assert_ptr_nonnull(strstr(line, "\"request_id\":\"r9\""));
	ck_assert_ptr_nonnull(strstr(line, "check_nested.c"));
	ck_assert_ptr_nonnull(strstr(line, ".65.1\"")); /* the first of the handlers' */
	ck_assert_uint_eq(refused(), 0);
}
END_TEST

START_TEST(scopes_that_are_being_changed_are_left_out)
{
	start("");
	TELL_SCOPE(tell_kv("request_id", "r9"));
	tell_thread_me->changing = 1;
	IN_BETWEEN(tell_info("between"));
	tell_thread_me->changing = 0;
	(void)flushed();
	ck_assert_ptr_null(strstr(flow_last(), "request_id"));
}
END_TEST

START_TEST(names_that_say_secret_are_hidden_in_the_handler)
{
	start("redact requisite keys\n");
	IN_BETWEEN(tell_info("between", tell_kv("password", "hunter2"),
		tell_kv("never_seen_token", "hunter3")));
	(void)flushed(); /* it is read no more, and still there */
	const char *in_ring = ring->lanes[0].ring;
	for (size_t i = 0; i + 6 < TELL_RING_NESTED_BYTES; i++)
		ck_assert(memcmp(in_ring + i, "hunter", 6) != 0);
	ck_assert_uint_eq(flow_count_of("hunter"), 0);
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"never_seen_token\":\"[REDACTED]\""));
}
END_TEST

START_TEST(with_the_file_locked_names_stand_in_the_record)
{
	start("redact requisite keys\n");
	ck_assert_int_eq(pthread_mutex_lock(&ring->lock), 0); /* by who is interrupted */
	IN_BETWEEN(tell_info("between", tell_kv("new_to_all", 1),
		tell_kv("db_password", "hunter2"), tell_errno(ENOENT)));
	(void)pthread_mutex_unlock(&ring->lock);
	(void)flushed();
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"new_to_all\":1"));
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"errno\":2"));
	ck_assert_ptr_null(strstr(flow_last(), "hunter2"));
	ck_assert_ptr_null(strstr(flow_last(), "check_nested.c")); /* nor its place */
}
END_TEST

START_TEST(formats_that_allocate_nothing_are_filled_in)
{
	start("");
	IN_BETWEEN(tell_errorf("signal %d of %s, %.1f", 11, "kill", 0.5));
	(void)flushed();
	ck_assert_ptr_nonnull(strstr(flow_last(), "signal 11 of kill, %.1f"));
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"cut\""));
}
END_TEST

START_TEST(a_message_that_is_too_long_is_cut_wherever_it_lies)
{
	static char text[20000];
	start("");
	memset(text, 'x', sizeof(text) - 1);
	for (int i = 0; i < 20; i++) { /* once around the lane, and more */
		IN_BETWEEN(tell_info("long", tell_kv("i", i), tell_kv("text", text)));
		(void)flushed();
		ck_assert_uint_ge(strlen(flow_last()), 3000);
		ck_assert_ptr_nonnull(strstr(flow_last(), "\"cut\":[\"text\"]"));
	}
}
END_TEST

static void claim(uint32_t n, uint32_t tid)
{
	for (uint32_t i = 0; i < n; i++)
		__atomic_store_n(&ring->claim[i], tid, __ATOMIC_RELEASE);
}

START_TEST(a_handler_in_a_handler_takes_the_next_lane)
{
	start("");
	claim(TELL_RING_NESTED - 1, 1);
	IN_BETWEEN(tell_info("deep"));
	claim(TELL_RING_NESTED, 1);
	IN_BETWEEN(tell_info("too deep"));
	claim(TELL_RING_NESTED, 0);
	IN_BETWEEN(tell_info("again"));
	struct tell_stack_stats s = flushed();
	ck_assert_uint_ge(s.records, 4); /* and what the service says of the loss, if it did */
	ck_assert_uint_eq(s.dropped, 1);
	ck_assert_uint_eq(flow_count_of("too deep"), 0);
	ck_assert_uint_eq(flow_count_of("\"message\":\"first\""), 1);
	ck_assert_uint_eq(flow_count_of("\"message\":\"deep\""), 1);
	ck_assert_uint_eq(flow_count_of(".68.1\""), 1);
	ck_assert_uint_eq(flow_count_of("\"message\":\"again\""), 1);
}
END_TEST

START_TEST(lines_that_may_lock_come_behind_the_queue)
{
	start("enrich optional set api_token=hunter2 zone=a1\n"
	      "filter requisite match [when=n != 2]\nredact requisite keys\n");
	for (int i = 0; i < 4; i++)
		IN_BETWEEN(tell_info("between", tell_kv("n", i)));
	struct tell_stack_stats s = flushed();
	ck_assert_uint_eq(s.records, 5);
	ck_assert_uint_eq(s.filtered, 1);
	ck_assert_uint_eq(flow_count_of("between"), 3);
	ck_assert_uint_eq(flow_count_of("\"n\":2"), 0);
	ck_assert_uint_eq(flow_count_of("\"zone\":\"a1\""), 4);
	ck_assert_uint_eq(flow_count_of("hunter2"), 0); /* added behind: hidden behind */
}
END_TEST

START_TEST(levels_hold_there_too)
{
	start("filter requisite level min=debug\n");
	ck_assert_int_eq(tell_level_set("file:check_nested.c warning"), 0);
	IN_BETWEEN(tell_debug("not wanted"));
	IN_BETWEEN(tell_error("wanted"));
	ck_assert_int_eq(tell_level_set("reset"), 0);
	IN_BETWEEN(tell_debug("wanted now"));
	(void)flushed();
	ck_assert_uint_eq(flow_count_of("not wanted"), 0);
	ck_assert_uint_eq(flow_count_of("wanted"), 2);
	ck_assert_uint_eq(refused(), 0);
}
END_TEST

START_TEST(before_there_is_a_ring_it_is_refused_and_counted)
{
	ck_assert_ptr_nonnull(memory_dir());
	flow_start(QUEUE);
	IN_BETWEEN(tell_info("too early"));
	ck_assert_uint_eq(refused(), 1);
}
END_TEST

START_TEST(a_handles_fields_are_there)
{
	struct tell *t = NULL;
	start("");
	t = tell_with(NULL, tell_kv("db", "main"));
	ck_assert_ptr_nonnull(t);
	IN_BETWEEN(tell_to(t, TELL_INFO, "bound"));
	(void)flushed();
	ck_assert_ptr_nonnull(strstr(flow_last(), "\"db\":\"main\""));
	tell_free(t);
}
END_TEST

/* A sink that logs, in the thread that drains: a record about records, and so on for ever. */
START_TEST(the_service_thread_itself_is_refused)
{
	struct tell_service_thread *t = &tell_process.main.thread;
	start("");
	ck_assert_uint_eq(flushed().delivered, 1);
	pthread_t other = t->id;
	t->id = pthread_self();
	IN_BETWEEN(tell_info("between"));
	t->id = other;
	ck_assert_uint_eq(refused(), 1);
	(void)flushed();
	ck_assert_uint_eq(flow_count_of("between"), 0);
}
END_TEST

static Suite *nested_suite(void)
{
	Suite *s = suite_create("api/nested");
	tell_check_add(s, "nested", a_record_comes_whole_and_by_its_own_lane,
		scopes_that_are_being_changed_are_left_out,
		names_that_say_secret_are_hidden_in_the_handler,
		with_the_file_locked_names_stand_in_the_record,
		formats_that_allocate_nothing_are_filled_in,
		a_message_that_is_too_long_is_cut_wherever_it_lies,
		a_handler_in_a_handler_takes_the_next_lane,
		lines_that_may_lock_come_behind_the_queue, levels_hold_there_too,
		before_there_is_a_ring_it_is_refused_and_counted,
		a_handles_fields_are_there, the_service_thread_itself_is_refused, NULL);
	return s;
}
TELL_CHECK_MAIN(nested_suite)
