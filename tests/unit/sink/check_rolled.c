#include "sink/rolled.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/check_main.h"
#include "support/scratch.h"

static struct tell_rolled f;
static struct tell_run run;
static int error;

static void begin(void)
{
	tell_scratch_make();
	tell_rolled_init(&f);
	f.path = strdup(tell_scratch_path("log"));
	f.mode = 0640;
	run = (struct tell_run){ .budget_ms = 50 };
}

static void end(void)
{
	tell_rolled_close(&f);
	free(f.path);
	tell_scratch_remove();
}

static size_t say(const char *line)
{
	return tell_rolled_append(&f, line, strlen(line), &run, &error);
}

START_TEST(the_first_line_opens_the_file)
{
	ck_assert_uint_eq(say("one\n"), 4);
	ck_assert_uint_eq(say("two\n"), 4);
	ck_assert_uint_eq(tell_scratch_lines(f.path), 2);
	tell_rolled_close(&f);
	ck_assert_uint_eq(say("three\n"), 6);
	ck_assert_uint_eq(tell_scratch_lines(f.path), 3);
}
END_TEST

START_TEST(a_renamed_file_is_left_when_told_or_after_a_second)
{
	char old[4096];
	(void)snprintf(old, sizeof(old), "%s", tell_scratch_path("log.1"));
	ck_assert_uint_eq(say("one\n"), 4);
	ck_assert_int_eq(rename(f.path, old), 0);
	ck_assert_uint_eq(say("two\n"), 4);
	ck_assert_int_eq(tell_rolled_renew(&f), 0);
	ck_assert_uint_eq(say("three\n"), 6);
	ck_assert_uint_eq(tell_scratch_lines(old), 2);
	ck_assert_uint_eq(tell_scratch_lines(f.path), 1);
	ck_assert_int_eq(rename(f.path, old), 0);
	f.look_ns = 0; /* as after a second */
	ck_assert_uint_eq(say("four\n"), 5);
	ck_assert_uint_eq(tell_scratch_lines(f.path), 1);
}
END_TEST

START_TEST(what_cannot_be_opened_is_an_error_with_its_reason)
{
	free(f.path);
	f.path = strdup(tell_scratch_path("no/log"));
	ck_assert_uint_eq(say("one\n"), 0);
	ck_assert_int_eq(error, ENOENT);
	ck_assert_int_eq(mkdir(tell_scratch_path("no"), 0755), 0);
	ck_assert_int_eq(symlink("elsewhere", f.path), 0);
	ck_assert_uint_eq(say("one\n"), 0);
	ck_assert_ptr_nonnull(f.why);
	ck_assert_int_eq(unlink(f.path), 0);
	ck_assert_uint_eq(say("one\n"), 4);
}
END_TEST

static Suite *rolled_suite(void)
{
	Suite *s = suite_create("sink/rolled");
	TCase *tc = tcase_create("rolled");
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, the_first_line_opens_the_file);
	tcase_add_test(tc, a_renamed_file_is_left_when_told_or_after_a_second);
	tcase_add_test(tc, what_cannot_be_opened_is_an_error_with_its_reason);
	suite_add_tcase(s, tc);
	return s;
}

TELL_CHECK_MAIN(rolled_suite)
