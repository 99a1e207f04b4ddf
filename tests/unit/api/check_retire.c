/* What becomes of a service's old stacks. */
#include "api/retire.h"
#include "unit/api/reload_fixture.h"

/* Who waits for a stack that nobody leaves need not wait really (--wrap). */
static unsigned slept;
static void (*while_waiting)(void);

void __wrap_tell_clock_sleep_ms(unsigned ms);
void __wrap_tell_clock_sleep_ms(unsigned ms)
{
	slept += ms;
	if (while_waiting)
		while_waiting();
}

static const struct tell_service *shop = &tell_process.main;

static struct tell_stack_stats stats(void)
{
	struct tell_stack_stats now;
	tell_service_stats(shop, &now);
	return now;
}

static uint64_t delivered_to_files(void)
{
	struct tell_ledger ledger;
	uint64_t n = 0;
	tell_service_ledger(shop, &ledger);
	for (size_t i = 0; i < ledger.n; i++)
		n += ledger.rows[i].verdicts[TELL_SUCCESS];
	return n;
}

/* This thread stands in a sink of the stack in force, as another one would. */
static void stand_still(void)
{
	tell_thread_self()->using = shop->stack;
}

static void go_on(void)
{
	tell_thread_self()->using = NULL;
}

static void begin(void)
{
	write_stack("shop", "", "a");
	ck_assert_int_eq(tell_init("shop"), 0);
	tell_info("one");
	tell_info("two");
	write_stack("shop", "", "b");
}

START_TEST(a_reload_waits_for_who_walks_the_old_one)
{
	begin();
	stand_still();
	while_waiting = go_on;
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert_ptr_null(shop->stuck);
	ck_assert_uint_eq(slept, 1);
	ck_assert_uint_eq(stats().delivered, 2);
}
END_TEST

START_TEST(one_that_is_given_up_keeps_its_numbers)
{
	begin();
	stand_still();
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert_ptr_nonnull(shop->stuck);
	ck_assert_uint_ge(slept, 1000);
	ck_assert_uint_eq(stats().records, 2);
	ck_assert_uint_eq(stats().delivered, 2);
	ck_assert_uint_eq(delivered_to_files(), 2);
	go_on();
	tell_info("three");
	ck_assert_uint_eq(stats().delivered, 3);
	ck_assert_uint_eq(delivered_to_files(), 3);
}
END_TEST

START_TEST(and_is_freed_once_nobody_walks_it)
{
	begin();
	stand_still();
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert_int_eq(tell_reload(), 0); /* still there */
	ck_assert_ptr_nonnull(shop->stuck);
	ck_assert_uint_eq(stats().delivered, 2);
	go_on();
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert_ptr_null(shop->stuck);
	ck_assert_uint_eq(stats().delivered, 2);
	ck_assert_uint_eq(delivered_to_files(), 2);
}
END_TEST

START_TEST(a_child_has_nothing_of_it)
{
	begin();
	stand_still();
	ck_assert_int_eq(tell_reload(), 0);
	go_on();
	tell_service_child(&tell_process.main);
	ck_assert_uint_eq(stats().delivered, 0);
	tell_info("three");
	ck_assert_uint_eq(stats().delivered, 1);
}
END_TEST

static Suite *retire_suite(void)
{
	Suite *s = suite_create("api/retire");
	TCase *tc = tcase_create("retire");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_reload_waits_for_who_walks_the_old_one);
	tcase_add_test(tc, one_that_is_given_up_keeps_its_numbers);
	tcase_add_test(tc, and_is_freed_once_nobody_walks_it);
	tcase_add_test(tc, a_child_has_nothing_of_it);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(retire_suite)
