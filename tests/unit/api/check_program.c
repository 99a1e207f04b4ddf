#include "api/program.h"

#include <errno.h>
#include <string.h>

#include "support/check_main.h"

static char buf[TELL_PROGRAM_MAX];

static const char *name_of(const char *exe)
{
	return tell_program_of(buf, exe, strlen(exe)) ? buf : NULL;
}

START_TEST(the_name_is_the_files)
{
	ck_assert_str_eq(name_of("/usr/sbin/shopd"), "shopd");
	ck_assert_str_eq(name_of("/shopd"), "shopd");
	ck_assert_str_eq(name_of("/usr/sbin/shopd (deleted)"), "shopd");
	ck_assert_str_eq(name_of("/usr/sbin/a b"), "a b");
}
END_TEST

START_TEST(where_there_is_no_name_none_is_given)
{
	ck_assert_ptr_null(name_of(""));
	ck_assert_ptr_null(name_of("/usr/"));
	ck_assert_ptr_null(name_of("/ (deleted)"));
	char longer[TELL_PROGRAM_MAX + 1];
	memset(longer, 'a', TELL_PROGRAM_MAX);
	longer[TELL_PROGRAM_MAX] = '\0';
	ck_assert_ptr_null(name_of(longer));
}
END_TEST

START_TEST(with_its_callers_rights_only_a_program_is_called_as_it_was)
{
	program_invocation_short_name = "said";
	ck_assert_str_eq(tell_program_name_if(false, buf), "said");
	ck_assert_str_eq(tell_program_name(buf), "said");
	/* libtool may put "lt-" in front. */
	ck_assert_ptr_nonnull(strstr(tell_program_name_if(true, buf), "check_program"));
}
END_TEST

static Suite *program_suite(void)
{
	Suite *s = suite_create("api/program");
	tell_check_add(s, "name", the_name_is_the_files,
		where_there_is_no_name_none_is_given,
		with_its_callers_rights_only_a_program_is_called_as_it_was, NULL);
	return s;
}
TELL_CHECK_MAIN(program_suite)
