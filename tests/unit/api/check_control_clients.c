#include "api/control_clients.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "api/control.h"
#include "base/clock.h"
#include "support/ask.h"
#include "support/check_main.h"
#include "support/scratch.h"

/* Clients of a listener of our own, at a time of our own. What is asked is echoed. */
static struct tell_clients clients;
static int listener;
static char path[200];
static uint64_t now_ns;
static size_t answer_bytes;

void tell_control_obey(struct tell_service *s, const char *request, size_t n,
	const char *by, struct tell_buf *answer)
{
	(void)s;
	tell_buf_printf(answer, "%s said ", by);
	tell_buf_put(answer, request, n);
	for (size_t i = 0; i < answer_bytes; i++)
		tell_buf_putc(answer, 'x');
}

static void set_up(void)
{
	ask_set_up();
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("socket"));
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		tell_scratch_path("socket"));
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 16), 0);
	tell_clients_init(&clients);
	now_ns = tell_clock_monotonic_ns();
}

static uint64_t serve(void)
{
	ck_assert(tell_clients_accept(&clients, listener, now_ns));
	return tell_clients_serve(&clients, NULL, now_ns);
}

/* What has come: its length; 0: the end; -1: nothing yet. */
static ssize_t take(int fd, char *text, size_t size)
{
	ssize_t n = recv(fd, text, size - 1, MSG_DONTWAIT);
	text[n > 0 ? n : 0] = '\0';
	ck_assert(n >= 0 || errno == EAGAIN);
	return n;
}

START_TEST(a_question_is_answered_and_hung_up_on)
{
	char text[200], want[200];
	int fd = ask_connect(path);
	ck_assert_uint_ne(serve(), UINT64_MAX); /* it waits for the question */
	ck_assert_int_eq(take(fd, text, sizeof(text)), -1);
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	ck_assert_uint_eq(serve(), UINT64_MAX);
	(void)snprintf(want, sizeof(want), "user %u, pid %d said hello",
		(unsigned)geteuid(), (int)getpid());
	ck_assert_int_gt(take(fd, text, sizeof(text)), 0);
	ck_assert_str_eq(text, want);
	ck_assert_int_eq(take(fd, text, sizeof(text)), 0);
}
END_TEST

START_TEST(who_says_nothing_is_hung_up_on)
{
	char text[200];
	int fd = ask_connect(path);
	uint64_t until_ns = serve();
	ck_assert_uint_eq(until_ns, now_ns + 5 * TELL_NS_PER_SEC);
	now_ns = until_ns - 1;
	(void)serve();
	ck_assert_int_eq(take(fd, text, sizeof(text)), -1);
	now_ns = until_ns;
	ck_assert_uint_eq(serve(), UINT64_MAX);
	ck_assert_int_eq(take(fd, text, sizeof(text)), 0);
}
END_TEST

START_TEST(who_takes_nothing_is_waited_for_and_hung_up_on)
{
	char text[200];
	answer_bytes = 4 << 20; /* more than a socket holds */
	int fd = ask_connect(path);
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	uint64_t until_ns = serve();
	ck_assert_uint_ne(until_ns, UINT64_MAX);
	struct pollfd p[TELL_CLIENTS_MAX];
	ck_assert_uint_eq(tell_clients_poll(&clients, p), 1);
	ck_assert_int_eq(p[0].events, POLLOUT);
	ck_assert_int_gt(take(fd, text, sizeof(text)), 0);
	now_ns = until_ns;
	ck_assert_uint_eq(serve(), UINT64_MAX);
	ck_assert_uint_eq(tell_clients_poll(&clients, p), 0);
}
END_TEST

START_TEST(a_long_answer_comes_whole)
{
	static char text[1 << 16];
	size_t len = 0;
	answer_bytes = 3 << 20;
	int fd = ask_connect(path);
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	for (ssize_t n = -1; n != 0; len += n > 0 ? (size_t)n : 0) {
		(void)serve();
		n = take(fd, text, sizeof(text));
	}
	ck_assert_uint_gt(len, answer_bytes);
	ck_assert_uint_lt(len, answer_bytes + 100);
}
END_TEST

START_TEST(an_answer_without_end_is_refused)
{
	char text[200];
	answer_bytes = TELL_ANSWER_MAX;
	int fd = ask_connect(path);
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	(void)serve();
	ck_assert_int_gt(take(fd, text, sizeof(text)), 0);
	ck_assert_str_eq(text, "error 70 the answer is too large\n");
}
END_TEST

START_TEST(only_so_many_are_served_at_a_time)
{
	char text[200];
	int fds[TELL_CLIENTS_MAX + 1];
	struct pollfd p[TELL_CLIENTS_MAX];
	for (size_t i = 0; i <= TELL_CLIENTS_MAX; i++)
		fds[i] = ask_connect(path);
	(void)serve();
	ck_assert_uint_eq(tell_clients_poll(&clients, p), TELL_CLIENTS_MAX);
	ck_assert_int_eq(take(fds[TELL_CLIENTS_MAX], text, sizeof(text)), 0);
	ck_assert_int_eq(take(fds[0], text, sizeof(text)), -1);
	(void)close(fds[0]);
	(void)serve();
	ck_assert_uint_eq(tell_clients_poll(&clients, p), TELL_CLIENTS_MAX - 1);
	int next = ask_connect(path);
	(void)serve();
	ck_assert_int_eq(take(next, text, sizeof(text)), -1); /* there is a place again */
}
END_TEST

START_TEST(another_user_is_hung_up_on)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chmod(tell_scratch_path("."), 0755), 0);
	ck_assert_int_eq(chmod(path, 0666), 0);
	pid_t pid = fork();
	if (pid == 0) {
		char c;
		if (setresuid(12345, 12345, 12345) != 0)
			_exit(2);
		int fd = ask_connect(path);
		(void)send(fd, "hello", 5, MSG_NOSIGNAL);
		_exit(recv(fd, &c, 1, 0) > 0);
	}
	int status;
	while (waitpid(pid, &status, WNOHANG) == 0)
		(void)serve();
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(without_descriptors_it_says_so)
{
	struct rlimit before, few;
	int fd = ask_connect(path);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = (rlim_t)fd + 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	ck_assert(!tell_clients_accept(&clients, listener, now_ns));
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert(tell_clients_accept(&clients, listener, now_ns));
}
END_TEST

START_TEST(a_child_closes_only_its_copies)
{
	char text[200];
	int fd = ask_connect(path);
	(void)serve();
	pid_t pid = fork();
	if (pid == 0) {
		tell_clients_child(&clients);
		struct pollfd p[TELL_CLIENTS_MAX];
		_exit((int)tell_clients_poll(&clients, p));
	}
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	(void)serve();
	ck_assert_int_gt(take(fd, text, sizeof(text)), 0);
}
END_TEST

static void tear_down(void)
{
	tell_clients_done(&clients);
	tell_scratch_remove();
}

static Suite *control_clients_suite(void)
{
	Suite *s = suite_create("api/control_clients");
	TCase *tc = tcase_create("clients");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_question_is_answered_and_hung_up_on);
	tcase_add_test(tc, who_says_nothing_is_hung_up_on);
	tcase_add_test(tc, who_takes_nothing_is_waited_for_and_hung_up_on);
	tcase_add_test(tc, a_long_answer_comes_whole);
	tcase_add_test(tc, an_answer_without_end_is_refused);
	tcase_add_test(tc, only_so_many_are_served_at_a_time);
	tcase_add_test(tc, another_user_is_hung_up_on);
	tcase_add_test(tc, without_descriptors_it_says_so);
	tcase_add_test(tc, a_child_closes_only_its_copies);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(control_clients_suite)
