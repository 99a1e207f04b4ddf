#include "api/helper.h"
#include <signal.h>
#include <string.h>
#include "base/clock.h"
#include "stack/stack.h"
#include "support/check_main.h"

/* The linker puts it before the stack's own (--wrap): a line answers when it may. */
static int asked, hanging;
static sigset_t masked;

enum tell_verdict __wrap_tell_stack_ask_timed(
	struct tell_stack *s, const struct tell_timed *line, struct tell_run *run);

enum tell_verdict __wrap_tell_stack_ask_timed(
	struct tell_stack *s, const struct tell_timed *line, struct tell_run *run)
{
	(void)s;
	(void)pthread_sigmask(SIG_SETMASK, NULL, &masked);
	__atomic_add_fetch(&asked, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&hanging, __ATOMIC_SEQ_CST))
		tell_clock_sleep_ms(1);
	(void)run;
	return line->live ? TELL_FAILED : TELL_SUCCESS;
}

static int woken;

static void wake(void *arg)
{
	__atomic_add_fetch((int *)arg, 1, __ATOMIC_SEQ_CST);
}

static const struct tell_identity who = { "flow", "host", 1, 1 };
static struct tell_helper *h;

static struct tell_stack *load(const char *text)
{
	struct tell_stack *s = NULL;
	ck_assert_int_eq(tell_stack_load_text(&s, &who, "(test)", text, strlen(text),
				 TELL_STACK_FIRST, NULL),
		0);
	return s;
}

static void set(const char *text)
{
	struct tell_stack *s = load(text);
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
	asked = hanging = woken = 0;
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
	for (uint64_t by_ns = in_ms(20000);;) { /* the first lets go of what it held */
		(void)pthread_mutex_lock(&h->lock);
		uint32_t refs = h->refs;
		(void)pthread_mutex_unlock(&h->lock);
		if (refs == 2)
			break;
		ck_assert(tell_clock_monotonic_ns() < by_ns);
		tell_clock_sleep_ms(1);
	}
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
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(helper_suite)
