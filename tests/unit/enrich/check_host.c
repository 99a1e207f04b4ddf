#include <unistd.h>
#include "support/trial.h"

START_TEST(the_hostname_is_the_kernels)
{
	struct tell_rig t;
	char room[256], name[256] = "";
	ck_assert_int_eq(gethostname(name, sizeof(name) - 1), 0);
	trial_open(&t, "enrich optional host");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	ck_assert_str_eq(trial_text(&t, "hostname", room), name);
	ck_assert_str_eq(trial_text(&t, "boot_id", room), "(missing)");
	ck_assert_str_eq(trial_text(&t, "machine_id", room), "(missing)");
	tell_rig_close(&t);
}
END_TEST

START_TEST(ids_are_32_hex_digits_as_the_journal_has_them)
{
	struct tell_rig t;
	char room[256];
	trial_open(&t, "enrich optional host boot_id=yes machine_id=yes");
	trial_begin(&t, TELL_INFO);
	ck_assert_int_eq(trial_run(&t), TELL_SUCCESS);
	const char *id = trial_text(&t, "boot_id", room);
	ck_assert_uint_eq(strlen(id), 32);
	ck_assert_uint_eq(strspn(id, "0123456789abcdef"), 32);
	if (access("/etc/machine-id", R_OK) == 0) {
		id = trial_text(&t, "machine_id", room);
		ck_assert_msg(strcmp(id, "(missing)") == 0 || *id, "machine_id is empty");
	}
	tell_rig_close(&t);
}
END_TEST

static Suite *host_suite(void)
{
	Suite *s = suite_create("enrich/host");
	tell_check_add(s, "host", the_hostname_is_the_kernels,
		ids_are_32_hex_digits_as_the_journal_has_them, NULL);
	return s;
}
TELL_CHECK_MAIN(host_suite)
