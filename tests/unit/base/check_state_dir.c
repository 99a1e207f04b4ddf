#include "base/state_dir.h"
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "support/check_main.h"
#include "support/scratch.h"

#define NOBODY ((uid_t)65534)

static char got[1024], want[1024];

/* As a user who may write nowhere but in the scratch directory. */
static void set_up(void)
{
	(void)umask(022);
	tell_scratch_make();
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(tell_scratch_path(""), NOBODY, NOBODY), 0);
		ck_assert_int_eq(seteuid(NOBODY), 0);
	}
	ck_assert_int_eq(mkdir(tell_scratch_path("unit"), 0700), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("xdg"), 0700), 0);
	ck_assert_int_eq(mkdir(tell_scratch_path("home"), 0700), 0);
	(void)unsetenv("STATE_DIRECTORY");
	(void)unsetenv("XDG_STATE_HOME");
	(void)unsetenv("HOME");
}

static void tear_down(void)
{
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	tell_scratch_remove();
}

/* The variable names this directory of the test's. */
static void says(const char *variable, const char *name)
{
	ck_assert_int_eq(setenv(variable, tell_scratch_path(name), 1), 0);
}

static int find(const char *given)
{
	*got = '\0';
	return tell_state_dir(given, got, sizeof(got));
}

static void expect(const char *name)
{
	struct stat st;
	ck_assert_int_eq(find(NULL), 0);
	(void)snprintf(want, sizeof(want), "%s", tell_scratch_path(name));
	ck_assert_str_eq(got, want);
	ck_assert_int_eq(lstat(got, &st), 0);
	ck_assert_uint_eq(st.st_mode, S_IFDIR | 0700);
	ck_assert_uint_eq(st.st_uid, geteuid());
}

/* Where /var/lib/telltale has a directory for this user, the home is not reached. */
static bool var_is_there(void)
{
	(void)snprintf(want, sizeof(want), "/var/lib/telltale/%ju", (uintmax_t)geteuid());
	return access(want, F_OK) == 0;
}

START_TEST(a_unit_has_its_own_before_all_others)
{
	says("STATE_DIRECTORY", "unit");
	says("XDG_STATE_HOME", "xdg");
	says("HOME", "home");
	expect("unit/telltale");
	expect("unit/telltale"); /* it is there now */
}
END_TEST

START_TEST(the_first_of_a_units_list_is_taken)
{
	char list[1024];
	(void)snprintf(list, sizeof(list), "%s:%s", tell_scratch_path("unit"),
		tell_scratch_path("xdg"));
	ck_assert_int_eq(setenv("STATE_DIRECTORY", list, 1), 0);
	expect("unit/telltale");
}
END_TEST

START_TEST(var_comes_before_the_home)
{
	says("XDG_STATE_HOME", "xdg");
	if (var_is_there()) {
		ck_assert_int_eq(find(NULL), 0);
		ck_assert_str_eq(got, want);
		return;
	}
	expect("xdg/telltale"); /* which this user cannot make */
}
END_TEST

START_TEST(the_state_home_comes_before_the_home)
{
	says("XDG_STATE_HOME", "xdg");
	says("HOME", "home");
	if (!var_is_there())
		expect("xdg/telltale");
}
END_TEST

START_TEST(the_home_comes_last_and_gets_what_is_missing_above)
{
	says("HOME", "home");
	if (!var_is_there())
		expect("home/.local/state/telltale");
}
END_TEST

START_TEST(without_any_place_it_says_so)
{
	if (!var_is_there())
		ck_assert_int_eq(find(NULL), -ENOENT);
	ck_assert_int_eq(setenv("HOME", "not/absolute", 1), 0);
	if (!var_is_there())
		ck_assert_int_eq(find(NULL), -ENOENT);
}
END_TEST

START_TEST(one_that_others_may_write_to_is_passed_by)
{
	says("STATE_DIRECTORY", "unit");
	says("XDG_STATE_HOME", "xdg");
	expect("unit/telltale");
	ck_assert_int_eq(chmod(tell_scratch_path("unit/telltale"), 0770), 0);
	ck_assert_int_eq(find(tell_scratch_path("unit/telltale")), -EPERM);
	if (!var_is_there())
		expect("xdg/telltale");
	ck_assert_int_eq(chmod(tell_scratch_path("unit/telltale"), 0707), 0);
	ck_assert_int_eq(find(tell_scratch_path("unit/telltale")), -EPERM);
}
END_TEST

START_TEST(a_link_is_passed_by)
{
	says("STATE_DIRECTORY", "unit");
	says("XDG_STATE_HOME", "xdg");
	ck_assert_int_eq(
		symlink(tell_scratch_path("home"), tell_scratch_path("unit/telltale")),
		0);
	ck_assert_int_lt(find(tell_scratch_path("unit/telltale")), 0);
	if (!var_is_there())
		expect("xdg/telltale");
}
END_TEST

START_TEST(anothers_is_refused)
{
	if (getuid() != 0)
		return;
	ck_assert_int_eq(mkdir(tell_scratch_path("his"), 0700), 0);
	ck_assert_int_eq(find(tell_scratch_path("his")), 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(find(tell_scratch_path("his")), -EPERM);
}
END_TEST

START_TEST(a_given_one_is_made_and_no_other_is_tried)
{
	says("STATE_DIRECTORY", "unit");
	ck_assert_int_eq(find(tell_scratch_path("mine")), 0);
	ck_assert_str_eq(got, tell_scratch_path("mine"));
	ck_assert_int_eq(find(tell_scratch_path("no/such")), -ENOENT);
	ck_assert_int_eq(
		tell_state_dir(tell_scratch_path("mine"), got, 5), -ENAMETOOLONG);
}
END_TEST

static Suite *state_dir_suite(void)
{
	Suite *s = suite_create("base/state_dir");
	TCase *c = tcase_create("state_dir");
	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_add_test(c, a_unit_has_its_own_before_all_others);
	tcase_add_test(c, the_first_of_a_units_list_is_taken);
	tcase_add_test(c, var_comes_before_the_home);
	tcase_add_test(c, the_state_home_comes_before_the_home);
	tcase_add_test(c, the_home_comes_last_and_gets_what_is_missing_above);
	tcase_add_test(c, without_any_place_it_says_so);
	tcase_add_test(c, one_that_others_may_write_to_is_passed_by);
	tcase_add_test(c, a_link_is_passed_by);
	tcase_add_test(c, anothers_is_refused);
	tcase_add_test(c, a_given_one_is_made_and_no_other_is_tried);
	suite_add_tcase(s, c);
	return s;
}
TELL_CHECK_MAIN(state_dir_suite)
