/* Processes, signals and threads under libtelltale-preload.so: what programs do that logging
 * must survive (FAULTS rows 6 to 10, 22). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "preload/hosted.h"
#include "support/check_main.h"

/* Counted in a file, as a queue of datagrams may be full. */
#define TO_FILE "sink required file path=@/log"

static void run(const char *scenario)
{
	int status = hosted_run(scenario);
	ck_assert_msg(status == 0, "%s ended with %#x", scenario, (unsigned)status);
}

static size_t lines_with(const char *text)
{
	char *all = hosted_file("log");
	size_t n = 0;
	for (const char *at = all; (at = strstr(at, text)); at++)
		n++;
	free(all);
	return n;
}

START_TEST(fault_7_a_thousand_children_each_log_as_themselves)
{
	hosted_begin(TO_FILE);
	run("fork-storm");
	ck_assert_uint_eq(lines_with("\"message\":\"child "), 1000);
	ck_assert_uint_eq(lines_with("\"message\":\"parent\""), 1);
	char *all = hosted_file("log"), *save = NULL;
	for (char *line = strtok_r(all, "\n", &save); line;
		line = strtok_r(NULL, "\n", &save)) {
		const char *is = strstr(line, " is "), *pid = strstr(line, "\"pid\":");
		ck_assert_ptr_nonnull(pid);
		if (is)
			ck_assert_int_eq(atoi(is + 4), atoi(pid + 6));
	}
	free(all);
	hosted_end();
}
END_TEST

START_TEST(fault_8_a_vforked_child_logs_as_itself_and_breaks_nothing)
{
	hosted_begin("");
	run("vfork");
	ck_assert_uint_eq(hosted_count(), 40);
	while (hosted_next())
		ck_assert_str_eq(hosted_field("SYSLOG_PID"), "");
	hosted_end();
	hosted_begin(TO_FILE);
	run("vfork");
	ck_assert_uint_eq(lines_with("\"message\":\"vfork "), 20);
	ck_assert_uint_eq(lines_with("\"message\":\"parent "), 20);
	hosted_end();
}
END_TEST

START_TEST(fault_8_closed_descriptors_are_opened_anew_and_the_hosts_files_stay_its_own)
{
	static const char *const stacks[] = { TO_FILE, "" };
	for (int i = 0; i < 2; i++) {
		hosted_begin(stacks[i]);
		run("close-all");
		ck_assert_uint_eq(i ? hosted_count() : lines_with("\"message\":\""), 7);
		char *database = hosted_file("host.db");
		ck_assert_str_eq(database, "");
		free(database);
		hosted_end();
	}
}
END_TEST

START_TEST(a_daemon_logs_as_itself)
{
	hosted_begin("");
	run("daemon");
	hosted_wait(2);
	for (int i = 0; i < 2; i++) {
		char want[64];
		ck_assert(hosted_next());
		(void)snprintf(want, sizeof(want), "%s %s",
			i ? "background" : "foreground", hosted_field("SYSLOG_PID"));
		ck_assert_str_eq(hosted_field("MESSAGE"), want);
		ck_assert_str_eq(hosted_field("SYSLOG_FACILITY"), "3");
	}
	hosted_end();
}
END_TEST

/* As libc's LOG_NDELAY keeps the socket that is connected. */
START_TEST(ndelay_opens_the_sinks_before_a_change_of_root)
{
	if (getuid() != 0)
		return;
	hosted_begin("");
	run("chroot");
	ck_assert(hosted_next());
	ck_assert_str_eq(hosted_field("MESSAGE"), "inside");
	hosted_end();
}
END_TEST

START_TEST(a_child_that_never_logged_makes_no_system_call_at_its_end)
{
	hosted_begin("");
	run("confined");
	ck_assert_uint_eq(hosted_count(), 1);
	hosted_end();
}
END_TEST

START_TEST(fault_6_handlers_of_signals_log_at_any_moment)
{
	hosted_begin(TO_FILE);
	run("signals");
	char *all = hosted_file("log"), *sent = strstr(all, "sent ");
	unsigned n_main = 0, n_signals = 0;
	ck_assert_ptr_nonnull(sent);
	ck_assert_int_eq(sscanf(sent, "sent %u and %u", &n_main, &n_signals), 2);
	free(all);
	ck_assert_uint_eq(lines_with("\"message\":\"main "), n_main);
	/* Each: those that came in the middle of a call are made behind it. */
	ck_assert_uint_eq(lines_with("\"message\":\"signal "), n_signals);
	hosted_end();
}
END_TEST

START_TEST(threads_share_what_openlog_said)
{
	hosted_begin(TO_FILE);
	run("threads");
	ck_assert_uint_eq(lines_with(" of "), 1600);
	ck_assert_uint_eq(lines_with("\"service\":\"thread"), 1600);
	hosted_end();
}
END_TEST

START_TEST(fault_10_a_cancelled_thread_leaves_no_lock_behind)
{
	hosted_begin(TO_FILE);
	run("cancelled");
	ck_assert_uint_eq(lines_with("still here"), 1);
	hosted_end();
}
END_TEST

START_TEST(fault_7_children_of_busy_threads_log)
{
	hosted_begin(TO_FILE);
	run("forking-threads");
	ck_assert_uint_eq(lines_with("\"message\":\"child\""), 50);
	ck_assert_uint_eq(lines_with("all done"), 1);
	hosted_end();
}
END_TEST

START_TEST(who_logs_nothing_has_nothing)
{
	hosted_begin(TO_FILE);
	run("nothing");
	ck_assert_int_ne(access(hosted_path("log"), F_OK), 0);
	hosted_end();
}
END_TEST

/* The host's allocator is not called, whatever it does; what it logs comes, too. */
START_TEST(nothing_is_asked_of_the_hosts_allocator)
{
	hosted_begin("");
	hosted_program("odd_host");
	hosted_environment("TELLTALE_SERVICE=host");
	run("malloc");
	ck_assert_uint_eq(hosted_count_of("by day"), 3);
	hosted_end();
}
END_TEST

/* The host's own fstat(), which our sink calls, logs: behind the record under way, in its
 * order, and what it says of its ident holds from then on. */
START_TEST(what_a_sink_calls_may_log)
{
	static const char *const want[] = { "6 1 host  outer 0", "6 1 host  outer 1",
		"5 1 host  inner call", "4 1 own 7 inner line",
		"3  odd_host  inner entry", "6 2 renamed PID outer 2" };
	hosted_begin("");
	hosted_program("odd_host");
	hosted_environment("TELLTALE_SERVICE=host");
	run("recursion");
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char got[128];
		ck_assert(hosted_next());
		const char *pid = hosted_field("SYSLOG_PID");
		const char *facility = hosted_field("SYSLOG_FACILITY");
		(void)snprintf(got, sizeof(got), "%s %s %s %s %s",
			hosted_field("PRIORITY"), i == 4 ? "" : facility,
			hosted_field("SYSLOG_IDENTIFIER"),
			atoi(pid) == hosted_pid() ? "PID" : pid, hosted_field("MESSAGE"));
		ck_assert_str_eq(got, want[i]);
		ck_assert_str_eq(hosted_field("ORDER_ID"), i == 4 ? "o1" : "");
	}
	ck_assert(!hosted_next());
	hosted_end();
}
END_TEST

/* 8 KiB of stack are what SIGSTKSZ was for decades. */
START_TEST(a_handler_on_a_small_stack_of_its_own_logs)
{
	hosted_begin("");
	hosted_program("odd_host");
	hosted_environment("TELLTALE_SERVICE=host");
	run("small-stack");
	ck_assert_uint_eq(hosted_count_of("on the small stack"), 2);
	hosted_end();
}
END_TEST

static Suite *process_suite(void)
{
	Suite *s = suite_create("preload/process");
	tell_check_add(s, "processes", fault_7_a_thousand_children_each_log_as_themselves,
		fault_8_a_vforked_child_logs_as_itself_and_breaks_nothing,
		fault_8_closed_descriptors_are_opened_anew_and_the_hosts_files_stay_its_own,
		a_daemon_logs_as_itself, ndelay_opens_the_sinks_before_a_change_of_root,
		a_child_that_never_logged_makes_no_system_call_at_its_end,
		who_logs_nothing_has_nothing, NULL);
	tell_check_add(s, "signals", fault_6_handlers_of_signals_log_at_any_moment,
		a_handler_on_a_small_stack_of_its_own_logs, NULL);
	tell_check_add(s, "threads", threads_share_what_openlog_said,
		fault_10_a_cancelled_thread_leaves_no_lock_behind,
		fault_7_children_of_busy_threads_log, NULL);
	tell_check_add(s, "odd hosts", nothing_is_asked_of_the_hosts_allocator,
		what_a_sink_calls_may_log, NULL);
	return s;
}
HOSTED_MAIN(process_suite)
