#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <telltale.h>
#include <telltale/health.h>
#include <unistd.h>
#include "api/process.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/flow.h"
#include "support/scratch.h"

/* A service and its service manager: what comes to $NOTIFY_SOCKET, and when; and who else waits
 * for a service that logs nothing. */

#ifdef __SANITIZE_THREAD__
#define TSAN true
#else
#define TSAN false
#endif

static int manager = -1;
static char told[16384]; /* all that came, a line each */

static void listen_at(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	memcpy(a.sun_path, path, strlen(path));
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(manager, (struct sockaddr *)&a,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
					 strlen(path))),
		0);
	(void)setenv("NOTIFY_SOCKET", path, 1);
}

static void take(void)
{
	char text[600];
	ssize_t k;
	while ((k = recv(manager, text, sizeof(text) - 1, 0)) > 0) {
		size_t n = strlen(told);
		text[k] = '\0';
		if (n + (size_t)k + 2 < sizeof(told))
			(void)snprintf(told + n, sizeof(told) - n, "%s\n", text);
	}
}

static size_t count(const char *line)
{
	size_t n = 0;
	for (const char *at = told; (at = strstr(at, line)); at++)
		n++;
	return n;
}

static int is_ready_and_alive(void)
{
	take();
	return count("READY=1\n") && count("STATUS=healthy\n") &&
		count("WATCHDOG=1\n") > 1;
}

static void set_up(void)
{
	ask_set_up();
	told[0] = '\0';
	(void)unsetenv("WATCHDOG_PID");
	(void)setenv("WATCHDOG_USEC", "100000", 1);
	listen_at(tell_scratch_path("notify"));
}

static void tear_down(void)
{
	tell_close();
	(void)close(manager);
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	tell_scratch_remove();
}

/* Each test is itself a child. */
#define WATCHED                                                                          \
	"health optional watchdog ready=yes child=yes\nservice required settings control=no\n"

START_TEST(a_service_that_logs_nothing_is_ready)
{
	flow_start("health required permit\n" WATCHED);
	ask_until(is_ready_and_alive, "READY=1, STATUS= and two pings");
	ck_assert_uint_eq(count("READY=1\n"), 1);
}
END_TEST

static void write_stack(const char *lines)
{
	char text[400];
	(void)snprintf(text, sizeof(text), "%ssink required permit\n", lines);
	tell_scratch_write(tell_scratch_path("conf/flow"), text);
}

START_TEST(one_that_is_reloaded_into_it_too)
{
	(void)mkdir(tell_scratch_path("conf"), 0700);
	(void)setenv("TELLTALE_CONFDIR", tell_scratch_path("conf"), 1);
	write_stack("service required settings control=no\n");
	ck_assert_int_eq(tell_init("flow"), 0);
	ck_assert_uint_eq(ask_threads(), 0);
	write_stack("health required permit\n" WATCHED);
	ck_assert_int_eq(tell_reload(), 0);
	ask_until(is_ready_and_alive, "READY=1, STATUS= and two pings");
}
END_TEST

START_TEST(one_that_is_to_tell_its_metrics_has_its_thread_too)
{
	flow_start("metric optional process\nservice required settings control=no\n");
	ck_assert_uint_eq(ask_threads(), 0); /* nobody asks that line */
	tell_close();
	flow_start("metric required publish every=1h\n"
		   "service required settings control=no\n");
	ck_assert_uint_gt(ask_threads(), 0);
}
END_TEST

START_TEST(a_child_says_nothing_before_its_first_record)
{
	if (TSAN)
		return; /* it takes no threads in children */
	flow_start("health required permit\n" WATCHED);
	ask_until(is_ready_and_alive, "READY=1, STATUS= and two pings");
	pid_t pid = fork();
	if (pid == 0)
		_exit(ask_threads() == 0 ? 0 : 1);
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

/* ---- a check that takes its time ---- */

static int hanging, entered, asked; /* atomic */

static enum tell_health_status hang(void *arg, struct tell_health_answer *a)
{
	(void)arg, (void)a;
	__atomic_store_n(&entered, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&hanging, __ATOMIC_SEQ_CST))
		(void)usleep(1000);
	return TELL_HEALTHY;
}

static enum tell_health_status answer(void *arg, struct tell_health_answer *a)
{
	(void)arg, (void)a;
	__atomic_add_fetch(&asked, 1, __ATOMIC_SEQ_CST);
	return TELL_HEALTHY;
}

static int is_in(void)
{
	return __atomic_load_n(&entered, __ATOMIC_SEQ_CST);
}

static int is_asked(void)
{
	return __atomic_load_n(&asked, __ATOMIC_SEQ_CST);
}

static size_t pings;

static int five_more_came(void)
{
	take();
	return count("WATCHDOG=1\n") >= pings + 5;
}

START_TEST(pings_go_on_while_a_check_takes_its_time)
{
	hanging = 1;
	ck_assert_int_eq(tell_health_register("loop", answer, NULL), 0);
	ck_assert_int_eq(tell_health_register("slow", hang, NULL), 0);
	flow_start("health required callback name=loop live=yes every=100ms\n"
		   "health optional callback name=slow timeout=5s\n" WATCHED);
	ask_until(is_asked, "the live line is asked");
	ask_until(is_in, "the slow one is asked");
	take();
	pings = count("WATCHDOG=1\n");
	ask_until(five_more_came, "five pings");
	ck_assert_int_eq(hanging, 1); /* all the while */
	__atomic_store_n(&hanging, 0, __ATOMIC_SEQ_CST);
}
END_TEST

static int ten_more;

static int is_asked_often(void)
{
	return is_asked() >= ten_more;
}

/* A peer that takes the connection and says nothing. */
START_TEST(other_lines_are_asked_while_one_waits_for_its_peer)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char lines[400];
	(void)snprintf(a.sun_path, sizeof(a.sun_path), "%s", tell_scratch_path("peer"));
	int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(peer, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(peer, 8), 0);
	ck_assert_int_eq(tell_health_register("loop", answer, NULL), 0);
	(void)snprintf(lines, sizeof(lines),
		"health optional unix socket=%s expect=hello timeout=60s\n"
		"health required callback name=loop live=yes every=100ms\n" WATCHED,
		a.sun_path);
	flow_start(lines);
	int fd = accept(peer, NULL, NULL);
	ck_assert_int_ge(fd, 0); /* it waits now */
	ten_more = is_asked() + 10;
	ask_until(is_asked_often, "the other line is asked");
	take();
	pings = count("WATCHDOG=1\n");
	ask_until(five_more_came, "five pings");
	(void)close(fd);
	(void)close(peer);
}
END_TEST

static Suite *watched_suite(void)
{
	Suite *s = suite_create("api/watched");
	TCase *tc = tcase_create("watched");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_service_that_logs_nothing_is_ready);
	tcase_add_test(tc, one_that_is_reloaded_into_it_too);
	tcase_add_test(tc, one_that_is_to_tell_its_metrics_has_its_thread_too);
	tcase_add_test(tc, a_child_says_nothing_before_its_first_record);
	tcase_add_test(tc, pings_go_on_while_a_check_takes_its_time);
	tcase_add_test(tc, other_lines_are_asked_while_one_waits_for_its_peer);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(watched_suite)
