#include "api/notify.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/clock.h"
#include "stack/stack.h"
#include "support/check_main.h"
#include "support/rig.h"
#include "support/scratch.h"

#define SEC TELL_NS_PER_SEC

/* A service manager's socket, and a round with a made-up time. */
static struct tell_round r;
static struct tell_notify n;
static int manager = -1;

static void listen_at(const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	memcpy(a.sun_path, name, len);
	if (*name == '@')
		a.sun_path[0] = '\0';
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(
		bind(manager, (struct sockaddr *)&a,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
		0);
	(void)setenv("NOTIFY_SOCKET", name, 1);
}

/* What has come since; "" when nothing has. */
static const char *told(void)
{
	static char text[600];
	ssize_t k = recv(manager, text, sizeof(text) - 1, 0);
	text[k > 0 ? k : 0] = '\0';
	return text;
}

static void begin(const char *text)
{
	struct tell_stack *s = tell_rig_stack(text);
	struct tell_stack *before = tell_round_set(&r, s);
	if (before)
		tell_stack_release(before);
	tell_stack_free(s);
}

static void says(size_t i, enum tell_verdict v, uint64_t at_ns)
{
	struct tell_answer a = { v, at_ns, at_ns, at_ns, NULL };
	tell_round_begin(&r, i, at_ns);
	tell_round_end(&r, i, &a);
}

static void set_up(void)
{
	tell_scratch_make();
	n = (struct tell_notify){ 0 };
	(void)unsetenv("WATCHDOG_PID");
	(void)setenv("WATCHDOG_USEC", "10000000", 1);
	listen_at(tell_scratch_path("notify"));
}

static void tear_down(void)
{
	struct tell_stack *held = tell_round_set(&r, NULL);
	if (held)
		tell_stack_release(held);
	(void)close(manager);
	tell_scratch_remove();
}

#define LIVE  "health required callback name=a every=1h live=yes\n"
#define OTHER "health optional callback name=b every=1h\n"

START_TEST(pings_stop_with_liveness_and_come_back)
{
	begin(LIVE OTHER "health optional watchdog status=no\n");
	ck_assert_uint_eq(tell_notify_due(&n, &r, 100 * SEC), 105 * SEC);
	ck_assert_str_eq(told(), "WATCHDOG=1");
	ck_assert_uint_eq(tell_notify_due(&n, &r, 101 * SEC), 105 * SEC);
	ck_assert_str_eq(told(), "");
	says(1, TELL_FAILED, 102 * SEC); /* readiness only */
	(void)tell_notify_due(&n, &r, 105 * SEC);
	ck_assert_str_eq(told(), "WATCHDOG=1");
	says(0, TELL_FAILED, 106 * SEC);
	for (uint64_t t = 107; t < 200; t++) /* from now on not one */
		(void)tell_notify_due(&n, &r, t * SEC);
	ck_assert_str_eq(told(), "");
	says(0, TELL_SUCCESS, 200 * SEC);
	(void)tell_notify_due(&n, &r, 205 * SEC);
	ck_assert_str_eq(told(), "WATCHDOG=1");
}
END_TEST

START_TEST(a_live_line_that_hangs_ends_them_too)
{
	begin(LIVE "health optional watchdog status=no\n");
	tell_round_begin(&r, 0, 100 * SEC);
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "WATCHDOG=1");
	(void)tell_notify_due(&n, &r, 105 * SEC);
	ck_assert_str_eq(told(), "");
}
END_TEST

START_TEST(ready_once_and_status_with_each_change)
{
	begin(LIVE OTHER "health optional watchdog ready=yes\n");
	(void)unsetenv("WATCHDOG_USEC");
	n.ping_ns = UINT64_MAX;
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), ""); /* nothing is known */
	says(0, TELL_FAILED, 100 * SEC);
	says(1, TELL_FAILED, 100 * SEC);
	says(2, TELL_IGNORE, 100 * SEC);
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "STATUS=unhealthy: a, b");
	says(0, TELL_SUCCESS, 100 * SEC);
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "READY=1");
	ck_assert_str_eq(told(), "STATUS=degraded: b");
	says(1, TELL_SUCCESS, 100 * SEC);
	(void)tell_notify_due(&n, &r, 100 * SEC);
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "STATUS=healthy");
	ck_assert_str_eq(told(), "");
}
END_TEST

START_TEST(a_service_without_checks_is_ready_at_once)
{
	(void)unsetenv("WATCHDOG_USEC");
	begin("health optional watchdog ready=yes\n");
	ck_assert_uint_eq(tell_notify_due(&n, &r, 100 * SEC), UINT64_MAX);
	ck_assert_str_eq(told(), "READY=1");
	n = (struct tell_notify){ 0 };
	begin("health optional watchdog\n"); /* nobody asked for it */
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "");
}
END_TEST

START_TEST(abstract_sockets_have_names)
{
	char name[64];
	(void)close(manager);
	(void)snprintf(name, sizeof(name), "@telltale-check-notify.%d", getpid());
	listen_at(name);
	begin("health optional watchdog\n");
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "WATCHDOG=1");
}
END_TEST

START_TEST(neither_children_nor_other_processes_speak)
{
	begin("health optional watchdog ready=yes\n");
	n.in_child = true;
	ck_assert_uint_eq(tell_notify_due(&n, &r, 100 * SEC), UINT64_MAX);
	ck_assert_str_eq(told(), "");
	n.in_child = false;
	(void)setenv("WATCHDOG_PID", "1", 1);
	begin("health optional watchdog\n");
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "");
	n.in_child = true;
	begin("health optional watchdog child=yes\n");
	(void)tell_notify_due(&n, &r, 100 * SEC);
	ck_assert_str_eq(told(), "WATCHDOG=1");
}
END_TEST

START_TEST(without_a_socket_nothing_is_told)
{
	(void)unsetenv("NOTIFY_SOCKET");
	begin("health optional watchdog ready=yes\n");
	ck_assert_uint_eq(tell_notify_due(&n, &r, 100 * SEC), UINT64_MAX);
	(void)setenv("NOTIFY_SOCKET", "vsock:2:1", 1);
	begin("health optional watchdog ready=yes\n");
	ck_assert_uint_eq(tell_notify_due(&n, &r, 100 * SEC), UINT64_MAX);
}
END_TEST

static Suite *notify_suite(void)
{
	Suite *s = suite_create("api/notify");
	TCase *tc = tcase_create("notify");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, pings_stop_with_liveness_and_come_back);
	tcase_add_test(tc, a_live_line_that_hangs_ends_them_too);
	tcase_add_test(tc, ready_once_and_status_with_each_change);
	tcase_add_test(tc, a_service_without_checks_is_ready_at_once);
	tcase_add_test(tc, abstract_sockets_have_names);
	tcase_add_test(tc, neither_children_nor_other_processes_speak);
	tcase_add_test(tc, without_a_socket_nothing_is_told);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(notify_suite)
