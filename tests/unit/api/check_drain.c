/* The queue and the service thread together: who drains, who waits, what is counted. */
#include "api/drain.h"
#include <errno.h>
#include "queue/rings.h"
#include "support/ring_maker.h"
#include "unit/api/thread_fixture.h"

#define RING "queue required ring size=1MiB\n"
#define SMALL                                                                            \
	"queue required ring size=16KiB full=drop\nservice required settings control=no\n"
#define N_CALLS 3000 /* more than a few rounds of the thread take */

/* As the thread's stack: glibc takes these from it, for each thread. */
static __thread volatile char of_the_host[512 << 10];

static struct tell_stack_stats numbers(void)
{
	struct tell_stack_stats s;
	(void)pthread_mutex_lock(&tell_process.lock);
	tell_service_stats(&tell_process.main, &s);
	(void)pthread_mutex_unlock(&tell_process.lock);
	return s;
}

/* As many records as calls, and ours about ourselves; each is accounted for. */
static void adds_up(uint64_t calls)
{
	struct tell_stack_stats s = numbers();
	calls += flow_count_of("\"logger\":\"telltale\"");
	ck_assert_uint_eq(s.queued, 0);
	ck_assert_uint_eq(s.delivered + s.filtered + s.undelivered + s.dropped,
		calls + s.recovered);
	ck_assert_uint_eq(s.records, calls);
}

static void say(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		tell_info("said", tell_kv("i", i));
}

static void hang(bool on)
{
	__atomic_store_n(&hanging, on, __ATOMIC_RELEASE);
	if (!on)
		return;
	drains_before = drains();
	ask_until(has_drained, "it hangs");
}

START_TEST(queue_and_socket_have_one_thread)
{
	start(RING "service required settings control=yes\n");
	ck_assert_int_eq(strncmp(ask("flow", "stats"), "ok\n", 3), 0);
	ck_assert_uint_eq(ask_threads(), 1);
	start(QUEUE);
	ck_assert_uint_eq(ask_threads(), 1);
}
END_TEST

/* Wake-ups, not time, as in check_service_thread.c. */
START_TEST(a_client_that_waits_adds_no_wake_ups)
{
	start(RING);
	int fd = ask_connect(ask_path("flow", 0));
	tell_clock_sleep_ms(300);
	uint64_t before = rounds();
	tell_clock_sleep_ms(2000);
	ck_assert_uint_le(rounds() - before, 22);
	(void)close(fd);
}
END_TEST

static uint64_t roused;

void __real_tell_service_thread_rouse(struct tell_service_thread *t);
void __wrap_tell_service_thread_rouse(struct tell_service_thread *t);

void __wrap_tell_service_thread_rouse(struct tell_service_thread *t)
{
	__atomic_add_fetch(&roused, 1, __ATOMIC_RELAXED);
	__real_tell_service_thread_rouse(t);
}

static int flush_has_roused(void)
{
	ask_until(is_asleep, "it rests long");
	uint64_t before = __atomic_load_n(&roused, __ATOMIC_RELAXED);
	say(1);
	ck_assert_int_eq(tell_flush(10000), 0);
	return __atomic_load_n(&roused, __ATOMIC_RELAXED) > before;
}

START_TEST(a_flush_ends_its_rest)
{
	start(QUEUE);
	ask_until(flush_has_roused, "who waits wakes it");
}
END_TEST

static int room_has_roused(void)
{
	ask_until(is_asleep, "it rests long");
	uint64_t before = __atomic_load_n(&roused, __ATOMIC_RELAXED);
	say(2000);
	return __atomic_load_n(&roused, __ATOMIC_RELAXED) > before;
}

START_TEST(so_does_a_full_queue)
{
	start("queue required ring size=16KiB\nservice required settings control=no\n");
	ask_until(room_has_roused, "who waits wakes it");
}
END_TEST

/* It hangs until all is queued and the order is there; then it drains one round at a time,
 * and the order comes long before the last. */
START_TEST(ctl_flush_waits_for_all_that_is_queued)
{
	start(RING);
	hang(true);
	say(N_CALLS);
	ck_assert_uint_gt(numbers().queued, N_CALLS / 2);
	int fd = ask_connect(ask_path("flow", 0));
	ck_assert_int_eq((int)send(fd, "flush 10000", 11, 0), 11);
	hang(false);
	char answer[100] = "";
	ck_assert_int_gt((int)recv(fd, answer, sizeof(answer) - 1, 0), 0);
	(void)close(fd);
	ck_assert_str_eq(answer, "ok\n");
	ck_assert_uint_eq(flow_count_of("\"said\""), N_CALLS);
	adds_up(N_CALLS + 1);
}
END_TEST

static int all_came(void)
{
	return flow_count_of("\"said\"") == N_CALLS;
}

/* As who flushes has it, and waits for the queue, while an order waits for the lock. */
START_TEST(an_order_that_waits_lets_the_queue_go_on)
{
	char answer[4] = "";
	start(RING);
	(void)pthread_mutex_lock(&tell_process.lock);
	int fd = ask_connect(ask_path("flow", 0));
	ck_assert_int_eq((int)send(fd, "reopen", 6, 0), 6);
	tell_clock_sleep_ms(100); /* it is most likely taken up */
	say(N_CALLS);
	ask_until(all_came, "the queue is drained");
	(void)pthread_mutex_unlock(&tell_process.lock);
	ck_assert_int_eq((int)recv(fd, answer, 3, 0), 3);
	(void)close(fd);
	ck_assert_str_eq(answer, "ok\n"); /* not given up before */
}
END_TEST

static void *log_many(void *arg)
{
	(void)arg;
	say(N_CALLS);
	return NULL;
}

START_TEST(the_ledger_is_exact_after_a_flush)
{
	pthread_t t[4];
	start("filter requisite match when=i<2000\n" RING);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, log_many, NULL), 0);
	(void)ask("flow", "flush 10000"); /* they go on meanwhile */
	for (int i = 0; i < 4; i++)
		(void)pthread_join(t[i], NULL);
	ck_assert_str_eq(ask("flow", "flush 10000"), "ok\n");
	adds_up(4 * N_CALLS + 1);
	struct tell_stack_stats s = numbers();
	ck_assert_uint_eq(s.filtered, 4 * (N_CALLS - 2000) + 1); /* `first` has no i */
	ck_assert_uint_ge(s.lanes, 2); /* those of threads that ended are used again */
	ck_assert_uint_eq(flow_count_of("\"said\""), s.delivered);
}
END_TEST

START_TEST(what_the_dead_left_is_counted_apart)
{
	struct ring_maker m;
	const char *dir = memory_dir();
	if (!dir)
		return;
	ring_maker_begin(&m, dir, "flow");
	struct tell_lane *l = ring_maker_lane(&m, 1);
	for (unsigned i = 0; i < 3; i++)
		ck_assert(ring_maker_put(&m, l, i + 1, "left"));
	(void)ring_maker_end(&m);
	start(RING);
	say(5);
	ck_assert_str_eq(ask("flow", "flush 10000"), "ok\n");
	ck_assert_uint_eq(flow_count_of("\"message\":\"left\""), 3);
	ck_assert_uint_eq(numbers().recovered, 3);
	adds_up(6);
	ck_assert_ptr_nonnull(strstr(ask("flow", "stats"), "\"recovered\":3"));
}
END_TEST

START_TEST(what_the_queue_drops_is_a_loss)
{
	char want[200];
	start(SMALL);
	hang(true);
	say(N_CALLS);
	uint64_t dropped = numbers().dropped;
	ck_assert_uint_gt(dropped, 0);
	hang(false);
	ck_assert_int_eq(tell_flush(10000), 0);
	adds_up(N_CALLS + 1);
	tell_close();
	(void)snprintf(want, sizeof(want), "\"lost\":%u,\"lost_total\":%u,",
		(unsigned)dropped, (unsigned)dropped);
	ck_assert_uint_eq(flow_count_of(want), 1);
	(void)snprintf(want, sizeof(want),
		"\"sink\":\"queue\",\"reason\":\"full\",\"dropped\":%u,",
		(unsigned)dropped);
	ck_assert_uint_eq(flow_count_of(want), 1);
}
END_TEST

START_TEST(a_child_has_dropped_nothing)
{
	start(SMALL);
	hang(true);
	say(N_CALLS);
	ck_assert_uint_gt(numbers().dropped, 0);
	pid_t pid = fork();
	if (pid == 0) {
		__atomic_store_n(&hanging, false, __ATOMIC_RELEASE);
		tell_info("child");
		_exit(numbers().dropped == 0 ? 0 : 1);
	}
	int status;
	hang(false);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

/* Where nobody would read it. */
START_TEST(records_of_tools_and_foreign_programs_go_past_it)
{
	static const unsigned flags[] = { TELL_STACK_NO_TERMINAL, TELL_STACK_NO_STDERR };
	char stack[400];
	for (size_t i = 0; i < 2; i++) {
		flow_start("");
		tell_process.main.flags = flags[i];
		(void)snprintf(stack, sizeof(stack), QUEUE "sink required file path=%s\n",
			flow_path());
		write_stack(stack);
		ck_assert_int_eq(tell_reload(), 0);
		say(1);
		ck_assert_uint_eq(flow_count(), 1); /* at once */
		ck_assert_uint_eq(memory_dir_files(".ring"), 0);
	}
}
END_TEST

static bool no_threads;

int __real_pthread_create(
	pthread_t *t, const pthread_attr_t *attr, void *(*fn)(void *), void *arg);
int __wrap_pthread_create(
	pthread_t *t, const pthread_attr_t *attr, void *(*fn)(void *), void *arg);

int __wrap_pthread_create(
	pthread_t *t, const pthread_attr_t *attr, void *(*fn)(void *), void *arg)
{
	return no_threads ? EAGAIN : __real_pthread_create(t, attr, fn, arg);
}

START_TEST(where_no_thread_can_be_made_calls_wait_for_the_sinks)
{
	no_threads = true;
	flow_start(QUEUE);
	for (unsigned i = 1; i < 4; i++) {
		say(1);
		ck_assert_uint_eq(flow_count_of("\"said\""), i); /* at once */
	}
	ck_assert_uint_eq(flow_count_of("no service thread"), 1);
	adds_up(3);
	no_threads = false;
	start(QUEUE); /* as a reload: it is tried again */
	ck_assert_uint_eq(ask_threads(), 1);
}
END_TEST

START_TEST(a_host_with_many_thread_variables_has_one)
{
	of_the_host[1] = 1;
	start(QUEUE);
	ck_assert_uint_eq(ask_threads(), 1);
	ck_assert_uint_eq(flow_count_of("no service thread"), 0);
}
END_TEST

START_TEST(a_child_of_one_without_a_thread_may_have_one)
{
	no_threads = true;
	flow_start(QUEUE);
	say(1);
	pid_t pid = fork();
	if (pid == 0) {
		no_threads = false;
		say(1);
		ask_until(is_there, "the child has one");
		_exit(0);
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

static Suite *drain_suite(void)
{
	Suite *s = suite_create("api/drain");
	TCase *tc = tcase_create("drain");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, queue_and_socket_have_one_thread);
	tcase_add_test(tc, a_client_that_waits_adds_no_wake_ups);
	tcase_add_test(tc, a_flush_ends_its_rest);
	tcase_add_test(tc, so_does_a_full_queue);
	tcase_add_test(tc, ctl_flush_waits_for_all_that_is_queued);
	tcase_add_test(tc, an_order_that_waits_lets_the_queue_go_on);
	tcase_add_test(tc, the_ledger_is_exact_after_a_flush);
	tcase_add_test(tc, what_the_dead_left_is_counted_apart);
	tcase_add_test(tc, what_the_queue_drops_is_a_loss);
	tcase_add_test(tc, records_of_tools_and_foreign_programs_go_past_it);
	tcase_add_test(tc, a_host_with_many_thread_variables_has_one);
	tcase_add_test(tc, where_no_thread_can_be_made_calls_wait_for_the_sinks);
	if (BARE) {
		tcase_add_test(tc, a_child_has_dropped_nothing);
		tcase_add_test(tc, a_child_of_one_without_a_thread_may_have_one);
	}
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(drain_suite)
