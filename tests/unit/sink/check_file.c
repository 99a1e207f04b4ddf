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

#include "support/check_main.h"
#include "support/rig.h"
#include "support/scratch.h"

static struct tell_rig rig;

static void begin(void)
{
	tell_scratch_make();
}

static void end(void)
{
	tell_scratch_remove();
}

/* The file's name in the scratch directory, kept for one test. */
static const char *log_path(void)
{
	static char path[4096];
	(void)snprintf(path, sizeof(path), "%s", tell_scratch_path("log"));
	return path;
}

START_TEST(a_record_is_one_json_line)
{
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	ck_assert_int_eq(tell_rig_log(&rig, TELL_INFO, "hi\nthere", tell_kv("n", 3)),
		TELL_SUCCESS);
	char *text = tell_scratch_read(log_path(), NULL);
	ck_assert_ptr_nonnull(strstr(text, "\"level\":\"info\""));
	ck_assert_ptr_nonnull(strstr(text, "\"message\":\"hi\\nthere\""));
	ck_assert_ptr_nonnull(strstr(text, "\"n\":3"));
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 1);
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(other_formats_are_lines_too)
{
	tell_rig_open(&rig,
		"sink required file path=%s format=logfmt\n"
		"sink required file path=%s2 format=text",
		log_path(), log_path());
	ck_assert_int_eq(
		tell_rig_log(&rig, TELL_INFO, "hi", tell_kv("n", 3)), TELL_SUCCESS);
	char *text = tell_scratch_read(log_path(), NULL);
	ck_assert_ptr_nonnull(strstr(text, "n=3"));
	free(text);
	char other[4200];
	(void)snprintf(other, sizeof(other), "%s2", log_path());
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
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	(void)umask(old);
	ck_assert_int_eq(stat(log_path(), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(an_existing_file_is_appended_to)
{
	tell_scratch_write(log_path(), "old\n");
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	tell_rig_say(&rig, TELL_INFO, "new");
	char *text = tell_scratch_read(log_path(), NULL);
	ck_assert_int_eq(strncmp(text, "old\n{", 5), 0);
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(half_a_line_of_before_gets_its_newline)
{
	tell_scratch_write(log_path(), "old\nhal");
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	tell_rig_say(&rig, TELL_INFO, "new");
	char *text = tell_scratch_read(log_path(), NULL);
	ck_assert_int_eq(strncmp(text, "old\nhal\n{", 9), 0);
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(a_reopen_goes_on_in_the_new_file)
{
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	tell_rig_say(&rig, TELL_INFO, "one");
	const char *old = tell_scratch_path("log.1");
	ck_assert_int_eq(rename(log_path(), old), 0);
	tell_rig_say(&rig, TELL_INFO, "two");
	ck_assert_int_eq(tell_stack_reopen(rig.stack), 0);
	tell_rig_say(&rig, TELL_INFO, "three");
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 1);
	ck_assert_uint_eq(tell_scratch_lines(old), 2);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_20_a_rename_is_noticed_without_being_told)
{
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	tell_rig_say(&rig, TELL_INFO, "one");
	const char *old = tell_scratch_path("log.1");
	ck_assert_int_eq(rename(log_path(), old), 0);
	size_t said = 1;
	for (int i = 0; i < 5000 && tell_scratch_lines(log_path()) == 0; i++, said++) {
		ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "more"), TELL_SUCCESS);
		(void)usleep(2000);
	}
	ck_assert_uint_gt(tell_scratch_lines(log_path()), 0);
	ck_assert_uint_eq(tell_scratch_lines(log_path()) + tell_scratch_lines(old), said);
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
	ck_assert_int_eq(symlink(target, log_path()), 0);
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required file path=%s", log_path()),
			"symbolic link"));
	ck_assert_int_eq(unlink(log_path()), 0);
	ck_assert_int_eq(link(target, log_path()), 0);
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required file path=%s", log_path()), "hard link"));
	ck_assert_int_eq(unlink(log_path()), 0);
	ck_assert_int_eq(mkfifo(log_path(), 0600), 0);
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required file path=%s", log_path()),
			"regular file"));
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required file path=/dev/null"), "regular file"));
	ck_assert_ptr_nonnull(strstr(
		tell_rig_refusal("sink required file path=rel/log"), "absolute path"));
	ck_assert_ptr_nonnull(
		strstr(tell_rig_refusal("sink required file format=json"), "path"));
}
END_TEST

START_TEST(fault_30_a_link_planted_during_rotation_is_not_followed)
{
	const char *target = tell_scratch_path("target");
	tell_scratch_write(target, "");
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	ck_assert_int_eq(unlink(log_path()), 0);
	ck_assert_int_eq(symlink(target, log_path()), 0);
	ck_assert_int_ne(tell_stack_reopen(rig.stack), 0);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "lost"), TELL_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(rig.notes.list[0].text, "symbolic link"));
	ck_assert_uint_eq(tell_scratch_lines(target), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(gathered_lines_are_written_when_full_and_at_flush)
{
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", log_path());
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "one"), TELL_SPOOLED);
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 0);
	ck_assert_int_eq(tell_rig_flush(&rig, 1000), 0);
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 1);
	for (int i = 0; i < 100; i++)
		tell_rig_say(&rig, TELL_INFO, "more");
	ck_assert_uint_gt(tell_scratch_lines(log_path()), 50);
	tell_rig_close(&rig);
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 101);
}
END_TEST

START_TEST(a_warning_takes_the_gathered_lines_with_it)
{
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", log_path());
	tell_rig_say(&rig, TELL_NOTICE, "one");
	ck_assert_int_eq(tell_rig_say(&rig, TELL_WARNING, "two"), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 2);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_7_a_child_does_not_write_its_parents_lines_again)
{
	tell_rig_open(&rig, "sink required file path=%s buffer=4KiB", log_path());
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
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 2);
}
END_TEST

START_TEST(fault_23_a_limit_on_file_sizes_drops_whole_records_and_kills_nobody)
{
	const struct rlimit small = { 1000, RLIM_INFINITY };
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	size_t taken = 0, full = 0;
	for (int i = 0; i < 20; i++) {
		enum tell_verdict v = tell_rig_say(
			&rig, TELL_INFO, "a line of some length");
		taken += v == TELL_SUCCESS;
		full += v == TELL_FULL;
	}
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	ck_assert_uint_gt(taken, 0);
	ck_assert_uint_gt(full, 0);
	ck_assert_uint_eq(taken + full, 20);
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "after"), TELL_SUCCESS);

	/* Every line but blank ones is a whole record. */
	char *text = tell_scratch_read(log_path(), NULL);
	size_t whole = 0;
	for (char *line = text, *next; *line; line = next) {
		char *newline = strchr(line, '\n');
		ck_assert_ptr_nonnull(newline);
		*newline = '\0';
		next = newline + 1;
		if (line[strspn(line, " ")] == '\0')
			continue;
		ck_assert_msg(line[0] == '{' && newline[-1] == '}', "torn: %s", line);
		whole++;
	}
	ck_assert_uint_eq(whole, taken + 1);
	free(text);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_8_a_descriptor_closed_under_us_is_replaced_and_strangers_stay_clean)
{
	const char *other = tell_scratch_path("database");
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	tell_rig_say(&rig, TELL_INFO, "one");
	/* A daemon closes all, and its next file gets our number. */
	for (int fd = 3; fd < 100; fd++)
		(void)close(fd);
	for (int i = 0; i < 5; i++)
		ck_assert_int_ge(open(other, O_RDWR | O_CREAT, 0600), 0);
	(void)usleep(150000); /* looked at again after 100 ms */
	ck_assert_int_eq(tell_rig_say(&rig, TELL_INFO, "two"), TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 2);
	ck_assert_uint_eq(tell_scratch_lines(other), 0);
	tell_rig_close(&rig);
}
END_TEST

START_TEST(fault_22_without_descriptors_the_old_file_goes_on)
{
	struct rlimit old;
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	tell_rig_say(&rig, TELL_INFO, "one");
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	const struct rlimit none = { 3, old.rlim_max };
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	(void)tell_stack_reopen(rig.stack);
	enum tell_verdict v = tell_rig_say(&rig, TELL_INFO, "two");
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	ck_assert_int_eq(v, TELL_SUCCESS);
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 2);
	tell_rig_close(&rig);
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
	tell_rig_open(&rig, "sink required file path=%s", log_path());
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, many, &rig), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(tell_scratch_lines(log_path()), 2000);
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
	tcase_add_test(tc, fault_30_a_link_planted_during_rotation_is_not_followed);
	tcase_add_test(tc, gathered_lines_are_written_when_full_and_at_flush);
	tcase_add_test(tc, a_warning_takes_the_gathered_lines_with_it);
	tcase_add_test(tc, fault_7_a_child_does_not_write_its_parents_lines_again);
	tcase_add_test(
		tc, fault_23_a_limit_on_file_sizes_drops_whole_records_and_kills_nobody);
	tcase_add_test(tc,
		fault_8_a_descriptor_closed_under_us_is_replaced_and_strangers_stay_clean);
	tcase_add_test(tc, fault_22_without_descriptors_the_old_file_goes_on);
	tcase_add_test(tc, threads_write_whole_lines);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(file_suite)
