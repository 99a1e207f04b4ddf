#include "api/control.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/process.h"
#include "base/clock.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/scratch.h"

static struct tell_service service = { .name = "shop" };
static struct tell_control *control;

static struct tell_control *open_one(void)
{
	struct tell_control *c = NULL;
	ck_assert_int_eq(tell_control_open(&c, &service), 0);
	return c;
}

START_TEST(the_socket_is_its_users_only)
{
	struct stat st;
	(void)umask(0);
	control = open_one();
	ck_assert_int_eq(stat(ask_path("shop", 0), &st), 0);
	ck_assert_uint_eq(st.st_mode, S_IFSOCK | 0600);
	ck_assert_int_eq(stat(tell_scratch_path("run/telltale"), &st), 0);
	ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
}
END_TEST

START_TEST(closing_takes_it_away)
{
	char path[256];
	control = open_one();
	(void)snprintf(path, sizeof(path), "%s", ask_path("shop", 0));
	control = tell_control_close(control);
	ck_assert_ptr_null(control);
	ck_assert_int_lt(access(path, F_OK), 0);
	ck_assert_ptr_null(tell_control_close(NULL));
}
END_TEST

/* The process that had our pid before us was killed. */
START_TEST(a_stale_one_of_the_same_name_is_replaced)
{
	char path[256];
	control = open_one();
	(void)snprintf(path, sizeof(path), "%s", ask_path("shop", 0));
	(void)tell_control_child(control, NULL); /* closes, but leaves the name */
	struct tell_control *next = open_one();
	ck_assert_int_eq(access(path, F_OK), 0);
	control = tell_control_close(control); /* is not its any more */
	ck_assert_int_eq(access(path, F_OK), 0);
	control = next;
}
END_TEST

START_TEST(who_lost_the_name_does_not_remove_it)
{
	char path[256];
	control = open_one();
	(void)snprintf(path, sizeof(path), "%s", ask_path("shop", 0));
	ck_assert_int_eq(unlink(path), 0);
	struct tell_control *next = open_one();
	control = tell_control_close(control);
	ck_assert_int_eq(access(path, F_OK), 0);
	control = next;
}
END_TEST

START_TEST(a_live_one_of_the_same_name_is_left_alone)
{
	struct tell_control *second = NULL;
	control = open_one();
	ck_assert_int_eq(tell_control_open(&second, &service), -EADDRINUSE);
	ck_assert_ptr_null(second);
	ck_assert_int_eq(access(ask_path("shop", 0), F_OK), 0);
}
END_TEST

START_TEST(it_sees_that_its_name_is_gone)
{
	uint64_t now_ns = tell_clock_monotonic_ns();
	control = open_one();
	ck_assert(!tell_control_lost(control, now_ns));
	ck_assert_int_eq(unlink(ask_path("shop", 0)), 0);
	ck_assert(!tell_control_lost(control, now_ns + 1)); /* it looks now and then */
	ck_assert(tell_control_lost(control, now_ns + 6 * TELL_NS_PER_SEC));
}
END_TEST

START_TEST(many_ask_at_once)
{
	flow_start("service required settings control=yes\n");
	tell_info("hello");
	pid_t pids[20];
	char path[256];
	(void)snprintf(path, sizeof(path), "%s", ask_path("flow", 0));
	for (size_t i = 0; i < 20; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			/* Beyond eight at a time they are hung up on, and ask again. */
			int tries = 0;
			while (strncmp(ask_bytes(path, "stats", 5), "ok\n", 3) != 0)
				if (++tries == 1000)
					_exit(1);
			_exit(0);
		}
	}
	for (size_t i = 0; i < 20; i++) {
		int status;
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
	tell_close();
}
END_TEST

static void tear_down(void)
{
	control = tell_control_close(control);
	tell_scratch_remove();
}

static Suite *control_suite(void)
{
	Suite *s = suite_create("api/control");
	TCase *tc = tcase_create("socket");
	tcase_add_checked_fixture(tc, ask_set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_socket_is_its_users_only);
	tcase_add_test(tc, closing_takes_it_away);
	tcase_add_test(tc, a_stale_one_of_the_same_name_is_replaced);
	tcase_add_test(tc, who_lost_the_name_does_not_remove_it);
	tcase_add_test(tc, a_live_one_of_the_same_name_is_left_alone);
	tcase_add_test(tc, it_sees_that_its_name_is_gone);
	tcase_add_test(tc, many_ask_at_once);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(control_suite)
