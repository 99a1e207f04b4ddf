#include <string.h>
#include <unistd.h>

#include "support/check_main.h"
#include "support/rig.h"
#include "support/unit.h"

/* The rest is in check_console.c; here only which descriptor it is. */
START_TEST(stderr_is_descriptor_2)
{
	struct tell_rig rig;
	char got[1000] = "";
	int ends[2], saved = dup(STDERR_FILENO);
	tell_unit_expect(pipe(ends) == 0, "pipe");
	(void)dup2(ends[1], STDERR_FILENO);
	tell_rig_open(&rig, "sink required stderr format=json");
	enum tell_verdict there = tell_rig_say(&rig, TELL_INFO, "hi");
	(void)close(STDERR_FILENO);
	enum tell_verdict closed = tell_rig_say(&rig, TELL_INFO, "lost");
	bool noted = tell_rig_noted(&rig, "stderr-down");
	(void)dup2(saved, STDERR_FILENO);
	ssize_t n = read(ends[0], got, sizeof(got) - 1);
	ck_assert_int_eq(there, TELL_SUCCESS);
	ck_assert_int_eq(closed, TELL_UNAVAILABLE);
	ck_assert(noted);
	ck_assert_int_gt(n, 0);
	ck_assert_ptr_nonnull(strstr(got, "\"message\":\"hi\""));
	tell_rig_close(&rig);
}
END_TEST

static Suite *stderr_suite(void)
{
	Suite *s = suite_create("sink/stderr");
	tell_check_add(s, "stderr", stderr_is_descriptor_2, NULL);
	return s;
}

TELL_CHECK_MAIN(stderr_suite)
