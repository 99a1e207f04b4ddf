#include "source/journal_name.h"
#include <stdio.h>
#include <string.h>
#include "support/check_main.h"

static struct tell_journal_names names;

static struct tell_journal_name *judge(const char *name)
{
	struct tell_journal_name *n = tell_journal_name(&names, name, strlen(name));
	ck_assert_ptr_nonnull(n);
	return n;
}

static void assert_lower(const char *name, const char *want)
{
	const struct tell_journal_name *n = judge(name);
	ck_assert_uint_eq(n->n_lower, strlen(want));
	ck_assert_mem_eq(n->lower, want, strlen(want));
}

START_TEST(a_name_is_a_part_or_a_field_or_nothing)
{
	ck_assert_int_eq(tell_journal_names_init(&names), 0);
	ck_assert_int_eq(judge("MESSAGE")->part, TELL_JOURNAL_MESSAGE);
	ck_assert_int_eq(judge("TELL_SEQ")->part, TELL_JOURNAL_SEQ);
	ck_assert_int_eq(judge("REQUEST_ID")->part, TELL_JOURNAL_FIELD);
	ck_assert_int_eq(judge("_CMDLINE")->part, TELL_JOURNAL_OTHER);
	ck_assert_int_eq(judge("SYSLOG_RAW")->part, TELL_JOURNAL_OTHER);
	ck_assert_int_eq(judge("_SYSTEMD_UNIT")->part, TELL_JOURNAL_TRUSTED);
	assert_lower("REQUEST_ID", "request_id");
	assert_lower("_SYSTEMD_UNIT", "systemd_unit");
	ck_assert_uint_ne(judge("REQUEST_ID")->key, 0);
	tell_journal_names_done(&names);
}
END_TEST

START_TEST(a_name_is_judged_once_until_there_are_many)
{
	ck_assert_int_eq(tell_journal_names_init(&names), 0);
	struct tell_journal_name *first = judge("USER");
	first->seen = 7;
	char name[32];
	for (int i = 0; i < 3000; i++) {
		(void)snprintf(name, sizeof(name), "FIELD_%d", i);
		ck_assert_int_eq(judge(name)->part, TELL_JOURNAL_FIELD);
	}
	ck_assert_ptr_eq(judge("USER"), first); /* an entry may have many */
	ck_assert_uint_gt(names.n, TELL_JOURNAL_NAMES_FEW);
	tell_journal_names_rest(&names);
	ck_assert_uint_eq(names.n, 0);
	ck_assert_uint_eq(judge("USER")->seen, 0);
	tell_journal_names_rest(&names);
	ck_assert_uint_eq(names.n, 1);
	tell_journal_names_done(&names);
}
END_TEST

START_TEST(what_no_journal_has_is_no_name)
{
	char longer[TELL_NAME_MAX + 1];
	memset(longer, 'A', sizeof(longer));
	ck_assert_int_eq(tell_journal_names_init(&names), 0);
	ck_assert_ptr_null(tell_journal_name(&names, longer, sizeof(longer)));
	ck_assert_ptr_null(tell_journal_name(&names, "", 0));
	ck_assert_ptr_nonnull(tell_journal_name(&names, longer, TELL_NAME_MAX));
	tell_journal_names_done(&names);
}
END_TEST

static Suite *journal_name_suite(void)
{
	Suite *s = suite_create("source/journal_name");
	tell_check_add(s, "journal_name", a_name_is_a_part_or_a_field_or_nothing,
		a_name_is_judged_once_until_there_are_many,
		what_no_journal_has_is_no_name, NULL);
	return s;
}

TELL_CHECK_MAIN(journal_name_suite)
