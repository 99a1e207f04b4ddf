#include "redact/names.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "support/check_main.h"
#include "support/scratch.h"

static struct tell_names names;
static struct tell_refusal why;

static bool has(const char *folded)
{
	return tell_names_have(&names, folded, strlen(folded));
}

static bool ends(const char *folded)
{
	return tell_names_end(&names, folded, strlen(folded));
}

START_TEST(names_come_in_any_spelling)
{
	ck_assert_int_eq(
		tell_names_add(&names, "Account-Number,licence", "add", &why), 0);
	ck_assert_int_eq(tell_names_add(&names, NULL, "add", &why), 0);
	ck_assert(has("account_number"));
	ck_assert(!has("old_licence"));
	ck_assert(ends("old_licence"));
	ck_assert(!ends("relicence"));
	ck_assert(!ends("number"));
	tell_names_done(&names);
}
END_TEST

START_TEST(what_is_no_name_is_refused)
{
	char longer[80];
	memset(longer, 'a', 65);
	longer[65] = '\0';
	ck_assert_int_eq(tell_names_add(&names, "a,,b", "add", &why), -EINVAL);
	ck_assert_str_eq(why.arg, "add");
	ck_assert_int_eq(tell_names_add(&names, longer, "add", &why), -EINVAL);
	ck_assert_int_eq(tell_names_add(&names, "-", "add", &why), -EINVAL);
	tell_names_done(&names);
}
END_TEST

START_TEST(a_file_has_one_a_line)
{
	tell_scratch_make();
	const char *path = tell_scratch_path("names");
	tell_scratch_write(path, "# ours\n\n  iban \r\nMember-Id # of the club\nlast");
	ck_assert_int_eq(tell_names_add_file(&names, path, "file", &why), 0);
	ck_assert_uint_eq(names.n, 3);
	ck_assert(has("iban") && has("member_id") && has("last"));
	ck_assert_int_eq(tell_names_add_file(&names, NULL, "file", &why), 0);
	tell_scratch_write(path, "good\n--\n");
	ck_assert_int_eq(tell_names_add_file(&names, path, "file", &why), -EINVAL);
	ck_assert_int_eq(
		tell_names_add_file(&names, "/nowhere/x", "file", &why), -ENOENT);
	ck_assert_int_eq(tell_names_add_file(&names, "/dev/null", "file", &why), -EFBIG);
	tell_names_done(&names);
	tell_scratch_remove();
}
END_TEST

START_TEST(there_is_a_limit)
{
	char *text = malloc(2 * 5000 + 1);
	ck_assert_ptr_nonnull(text);
	for (size_t i = 0; i < 5000; i++)
		memcpy(text + 2 * i, "a,", 2);
	text[2 * 5000 - 1] = '\0';
	ck_assert_int_eq(tell_names_add(&names, text, "add", &why), -E2BIG);
	free(text);
	tell_names_done(&names);
}
END_TEST

static Suite *names_suite(void)
{
	Suite *s = suite_create("redact/names");
	tell_check_add(s, "names", names_come_in_any_spelling, what_is_no_name_is_refused,
		a_file_has_one_a_line, there_is_a_limit, NULL);
	return s;
}
TELL_CHECK_MAIN(names_suite)
