#include <string.h>
#include <unistd.h>

#include "support/check_main.h"
#include "support/rig.h"
#include "support/unit.h"

/* The rest is in check_console.c; here only which descriptor it is. */
START_TEST(stdout_is_descriptor_1)
{
	struct tell_rig rig;
	char got[1000] = "";
	int ends[2], saved = dup(STDOUT_FILENO);
	tell_unit_expect(pipe(ends) == 0, "pipe");
	(void)dup2(ends[1], STDOUT_FILENO);
	tell_rig_open(&rig, "sink required stdout format=json");
	enum tell_verdict there = tell_rig_say(&rig, TELL_INFO, "hi");
	(void)close(STDOUT_FILENO);
	enum tell_verdict closed = tell_rig_say(&rig, TELL_INFO, "lost");
	bool noted = tell_rig_noted(&rig, "stdout-down");
	(void)dup2(saved, STDOUT_FILENO);
	ssize_t n = read(ends[0], got, sizeof(got) - 1);
	ck_assert_int_eq(there, TELL_SUCCESS);
	ck_assert_int_eq(closed, TELL_UNAVAILABLE);
	ck_assert(noted);
	ck_assert_int_gt(n, 0);
	ck_assert_ptr_nonnull(strstr(got, "\"message\":\"hi\""));
	tell_rig_close(&rig);
}
END_TEST

static Suite *stdout_suite(void)
{
	Suite *s = suite_create("sink/stdout");
	tell_check_add(s, "stdout", stdout_is_descriptor_1, NULL);
	return s;
}

TELL_CHECK_MAIN(stdout_suite)
