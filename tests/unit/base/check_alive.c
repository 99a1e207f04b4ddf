#include "base/alive.h"
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/check_main.h"

static uint32_t me(void)
{
	return (uint32_t)getpid();
}

START_TEST(we_live_and_started_once)
{
	ck_assert_uint_ne(tell_pid_start(me()), 0);
	ck_assert_uint_eq(tell_pid_start(me()), tell_pid_start(me()));
	ck_assert(tell_pid_lives(me(), tell_pid_start(me()), tell_pid_space()));
}
END_TEST

START_TEST(another_start_or_another_space_is_another_process)
{
	ck_assert(!tell_pid_lives(me(), tell_pid_start(me()) + 1, tell_pid_space()));
	ck_assert(!tell_pid_lives(me(), tell_pid_start(me()), tell_pid_space() + 1));
	ck_assert(!tell_pid_lives(me(), tell_pid_start(me()), 0));
}
END_TEST

START_TEST(numbers_that_nobody_has_are_dead)
{
	ck_assert_uint_eq(tell_pid_start(4194305), 0);
	ck_assert(!tell_pid_lives(4194305, 1, tell_pid_space()));
	ck_assert(!tell_pid_lives(0, 0, tell_pid_space()));
	ck_assert(!tell_pid_lives(UINT32_MAX, 0, tell_pid_space()));
}
END_TEST

/* A supervisor may start the next one before it has asked for the last one's end. */
START_TEST(a_process_nobody_waited_for_yet_is_dead)
{
	pid_t pid = fork();
	if (pid == 0)
		(void)pause();
	uint64_t start = tell_pid_start((uint32_t)pid);
	ck_assert(tell_pid_lives((uint32_t)pid, start, tell_pid_space()));
	(void)kill(pid, SIGKILL);
	siginfo_t info;
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	ck_assert_uint_eq(tell_pid_start((uint32_t)pid), start); /* still shown */
	ck_assert(!tell_pid_lives((uint32_t)pid, start, tell_pid_space()));
	(void)waitpid(pid, NULL, 0);
	ck_assert(!tell_pid_lives((uint32_t)pid, start, tell_pid_space()));
}
END_TEST

START_TEST(a_name_of_brackets_and_blanks_does_not_matter)
{
	uint64_t before = tell_pid_start(me());
	ck_assert_int_eq(prctl(PR_SET_NAME, ") Z 1 ) 2 3"), 0);
	ck_assert_uint_eq(tell_pid_start(me()), before);
	ck_assert(tell_pid_lives(me(), before, tell_pid_space()));
}
END_TEST

static Suite *alive_suite(void)
{
	Suite *s = suite_create("queue/alive");
	tell_check_add(s, "alive", we_live_and_started_once,
		another_start_or_another_space_is_another_process,
		numbers_that_nobody_has_are_dead, a_process_nobody_waited_for_yet_is_dead,
		a_name_of_brackets_and_blanks_does_not_matter, NULL);
	return s;
}
TELL_CHECK_MAIN(alive_suite)
