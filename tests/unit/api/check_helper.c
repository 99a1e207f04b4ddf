#include "api/helper.h"
#include <signal.h>
#include <string.h>
#include "base/clock.h"
#include "stack/stack.h"
#include "support/check_main.h"
#include "support/rig.h"

/* The linker puts it before the stack's own (--wrap): a line answers when it may. */
static int asked, hanging;
static int asked_b, asked_c; /* of lines named so; those named hang... hang */
static int inside;	     /* in lines that hang */
static sigset_t masked;

enum tell_verdict __wrap_tell_stack_ask_timed(
	struct tell_stack *s, const struct tell_timed *line, struct tell_run *run);

enum tell_verdict __wrap_tell_stack_ask_timed(
	struct tell_stack *s, const struct tell_timed *line, struct tell_run *run)
{
	(void)s;
	(void)pthread_sigmask(SIG_SETMASK, NULL, &masked);
	__atomic_add_fetch(&asked, 1, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&asked_b, *line->name == 'b', __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&asked_c, *line->name == 'c', __ATOMIC_SEQ_CST);
	bool hangs = strchr("bc", *line->name) == NULL;
	__atomic_add_fetch(&inside, hangs, __ATOMIC_SEQ_CST);
	while (hangs && __atomic_load_n(&hanging, __ATOMIC_SEQ_CST))
		tell_clock_sleep_ms(1);
	__atomic_sub_fetch(&inside, hangs, __ATOMIC_SEQ_CST);
	(void)run;
	return line->live ? TELL_FAILED : TELL_SUCCESS;
}

static int woken;

static void wake(void *arg)
{
	__atomic_add_fetch((int *)arg, 1, __ATOMIC_SEQ_CST);
}

static struct tell_helper *h;

static void set(const char *text)
{
	struct tell_stack *s = tell_rig_stack(text);
	ck_assert_int_eq(tell_helper_set(h, s, 7), 0);
	tell_stack_free(s); /* the helper holds what it needs */
}

static uint64_t in_ms(uint64_t ms)
{
	return tell_clock_monotonic_ns() + ms * TELL_NS_PER_MS;
}

static int get(int *n)
{
	return __atomic_load_n(n, __ATOMIC_SEQ_CST);
}

static void await(int *n, int least)
{
	for (uint64_t by_ns = in_ms(20000); get(n) < least;) {
		ck_assert(tell_clock_monotonic_ns() < by_ns);
		tell_clock_sleep_ms(1);
	}
}

static void set_up(void)
{
	asked = hanging = woken = asked_b = asked_c = inside = 0;
	ck_assert_int_eq(tell_helper_new(&h, wake, &woken), 0);
}

static void tear_down(void)
{
	tell_helper_stop(h, in_ms(20000));
	h = tell_helper_free(h);
}

static enum tell_health_status status(void)
{
	(void)pthread_mutex_lock(&h->lock);
	enum tell_health_status is = tell_round_status(
		&h->round, tell_clock_monotonic_ns());
	(void)pthread_mutex_unlock(&h->lock);
	return is;
}

static void await_refs(uint32_t refs)
{
	for (uint64_t by_ns = in_ms(20000);;) {
		(void)pthread_mutex_lock(&h->lock);
		uint32_t are = h->refs;
		(void)pthread_mutex_unlock(&h->lock);
		if (are == refs)
			break;
		ck_assert(tell_clock_monotonic_ns() < by_ns);
		tell_clock_sleep_ms(1);
	}
}

#define LINE "health required callback name=a every=1h\n"

START_TEST(it_asks_and_wakes_with_signals_blocked)
{
	set(LINE);
	await(&woken, 1);
	ck_assert_int_eq(asked, 1);
	ck_assert_int_eq(status(), TELL_HEALTHY);
	ck_assert_int_eq(sigismember(&masked, SIGTERM), 1);
}
END_TEST

START_TEST(it_asks_again_each_period)
{
	set("health required callback name=a every=100ms\n");
	await(&asked, 3);
}
END_TEST

START_TEST(without_lines_there_is_no_thread)
{
	set("");
	ck_assert(!h->runs);
	set(LINE);
	ck_assert(h->runs);
	set("");
	ck_assert(!h->runs);
}
END_TEST

START_TEST(a_reload_asks_the_new_lines)
{
	set(LINE);
	await(&woken, 1);
	set("health required callback name=b every=1h live=yes\n");
	await(&woken, 2);
	ck_assert_int_eq(status(), TELL_UNHEALTHY);
}
END_TEST

START_TEST(a_reload_does_not_wait_for_a_line_that_hangs)
{
	hanging = 1;
	set(LINE);
	await(&asked, 1);
	set("health required callback name=b every=1h live=yes\n");
	ck_assert_int_eq(status(), TELL_HEALTH_UNKNOWN);
	__atomic_store_n(&hanging, 0, __ATOMIC_SEQ_CST);
	await(&woken, 1);
	ck_assert_int_eq(status(), TELL_UNHEALTHY); /* b's answer, not a's */
}
END_TEST

START_TEST(one_that_hangs_is_left_behind_and_another_begins)
{
	hanging = 1;
	set(LINE);
	await(&asked, 1);
	tell_helper_stop(h, in_ms(1));
	ck_assert(!h->runs);
	set("health required callback name=b every=1h\n");
	await(&asked, 2);
	__atomic_store_n(&hanging, 0, __ATOMIC_SEQ_CST);
	await(&woken, 1);
	ck_assert_int_eq(status(), TELL_HEALTHY);
	await_refs(2);		    /* the first lets go of what it held */
	ck_assert_int_eq(woken, 1); /* what it answered is nobody's */
}
END_TEST

START_TEST(it_can_be_stopped_and_started)
{
	for (int i = 1; i <= 3; i++) {
		set(LINE);
		await(&woken, i);
		tell_helper_stop(h, in_ms(20000));
		set("");
	}
}
END_TEST

/* As the service thread does, an hour later. */
static void relieve(void)
{
	(void)pthread_mutex_lock(&h->lock);
	(void)tell_helper_relieve(h, tell_clock_monotonic_ns() + 3600 * TELL_NS_PER_SEC);
	(void)pthread_mutex_unlock(&h->lock);
}

static void await_relieved(int *n, int least)
{
	for (uint64_t by_ns = in_ms(20000); get(n) < least;) {
		ck_assert(tell_clock_monotonic_ns() < by_ns);
		relieve();
		tell_clock_sleep_ms(1);
	}
}

#define HANG(n) "health optional tcp name=hang" #n " port=1 every=1h\n"

START_TEST(a_line_that_takes_its_time_holds_up_no_other)
{
	hanging = 1;
	set(HANG(1) "health required tcp name=b port=1 every=100ms\n");
	await(&inside, 1);
	ck_assert_int_eq(get(&asked_b), 0);
	(void)pthread_mutex_lock(&h->lock); /* it is not late yet */
	uint64_t due_ns = tell_helper_relieve(h, h->asking_since_ns);
	ck_assert_uint_eq(due_ns, h->asking_since_ns + TELL_HELPER_LATE_NS);
	(void)pthread_mutex_unlock(&h->lock);
	await_refs(2);
	await_relieved(&asked_b, 3);
	ck_assert_int_eq(get(&inside), 1);
	__atomic_store_n(&hanging, 0, __ATOMIC_SEQ_CST);
	await_refs(2); /* one is enough again */
	await(&asked_b, get(&asked_b) + 2);
}
END_TEST

START_TEST(functions_of_the_program_are_called_one_at_a_time)
{
	hanging = 1;
	set("health optional callback name=hang every=1h\n"
	    "health optional callback name=b every=100ms\n"
	    "health optional tcp name=c port=1 every=100ms\n");
	await(&inside, 1);
	await_relieved(&asked_c, 3);
	ck_assert_int_eq(get(&asked_b), 0);
	set("health optional callback name=b every=100ms\n"); /* nor after a reload */
	for (int i = 0; i < 20; i++) {
		relieve();
		tell_clock_sleep_ms(1);
	}
	ck_assert_int_eq(get(&asked_b), 0);
	__atomic_store_n(&hanging, 0, __ATOMIC_SEQ_CST);
	await(&asked_b, 2);
}
END_TEST

START_TEST(there_are_four_at_most)
{
	hanging = 1;
	set(HANG(1) HANG(2) HANG(3) HANG(4) HANG(5) HANG(6));
	await_relieved(&inside, TELL_HELPERS);
	for (int i = 0; i < 20; i++) {
		relieve();
		tell_clock_sleep_ms(1);
	}
	await_refs(TELL_HELPERS + 1);
	ck_assert_int_eq(get(&inside), TELL_HELPERS);
	tell_helper_stop(h, in_ms(1)); /* all are left behind */
	ck_assert(!h->runs);
	set("health required tcp name=b port=1 every=1h\n");
	await(&asked_b, 1);
	__atomic_store_n(&hanging, 0, __ATOMIC_SEQ_CST);
	await_refs(2);
	ck_assert_int_eq(get(&asked), TELL_HELPERS + 1);
}
END_TEST

static Suite *helper_suite(void)
{
	Suite *s = suite_create("api/helper");
	TCase *tc = tcase_create("helper");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, it_asks_and_wakes_with_signals_blocked);
	tcase_add_test(tc, it_asks_again_each_period);
	tcase_add_test(tc, without_lines_there_is_no_thread);
	tcase_add_test(tc, a_reload_asks_the_new_lines);
	tcase_add_test(tc, a_reload_does_not_wait_for_a_line_that_hangs);
	tcase_add_test(tc, one_that_hangs_is_left_behind_and_another_begins);
	tcase_add_test(tc, it_can_be_stopped_and_started);
	tcase_add_test(tc, a_line_that_takes_its_time_holds_up_no_other);
	tcase_add_test(tc, functions_of_the_program_are_called_one_at_a_time);
	tcase_add_test(tc, there_are_four_at_most);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(helper_suite)
