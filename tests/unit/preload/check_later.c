#include "preload/later.h"
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "api/process.h"
#include "support/check_main.h"

static void keep(const char *text)
{
	struct tell_later *later = tell_later_new(TELL_LATER_SYSLOG);
	ck_assert_ptr_nonnull(later);
	ck_assert(tell_later_put(later, text, strlen(text)));
	tell_later_keep(later);
}

static void expect(const char *text)
{
	struct tell_later *later = tell_later_take();
	ck_assert_ptr_nonnull(later);
	ck_assert_str_eq(later->text, text);
	tell_later_free(later);
}

START_TEST(calls_come_back_in_their_order)
{
	ck_assert_ptr_null(tell_later_take());
	for (int round = 0; round < 100; round++) {
		keep("one");
		keep("two");
		expect("one");
		keep("three");
		expect("two");
		expect("three");
		ck_assert_ptr_null(tell_later_take());
	}
}
END_TEST

START_TEST(what_finds_no_place_is_counted)
{
	for (int i = 0; i < TELL_LATER_MAX; i++)
		keep("x");
	uint64_t before = tell_process.lost.nested;
	ck_assert_ptr_null(tell_later_new(TELL_LATER_SYSLOG));
	ck_assert_uint_eq(tell_process.lost.nested, before + 1);
	for (int i = 0; i < TELL_LATER_MAX; i++)
		expect("x");
	keep("again");
	expect("again");
}
END_TEST

START_TEST(one_being_filled_is_not_taken_yet)
{
	struct tell_later *first = tell_later_new(TELL_LATER_LINE);
	keep("second");
	expect("second");
	ck_assert_ptr_null(tell_later_take());
	tell_later_keep(first);
	expect("");
}
END_TEST

START_TEST(long_texts_are_cut_and_marked)
{
	static const char big[TELL_LATER_BYTES + 1];
	struct tell_later *later = tell_later_new(TELL_LATER_SYSLOG);
	ck_assert(tell_later_put(later, big, TELL_LATER_BYTES));
	ck_assert(!later->cut);
	ck_assert(!tell_later_put(later, big, 1));
	ck_assert(later->cut);
	ck_assert_uint_eq(later->len, TELL_LATER_BYTES);
	tell_later_keep(later);
	tell_later_free(tell_later_take());
}
END_TEST

START_TEST(a_child_does_not_say_what_its_parent_will_say)
{
	keep("parent");
	pid_t pid = fork();
	if (pid == 0)
		_exit(tell_later_take() ? 1 : 0);
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	expect("parent");
}
END_TEST

static Suite *later_suite(void)
{
	Suite *s = suite_create("preload/later");
	tell_check_add(s, "calls", calls_come_back_in_their_order,
		what_finds_no_place_is_counted, one_being_filled_is_not_taken_yet,
		long_texts_are_cut_and_marked,
		a_child_does_not_say_what_its_parent_will_say, NULL);
	return s;
}
TELL_CHECK_MAIN(later_suite)
