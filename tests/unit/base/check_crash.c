#include "base/crash.h"
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/check_main.h"

/* How often a child with this wish passes the point "here" before it dies; 10: it does not. */
static int passes(const char *wish)
{
	int ends[2], n = 0;
	char c;
	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)setenv("TELL_CRASH_AT", wish, 1);
		for (int i = 0; i < 10; i++) {
			tell_crash_point("here");
			(void)!write(ends[1], "x", 1);
		}
		_exit(0);
	}
	(void)close(ends[1]);
	while (read(ends[0], &c, 1) == 1)
		n++;
	(void)close(ends[0]);
	int status;
	(void)waitpid(pid, &status, 0);
	ck_assert(n == 10 ? status == 0 : WIFSIGNALED(status));
	if (n < 10)
		ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	return n;
}

START_TEST(a_point_is_nothing_or_the_end)
{
	bool does = tell_crash_points();
	ck_assert_int_eq(passes("here"), does ? 0 : 10);
	ck_assert_int_eq(passes("here:4"), does ? 3 : 10);
	ck_assert_int_eq(passes("her"), 10);
	ck_assert_int_eq(passes("herein"), 10);
	ck_assert_int_eq(passes(""), 10);
}
END_TEST

static Suite *crash_suite(void)
{
	Suite *s = suite_create("base/crash");
	tell_check_add(s, "crash", a_point_is_nothing_or_the_end, NULL);
	return s;
}
TELL_CHECK_MAIN(crash_suite)
