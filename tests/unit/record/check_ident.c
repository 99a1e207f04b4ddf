#include "record/ident.h"
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "support/check_main.h"

START_TEST(a_name_has_one_number)
{
	char name[] = "postfix/smtpd";
	uint16_t id = tell_ident_of(name);
	ck_assert_uint_ne(id, 0);
	ck_assert_uint_eq(tell_ident_of("postfix/smtpd"), id);
	ck_assert_uint_ne(tell_ident_of("cron"), id);
	memset(name, 'x', sizeof(name) - 1);
	ck_assert_str_eq(tell_ident(id), "postfix/smtpd");
}
END_TEST

START_TEST(no_name_is_none)
{
	ck_assert_uint_eq(tell_ident_of(NULL), 0);
	ck_assert_uint_eq(tell_ident_of(""), 0);
	ck_assert_ptr_null(tell_ident(0));
	ck_assert_ptr_null(tell_ident(77));
	ck_assert_ptr_null(tell_ident(UINT16_MAX));
}
END_TEST

START_TEST(what_would_forge_a_line_becomes_an_underscore)
{
	ck_assert_str_eq(tell_ident(tell_ident_of("a b\n<0>c[1]: \"\\\x1b\xc3\xa4")),
		"a_b_<0>c_1_:______");
	char longer[200];
	memset(longer, 'n', sizeof(longer));
	longer[199] = '\0';
	uint16_t id = tell_ident_of(longer);
	ck_assert_uint_eq(strlen(tell_ident(id)), TELL_IDENT_MAX);
	longer[100] = '\0';
	ck_assert_uint_eq(tell_ident_of(longer), id);
}
END_TEST

START_TEST(the_256th_has_no_number)
{
	char name[16];
	for (int i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof(name), "name%d", i);
		ck_assert_int_eq(tell_ident_of(name), i < TELL_IDENTS_MAX ? i + 1 : 0);
	}
	ck_assert_uint_eq(tell_ident_of("name7"), 8);
	ck_assert_str_eq(tell_ident(8), "name7");
}
END_TEST

START_TEST(a_child_knows_the_names_and_makes_others)
{
	uint16_t id = tell_ident_of("parent");
	pid_t pid = fork();
	if (pid == 0) {
		tell_idents_child();
		_exit(tell_ident_of("parent") == id && tell_ident_of("child") == id + 1
				? 0
				: 1);
	}
	int status = -1;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

static Suite *ident_suite(void)
{
	Suite *s = suite_create("record/ident");
	tell_check_add(s, "names", a_name_has_one_number, no_name_is_none,
		what_would_forge_a_line_becomes_an_underscore, the_256th_has_no_number,
		a_child_knows_the_names_and_makes_others, NULL);
	return s;
}
TELL_CHECK_MAIN(ident_suite)
