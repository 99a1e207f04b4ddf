#include "api/quick.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/init.h"
#include "queue/rings.h"
#include "stack/stack.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/memory_dir.h"
#include "support/unit.h"

#define QUEUE "queue required ring size=64KiB full=sync\n"

static void start(const char *lines)
{
	char text[1000];
	ck_assert_ptr_nonnull(memory_dir());
	(void)snprintf(text, sizeof(text), QUEUE "%s", lines);
	flow_start(text);
}

/* The ledger says the same as the calls that were made. */
static void flushed(uint64_t calls)
{
	struct tell_stack_stats s;
	ck_assert_int_eq(tell_flush(10000), 0);
	tell_service_stats(&tell_process.main, &s);
	calls += flow_count_of("\"logger\":\"telltale\""); /* about ourselves */
	ck_assert_uint_ge(s.records, calls);
	ck_assert_uint_le(s.records, calls + s.undelivered); /* some of those, perhaps */
	ck_assert_uint_eq(s.queued, 0);
	ck_assert_uint_eq(
		s.delivered + s.filtered + s.dropped + s.undelivered, s.records);
}

/* Many threads at one file on a busy machine: one that goes past a full queue may find no
 * turn there in its 25 ms. That is counted. */
static uint64_t n_undelivered(void)
{
	struct tell_stack_stats s;
	tell_service_stats(&tell_process.main, &s);
	return s.undelivered;
}

static void all_came(size_t n)
{
	size_t came = flow_count_of("stormy");
	ck_assert_uint_le(came, n);
	ck_assert_uint_ge(came + n_undelivered(), n); /* of others are some among those */
}

static void say(int i)
{
	tell_info("said", tell_kv("i", i), tell_kv("text", "of some length"));
}

static bool short_way(void)
{
	return tell_quick_mark() != 0 &&
		tell_quick_mark() == tell_stack_quick_mark(tell__stack());
}

START_TEST(from_the_second_call_on_it_is_the_short_way)
{
	start("");
	ck_assert(!short_way());
	for (int i = 0; i < 100; i++)
		say(i);
	ck_assert(short_way());
	ck_assert_uint_eq(tell_thread_me->quick.mark, tell_quick_mark());
	flushed(100);
	ck_assert_uint_eq(flow_count_of("\"said\""), 100);
	ck_assert_uint_eq(flow_count_of("\"i\":99"), 1);
	ck_assert_uint_eq(flow_count_of(".1.100\""), 1);
}
END_TEST

START_TEST(another_stack_in_force_ends_it)
{
	start("");
	for (int i = 0; i < 10; i++)
		say(i);
	uint64_t mark = tell_quick_mark();
	flushed(10);
	start("filter required level min=warning\n");
	ck_assert_uint_eq(tell_quick_mark(), 0);
	for (int i = 0; i < 10; i++)
		say(i);
	flushed(20); /* the site is on, the filter says no */
	ck_assert_uint_eq(flow_count(), 0);
	start("redact required keys add=text\n");
	for (int i = 0; i < 10; i++)
		say(i);
	ck_assert_uint_ne(tell_quick_mark(), mark);
	flushed(30);
	ck_assert_uint_eq(flow_count_of("of some length"), 0);
	ck_assert_uint_eq(flow_count_of("REDACTED"), 10);
}
END_TEST

START_TEST(a_stack_without_a_queue_delivers_what_the_old_one_held)
{
	start("");
	for (int i = 0; i < 500; i++)
		say(i);
	char path[256];
	(void)snprintf(path, sizeof(path), "%s", flow_path());
	char text[512];
	(void)snprintf(text, sizeof(text), "sink required file path=%s", path);
	ck_assert_int_eq(tell__init_text("flow", text), 0);
	say(500);
	ck_assert_uint_eq(flow_count_of("\"said\""), 501);
	ck_assert_uint_eq(memory_dir_files(".ring"), 0);
	flushed(501);
}
END_TEST

START_TEST(close_ends_it_and_the_next_call_opens_again)
{
	start("");
	for (int i = 0; i < 50; i++)
		say(i);
	tell_close();
	ck_assert_uint_eq(tell_quick_mark(), 0);
	ck_assert_uint_eq(flow_count_of("\"said\""), 50);
	ck_assert_uint_eq(memory_dir_files(".ring"), 0);
}
END_TEST

START_TEST(levels_hold_from_the_next_call)
{
	start("");
	for (int i = 0; i < 10; i++)
		say(i);
	ck_assert_int_eq(tell_level_set("error"), 0);
	for (int i = 0; i < 10; i++)
		say(i);
	ck_assert_int_eq(tell_level_set("reset"), 0);
	say(10);
	flushed(11);
	for (int k = 0; k < 10; k++) {
		if (k == 5)
			ck_assert_int_eq(tell_level_set("debug"), 0);
		tell_debug("now and then", tell_kv("k", k));
	}
	flushed(16);
}
END_TEST

/* The same site says something bad first, then something nobody asked for. */
START_TEST(a_site_whose_level_varies_is_asked_each_time)
{
	start("");
	for (int i = 0; i < 40; i++) {
		volatile int level = i % 2 ? TELL_DEBUG : TELL_ERROR;
		tell_log(level, "varies", NULL, 0);
	}
	flushed(20);
	ck_assert_uint_eq(flow_count_of("\"debug\""), 0);
}
END_TEST

START_TEST(names_that_say_secret_never_take_it)
{
	start("redact required keys\n");
	for (int i = 0; i < 20; i++)
		tell_info("in", tell_kv("password", "hunter2"), tell_kv("i", i));
	for (int i = 0; i < 20; i++)
		tell_info("scoped", tell_kv("i", i));
	{
		TELL_SCOPE(tell_kv("api_key", "hunter2"));
		for (int i = 0; i < 20; i++)
			tell_info("scoped too", tell_kv("i", i));
	}
	for (int i = 0; i < 20; i++)
		tell_info("scoped", tell_kv("i", i));
	flushed(80);
	ck_assert_uint_eq(flow_count_of("hunter2"), 0);
	ck_assert_uint_eq(flow_count_of("REDACTED"), 40);
}
END_TEST

START_TEST(scopes_come_and_go)
{
	start("");
	for (int i = 0; i < 30; i++) {
		tell_info("bare", tell_kv("i", i));
		TELL_SCOPE(tell_kv("request_id", i), tell_kv("i", "outer"));
		tell_info("one", tell_kv("k", i));
		tell_info("wins", tell_kv("i", i));
		TELL_SCOPE(tell_kv("request_id", "inner"));
		tell_info("two", tell_kv("k", i));
	}
	flushed(120);
	ck_assert_uint_eq(flow_count_of("\"request_id\":\"inner\""), 30);
	ck_assert_uint_eq(flow_count_of("\"request_id\""), 90);
	ck_assert_uint_eq(flow_count_of("\"i\":\"outer\""), 60);
	ck_assert_uint_eq(flow_count_of("\"request_id\":29"), 2);
}
END_TEST

START_TEST(what_differs_from_record_to_record_never_takes_it)
{
	static const char *const lines[] = { "filter required sample ratio=0.5\n",
		"filter required match [when=i > 3]\n", "enrich required process\n",
		"redact required debug\n" };
	for (int k = 0; k < 3; k++) {
		start(lines[k]);
		for (int i = 0; i < 10; i++)
			say(i);
		ck_assert_msg(tell_quick_mark() == 0, "%s", lines[k]);
	}
	start("redact required keys\nredact required detect\nfilter required level "
	      "min=debug\n");
	for (int i = 0; i < 10; i++)
		say(i);
	ck_assert(short_way());
}
END_TEST

START_TEST(handles_and_bound_fields_are_not_forgotten)
{
	start("");
	struct tell *t = tell_with(NULL, tell_kv("bound", 1));
	for (int i = 0; i < 10; i++) {
		tell_to(t, TELL_INFO, "bound", tell_kv("i", i));
		say(i);
	}
	t = tell_free(t);
	flushed(20);
	ck_assert_uint_eq(flow_count_of("\"bound\":1"), 10);
}
END_TEST

START_TEST(fault_7_a_child_begins_the_long_way_with_a_ring_of_its_own)
{
	start("");
	for (int i = 0; i < 10; i++)
		say(i);
	for (int k = 0; k < 5; k++) {
		pid_t pid = fork();
		if (pid == 0) {
			bool before = tell_quick_mark() == 0;
			for (int i = 0; i < 10; i++)
				say(i);
			bool good = before && short_way() && tell_flush(5000) == 0;
			tell_close();
			exit(good ? 0 : 1);
		}
		for (int i = 0; i < 10; i++)
			say(i);
		int status;
		(void)waitpid(pid, &status, 0);
		ck_assert_int_eq(status, 0);
		char want[40];
		(void)snprintf(want, sizeof(want), "\"pid\":%d,", pid);
		ck_assert_uint_eq(flow_count_of(want), 10);
	}
	flushed(60);
	ck_assert_uint_eq(flow_count_of("\"said\""), 110);
	ck_assert_uint_eq(memory_dir_files(".ring"), 1);
}
END_TEST

/* ---- writers, reloads and close at once (TSan) ---- */

#define WRITERS 8
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define EACH 1000
#else
#define EACH 20000
#endif

static void *write_many(void *arg)
{
	int me = (int)(intptr_t)arg;
	for (int i = 0; i < EACH; i++) {
		TELL_SCOPE(tell_kv("writer", me));
		tell_info("stormy", tell_kv("i", i), tell_kv("text", "abc"));
		if (i % 64 == 0)
			tell_infof("formatted %d", i);
	}
	return NULL;
}

static pthread_t threads[WRITERS];

static void writers_start(void)
{
	for (int i = 0; i < WRITERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, write_many,
					 (void *)(intptr_t)i),
			0);
}

static void writers_join(void)
{
	for (int i = 0; i < WRITERS; i++)
		(void)pthread_join(threads[i], NULL);
}

/* Every record of every writer, once, in its order; but those that found the queue full and
 * waited for it in vain (TELL_SEQ's lane 0) may come earlier. */
static void all_came_in_order(void)
{
	static struct {
		int last, n;
		bool seen[EACH];
	} of[WRITERS];
	char *all = strdup(flow_all()), *save = NULL;
	memset(of, 0, sizeof(of));
	for (char *line = strtok_r(all, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save)) {
		const char *w = strstr(line, "\"writer\":"), *i = strstr(line, "\"i\":");
		if (!strstr(line, "stormy") || !w || !i)
			continue;
		int writer = atoi(w + 9), n = atoi(i + 4);
		bool queued = strncmp(strstr(line, "\"seq\":\"") + 15, ".0.", 3) != 0;
		tell_unit_expect(!of[writer].seen[n], "%d of writer %d twice", n, writer);
		tell_unit_expect(!queued || n >= of[writer].last,
			"%d of writer %d after %d", n, writer, of[writer].last);
		of[writer].seen[n] = true;
		of[writer].n++;
		if (queued)
			of[writer].last = n;
	}
	uint64_t missing = 0;
	for (int k = 0; k < WRITERS; k++)
		missing += (uint64_t)(EACH - of[k].n);
	ck_assert_uint_le(missing, n_undelivered());
	free(all);
}

static char reload_text[512];

static void restart(void)
{
	ck_assert_int_eq(tell__init_text("flow", reload_text), 0);
}

static void storm(const char *lines)
{
	start("");
	(void)snprintf(reload_text, sizeof(reload_text), "%ssink required file path=%s\n",
		lines, flow_path());
	restart();
}

#define CALLS ((uint64_t)WRITERS * (EACH + (EACH + 63) / 64))

START_TEST(eight_writers_lose_nothing)
{
	storm(QUEUE);
	writers_start();
	writers_join();
	flushed(CALLS);
	all_came_in_order();
}
END_TEST

START_TEST(a_storm_of_reloads_loses_nothing)
{
	storm(QUEUE);
	writers_start();
	for (int i = 0; i < 50; i++) {
		restart();
		(void)usleep(2000);
	}
	writers_join();
	flushed(CALLS);
	all_came((size_t)WRITERS * EACH);
}
END_TEST

/* Closed in between: the next call opens the service's own stack, which is this one. */
START_TEST(a_close_in_between_loses_nothing)
{
	char path[300];
	storm(QUEUE);
	(void)snprintf(path, sizeof(path), "%s/flow", flow_dir());
	FILE *f = fopen(path, "we");
	(void)fputs(reload_text, f);
	(void)fclose(f);
	(void)setenv("TELLTALE_CONFDIR", flow_dir(), 1);
	writers_start();
	for (int i = 0; i < 10; i++) {
		tell_close();
		(void)usleep(5000);
	}
	writers_join();
	ck_assert_int_eq(tell_flush(10000), 0);
	all_came((size_t)WRITERS * EACH);
	tell_close();
	(void)unlink(path);
}
END_TEST

static Suite *quick_suite(void)
{
	Suite *s = suite_create("api/quick");
	TCase *c = tcase_create("quick");
	tcase_add_checked_fixture(c, NULL, memory_dir_remove);
	tcase_add_test(c, from_the_second_call_on_it_is_the_short_way);
	tcase_add_test(c, another_stack_in_force_ends_it);
	tcase_add_test(c, a_stack_without_a_queue_delivers_what_the_old_one_held);
	tcase_add_test(c, close_ends_it_and_the_next_call_opens_again);
	tcase_add_test(c, levels_hold_from_the_next_call);
	tcase_add_test(c, a_site_whose_level_varies_is_asked_each_time);
	tcase_add_test(c, names_that_say_secret_never_take_it);
	tcase_add_test(c, scopes_come_and_go);
	tcase_add_test(c, what_differs_from_record_to_record_never_takes_it);
	tcase_add_test(c, handles_and_bound_fields_are_not_forgotten);
/* A child of several threads may start none in TSan; ASan's allocator holds what a thread of the
 * parent had locked at fork(). glibc's does not. */
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
	tcase_add_test(c, fault_7_a_child_begins_the_long_way_with_a_ring_of_its_own);
#endif
	tcase_add_test(c, eight_writers_lose_nothing);
	tcase_add_test(c, a_storm_of_reloads_loses_nothing);
	tcase_add_test(c, a_close_in_between_loses_nothing);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(quick_suite)
