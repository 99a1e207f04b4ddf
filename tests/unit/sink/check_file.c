#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/held.h"
#include "base/generation.h"
#include "support/check_main.h"
#include "support/rig.h"
#include "support/scratch.h"

static struct tell_rig rig;
static char the_log[4096];

static void begin(void)
{
	tell_scratch_make();
	(void)snprintf(the_log, sizeof(the_log), "%s", tell_scratch_path("log"));
}

static void end(void)
{
	tell_scratch_remove();
}

START_TEST(a_record_is_one_json_line)
{
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "hi\nthere", tell_kv("n", 3)),
		TELL_SUCCESS);
	char *text = tell_scratch_read(the_log, NULL);
	ck_assert_ptr_nonnull(strstr(text, "\"level\":\"info\""));
	ck_assert_ptr_nonnull(strstr(text, "\"message\":\"hi\\nthere\""));
	ck_assert_ptr_nonnull(strstr(text, "\"n\":3"));
	ck_assert_uint_eq(tell_scratch_lines(the_log), 1);
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(other_formats_are_lines_too)
{
	tell_rig_open(&rig,
		"sink required file path=%s format=logfmt\n"
		"sink required file path=%s2 format=text",
		the_log, the_log);
	ck_assert_int_eq(
		tell_rig_log(&rig, TELL_INFO, "hi", tell_kv("n", 3)), TELL_SUCCESS);
	char *text = tell_scratch_read(the_log, NULL);
	ck_assert_ptr_nonnull(strstr(text, "n=3"));
	free(text);
	char other[4200];
	(void)snprintf(other, sizeof(other), "%s2", the_log);
	text = tell_scratch_read(other, NULL);
	ck_assert_ptr_nonnull(strstr(text, "hi n=3")); /* full by default */
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_new_file_has_its_mode_whatever_the_umask)
{
	struct stat st;
	mode_t old = umask(0077);
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	(void)umask(old);
	ck_assert_int_eq(stat(the_log, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(an_existing_file_is_appended_to)
{
	tell_scratch_write(the_log, "old\n");
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	tell_rig_say(&rig, TELL_INFO, "new");
	char *text = tell_scratch_read(the_log, NULL);
	ck_assert_int_eq(strncmp(text, "old\n{", 5), 0);
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(half_a_line_of_before_gets_its_newline)
{
	tell_scratch_write(the_log, "old\nhal");
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	tell_rig_say(&rig, TELL_INFO, "new");
	char *text = tell_scratch_read(the_log, NULL);
	ck_assert_int_eq(strncmp(text, "old\nhal\n{", 9), 0);
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_reopen_goes_on_in_the_new_file)
{
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	tell_rig_say(&rig, TELL_INFO, "one");
	const char *old = tell_scratch_path("log.1");
	ck_assert_int_eq(rename(the_log, old), 0);
	tell_rig_say(&rig, TELL_INFO, "two");
	ck_assert_int_eq(tell_stack_reopen(rig.stack), 0);
	tell_rig_say(&rig, TELL_INFO, "three");
	ck_assert_uint_eq(tell_scratch_lines(the_log), 1);
	ck_assert_uint_eq(tell_scratch_lines(old), 2);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_20_a_rename_is_noticed_without_being_told)
{
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	tell_rig_say(&rig, TELL_INFO, "one");
	const char *old = tell_scratch_path("log.1");
	ck_assert_int_eq(rename(the_log, old), 0);
	size_t said = 1;
	for (int i = 0; i < 5000 && tell_scratch_lines(the_log) == 0; i++, said++) {
		ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "more"), TELL_SUCCESS);
		(void)usleep(2000);
	}
	ck_assert_uint_gt(tell_scratch_lines(the_log), 0);
	ck_assert_uint_eq(tell_scratch_lines(the_log) + tell_scratch_lines(old), said);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_21_a_missing_directory_is_unavailable_until_it_is_there)
{
	char path[4200], dir[4200];
	(void)snprintf(dir, sizeof(dir), "%s", tell_scratch_path("later"));
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("later/log"));
	tell_rig_open(&rig, "sink required file path=%s", path);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert(tell_rig_noted(&rig, "file-down"));
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert(!tell_rig_noted(&rig, "file-down"));
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "found"), TELL_SUCCESS);
	ck_assert(tell_rig_noted(&rig, "file-back"));
	ck_assert_ptr_nonnull(strstr(rig.notes.list[0].text, "2 did not get through"));
	ck_assert_uint_eq(tell_scratch_lines(path), 1);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_30_what_is_no_plain_file_is_refused)
{
	const char *target = tell_scratch_path("target");
	tell_scratch_write(target, "");
	ck_assert_int_eq(symlink(target, the_log), 0);
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required file path=%s", the_log),
			"symbolic link"));
	ck_assert_int_eq(unlink(the_log), 0);
	ck_assert_int_eq(link(target, the_log), 0);
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required file path=%s", the_log), "hard link"));
	ck_assert_int_eq(unlink(the_log), 0);
	ck_assert_int_eq(mkfifo(the_log, 0600), 0);
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required file path=%s", the_log), "regular file"));
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required file path=/dev/null"), "regular file"));
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required file path=rel/log"), "absolute path"));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required file format=json"), "path"));
}
END_TEST

START_TEST(a_check_tells_what_never_works_from_what_this_host_lacks)
{
	static const char *const never[] = { "rel/log", "/var/log/", "/" };
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		const char *said = tell_rig_check("sink required file path=%s", never[i]);
		ck_assert_msg(strstr(said, "error: ") && strstr(said, "absolute path"),
			"%s: %s", never[i], said);
		ck_assert_ptr_nonnull(
			strstr(tell_rig_refusal("sink required file path=%s", never[i]),
				"absolute path"));
	}
	const char *dir = tell_scratch_path("no");
	const char *said = tell_rig_check("sink required file path=%s/log", dir);
	ck_assert_ptr_null(strstr(said, "error: "));
	ck_assert_ptr_nonnull(
		strstr(said, "warning: on this host, there is no directory "));
	ck_assert_ptr_nonnull(strstr(said, dir));
	ck_assert_int_eq(symlink("/dev/null", tell_scratch_path("link")), 0);
	said = tell_rig_check("sink required file path=%s", tell_scratch_path("link"));
	ck_assert_ptr_nonnull(strstr(said, "warning: on this host, "));
	ck_assert_ptr_nonnull(strstr(said, "symbolic link"));
	ck_assert_str_eq(
		tell_rig_check("sink required file path=%s", tell_scratch_path("new")),
		"");
	ck_assert_int_ne(access(tell_scratch_path("new"), F_OK), 0);
}
END_TEST

START_TEST(fault_30_a_link_planted_during_rotation_is_not_followed)
{
	const char *target = tell_scratch_path("target");
	tell_scratch_write(target, "");
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	ck_assert_int_eq(unlink(the_log), 0);
	ck_assert_int_eq(symlink(target, the_log), 0);
	ck_assert_int_ne(tell_stack_reopen(rig.stack), 0);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(rig.notes.list[0].text, "symbolic link"));
	ck_assert_uint_eq(tell_scratch_lines(target), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(gathered_lines_are_written_when_full_and_at_flush)
{
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", the_log);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SPOOLED);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 0);
	ck_assert_int_eq(tell_rig_flush(&rig, 1000), 0);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 1);
	for (int i = 0; i < 100; i++)
		tell_rig_say(&rig, TELL_INFO, "more");
	ck_assert_uint_gt(tell_scratch_lines(the_log), 50);
	tell_rig_close(&rig);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 101);
}
END_TEST

START_TEST(gathered_lines_wait_for_a_second_and_not_for_a_clock_set_back)
{
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", the_log);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SPOOLED);
	rig.later_ns = TELL_NS_PER_SEC - 1;
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "two"), TELL_SPOOLED);
	rig.later_ns = TELL_NS_PER_SEC;
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "three"), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 3);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "four"), TELL_SPOOLED);
	rig.later_ns = 0;
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "five"), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 5);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_warning_takes_the_gathered_lines_with_it)
{
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", the_log);
	tell_rig_say(&rig, TELL_NOTICE, "one");
	ck_assert_int_eq(tell_rig_say(&rig, TELL_WARNING, "two"), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 2);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(gathered_lines_that_nobody_waits_for_are_counted)
{
	const char *missing = tell_scratch_path("missing/log");
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", missing);
	tell_rig_say(&rig, TELL_INFO, "one");
	tell_rig_say(&rig, TELL_INFO, "two");
	ck_assert_int_eq(tell_rig_flush(&rig, 1000), -ENOENT);
	ck_assert_uint_eq(tell_stack_give_up(rig.stack, &rig.run), 2);
	ck_assert(tell_rig_noted(&rig, "dropped"));
	ck_assert_ptr_nonnull(strstr(rig.notes.list[1].text, "/log: 2 records were"));
	ck_assert_int_eq(tell_rig_flush(&rig, 1000), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(gathered_lines_that_get_through_in_the_end_are_not_called_lost)
{
	const char *dir = tell_scratch_path("later");
	char path[4200];
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("later/log"));
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", path);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_WARNING, "held"), TELL_SPOOLED);
	ck_assert(tell_rig_noted(&rig, "file-down"));
	ck_assert_int_eq(tell_rig_flush(&rig, 1000), -ENOENT);
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_WARNING, "more"), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(path), 2);
	ck_assert(tell_rig_noted(&rig, "file-back"));
	for (size_t i = 0; i < rig.notes.n; i++)
		ck_assert_ptr_null(strstr(rig.notes.list[i].text, "did not get through"));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_7_a_child_does_not_write_its_parents_lines_again)
{
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", the_log);
	tell_rig_say(&rig, TELL_INFO, "parent");
	pid_t pid = fork();
	if (pid == 0) {
		tell_stack_child(rig.stack, &rig.who);
		tell_rig_say(&rig, TELL_INFO, "child");
		tell_rig_close(&rig);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	tell_rig_close(&rig);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 2);
}
END_TEST

/* What breaks libcheck's own files, too, happens in a child: 0, or the line that failed. */
#define NEED(condition)                                                                  \
	do {                                                                             \
		if (!(condition))                                                        \
			return __LINE__;                                                 \
	} while (0)

static int in_child(int (*what)(void))
{
	int result[2], line = -1;
	ck_assert_int_eq(pipe(result), 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)dup2(result[1], STDIN_FILENO); /* survives closing 3 and above */
		line = what();
		_exit(write(STDIN_FILENO, &line, sizeof(line)) != sizeof(line));
	}
	(void)close(result[1]);
	ck_assert_int_eq(read(result[0], &line, sizeof(line)), sizeof(line));
	(void)close(result[0]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	return line;
}

/* Every line but blank ones is a whole record: how many, or -1. */
static int whole_lines(void)
{
	char *text = tell_scratch_read(the_log, NULL);
	int whole = 0;
	for (char *line = text, *next; whole >= 0 && *line; line = next) {
		char *newline = strchr(line, '\n');
		if (!newline) {
			whole = -1;
			break;
		}
		*newline = '\0';
		next = newline + 1;
		if (line[strspn(line, " ")] == '\0')
			continue;
		const char *first = strstr(line, "\"timestamp\"");
		bool one = first && !strstr(first + 1, "\"timestamp\"");
		whole = one && line[0] == '{' && newline[-1] == '}' ? whole + 1 : -1;
	}
	free(text);
	return whole;
}

static int meet_a_size_limit(void)
{
	const struct rlimit small = { 1000, RLIM_INFINITY };
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	int taken = 0, full = 0;

	tell_rig_open(&rig, "sink required file path=%s", the_log);
	NEED(setrlimit(RLIMIT_FSIZE, &small) == 0);
	NEED(tell_stack_reopen(rig.stack) == 0); /* else seen within a second */
	for (int i = 0; i < 20; i++) {
		enum tell_verdict v = tell_rig_say(
			&rig, TELL_INFO, "a line of some length");
		taken += v == TELL_SUCCESS;
		full += v == TELL_FULL;
	}
	NEED(setrlimit(RLIMIT_FSIZE, &none) == 0);
	NEED(taken > 0 && full > 0 && taken + full == 20);
	NEED(tell_rig_say(&rig, TELL_INFO, "after") == TELL_SUCCESS);
	NEED(whole_lines() == taken + 1);
	return 0;
}

START_TEST(fault_23_a_limit_on_file_sizes_drops_whole_records_and_kills_nobody)
{
	ck_assert_int_eq(in_child(meet_a_size_limit), 0);
}
END_TEST

static int become_a_daemon(void)
{
	const char *other = tell_scratch_path("database");
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	NEED(tell_rig_say(&rig, TELL_INFO, "one") == TELL_SUCCESS);
	/* It closes all, ours a moment after it was last looked at. */
	for (int fd = 3; fd < TELL_HELD_MAX; fd++)
		(void)close(fd);
	for (int i = 0; i < 5; i++)
		NEED(open(other, O_RDWR | O_CREAT, 0600) >= 0);
	NEED(tell_rig_say(&rig, TELL_INFO, "two") == TELL_SUCCESS);
	NEED(tell_scratch_lines(the_log) == 2);
	NEED(tell_scratch_lines(other) == 0);
	return 0;
}

START_TEST(fault_8_a_descriptor_closed_under_us_is_replaced_and_strangers_stay_clean)
{
	ck_assert_int_eq(in_child(become_a_daemon), 0);
}
END_TEST

static int run_out_of_descriptors(void)
{
	struct rlimit old;
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	NEED(tell_rig_say(&rig, TELL_INFO, "one") == TELL_SUCCESS);
	NEED(getrlimit(RLIMIT_NOFILE, &old) == 0);
	const struct rlimit none = { 3, old.rlim_max };
	NEED(setrlimit(RLIMIT_NOFILE, &none) == 0);
	(void)tell_stack_reopen(rig.stack);
	enum tell_verdict v = tell_rig_say(&rig, TELL_INFO, "two");
	NEED(setrlimit(RLIMIT_NOFILE, &old) == 0);
	NEED(v == TELL_SUCCESS);
	NEED(tell_scratch_lines(the_log) == 2);
	return 0;
}

START_TEST(fault_22_without_descriptors_the_old_file_goes_on)
{
	ck_assert_int_eq(in_child(run_out_of_descriptors), 0);
}
END_TEST

static void *many(void *arg)
{
	struct tell_rig own;
	tell_rig_share(&own, arg);
	for (int i = 0; i < 500; i++)
		(void)tell_rig_say(&own, TELL_INFO, "from a thread");
	tell_rig_close(&own);
	return NULL;
}

START_TEST(threads_write_whole_lines)
{
	pthread_t threads[4];
	tell_rig_open(&rig, "sink required file path=%s", the_log);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, many, &rig), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 2000);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_full_file_is_rotated_and_old_ones_go)
{
	char text[2000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	tell_rig_open(&rig, "sink required file path=%s rotate=4KiB max_files=2 link=now",
		the_log);
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, text), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 2); /* two lines fill one */
	ck_assert_uint_eq(tell_scratch_lines(tell_scratch_path("now")), 2);
	struct tell_generations all;
	int dir = open(tell_scratch_path(""), O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(tell_generations_list(&all, dir, "log"), 0);
	ck_assert_uint_eq(all.n, 2);
	ck_assert_uint_eq(all.list[1].number, 4);
	tell_generations_done(&all);
	(void)close(dir);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_link_replaces_nobodys_file_and_says_so)
{
	const char *now = tell_scratch_path("now");
	tell_scratch_write(now, "mine\n");
	const char *said = tell_rig_check("sink required file path=%s link=now", the_log);
	ck_assert_ptr_nonnull(strstr(said, "warning: "));
	ck_assert_ptr_nonnull(strstr(said, "is no symbolic link: it stays"));

	tell_rig_open(&rig, "sink required file path=%s link=now", the_log);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SUCCESS);
	ck_assert_uint_eq(rig.notes.n, 1);
	ck_assert_ptr_nonnull(
		strstr(rig.notes.list[0].text, "no symbolic link stands there"));
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "two"), TELL_SUCCESS);
	ck_assert_uint_eq(rig.notes.n, 0); /* of this record */
	ck_assert_uint_eq(tell_scratch_lines(now), 1);
	tell_rig_close(&rig);

	ck_assert_int_eq(unlink(now), 0);
	said = tell_rig_check("sink required file path=%s link=now", the_log);
	ck_assert_ptr_null(strstr(said, "warning: "));
	tell_rig_open(&rig, "sink required file path=%s link=now", the_log);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "three"), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(now), 3);
	said = tell_rig_check("sink required file path=%s link=now", the_log);
	ck_assert_ptr_null(strstr(said, "warning: "));
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_wish_that_cannot_be_is_refused_with_its_fix)
{
	static const char *const bad[][2] = { { "rotate=500", "has no unit" },
		{ "rotate=1XB", "neither a size nor a time" },
		{ "rotate=1MB max_files=0", "delete every file" },
		{ "rotate=1MB max_size=1kB", "less than one file" },
		{ "sync=always buffer=64KiB", "holds lines back" },
		{ "link=a/b", "cannot be the link's name" },
		{ "link=log", "cannot be the link's name" } };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *said = tell_rig_refusal(
			"sink required file path=%s %s", the_log, bad[i][0]);
		ck_assert_msg(strstr(said, bad[i][1]), "%s: %s", bad[i][0], said);
		said = tell_rig_check(
			"sink required file path=%s %s", the_log, bad[i][0]);
		ck_assert_msg(strstr(said, "error: ") && strstr(said, bad[i][1]),
			"%s: %s", bad[i][0], said);
	}
	const char *said = tell_rig_check(
		"sink required file path=%s max_age=1d", the_log);
	ck_assert_ptr_nonnull(strstr(said, "warning: "));
	ck_assert_ptr_nonnull(
		strstr(said, "warning: max_age=1d does nothing without rotate="));
}
END_TEST

START_TEST(a_line_on_the_disk_is_success_and_one_on_its_way_is_spooled)
{
	tell_rig_open(&rig, "sink required file path=%s sync=batch", the_log);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_WARNING, "now"), TELL_SUCCESS);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "later"), TELL_SPOOLED);
	ck_assert_uint_eq(tell_scratch_lines(the_log), 2);
	ck_assert_int_eq(tell_rig_flush(&rig, 1000), 0);
	rig.later_ns = 2 * TELL_NS_PER_SEC;
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "a second on"), TELL_SUCCESS);
	tell_rig_close(&rig);
	tell_rig_open(&rig, "sink required file path=%s sync=always", the_log);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "at once"), TELL_SUCCESS);
	tell_rig_close(&rig);
}
END_TEST

static Suite *file_suite(void)
{
	Suite *s = suite_create("sink/file");
	TCase *tc = tcase_create("file");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_record_is_one_json_line);
	tcase_add_test(tc, other_formats_are_lines_too);
	tcase_add_test(tc, a_new_file_has_its_mode_whatever_the_umask);
	tcase_add_test(tc, an_existing_file_is_appended_to);
	tcase_add_test(tc, half_a_line_of_before_gets_its_newline);
	tcase_add_test(tc, a_reopen_goes_on_in_the_new_file);
	tcase_add_test(tc, fault_20_a_rename_is_noticed_without_being_told);
	tcase_add_test(tc, fault_21_a_missing_directory_is_unavailable_until_it_is_there);
	tcase_add_test(tc, fault_30_what_is_no_plain_file_is_refused);
	tcase_add_test(tc, a_check_tells_what_never_works_from_what_this_host_lacks);
	tcase_add_test(tc, fault_30_a_link_planted_during_rotation_is_not_followed);
	tcase_add_test(tc, gathered_lines_are_written_when_full_and_at_flush);
	tcase_add_test(tc, gathered_lines_wait_for_a_second_and_not_for_a_clock_set_back);
	tcase_add_test(tc, a_warning_takes_the_gathered_lines_with_it);
	tcase_add_test(tc, gathered_lines_that_nobody_waits_for_are_counted);
	tcase_add_test(
		tc, gathered_lines_that_get_through_in_the_end_are_not_called_lost);
	tcase_add_test(tc, fault_7_a_child_does_not_write_its_parents_lines_again);
	tcase_add_test(
		tc, fault_23_a_limit_on_file_sizes_drops_whole_records_and_kills_nobody);
	tcase_add_test(tc,
		fault_8_a_descriptor_closed_under_us_is_replaced_and_strangers_stay_clean);
	tcase_add_test(tc, fault_22_without_descriptors_the_old_file_goes_on);
	tcase_add_test(tc, threads_write_whole_lines);
	tcase_add_test(tc, a_full_file_is_rotated_and_old_ones_go);
	tcase_add_test(tc, a_link_replaces_nobodys_file_and_says_so);
	tcase_add_test(tc, a_wish_that_cannot_be_is_refused_with_its_fix);
	tcase_add_test(tc, a_line_on_the_disk_is_success_and_one_on_its_way_is_spooled);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(file_suite)
