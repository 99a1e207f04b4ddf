#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check_main.h"
#include "support/peer.h"
#include "support/rig.h"
#include "support/scratch.h"
#include "support/unit.h"

/* All on stdout, fd 1, in a child each: the test's own must stay. */
#define NEED(condition)                                                                  \
	do {                                                                             \
		if (!(condition))                                                        \
			return __LINE__;                                                 \
	} while (0)

static struct tell_rig rig;
static int reader; /* the other end of the child's fd 1 */
static char got[1 << 17];

/* what() with fd 1 being the writing end of a pipe (socketpair), reader its other: 0, or
 * the line that failed. */
static int with_fd_1(int (*what)(void), bool socket)
{
	int result[2], line = -1;

	ck_assert_int_eq(pipe(result), 0);
	pid_t pid = fork();
	if (pid == 0) {
		int ends[2];
		line = socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) : pipe(ends);
		if (line == 0) {
			(void)dup2(ends[1], STDOUT_FILENO);
			(void)close(ends[1]);
			reader = ends[0];
			line = what();
		}
		_exit(write(result[1], &line, sizeof(line)) != sizeof(line));
	}
	(void)close(result[1]);
	(void)!read(result[0], &line, sizeof(line)); /* a dead child leaves -1 */
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	(void)close(result[0]);
	return line;
}

static const char *read_some(void)
{
	ssize_t n = read(reader, got, sizeof(got) - 1);

	got[n > 0 ? n : 0] = '\0';
	return got;
}

static int put_json(void)
{
	tell_rig_open(&rig, "sink required stdout");
	NEED(tell_rig_log(&rig, TELL_INFO, "hi", tell_kv("n", 3)) == TELL_SUCCESS);
	read_some();
	NEED(got[0] == '{' && got[strlen(got) - 1] == '\n');
	NEED(strstr(got, "\"message\":\"hi\"") && strstr(got, "\"n\":3"));
	return 0;
}

START_TEST(a_pipe_gets_json_lines)
{
	ck_assert_int_eq(with_fd_1(put_json, false), 0);
}
END_TEST

START_TEST(a_socket_that_is_not_the_journals_gets_json_lines)
{
	ck_assert_int_eq(with_fd_1(put_json, true), 0);
}
END_TEST

static int put_text(void)
{
	tell_rig_open(&rig, "sink required stdout format=text");
	NEED(tell_rig_log(&rig, TELL_ERROR, "hi", tell_kv("n", 3)) == TELL_SUCCESS);
	NEED(strstr(read_some(), "hi n=3") && !strchr(got, '\033'));
	tell_rig_close(&rig);
	tell_rig_open(&rig, "sink required stdout format=text color=always");
	NEED(tell_rig_say(&rig, TELL_ERROR, "hi") == TELL_SUCCESS);
	NEED(strchr(read_some(), '\033'));
	tell_rig_close(&rig);
	(void)setenv("CLICOLOR_FORCE", "1", 1);
	tell_rig_open(&rig, "sink required stdout format=text");
	NEED(tell_rig_say(&rig, TELL_ERROR, "hi") == TELL_SUCCESS);
	NEED(strchr(read_some(), '\033'));
	tell_rig_close(&rig);
	(void)setenv("NO_COLOR", "1", 1);
	tell_rig_open(&rig, "sink required stdout format=text");
	NEED(tell_rig_say(&rig, TELL_ERROR, "hi") == TELL_SUCCESS);
	NEED(!strchr(read_some(), '\033'));
	tell_rig_close(&rig);
	tell_rig_open(&rig, "sink required stdout format=logfmt");
	NEED(tell_rig_log(&rig, TELL_ERROR, "hi", tell_kv("n", 3)) == TELL_SUCCESS);
	NEED(strstr(read_some(), " n=3"));
	return 0;
}

START_TEST(formats_and_colours_are_as_the_stack_says_then_the_environment)
{
	ck_assert_int_eq(with_fd_1(put_text, false), 0);
}
END_TEST

static int on_a_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0)
		return 0; /* no /dev/pts here, as in a chroot: no terminal to be had */
	NEED(grantpt(master) == 0 && unlockpt(master) == 0);
	int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	NEED(slave >= 0 && dup2(slave, STDOUT_FILENO) == STDOUT_FILENO);
	reader = master;
	(void)setenv("TERM", "xterm", 1);
	tell_rig_open(&rig, "sink required stdout");
	NEED(tell_rig_say(&rig, TELL_ERROR, "hi") == TELL_SUCCESS);
	NEED(got[0] != '{' && strchr(read_some(), '\033') && strstr(got, "hi"));
	tell_rig_close(&rig);
	(void)setenv("TERM", "dumb", 1);
	tell_rig_open(&rig, "sink required stdout");
	NEED(tell_rig_say(&rig, TELL_ERROR, "hi") == TELL_SUCCESS);
	NEED(!strchr(read_some(), '\033'));
	return 0;
}

START_TEST(a_terminal_gets_text_in_colour_unless_it_is_dumb)
{
	ck_assert_int_eq(with_fd_1(on_a_terminal, false), 0);
}
END_TEST

static int in_the_journals_stream(void)
{
	struct stat st;
	char stream[64];
	NEED(fstat(STDOUT_FILENO, &st) == 0);
	(void)snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		(unsigned long long)st.st_ino);
	(void)setenv("JOURNAL_STREAM", stream, 1);
	tell_rig_open(&rig, "sink required stdout");
	(void)tell_rig_say(&rig, TELL_ERROR, "hi"); /* journald may be there or not */
	NEED(!rig.out.cut && rig.out.len > 0);
	NEED(memmem(rig.out.data, rig.out.len, "MESSAGE=hi\n", 11));
	NEED(recv(reader, got, sizeof(got), MSG_DONTWAIT) < 0);
	return 0;
}

START_TEST(the_journals_stream_gets_native_records)
{
	ck_assert_int_eq(with_fd_1(in_the_journals_stream, true), 0);
}
END_TEST

static volatile sig_atomic_t signals;

static void count_signal(int signal)
{
	(void)signal;
	signals++;
}

static int lose_the_reader(void)
{
	sigset_t set, pending;
	(void)signal(SIGPIPE, count_signal);
	tell_rig_open(&rig, "sink required stdout");
	NEED(tell_rig_say(&rig, TELL_INFO, "one") == TELL_SUCCESS);
	(void)close(reader);
	NEED(tell_rig_say(&rig, TELL_INFO, "two") == TELL_UNAVAILABLE);
	NEED(tell_rig_noted(&rig, "stdout-down"));
	NEED(signals == 0);
	/* One that was pending before is the host's, and stays. */
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGPIPE);
	NEED(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && raise(SIGPIPE) == 0);
	NEED(tell_rig_say(&rig, TELL_INFO, "three") == TELL_UNAVAILABLE);
	NEED(sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1);
	NEED(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0 && signals == 1);
	return 0;
}

START_TEST(fault_23_a_reader_that_left_raises_no_signal)
{
	ck_assert_int_eq(with_fd_1(lose_the_reader, false), 0);
	ck_assert_int_eq(with_fd_1(lose_the_reader, true), 0);
}
END_TEST

static int meet_a_deaf_reader(void)
{
	size_t taken = 0, late = 0, lines = 0;
	tell_rig_open(&rig, "sink required stdout");
	while (late < 5) {
		enum tell_verdict v = tell_rig_say(&rig, TELL_INFO, "is anybody there");
		NEED(v == TELL_SUCCESS || v == TELL_TIMEOUT);
		taken += v == TELL_SUCCESS;
		late += v == TELL_TIMEOUT;
	}
	NEED(fcntl(reader, F_SETFL, O_NONBLOCK) == 0);
	for (ssize_t n; (n = read(reader, got, sizeof(got))) > 0;)
		for (ssize_t i = 0; i < n; i++)
			lines += got[i] == '\n';
	NEED(lines == taken);
	NEED(tell_rig_say(&rig, TELL_INFO, "good morning") == TELL_SUCCESS);
	NEED(tell_rig_noted(&rig, "stdout-back"));
	NEED(!(fcntl(STDOUT_FILENO, F_GETFL) &
		O_NONBLOCK)); /* the host's flags are his */
	return 0;
}

START_TEST(fault_15_a_deaf_reader_ends_in_timeouts_and_whole_lines)
{
	ck_assert_int_eq(with_fd_1(meet_a_deaf_reader, false), 0);
	ck_assert_int_eq(with_fd_1(meet_a_deaf_reader, true), 0);
}
END_TEST

static int cut_a_long_line(void)
{
	static char text[60000];
	memset(text, 'x', sizeof(text) - 1);
	tell_rig_open(&rig, "sink required stdout");
	NEED(tell_rig_say(&rig, TELL_INFO, text) == TELL_SUCCESS);
	NEED(tell_rig_say(&rig, TELL_INFO, text) == TELL_TIMEOUT); /* pipes hold 64 KiB */
	size_t len = 0;
	NEED(fcntl(reader, F_SETFL, O_NONBLOCK) == 0);
	for (ssize_t n; (n = read(reader, got + len, sizeof(got) - len)) > 0;)
		len += (size_t)n;
	NEED(tell_rig_say(&rig, TELL_INFO, "short") == TELL_SUCCESS);
	read_some();
	NEED(got[0] == '\n' && got[1] == '{'); /* the torn one ends first */
	return 0;
}

START_TEST(a_line_cut_off_by_the_deadline_ends_before_the_next)
{
	ck_assert_int_eq(with_fd_1(cut_a_long_line, false), 0);
}
END_TEST

static int become_a_daemon(void)
{
	const char *path = tell_scratch_path("out");
	tell_rig_open(&rig, "sink required stdout");
	NEED(tell_rig_say(&rig, TELL_INFO, "one") == TELL_SUCCESS);
	(void)close(STDOUT_FILENO);
	NEED(tell_rig_say(&rig, TELL_INFO, "lost") == TELL_UNAVAILABLE);
	NEED(open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) == STDOUT_FILENO);
	NEED(tell_rig_say(&rig, TELL_INFO, "two") == TELL_SUCCESS);
	NEED(tell_scratch_lines(path) == 1);
	return 0;
}

START_TEST(fault_8_what_fd_1_became_is_where_records_go)
{
	tell_scratch_make();
	int line = with_fd_1(become_a_daemon, false);
	tell_scratch_remove();
	ck_assert_int_eq(line, 0);
}
END_TEST

static Suite *console_suite(void)
{
	Suite *s = suite_create("sink/console");
	TCase *tc = tcase_create("console");
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_pipe_gets_json_lines);
	tcase_add_test(tc, a_socket_that_is_not_the_journals_gets_json_lines);
	tcase_add_test(
		tc, formats_and_colours_are_as_the_stack_says_then_the_environment);
	tcase_add_test(tc, a_terminal_gets_text_in_colour_unless_it_is_dumb);
	tcase_add_test(tc, the_journals_stream_gets_native_records);
	tcase_add_test(tc, fault_23_a_reader_that_left_raises_no_signal);
	tcase_add_test(tc, fault_15_a_deaf_reader_ends_in_timeouts_and_whole_lines);
	tcase_add_test(tc, a_line_cut_off_by_the_deadline_ends_before_the_next);
	tcase_add_test(tc, fault_8_what_fd_1_became_is_where_records_go);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(console_suite)
