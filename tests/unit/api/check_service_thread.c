#include "api/service_thread.h"
#include "unit/api/thread_fixture.h"

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

START_TEST(with_a_queue_it_looks_ten_times_a_second)
{
	start(QUEUE);
	ask_until(is_asleep, "it rests long");
	tell_clock_sleep_ms(300); /* 100 us doubles to 100 ms within ten rounds */
	uint64_t before = rounds();
	tell_clock_sleep_ms(2000);
	ck_assert_uint_le(rounds() - before, 22);
	ck_assert_uint_ge(rounds() - before, 2);
}
END_TEST

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

static size_t expected;

static int has_come(void)
{
	return flow_count_of("\"found\"") == expected;
}

START_TEST(what_is_queued_without_a_wake_is_found)
{
	start(QUEUE);
	for (int i = 0; i < 5; i++) {
		tell_info("found");
		expected++;
		ask_until(has_come, "the queue is drained");
	}
}
END_TEST

static Suite *service_thread_suite(void)
{
	Suite *s = suite_create("api/service_thread");
	TCase *tc = tcase_create("thread");
	tcase_add_checked_fixture(tc, set_up, tear_down);
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
	tcase_add_test(tc, with_a_queue_it_looks_ten_times_a_second);
	tcase_add_test(tc, a_wake_ends_its_sleep);
	tcase_add_test(tc, what_is_queued_without_a_wake_is_found);
	if (BARE)
		tcase_add_test(tc, a_child_has_none_until_it_logs);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(service_thread_suite)
