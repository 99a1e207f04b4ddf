/* What sinks still hold when a stack ends: at close, at exit, at a reload. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <telltale.h>
#include <unistd.h>
#include "api/init.h"
#include "api/process.h"
#include "support/check_main.h"
#include "support/peer.h"
#include "unit/api/service_fixture.h"

/* Run fn in a child and give what it wrote on stderr. */
static const char *stderr_of(void (*fn)(void))
{
	static char said[4096];
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		fn();
		_exit(0);
	}
	(void)close(ends[1]);
	size_t n = 0;
	for (ssize_t got; n < sizeof(said) - 1 &&
		(got = read(ends[0], said + n, sizeof(said) - 1 - n)) > 0;)
		n += (size_t)got;
	said[n] = '\0';
	(void)close(ends[0]);
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	return said;
}

/* Ten lines are gathered for a file that cannot be written. */
static void gather_in_vain(const char *service)
{
	write_stack(service, "buffer=64KiB path", "missing/log");
	(void)tell_init(service);
	for (int i = 0; i < 10; i++)
		tell_info("gathered");
}

static void gather_and_close(void)
{
	gather_in_vain("closes");
	tell_close();
	struct tell_stack_stats stats;
	tell_service_stats(&tell_process.main, &stats);
	if (stats.delivered || stats.undelivered != stats.records || stats.records < 10)
		_exit(1);
}

static void gather_and_exit(void)
{
	gather_in_vain("exits");
	exit(0);
}

static void gather_and_free(void)
{
	struct tell *t;
	write_stack("frees", "buffer=64KiB path", "missing/log");
	(void)tell_new(&t, "frees");
	tell_to(t, TELL_INFO, "gathered");
	tell_free(t);
}

static void gather_and_flush(void)
{
	gather_in_vain("flushes");
	if (tell_flush(100) != -ETIMEDOUT)
		_exit(1);
	char missing[128];
	in_dir(missing, sizeof(missing), "missing");
	if (mkdir(missing, 0755) != 0)
		_exit(2);
	tell_close();
	_exit(count("missing/log", "\"gathered\"") == 10 ? 0 : 3);
}

/* Nothing at all got out: notes and reports, which the buffer takes as well, are counted in. */
START_TEST(what_was_lost_in_sum_has_all_that_the_buffer_held)
{
	const char *said = stderr_of(gather_and_close);
	const char *end = strstr(said, " records were not delivered");
	ck_assert_msg(end != NULL, "%s", said);
	const char *line = strstr(said, "telltale: closes: ");
	char *of;
	unsigned long lost = strtoul(line + strlen("telltale: closes: "), &of, 10);
	ck_assert_msg(strncmp(of, " of ", 4) == 0, "%s", said);
	ck_assert_uint_eq(lost, strtoul(of + 4, NULL, 10));
	ck_assert_uint_ge(lost, 10);
}
END_TEST

START_TEST(gathered_lines_that_cannot_be_written_at_the_end_are_said)
{
	const char *said = stderr_of(gather_and_close);
	ck_assert_msg(strstr(said, "telltale: closes: 1") &&
			strstr(said, "records were not delivered"),
		"%s", said);
	said = stderr_of(gather_and_exit);
	ck_assert_msg(strstr(said, "records were not delivered") != NULL, "%s", said);
	said = stderr_of(gather_and_free);
	ck_assert_msg(strstr(said, "records were not delivered") != NULL, "%s", said);
}
END_TEST

START_TEST(gathered_lines_survive_a_flush_that_fails)
{
	ck_assert_str_eq(stderr_of(gather_and_flush), "");
}
END_TEST

/* Log to a server that reads nothing until it takes no more, and a frame is cut off; how
 * many were taken. */
static size_t fill_server(void)
{
	static char text[6000];
	memset(text, 'x', sizeof(text) - 1);
	struct tell_line_stats line = { 0 };
	while (line.verdicts[TELL_TIMEOUT] < 3) {
		tell_info(text);
		for (size_t pos = 0; tell_stack_next_line(tell__stack(), &pos, &line);)
			if (strcmp(line.type, "sink") == 0)
				break;
	}
	return (size_t)line.verdicts[TELL_SPOOLED] + (size_t)line.verdicts[TELL_SUCCESS];
}

/* How many whole frames come until the connection ends. */
static size_t whole_frames(int fd)
{
	static char frame[16384];
	size_t n = 0;
	while (tell_peer_frame(fd, frame, sizeof(frame)))
		n++;
	return n;
}

static void write_tcp_stack(const char *service, uint16_t port)
{
	char path[128];
	in_dir(path, sizeof(path), service);
	FILE *f = fopen(path, "we");
	ck_assert_ptr_nonnull(f);
	(void)fprintf(f, "sink required syslog proto=tcp host=127.0.0.1 port=%u\n", port);
	(void)fclose(f);
}

START_TEST(a_frame_that_a_reload_cuts_off_is_counted_and_said)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	write_tcp_stack("till", port);
	ck_assert_int_eq(tell_init("till"), 0);
	size_t taken = fill_server();
	write_stack("till", "path", "till.log");
	ck_assert_int_eq(tell_reload(), 0);
	ck_assert_uint_eq(count("till.log", "1 record was taken already"), 1);
	struct tell_stack_stats stats;
	tell_service_stats(&tell_process.main, &stats);
	ck_assert_uint_ge(stats.undelivered, 1);
	ck_assert_uint_eq(whole_frames(tell_peer_accept(listener)), taken - 1);
	(void)close(listener);
}
END_TEST

START_TEST(a_reload_lets_a_frame_go_out_whole)
{
	uint16_t port = 0;
	int listener = tell_peer_tcp(&port);
	write_tcp_stack("till", port);
	ck_assert_int_eq(tell_init("till"), 0);
	size_t taken = fill_server();
	int fd = tell_peer_accept(listener);
	int got[2];
	ck_assert_int_eq(pipe(got), 0);
	pid_t pid = fork();
	if (pid == 0) { /* the server reads now */
		size_t n = whole_frames(fd);
		_exit(write(got[1], &n, sizeof(n)) != sizeof(n));
	}
	(void)close(fd);
	write_stack("till", "path", "till.log");
	ck_assert_int_eq(tell_reload(), 0);
	size_t whole = 0;
	ck_assert_int_eq(read(got[0], &whole, sizeof(whole)), sizeof(whole));
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	/* On a machine that stood still meanwhile it was given up, and that was said. */
	ck_assert_uint_eq(whole, taken - count("till.log", "1 record was taken already"));
	(void)close(listener);
}
END_TEST

static Suite *ending_suite(void)
{
	Suite *s = suite_create("api/ending");
	TCase *tc = tcase_create("ending");
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, what_was_lost_in_sum_has_all_that_the_buffer_held);
	tcase_add_test(tc, gathered_lines_that_cannot_be_written_at_the_end_are_said);
	tcase_add_test(tc, gathered_lines_survive_a_flush_that_fails);
	tcase_add_test(tc, a_frame_that_a_reload_cuts_off_is_counted_and_said);
	tcase_add_test(tc, a_reload_lets_a_frame_go_out_whole);
	suite_add_tcase(s, tc);
	return s;
}
TELL_CHECK_MAIN(ending_suite)
