#include "api/service_thread.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/drain.h"
#include "api/init.h"
#include "api/level.h"
#include "api/process.h"
#include "api/rule.h"
#include "base/clock.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/scratch.h"

/* Sanitizers need memory and descriptors of their own; TSan takes no threads in children. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define BARE false
#else
#define BARE true
#endif

#define CONTROL "service required settings control=yes\n"
#define QUEUE	"queue required permit\nservice required settings control=no\n"

/* The queue's place, in this program: how often it was asked, and what it holds. */
static uint64_t drained;
static size_t queued;
static int hanging;

size_t tell_service_drain(struct tell_service *s)
{
	(void)s;
	__atomic_add_fetch(&drained, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&hanging, __ATOMIC_ACQUIRE))
		tell_clock_sleep_ms(1);
	return __atomic_exchange_n(&queued, 0, __ATOMIC_ACQ_REL);
}

static struct tell_service_thread *thread(void)
{
	return &tell_process.main.thread;
}

static int runs(void)
{
	return tell_service_thread_runs(thread());
}

static int is_asleep(void)
{
	return __atomic_load_n(&thread()->asleep, __ATOMIC_RELAXED);
}

static uint64_t rounds(void)
{
	return __atomic_load_n(&thread()->rounds, __ATOMIC_RELAXED);
}

static uint64_t drains(void)
{
	return __atomic_load_n(&drained, __ATOMIC_RELAXED);
}

static int is_there(void)
{
	return ask_threads() == 1;
}

static int is_alone(void)
{
	return ask_threads() == 0;
}

/* Running, and through with what it does first. */
static void start(const char *lines)
{
	flow_start(lines);
	tell_info("first");
	ck_assert(runs());
	ask_until(is_asleep, "it falls asleep");
}

/* A stack in a file, which a reload and a start after a close read again. */
static void write_stack(const char *text)
{
	(void)mkdir(tell_scratch_path("conf"), 0700); /* or it is there */
	tell_scratch_write(tell_scratch_path("conf/flow"), text);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf"), 1);
	(void)setenv("TELLTALE_SERVICE", "flow", 1);
}

START_TEST(a_stack_without_work_has_none)
{
	flow_start("");
	tell_info("hello");
	ck_assert_uint_eq(ask_threads(), 0);
	flow_start("service required settings control=no\n");
	tell_info("hello");
	ck_assert_uint_eq(ask_threads(), 0);
}
END_TEST

START_TEST(tools_and_foreign_programs_have_none)
{
	static const unsigned flags[] = { TELL_STACK_NO_TERMINAL, TELL_STACK_NO_STDERR };
	for (size_t i = 0; i < 2; i++) {
		flow_start("");
		tell_process.main.flags = flags[i];
		write_stack(CONTROL QUEUE "sink required permit\n");
		ck_assert_int_eq(tell_reload(), 0);
		tell_info("hello");
		ck_assert_uint_eq(ask_threads(), 0);
	}
}
END_TEST

START_TEST(the_first_record_starts_it)
{
	flow_start(CONTROL);
	ck_assert_int_eq(tell_flush(1000), 0);
	ck_assert_uint_eq(ask_threads(), 0); /* nothing was logged yet */
	tell_info("hello");
	ask_until(is_there, "there is one");
	tell_info("again");
	ask_until(is_there, "there is one");
}
END_TEST

START_TEST(an_unasked_start_has_it_as_well)
{
	write_stack(CONTROL "sink required permit\n");
	tell_info("its first call of all"); /* no tell_init() */
	ask_until(is_there, "there is one");
}
END_TEST

START_TEST(close_ends_it_and_a_later_record_starts_it_again)
{
	write_stack(CONTROL "sink required permit\n");
	tell_info("first");
	ask_until(is_there, "there is one");
	tell_close();
	ck_assert_uint_eq(ask_threads(), 0);
	ck_assert_int_eq(thread()->state, TELL_THREAD_NONE);
	tell_info("again");
	ask_until(is_there, "there is one");
}
END_TEST

START_TEST(a_reload_ends_or_starts_it)
{
	write_stack(CONTROL "sink required permit\n");
	tell_info("hello");
	ask_until(is_there, "there is one");
	write_stack("sink required permit\n");
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert_uint_eq(ask_threads(), 0);
	write_stack(QUEUE "sink required permit\n");
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert_uint_eq(ask_threads(), 0); /* until it is needed */
	tell_info("hello");
	ask_until(is_there, "there is one");
}
END_TEST

/* It is asked to reload, and is then itself needed no more. */
START_TEST(it_ends_by_itself_when_it_reloads)
{
	write_stack(CONTROL "sink required permit\n");
	tell_info("hello");
	write_stack("sink required permit\n");
	ck_assert_int_eq(strncmp(ask("flow", "reload"), "ok\n", 3), 0);
	ask_until(is_alone, "it ends");
	write_stack(CONTROL "sink required permit\n");
	ck_assert_int_eq(tell_reload(), 0);
	tell_info("hello");
	ask_until(is_there, "there is one");
}
END_TEST

START_TEST(it_has_a_name_and_takes_no_signals)
{
	char command[256], text[128];
	sigset_t before, after;
	(void)sigemptyset(&before);
	(void)sigaddset(&before, SIGUSR2);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	start(CONTROL);
	(void)snprintf(command, sizeof(command),
		"sed -n '/^Name:[\t ]telltale$/,$s/^SigBlk:[\t ]*//p' /proc/%d/task/*/status",
		(int)getpid());
	FILE *p = popen(command, "re");
	ck_assert_ptr_nonnull(p);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), p));
	(void)pclose(p);
	/* All but KILL, STOP and the two that are the C library's own. */
	ck_assert_uint_eq(strtoull(text, NULL, 16), 0xfffffffe7ffbfeff);
	(void)pthread_sigmask(SIG_SETMASK, NULL, &after);
	ck_assert(sigismember(&after, SIGUSR2) && !sigismember(&after, SIGUSR1));
}
END_TEST

START_TEST(a_child_has_none_until_it_logs)
{
	start(CONTROL);
	char mine[256];
	(void)snprintf(mine, sizeof(mine), "%s", ask_path("flow", 0));
	pid_t pid = fork();
	if (pid == 0) {
		if (ask_threads() != 0)
			_exit(1);
		tell_info("child");
		ask_until(is_there, "the child has one");
		(void)ask_path("flow", 0);
		tell_close();
		_exit(ask_threads() == 0 ? 0 : 3);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(access(mine, F_OK), 0); /* the child took only its own away */
	ck_assert_int_eq(strncmp(ask("flow", "stats"), "ok\n", 3), 0);
}
END_TEST

START_TEST(levels_for_a_time_end_with_it)
{
	struct tell_level_rule rules[4];
	start(CONTROL);
	ck_assert_int_eq(strncmp(ask("flow", "level 3600000 debug"), "ok\n", 3), 0);
	ck_assert_uint_eq(tell_level_rules(rules, 4), 1);
	tell_close();
	ck_assert_uint_eq(tell_level_rules(rules, 4), 0);
}
END_TEST

/* Wake-ups, not time: a loaded machine makes fewer of them, never more. */
START_TEST(idle_it_hardly_wakes)
{
	start(CONTROL);
	uint64_t before = rounds();
	tell_clock_sleep_ms(2000);
	ck_assert_uint_le(rounds() - before, 3);
}
END_TEST

START_TEST(with_a_queue_it_looks_twenty_times_a_second)
{
	start(QUEUE);
	ask_until(is_asleep, "it rests long");
	tell_clock_sleep_ms(300); /* 100 us doubles to 50 ms within nine rounds */
	uint64_t before = rounds();
	tell_clock_sleep_ms(2000);
	ck_assert_uint_le(rounds() - before, 42);
	ck_assert_uint_ge(rounds() - before, 2);
}
END_TEST

static uint64_t drains_before;

static int has_drained(void)
{
	return drains() > drains_before;
}

START_TEST(a_wake_ends_its_sleep)
{
	start(CONTROL); /* without a queue only a wake makes it look */
	for (int i = 0; i < 20; i++) {
		ask_until(is_asleep, "it falls asleep");
		drains_before = drains();
		tell_service_thread_wake(thread());
		ask_until(has_drained, "the wake is heard");
	}
}
END_TEST

static int queue_is_empty(void)
{
	return __atomic_load_n(&queued, __ATOMIC_ACQUIRE) == 0;
}

START_TEST(what_is_queued_without_a_wake_is_found)
{
	start(QUEUE);
	for (int i = 0; i < 5; i++) {
		__atomic_store_n(&queued, 3, __ATOMIC_RELEASE);
		ask_until(queue_is_empty, "the queue is drained");
	}
}
END_TEST

START_TEST(one_that_hangs_is_given_up_and_ends_later)
{
	start(QUEUE);
	__atomic_store_n(&hanging, 1, __ATOMIC_RELEASE);
	drains_before = drains();
	ask_until(has_drained, "it hangs");
	uint64_t now_ns = tell_clock_monotonic_ns();
	ck_assert(!tell_service_thread_stop(
		&tell_process.main, now_ns + 50 * TELL_NS_PER_MS));
	tell_info("nobody minds");
	ck_assert_uint_eq(flow_count(), 2);
	__atomic_store_n(&hanging, 0, __ATOMIC_RELEASE);
	tell_close();
	ck_assert_uint_eq(ask_threads(), 0);
}
END_TEST

START_TEST(without_memory_for_one_the_service_logs_on)
{
	flow_start(CONTROL);
	struct rlimit before, none = { 0 };
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	none.rlim_max = before.rlim_max;
	free(malloc(1 << 16)); /* the heap has room for what a record needs */
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	tell_info("hello");
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
	ck_assert_uint_eq(ask_threads(), 0);
	ck_assert_uint_eq(flow_count_of("\"hello\""), 1);
	ck_assert_uint_eq(flow_count_of("no service thread"), 1);
	tell_info("again"); /* and does not try again */
	ck_assert_uint_eq(flow_count_of("no service thread"), 1);
}
END_TEST

static int answers(void)
{
	tell_service_thread_wake(thread());
	return strncmp(ask("flow", "stats"), "ok\n", 3) == 0;
}

/* As an old daemon does; what is found there later is the host's own. */
START_TEST(a_host_may_close_all_its_descriptors)
{
	start(CONTROL);
	ck_assert(answers());
	for (int fd = 3; fd < 1100; fd++)
		(void)close(fd);
	int own[2];
	ck_assert_int_eq(pipe(own), 0);
	tell_service_thread_wake(thread());
	ask_until(answers, "there is a socket again");
	ck_assert_int_eq((int)write(own[1], "x", 1), 1);
	char c;
	ck_assert_int_eq((int)read(own[0], &c, 1), 1); /* nothing else was in it */
}
END_TEST

static bool stop;

static void *log_and_wake(void *arg)
{
	for (; !__atomic_load_n(&stop, __ATOMIC_RELAXED);) {
		tell_info("under way");
		tell_service_thread_wake(arg);
	}
	return NULL;
}

START_TEST(records_wakes_and_restarts_go_together)
{
	pthread_t t[3];
	write_stack(CONTROL "sink required permit\n");
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, log_and_wake, thread()), 0);
	for (int i = 0; i < 50; i++) {
		tell_clock_sleep_ms(2);
		if (i % 2)
			tell_close();
		else
			(void)tell_reload(); /* of a service that is closed: nothing */
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 3; i++)
		(void)pthread_join(t[i], NULL);
	tell_close();
	ck_assert_uint_eq(ask_threads(), 0);
}
END_TEST

static void tear_down(void)
{
	tell_close();
	tell_scratch_remove();
}

static Suite *service_thread_suite(void)
{
	Suite *s = suite_create("api/service_thread");
	TCase *tc = tcase_create("thread");
	tcase_add_checked_fixture(tc, ask_set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_stack_without_work_has_none);
	tcase_add_test(tc, tools_and_foreign_programs_have_none);
	tcase_add_test(tc, the_first_record_starts_it);
	tcase_add_test(tc, an_unasked_start_has_it_as_well);
	tcase_add_test(tc, close_ends_it_and_a_later_record_starts_it_again);
	tcase_add_test(tc, a_reload_ends_or_starts_it);
	tcase_add_test(tc, it_ends_by_itself_when_it_reloads);
	tcase_add_test(tc, it_has_a_name_and_takes_no_signals);
	tcase_add_test(tc, levels_for_a_time_end_with_it);
	tcase_add_test(tc, idle_it_hardly_wakes);
	tcase_add_test(tc, with_a_queue_it_looks_twenty_times_a_second);
	tcase_add_test(tc, a_wake_ends_its_sleep);
	tcase_add_test(tc, what_is_queued_without_a_wake_is_found);
	tcase_add_test(tc, one_that_hangs_is_given_up_and_ends_later);
	if (BARE) {
		tcase_add_test(tc, a_child_has_none_until_it_logs);
		tcase_add_test(tc, without_memory_for_one_the_service_logs_on);
		tcase_add_test(tc, a_host_may_close_all_its_descriptors);
	}
	tcase_add_test(tc, records_wakes_and_restarts_go_together);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(service_thread_suite)
